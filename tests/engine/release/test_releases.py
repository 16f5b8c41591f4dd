"""What a version changes, what it answers otherwise, when it goes live, and whether it stays good; over HTTP."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from engine.domain.conversation import Outcome, Reply, Turn
from engine.domain.release import ShadowRun
from engine.release.comparing import compared
from tests.conftest import PAIRS, Merchant, RunningServer


def two_versions(merchant: Merchant) -> str:
    """A live bot with a second version that knows more and greets otherwise."""
    bot = merchant.live_bot()
    merchant.learn(bot, "Students get a discount of 15 % with their student card.", "Student discount")
    merchant.http.patch(f"/v1/bots/{bot}", json={"persona": {"greeting": "Good day!"}}).raise_for_status()
    assert merchant.train(bot)["status"] == "ready"
    return bot


def shop_asks(server: RunningServer, merchant: Merchant, bot: str, question: str, **more: Any) -> dict[str, Any]:
    """A shopper's question through the exported endpoint."""
    key = merchant.http.post(f"/v1/bots/{bot}/keys", json={"kind": "secret"}).json()["key"]
    with server.client() as client:
        answer = client.post(
            f"/chat/{bot}", json={"text": question, **more}, headers={"Authorization": f"Bearer {key}"}
        )
    return dict(answer.raise_for_status().json())


def test_what_a_version_changes_is_listed(merchant: Merchant):
    bot = two_versions(merchant)
    changes = merchant.http.get(f"/v1/bots/{bot}/versions/2/changes").raise_for_status().json()
    assert (changes["version"], changes["against"]) == (2, 1)
    assert [(word["field"], word["after"]) for word in changes["words"]] == [("persona.greeting", "Good day!")]
    assert [(item["kind"], item["title"]) for item in changes["documents"]] == [("added", "Student discount")]
    back = merchant.http.get(f"/v1/bots/{bot}/versions/1/changes?against=2").raise_for_status().json()
    assert [(item["kind"], item["title"]) for item in back["documents"]] == [("removed", "Student discount")]
    assert changes["products_changed"] == 0


def test_changes_of_prices_and_stock_are_listed(merchant: Merchant):
    bot = merchant.bot()

    def upload(rows: str) -> str:
        content = f"id,title,description,price,currency,availability\n{rows}".encode()
        files = [("files", ("feed.csv", content))]
        answer = merchant.http.post(f"/v1/bots/{bot}/sources/files", files=files)
        return str(answer.raise_for_status().json()["items"][0]["id"])

    first = upload("a,Blue mug,A mug,12.90,EUR,in stock\nb,Red bowl,A bowl,20.00,EUR,in stock\n")
    assert merchant.train(bot)["status"] == "ready"
    merchant.http.delete(f"/v1/bots/{bot}/sources/{first}").raise_for_status()
    upload("a,Blue mug,A mug,1.29,EUR,out of stock\nc,Green plate,A plate,9.00,EUR,in stock\n")
    assert merchant.train(bot)["status"] == "ready"
    changes = merchant.http.get(f"/v1/bots/{bot}/versions/2/changes?against=1").raise_for_status().json()
    told = {(item["kind"], item["title"], item["before"], item["after"]) for item in changes["products"]}
    assert ("added", "Green plate", "", "€9.00") in told
    assert ("removed", "Red bowl", "€20.00", "") in told


def test_two_versions_answer_side_by_side(merchant: Merchant):
    bot = two_versions(merchant)
    questions = ["Do students get a discount?", PAIRS[0]["question"]]
    answer = merchant.http.post(f"/v1/bots/{bot}/versions/2/compare", json={"questions": questions})
    first, second = answer.raise_for_status().json()["items"]
    assert first["before"]["outcome"] == "refused"
    assert "15 %" in first["after"]["text"]
    assert (first["same"], second["same"]) == (False, True)


def test_there_has_to_be_another_version_to_compare_with(merchant: Merchant):
    bot = merchant.bot()
    merchant.learn(bot)
    merchant.train(bot)
    answer = merchant.http.get(f"/v1/bots/{bot}/versions/1/changes")
    assert (answer.status_code, answer.json()["code"]) == (409, "no_other_version")


def shadowed(merchant: Merchant, bot: str) -> dict[str, Any]:
    """The newest shadow run, once it is over."""
    for _ in range(600):
        run = merchant.http.get(f"/v1/bots/{bot}/versions/2/shadow/latest").raise_for_status().json()
        if run["status"] not in {"queued", "running"}:
            return dict(run)
        time.sleep(0.05)
    raise AssertionError(f"the run is still under way: {run}")


def test_a_candidate_answers_real_questions_in_the_shadow(merchant: Merchant, server: RunningServer):
    bot = two_versions(merchant)
    nothing = merchant.http.post(f"/v1/bots/{bot}/versions/2/shadow")
    assert (nothing.status_code, nothing.json()["code"]) == (409, "no_questions")
    first = shop_asks(server, merchant, bot, "How much is delivery to Germany?")
    shop_asks(server, merchant, bot, "And to France?", conversation_id=first["conversation_id"])
    shop_asks(server, merchant, bot, PAIRS[3]["question"])
    shop_asks(server, merchant, bot, "Do students get a discount?")
    merchant.http.post(f"/v1/bots/{bot}/versions/2/shadow").raise_for_status()
    run = shadowed(merchant, bot)
    assert (run["status"], run["done"], run["total"]) == ("done", 4, 4)
    results = {result["question"]: result for result in run["results"]}
    assert "6.90" in results["How much is delivery to Germany?"]["told"]
    assert "7.90" in results["And to France?"]["answer"], "what was said before is known again"
    assert results[PAIRS[3]["question"]]["same"]
    assert "15 %" in results["Do students get a discount?"]["answer"]
    assert (run["newly_answered"], run["newly_refused"], run["wrong_figures"]) == (1, 0, 0)
    shoppers = merchant.http.get(f"/v1/bots/{bot}/conversations").json()["items"]
    assert len(shoppers) == 3, "a shadow run is no conversation with a shopper"


def test_another_figure_than_the_shopper_was_told_is_marked():
    now = datetime.now(UTC)
    run = ShadowRun("run", "m", "b", 2, "running", now, now, ("t",))

    def reply(text: str, outcome: Outcome = "answered") -> Reply:
        return Reply("c", "t", text, "en", outcome)

    turn = Turn("t", "m", "b", "c", 1, "widget", "How much is delivery?", reply("Delivery costs 6.90 EUR."), now)
    assert compared("k", run, turn, reply("Delivery costs 3.20 EUR.")).wrong_figures == ("3.20 EUR",)
    assert compared("k", run, turn, reply("It costs 6.90 EUR.")).wrong_figures == ()
    assert compared("k", run, turn, reply("I do not know.", "refused")).wrong_figures == ()


def test_a_scheduled_version_goes_live_at_its_time_when_the_gate_agrees(merchant: Merchant):
    bot = two_versions(merchant)
    merchant.prove(bot, 2)
    soon = datetime.now(UTC) + timedelta(seconds=2)
    chosen = merchant.http.post(f"/v1/bots/{bot}/versions/2/schedule", json={"at": soon.isoformat()})
    assert chosen.raise_for_status().json()["scheduled"]["number"] == 2
    assert chosen.json()["live"] == 1
    wait_for(lambda: merchant.http.get(f"/v1/bots/{bot}").json()["live"] == 2)
    assert merchant.http.get(f"/v1/bots/{bot}").json()["scheduled"] is None
    log = merchant.http.get(f"/v1/bots/{bot}/audit").json()["items"]
    assert (log[0]["action"], log[0]["by"]) == ("deploy", f"{merchant.email} (scheduled)")


def test_a_scheduled_version_that_did_not_pass_stays_where_it_is_and_the_reason_is_told(merchant: Merchant):
    bot = two_versions(merchant)
    soon = datetime.now(UTC) + timedelta(seconds=1)
    merchant.http.post(f"/v1/bots/{bot}/versions/2/schedule", json={"at": soon.isoformat()}).raise_for_status()
    wait_for(lambda: merchant.http.get(f"/v1/bots/{bot}").json()["schedule_note"])
    told = merchant.http.get(f"/v1/bots/{bot}").json()
    assert (told["live"], told["scheduled"]) == (1, None)
    assert "did not go live at its time" in told["schedule_note"]
    assert merchant.http.get(f"/v1/bots/{bot}/audit").json()["items"][0]["action"] == "schedule_refused"


@pytest.mark.parametrize("shift", [timedelta(hours=-1), timedelta(days=365)])
def test_a_date_has_to_be_ahead_and_near(merchant: Merchant, shift: timedelta):
    bot = two_versions(merchant)
    at = (datetime.now(UTC) + shift).isoformat()
    answer = merchant.http.post(f"/v1/bots/{bot}/versions/2/schedule", json={"at": at})
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "at")


def test_a_schedule_can_be_taken_back(merchant: Merchant):
    bot = two_versions(merchant)
    assert merchant.http.delete(f"/v1/bots/{bot}/schedule").status_code == 409
    at = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    merchant.http.post(f"/v1/bots/{bot}/versions/2/schedule", json={"at": at}).raise_for_status()
    assert merchant.http.delete(f"/v1/bots/{bot}/schedule").raise_for_status().json()["scheduled"] is None


def test_drift_measures_real_questions_and_warns(merchant: Merchant, server: RunningServer):
    bot = merchant.live_bot()
    empty = merchant.http.get(f"/v1/bots/{bot}/drift").raise_for_status().json()
    assert (empty["questions"], empty["warnings"]) == (0, [])
    key = merchant.http.post(f"/v1/bots/{bot}/keys", json={"kind": "secret"}).json()["key"]
    with server.client() as client:
        client.headers["Authorization"] = f"Bearer {key}"
        for number in range(10):
            question = PAIRS[number % len(PAIRS)]["question"]
            reply = client.post(f"/chat/{bot}", json={"text": question, "visitor": f"v{number}"}).json()
            body = {
                "turn_id": reply["turn_id"], "conversation_id": reply["conversation_id"], "visitor": f"v{number}",
                "helpful": number < 2,
            }  # fmt: skip
            client.post(f"/chat/{bot}/feedback", json=body).raise_for_status()
    report = merchant.http.get(f"/v1/bots/{bot}/drift").raise_for_status().json()
    metrics = {metric["name"]: metric for metric in report["metrics"]}
    assert report["questions"] == 10
    assert metrics["tester_satisfaction"]["value"] == 0.2
    assert metrics["grounded"]["verdict"] == "pass"
    assert [warning for warning in report["warnings"] if warning.startswith("Happy shoppers")]


def test_another_shops_release_is_not_found(merchant: Merchant, server: RunningServer):
    bot = merchant.live_bot()
    stranger = server.merchant("Elsewhere")
    for method, path in (
        ("GET", "versions/1/changes"), ("POST", "versions/1/shadow"), ("GET", "drift"), ("GET", "audit"),
        ("GET", "gate"), ("DELETE", "schedule"), ("POST", "versions/1/trials/latest/cancel"),
    ):  # fmt: skip
        assert stranger.http.request(method, f"/v1/bots/{bot}/{path}").status_code == 404, path


def wait_for(holds: Any, seconds: float = 30) -> None:
    """Until something is true."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("waited in vain")
