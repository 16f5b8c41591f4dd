"""What a person answered in the inbox is offered as an answer of the assistant."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.test_handover import Talk
from tests.conftest import RunningServer


@pytest.fixture(scope="module")
def shop_server() -> ShopServer:
    return ShopServer()


@pytest.fixture(scope="module")
def linked(server: RunningServer, shop_server: ShopServer) -> Iterator[Linked]:
    with platforms_and_server(server, {"webhook": shop_server}) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "webhook")
        made.link({"url": f"{shop_server.url}/answers", "secret": SECRET})
        owner.http.patch(f"/v1/bots/{made.bot}/handover", json={"on": True}).raise_for_status()
        yield made


@pytest.fixture
def talk(linked: Linked, shop_server: ShopServer) -> Talk:
    return Talk(linked, shop_server)


def offered(linked: Linked) -> list[dict[str, Any]]:
    return list(linked.merchant.http.get(f"/v1/bots/{linked.bot}/suggestions").raise_for_status().json()["items"])


def settle(linked: Linked, suggestion: dict[str, Any], how: str, **body: Any) -> Any:
    path = f"/v1/bots/{linked.bot}/suggestions/{suggestion['id']}/{how}"
    return linked.merchant.http.post(path, json=body)


def answered_by_hand(talk: Talk, question: str, *answers: str) -> dict[str, Any]:
    """A person answers what the bot did not know; what is offered of it."""
    reply = talk.answer(talk.ask(question))
    talk.ident = reply["conversation_id"]
    talk.call("POST", "claim")
    for answer in answers:
        talk.call("POST", "messages", {"text": answer}, 201)
    talk.call("POST", "hand_back")
    return next(one for one in offered(talk.linked) if one["conversation"] == talk.ident)


def test_what_a_person_answered_is_used_from_then_on(talk: Talk):
    question = "Do you engrave initials on the mugs?"
    found = answered_by_hand(talk, question, "Yes, gladly.", "Engraving takes a week.")
    assert (found["question"], found["answer"]) == (question, "Yes, gladly.\n\nEngraving takes a week.")
    assert (found["member"], found["personal"]) == (talk.linked.merchant.email, [])
    used = settle(talk.linked, found, "accept", questions=[question], answer="Yes, we engrave initials in a week.")
    assert used.status_code == 201, used.text
    other = Talk(talk.linked, talk.shop_server)
    assert "engrave initials in a week" in other.answer(other.ask(question))["text"]
    assert found["id"] not in {one["id"] for one in offered(talk.linked)}
    again = settle(talk.linked, found, "accept", questions=[question], answer="Once more.")
    assert (again.status_code, again.json()["code"]) == (409, "suggestion_settled")
    pins = talk.linked.merchant.http.get(f"/v1/bots/{talk.linked.bot}/pins").json()["items"]
    assert [pin["answer"] for pin in pins if question in pin["questions"]] == ["Yes, we engrave initials in a week."]


def test_what_is_put_aside_is_never_offered_again(talk: Talk):
    found = answered_by_hand(talk, "Do you buy old kilns?", "Not at the moment, sorry.")
    assert settle(talk.linked, found, "dismiss").status_code == 204
    assert found["id"] not in {one["id"] for one in offered(talk.linked)}
    assert settle(talk.linked, found, "dismiss").status_code == 409


def test_what_belongs_to_one_customer_is_flagged_and_refused_until_checked(talk: Talk):
    found = answered_by_hand(
        talk, "Where does my parcel hang around?", "Anna, order 10472 is on its way; mail to anna@people.example."
    )
    assert {(one["kind"], one["text"]) for one in found["personal"]} == {
        ("number", "10472"),
        ("email", "anna@people.example"),
    }
    refused = settle(talk.linked, found, "accept", questions=[found["question"]], answer=found["answer"])
    assert (refused.status_code, refused.json()["code"]) == (409, "personal_data")
    assert "10472" in refused.json()["detail"]
    assert found["id"] in {one["id"] for one in offered(talk.linked)}, "nothing was settled by that"
    wrong = settle(talk.linked, found, "accept", questions=[""], answer="x")
    assert wrong.status_code == 422
    body = {"questions": ["Where is my parcel?"], "answer": "Mail to help@my-shop.example.", "checked": True}
    assert settle(talk.linked, found, "accept", **body).status_code == 201


def test_small_talk_and_what_the_bot_knew_are_no_questions(talk: Talk):
    talk.answer(talk.ask("How much is delivery to Germany?"))
    reply = talk.answer(talk.ask("I want to talk to a real person please"))
    talk.ident = reply["conversation_id"]
    talk.call("POST", "claim")
    talk.call("POST", "messages", {"text": "Hello, this is Ann."}, 201)
    assert talk.ident not in {one["conversation"] for one in offered(talk.linked)}
    talk.ask("Do you repair teapots of other makers?")
    wait_for(lambda: len(talk.call("GET", "")["turns"]) == 3 or None)
    talk.call("POST", "messages", {"text": "We repair all teapots."}, 201)
    (found,) = [one for one in offered(talk.linked) if one["conversation"] == talk.ident]
    assert (found["question"], found["answer"]) == ("Do you repair teapots of other makers?", "We repair all teapots.")
    talk.call("POST", "hand_back")


def test_another_merchant_sees_and_settles_nothing(talk: Talk):
    found = answered_by_hand(talk, "Do you lend out pottery wheels?", "Yes, on Fridays.")
    stranger = talk.linked.server.merchant()
    bot = stranger.bot()
    for path in (f"/v1/bots/{talk.linked.bot}/suggestions", f"/v1/bots/{bot}/suggestions"):
        assert found["id"] not in json.dumps(stranger.http.get(path).json())
    for how, body in (("dismiss", None), ("accept", {"questions": ["a b"], "answer": "b"})):
        path = f"/v1/bots/{bot}/suggestions/{found['id']}/{how}"
        assert stranger.http.post(path, json=body).status_code == 404
    other = talk.linked.merchant.bot("Another")
    wrong_bot = talk.linked.merchant.http.post(f"/v1/bots/{other}/suggestions/{found['id']}/dismiss")
    assert wrong_bot.status_code == 404
