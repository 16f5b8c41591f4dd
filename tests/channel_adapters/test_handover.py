"""From a refused question to a person's answer in the shopper's channel and back."""

from __future__ import annotations

import json
import random
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer, message, post
from tests.channel_adapters.shops import wait_for
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
        rules = {"on": True, "notify": ["help@shop.example"], "keywords": ["complaint"]}
        owner.http.patch(f"/v1/bots/{made.bot}/handover", json=rules).raise_for_status()
        yield made


class Talk:
    """A shopper's conversation through the webhook, and the same as the shop's people see it."""

    def __init__(self, linked: Linked, shop_server: ShopServer) -> None:
        self.linked, self.shop_server, self.http = linked, shop_server, linked.merchant.http
        self.client, self.path = linked.server.client(), linked.hook("messages")
        self.name = f"talk-{random.getrandbits(60)}"
        self.ident = ""

    def ask(self, text: str) -> str:
        body = message(text, conversation=self.name)
        assert post(self.client, self.path, body).status_code == 200
        return str(body["id"])

    def answer(self, ident: str) -> dict[str, Any]:
        """The bot's answer to a message."""
        (sent,) = self.shop_server.wait(lambda s: s.json.get("in_reply_to") == ident and s.json["author"] == "bot")
        return dict(sent.json["reply"])

    def said(self, author: str) -> list[str]:
        """What this author said here so far."""
        here = [r for r in self.shop_server.replies() if r["conversation"] == self.name]
        return [reply["reply"]["text"] for reply in here if reply["author"] == author]

    def call(self, method: str, rest: str, body: dict[str, Any] | None = None, status: int = 200) -> Any:
        path = f"/v1/bots/{self.linked.bot}/conversations/{self.ident}/{rest}".rstrip("/")
        answer = self.http.request(method, path, json=body)
        assert answer.status_code == status, answer.text
        return answer.json()

    def inbox(self, owner: str) -> list[dict[str, Any]]:
        path = f"/v1/bots/{self.linked.bot}/inbox?owner={owner}"
        return list(self.http.get(path).raise_for_status().json()["items"])


@pytest.fixture
def talk(linked: Linked, shop_server: ShopServer) -> Talk:
    return Talk(linked, shop_server)


def outbox(talk: Talk) -> list[dict[str, Any]]:
    """Mails that this installation would send."""
    return list(talk.http.get("/v1/outbox").raise_for_status().json()["items"])


def handed_over(talk: Talk) -> dict[str, Any]:
    """Ask for a person, and the answer."""
    reply = talk.answer(talk.ask("I want to talk to a real person please"))
    talk.ident = reply["conversation_id"]
    return reply


def test_a_person_is_asked_for_after_two_refusals_and_the_shop_is_told(talk: Talk):
    first = talk.answer(talk.ask("Who won the world cup in 1998?"))
    assert first["outcome"] == "refused"
    second = talk.answer(talk.ask("What is the capital of Mongolia?"))
    assert second["outcome"] == "handed_off"
    assert "I have asked a person of the shop" in second["text"]
    talk.ident = second["conversation_id"]
    waiting = next(item for item in talk.inbox("waiting") if item["id"] == talk.ident)
    assert (waiting["reason"], waiting["channel"]) == ("refused", "webhook")
    told = wait_for(lambda: next((mail for mail in outbox(talk) if mail["to"] == "help@shop.example"), None))
    assert "What is the capital of Mongolia?" in told["text"]
    assert f"conversation={talk.ident}" in told["text"]


@pytest.mark.parametrize(
    ("text", "reason"),
    [("Can I speak to a human?", "asked"), ("I have a complaint about a mug", "keyword"),
     ("This is ridiculous, where is my answer?", "upset")],
)  # fmt: skip
def test_a_person_is_asked_for_at_once_where_words_say_so(talk: Talk, text: str, reason: str):
    reply = talk.answer(talk.ask(text))
    assert (reply["outcome"], reply["citations"]) == ("handed_off", [])
    assert reply["text"].startswith("I have asked a person"), "no automatic answer first"
    assert next(i for i in talk.inbox("waiting") if i["id"] == reply["conversation_id"])["reason"] == reason


def test_while_a_person_is_on_the_way_the_bot_helps_and_asks_for_no_second_one(talk: Talk):
    handed_over(talk)
    reply = talk.answer(talk.ask("How much is delivery to Germany?"))
    assert (reply["outcome"], "6.90" in reply["text"]) == ("answered", True)
    again = talk.answer(talk.ask("Please, a human!"))
    assert "I have asked a person" not in again["text"]


def test_the_bot_is_silent_while_a_person_owns_the_conversation(talk: Talk):
    handed_over(talk)
    taken = talk.call("POST", "claim")
    assert (taken["owner"], taken["member"]) == ("person", talk.linked.merchant.email)
    before = len(talk.said("bot"))
    talk.ask("How much is delivery to Germany?")
    wait_for(lambda: len(talk.call("GET", "")["turns"]) >= 2 or None)
    time.sleep(0.5)
    assert len(talk.said("bot")) == before
    said = talk.call("POST", "messages", {"text": "Hello, this is Ann. It costs 5 EUR for you."}, 201)
    assert said["delivery"] in {"waiting", "sent"}
    wait_for(lambda: talk.said("person") or None)
    assert talk.said("person") == ["Hello, this is Ann. It costs 5 EUR for you."]
    # It has arrived; that it has left is noted right after.
    wait_for(lambda: [one["delivery"] for one in talk.call("GET", "messages")["items"]] == ["sent"] or None)
    talk.call("POST", "hand_back")
    reply = talk.answer(talk.ask("How much is delivery to France?"))
    assert "7.90" in reply["text"]
    assert "AI assistant" in reply["notice"], "it says so when it takes over from a person"
    assert talk.answer(talk.ask("Where is your workshop?"))["notice"] == ""


def test_one_person_at_a_time(talk: Talk):
    handed_over(talk)
    talk.call("POST", "messages", {"text": "Hello"}, 409)
    talk.call("POST", "claim")
    talk.call("POST", "claim")
    talk.call("POST", "messages", {"text": "  "}, 422)
    talk.call("POST", "hand_back")
    talk.call("POST", "hand_back", status=409)


def test_a_message_that_waits_is_withdrawn_when_a_person_takes_over(talk: Talk, shop_server: ShopServer):
    handed_over(talk)
    shop_server.next_answers.append(Answer(503))
    talk.ask("How much is delivery to Germany?")
    wait_for(lambda: not shop_server.next_answers or None)
    before = list(talk.said("bot"))
    talk.call("POST", "claim")
    time.sleep(2)
    assert talk.said("bot") == before


@pytest.mark.parametrize("seed", range(6))
def test_no_word_of_the_bot_while_a_person_owns_the_conversation_whatever_the_order(talk: Talk, seed: int):
    """Shoppers write and people claim and hand back at random moments; what arrives is held against who owned it."""
    chance = random.Random(seed)
    handed_over(talk)
    owned: list[tuple[float, float]] = []
    stop = threading.Event()

    def write() -> None:
        while not stop.is_set():
            talk.ask(chance.choice(["How much is delivery to Germany?", "Hello!", "Do you sell boats?", "Thank you"]))
            time.sleep(chance.uniform(0, 0.15))

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(5):
        time.sleep(chance.uniform(0, 0.3))
        talk.call("POST", "claim")
        began = time.monotonic()
        time.sleep(chance.uniform(0, 0.5))
        owned.append((began, time.monotonic()))
        talk.call("POST", "hand_back")
    stop.set()
    writer.join()
    time.sleep(0.5)
    here = [s for s in talk.shop_server.sent if json.loads(s.body).get("conversation") == talk.name]
    spoken = [s.at for s in here if s.json["author"] == "bot"]
    assert len(spoken) > 1
    assert [at for at in spoken if any(began < at < ended for began, ended in owned)] == []
