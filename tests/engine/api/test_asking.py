"""Questions over HTTP: whole and streamed, strange and in a row."""

from __future__ import annotations

import json

import pytest

from tests.conftest import Merchant


def events(text: str) -> list[tuple[str, object]]:
    """(name, data) of a stream of server-sent events."""
    found = []
    for block in text.strip().split("\n\n"):
        name, data = block.split("\n")
        found.append((name.removeprefix("event: "), json.loads(data.removeprefix("data: "))))
    return found


def test_an_answer_cites_what_stands_in_the_source(live: tuple[Merchant, str]):
    merchant, bot = live
    reply = merchant.ask(bot, "How long may I return what I bought?")
    assert reply["outcome"] == "answered"
    assert "30 days" in reply["text"]
    quote = reply["citations"][0]["quote"]
    from tests.conftest import POLICY

    assert quote in POLICY
    assert reply["model"] == "extractive"
    assert {check["name"]: check["passed"] for check in reply["checks"]}["numbers"]
    timings = reply["timings_ms"]
    assert 0 <= timings["understand"] <= timings["retrieve"] <= timings["first_token"] <= timings["total"]


def test_a_stream_tells_the_same_as_the_whole_reply(live: tuple[Merchant, str]):
    merchant, bot = live
    path = f"/v1/bots/{bot}/versions/1/ask"
    answer = merchant.http.post(path, json={"text": "Do you take PayPal?", "stream": True})
    assert answer.headers["content-type"].startswith("text/event-stream")
    seen = events(answer.text)
    names = [name for name, _ in seen]
    assert names[-3:] == ["products", "citations", "reply"]
    assert set(names[:-3]) == {"token"}
    text = "".join(data["text"] for name, data in seen if name == "token")
    assert text.strip() == seen[-1][1]["text"]
    by_header = merchant.http.post(path, json={"text": "Hi"}, headers={"Accept": "text/event-stream"})
    assert by_header.headers["content-type"].startswith("text/event-stream")


def test_what_the_shop_does_not_know_is_refused_with_an_offer(live: tuple[Merchant, str]):
    merchant, bot = live
    reply = merchant.ask(bot, "Who is the president of France?")
    assert reply["outcome"] == "refused"
    assert reply["citations"] == []
    assert "could not find" in reply["text"]


@pytest.mark.parametrize(
    ("text", "outcome"),
    [("hello", "answered"), ("Thank you!", "answered"), ("bye", "answered"), ("Are you a human?", "answered"),
     ("bist du ein Mensch?", "answered"), ("", "refused"), ("   \u200b\u0000 ", "refused"), ("x" * 20_000, "refused")],
)  # fmt: skip
def test_messages_that_need_no_knowledge(live: tuple[Merchant, str], text: str, outcome: str):
    merchant, bot = live
    reply = merchant.ask(bot, text)
    assert reply["outcome"] == outcome
    assert reply["text"]


@pytest.mark.parametrize(
    "text",
    ["\x00\x01\x1b[31mreturns", "¿Cuánto tiempo tengo para devolver?", "返品できますか", "🎁" * 500, "' OR 1=1 --",
     "<script>alert(1)</script>", "{{7*7}} ${x}", "\u202ereturns", "AND OR NOT ( ) : * ^ ~ + -", "a" * 2000, "\ud83d"],
)  # fmt: skip
def test_strange_messages_never_break_it(live: tuple[Merchant, str], text: str):
    merchant, bot = live
    body = json.dumps({"text": text}).encode()
    answer = merchant.http.post(
        f"/v1/bots/{bot}/versions/1/ask", content=body, headers={"Content-Type": "application/json"}
    )
    assert answer.status_code in {200, 422}
    if answer.status_code == 200:
        assert answer.json()["text"]


def test_a_follow_up_is_read_with_the_conversation(live: tuple[Merchant, str]):
    merchant, bot = live
    first = merchant.ask(bot, "How much does delivery to Germany cost?")
    assert "6.90" in first["text"]
    second = merchant.ask(bot, "And to France?", conversation_id=first["conversation_id"])
    assert second["conversation_id"] == first["conversation_id"]
    assert "7.90" in second["text"]
    detail = merchant.http.get(f"/v1/bots/{bot}/conversations/{first['conversation_id']}").json()
    assert [turn["question"] for turn in detail["turns"]] == [
        "How much does delivery to Germany cost?", "And to France?",
    ]  # fmt: skip


def test_an_unknown_conversation_is_not_found(live: tuple[Merchant, str]):
    merchant, bot = live
    answer = merchant.http.post(
        f"/v1/bots/{bot}/versions/1/ask", json={"text": "Hi", "conversation_id": "conversation_x"}
    )
    assert answer.status_code == 404


def test_tests_do_not_count_as_shoppers(live: tuple[Merchant, str]):
    merchant, bot = live
    merchant.ask(bot, "Do you take cheques?")
    assert merchant.http.get(f"/v1/bots/{bot}/conversations").json()["items"] == []
    assert merchant.http.get(f"/v1/bots/{bot}/conversations?test=true").json()["items"]
    report = merchant.http.get(f"/v1/bots/{bot}/insights").json()
    assert report["totals"]["questions"] == 0
    assert len(report["series"]) == 31
    assert all(point["at"].endswith("T00:00:00Z") for point in report["series"])


def test_an_impossible_span_is_named(live: tuple[Merchant, str]):
    merchant, bot = live
    query = {"from": "2026-02-01T00:00:00Z", "to": "2026-01-01T00:00:00Z"}
    answer = merchant.http.get(f"/v1/bots/{bot}/insights", params=query)
    assert answer.status_code == 422
    assert merchant.http.get(f"/v1/bots/{bot}/insights", params={"from": "yesterday"}).status_code == 422
