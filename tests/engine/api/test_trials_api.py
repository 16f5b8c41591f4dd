"""Trial runs and test questions over HTTP: one run at a time, light while it goes on, and decisions by name."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from tests.conftest import PAIRS, Merchant

QUESTIONS = 60


def latest_of(merchant: Merchant, trials: str, holds: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    """The newest run, as soon as something holds of it."""
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        latest = merchant.http.get(f"{trials}/latest").raise_for_status().json()
        if holds(latest):
            return dict(latest)
        time.sleep(0.02)
    raise AssertionError(f"waited in vain: {latest}")


def test_a_run_goes_alone_and_shows_its_results_at_its_end(merchant: Merchant):
    bot = merchant.bot()
    merchant.http.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
    merchant.train(bot)
    for number in range(QUESTIONS):
        case = {"question": f"{PAIRS[number % len(PAIRS)]['question']} Order {number}.", "approved": True}
        merchant.http.post(f"/v1/bots/{bot}/test_cases", json=case).raise_for_status()
    trials = f"/v1/bots/{bot}/versions/1/trials"
    first = merchant.http.post(trials).raise_for_status().json()
    busy = latest_of(merchant, trials, lambda trial: trial["done"] > 0)
    again = merchant.http.post(trials)
    assert (busy["status"], busy["results"], busy["summary"]["cases"]) == ("running", [], 0)
    assert (again.status_code, again.json()["code"]) == (409, "already_running")
    ended = latest_of(merchant, trials, lambda trial: trial["status"] == "done")
    assert (ended["id"], ended["done"], len(ended["results"])) == (first["id"], QUESTIONS, QUESTIONS)
    assert ended["summary"]["cases"] == QUESTIONS


def test_who_takes_a_question_out_of_the_tests_is_named(merchant: Merchant):
    bot = merchant.bot()
    cases = f"/v1/bots/{bot}/test_cases"
    made = [
        merchant.http.post(cases, json={"question": f"Question {number}?", "approved": True}).raise_for_status().json()
        for number in range(3)
    ]
    merchant.http.patch(f"{cases}/{made[0]['id']}", json={"approved": False}).raise_for_status()
    merchant.http.post(f"{cases}/decide", json={"approve": [], "reject": [made[1]["id"]]}).raise_for_status()
    merchant.http.delete(f"{cases}/{made[2]['id']}").raise_for_status()
    log = merchant.http.get(f"/v1/bots/{bot}/audit").raise_for_status().json()["items"]
    assert [(entry["action"], entry["by"]) for entry in reversed(log)] == [
        ("question_unapproved", merchant.email),
        ("question_rejected", merchant.email),
        ("question_deleted", merchant.email),
    ]
    assert "'Question 0?'" in log[-1]["detail"]


def test_surprising_changes_stop_a_version_until_a_member_confirms_exactly_these(merchant: Merchant):
    bot = merchant.live_bot()

    def upload(price: str) -> str:
        content = f"id,title,description,price,currency\na,Blue mug,A mug,{price},EUR\n".encode()
        answer = merchant.http.post(f"/v1/bots/{bot}/sources/files", files=[("files", ("goods.csv", content))])
        return str(answer.raise_for_status().json()["items"][0]["id"])

    first = upload("19.00")
    merchant.train(bot)
    merchant.prove(bot, 2)
    merchant.http.delete(f"/v1/bots/{bot}/sources/{first}").raise_for_status()
    upload("1.90")
    merchant.train(bot)
    merchant.prove(bot, 3)
    path = f"/v1/bots/{bot}/versions/3"
    refused = merchant.http.post(f"{path}/deploy")
    assert (refused.status_code, refused.json()["code"]) == (409, "gate_not_passed")
    assert [problem["field"] for problem in refused.json()["errors"]] == ["expected_changes"]
    seen = merchant.http.get(f"{path}/surprises").raise_for_status().json()
    assert (seen["against"], seen["jumped"], seen["confirmed_by"]) == (2, 1, None)
    assert seen["jumps"] == [{"title": "Blue mug", "before": "€19.00", "after": "€1.90"}]
    other = merchant.http.post(f"{path}/surprises/confirm", json={"digest": "0" * 64})
    assert (other.status_code, other.json()["code"]) == (409, "changed_meanwhile")
    said = merchant.http.post(f"{path}/surprises/confirm", json={"digest": seen["digest"]}).raise_for_status().json()
    assert said["confirmed_by"] == merchant.email
    assert merchant.http.get(path).json()["status"] == "passed"
    assert merchant.http.post(f"{path}/deploy").raise_for_status().json()["live"] == 3
    log = [entry["action"] for entry in merchant.http.get(f"/v1/bots/{bot}/audit").json()["items"]]
    assert log[:2] == ["deploy", "changes_confirmed"]
