"""Deploy and rollback while twenty shoppers ask: no answer fails, and each is wholly from one version."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import httpx

from tests.conftest import PAIRS, Merchant, RunningServer
from tests.sites.loopback import page

SHOPPERS = 20
SOONEST = 5.0
"""Seconds after which every answer has to come from the version that went live."""
QUESTION = "How long may I return things, and how much is delivery to Germany?"
FACTS = {1: ("30 days", "6.90 EUR"), 2: ("90 days", "3.20 EUR")}


@dataclass
class Answer:
    """What one shopper got."""

    asked: float
    status: int
    text: str
    cited: str


def shop(server: RunningServer, number: int) -> None:
    """The shop's page as it stands in one version."""
    days, price = FACTS[number]
    body = (
        f"<h1>Delivery and returns</h1><p>You may return things within {days} of receiving them.</p>"
        f"<p>Delivery to Germany costs {price}.</p>"
    )
    server.site.add({"/switching/": page("Delivery and returns", body)})


def two_versions(server: RunningServer, merchant: Merchant) -> str:
    """A bot that is live with the first version of the page, and has passed with the second."""
    bot = merchant.bot()
    merchant.one_tester_is_enough(bot)
    shop(server, 1)
    source = {"kind": "website", "url": f"{server.site.url}switching/"}
    merchant.http.post(f"/v1/bots/{bot}/sources", json=source).raise_for_status()
    merchant.http.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
    assert merchant.train(bot)["status"] == "ready"
    merchant.write_cases(bot)
    merchant.prove(bot, 1)
    merchant.http.post(f"/v1/bots/{bot}/versions/1/deploy").raise_for_status()
    shop(server, 2)
    assert merchant.train(bot)["status"] == "ready"
    merchant.prove(bot, 2)
    return bot


def ask_until(stop: threading.Event, url: str, bot: str, key: str, answers: list[Answer]) -> None:
    """One shopper, asking again and again."""
    with httpx.Client(base_url=url, timeout=60, headers={"Authorization": f"Bearer {key}"}) as client:
        while not stop.is_set():
            asked = time.monotonic()
            answer = client.post(f"/chat/{bot}", json={"text": QUESTION})
            body = answer.json() if answer.status_code == 200 else {"text": answer.text, "citations": []}
            quotes = " ".join(citation["quote"] for citation in body["citations"])
            answers.append(Answer(asked, answer.status_code, body["text"], quotes))


def versions_in(answer: Answer) -> set[int]:
    """The versions whose facts an answer or its citations hold."""
    said = f"{answer.text} {answer.cited}"
    return {number for number, facts in FACTS.items() if any(fact in said for fact in facts)}


def test_no_answer_fails_or_mixes_versions_while_the_live_one_changes(server: RunningServer, merchant: Merchant):
    bot = two_versions(server, merchant)
    key = merchant.http.post(f"/v1/bots/{bot}/keys", json={"kind": "secret"}).json()["key"]
    answers: list[Answer] = []
    switches: list[tuple[float, float, int]] = []
    stop = threading.Event()
    with ThreadPoolExecutor(SHOPPERS) as shoppers:
        for _ in range(SHOPPERS):
            shoppers.submit(ask_until, stop, server.url, bot, key, answers)
        for path, live in (("versions/2/deploy", 2), ("rollback", 1), ("versions/2/deploy", 2)):
            time.sleep(6)
            begun = time.monotonic()
            changed = merchant.http.post(f"/v1/bots/{bot}/{path}").raise_for_status().json()
            assert changed["live"] == live
            switches.append((begun, time.monotonic(), live))
        time.sleep(6)
        stop.set()
    assert len(answers) > SHOPPERS * 4
    assert {answer.status for answer in answers} == {200}
    assert all(len(versions_in(answer)) == 1 for answer in answers)
    for (_, at, live), (until, _, _) in zip(switches, [*switches[1:], (float("inf"), 0.0, 0)], strict=True):
        after = [answer for answer in answers if at + SOONEST <= answer.asked < until]
        assert after, "somebody asked once the switch had to be visible"
        assert all(versions_in(answer) == {live} for answer in after)
