"""The generic webhook, spoken to by the specification's own library."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from structlog.testing import capture_logs

from channel_adapters.webhook.channel import WebhookChannel, is_secret
from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Answer, Sent
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer, message, post, signed
from tests.channel_adapters.shops import wait_for
from tests.conftest import RunningServer


@pytest.fixture(scope="module")
def shop_server() -> ShopServer:
    return ShopServer()


@pytest.fixture(scope="module")
def linked(server: RunningServer, shop_server: ShopServer) -> Iterator[Linked]:
    # Two posts, one after another, have to come in within the settling time, also on a busy computer.
    with platforms_and_server(server, {"webhook": shop_server}, channel_settle_seconds=0.5) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "webhook")
        made.link({"url": f"{shop_server.url}/answers?key=hush-401", "secret": SECRET})
        yield made


def replies_to(shop_server: ShopServer, ident: str, count: int = 1) -> list[Sent]:
    return shop_server.wait(lambda sent: sent.json.get("in_reply_to") == ident, count)


def test_a_message_is_answered_once_however_often_it_comes(linked: Linked, shop_server: ShopServer):
    with linked.server.client() as client:
        asked = message("How much is delivery to Germany?")
        for _ in range(5):
            assert post(client, linked.hook("messages"), asked).status_code == 200
        (reply,) = replies_to(shop_server, asked["id"])
        assert "6.90" in reply.json["reply"]["text"]
        assert reply.json["author"] == "bot"
        assert reply.json["reply"]["citations"][0]["title"]
        assert "AI assistant" in reply.json["reply"]["notice"]
        time.sleep(0.5)
        post(client, linked.hook("messages"), asked)
        time.sleep(0.5)
        assert len(replies_to(shop_server, asked["id"])) == 1
    assert shop_server.broken_rules == []


def test_a_conversation_goes_on_in_the_platforms_order(linked: Linked, shop_server: ShopServer):
    now = datetime.now(UTC)
    first = message("How much is delivery to Germany?", conversation="talk-1", at=now.isoformat())
    second = message("And to France?", conversation="talk-1", at=(now + timedelta(seconds=1)).isoformat())
    with linked.server.client() as client:
        for body in (second, first):
            assert post(client, linked.hook("messages"), body).status_code == 200
    replies_to(shop_server, second["id"])
    order = [r["in_reply_to"] for r in shop_server.replies() if r["conversation"] == "talk-1"]
    assert order == [first["id"], second["id"]]
    found = [r["reply"]["text"] for r in shop_server.replies() if r["conversation"] == "talk-1"]
    assert "6.90" in found[0]
    assert "7.90" in found[1]
    listed = linked.merchant.http.get(f"/v1/bots/{linked.bot}/conversations").json()["items"]
    assert any(item["channel"] == "webhook" and item["turn_count"] == 2 for item in listed)


HALF = b'{"id": "m-\\ud800", "conversation": "c", "text": "Hi \\ud83d"}'
"""Half a character, which JSON may hold."""


def wrong_requests() -> dict[str, tuple[bytes, dict[str, str], int]]:
    """(content, headers, status) of requests that must not get through."""
    good, headers = signed(message("Hi"))
    old, old_headers = signed(message("Hi"), at=datetime.now(UTC) - timedelta(minutes=6))
    early, early_headers = signed(message("Hi"), at=datetime.now(UTC) + timedelta(minutes=6))
    other, other_headers = signed(message("Hi"), secret="whsec_" + "QUJD" * 10)
    return {
        "no signature": (good, {}, 401),
        "re-serialised": (json.dumps(json.loads(good), indent=1).encode(), headers, 401),
        "stale": (old, old_headers, 401),
        "from the future": (early, early_headers, 401),
        "another secret": (other, other_headers, 401),
        "not a number": (good, headers | {"webhook-timestamp": "abc"}, 401),
        "huge number": (good, headers | {"webhook-timestamp": "9" * 400}, 401),
        "not base64": (good, headers | {"webhook-signature": "v1,!!!"}, 401),
        "not utf-8": (b"\xff\xfe", headers, 401),
        "too large": (b"x" * 1_100_000, headers, 413),
        **{
            f"signed nonsense {n}": (content, signed_bytes(content), 400)
            for n, content in enumerate((HALF, b"[]", b"1", b"{}", b"null", b"{", b'{"id": 1}', b"[" * 5000, b"\xff"))
        },
    }


def signed_bytes(content: bytes) -> dict[str, str]:
    """Headers for bytes that the library would not sign as text."""
    from channel_adapters.webhook.signing import signed as our_signed

    return our_signed(SECRET, "x", datetime.now(UTC), content)


@pytest.mark.parametrize("case", list(wrong_requests()))
def test_wrong_requests_are_refused_and_never_a_fault(linked: Linked, shop_server: ShopServer, case: str):
    content, headers, status = wrong_requests()[case]
    with linked.server.client() as client:
        assert client.post(linked.hook("messages"), content=content, headers=headers).status_code == status


def test_links_that_are_not_there_open_nothing(linked: Linked):
    with linked.server.client() as client:
        for path in ("/hooks/webhook/link_nothing/messages", linked.hook("messages").replace("webhook", "slack", 1)):
            assert post(client, path, message("Hi")).status_code == 404


def test_a_server_that_is_away_is_tried_again_and_keeps_the_order(linked: Linked, shop_server: ShopServer):
    first = message("How much is delivery to Germany?", conversation="talk-2")
    second = message("Where is your workshop?", conversation="talk-2")
    shop_server.next_answers += [Answer(503), Answer(429, headers={"Retry-After": "1"})]
    with linked.server.client() as client:
        post(client, linked.hook("messages"), first)
        time.sleep(0.2)
        post(client, linked.hook("messages"), second)
    replies_to(shop_server, second["id"])
    sent = replies_to(shop_server, first["id"], 3)
    assert sent[2].at - sent[1].at >= 1, "it asked to wait"
    order = [r["in_reply_to"] for r in shop_server.replies() if r["conversation"] == "talk-2"]
    assert order == [first["id"]] * 3 + [second["id"]]
    assert len({s.headers["webhook-id"] for s in sent}) == 1, "the same answer under the same id"


def test_what_is_refused_is_a_dead_letter_and_can_be_tried_again(linked: Linked, shop_server: ShopServer):
    asked = message("Where is your workshop?")
    shop_server.next_answers.append(Answer(400))
    with linked.server.client() as client:
        post(client, linked.hook("messages"), asked)
    letter = wait_for(lambda: next((one for one in linked.dead() if one["text"] == asked["text"]), None))
    assert letter["failure"] == "127.0.0.1 answered 400.", "the rest of the address is nobody's business"
    assert letter["kind"] == "webhook"
    again = linked.merchant.http.post(f"/v1/bots/{linked.bot}/dead_letters/{letter['id']}/replay")
    assert again.status_code == 202
    sent = replies_to(shop_server, asked["id"], 2)
    assert "Ghent" in sent[1].json["reply"]["text"]
    twice = linked.merchant.http.post(f"/v1/bots/{linked.bot}/dead_letters/{letter['id']}/replay")
    assert (twice.status_code, twice.json()["code"]) == (409, "not_dead")
    wait_for(lambda: linked.view()["waiting"] == 0)
    time.sleep(0.5)
    assert len(replies_to(shop_server, asked["id"], 2)) == 2, "not again and again"


def test_a_paused_channel_keeps_what_comes_in(linked: Linked, shop_server: ShopServer):
    linked.merchant.http.post(linked.path("/pause")).raise_for_status()
    asked = message("Do your teas contain gluten?")
    with linked.server.client() as client:
        assert post(client, linked.hook("messages"), asked).status_code == 200
    letter = wait_for(lambda: next((one for one in linked.dead() if one["text"] == asked["text"]), None))
    assert letter["failure"] == "The channel was paused."
    linked.merchant.http.post(linked.path("/resume")).raise_for_status()
    linked.merchant.http.post(f"/v1/bots/{linked.bot}/dead_letters/{letter['id']}/replay").raise_for_status()
    assert "gluten" in replies_to(shop_server, asked["id"])[0].json["reply"]["text"]
    wait_for(lambda: linked.view()["waiting"] == 0)


def test_the_doctor_names_what_is_wrong(linked: Linked, shop_server: ShopServer):
    assert linked.check()["reachable"]["state"] == "good"
    for answer, cause in ((Answer(401), "wrong_secret"), (Answer(404), "wrong_url"), (Answer(503), "unreachable")):
        shop_server.next_answers.append(answer)
        found = linked.check()["reachable"]
        assert (found["state"], found["cause"]) == ("bad", cause)
        assert "hush" not in found["says"]
        assert found["next_step"]
    assert linked.check()["messages"]["state"] == "good"


def test_secrets_are_never_told_again(linked: Linked):
    view = linked.view()
    assert view["secrets"] == ["secret"]
    assert SECRET not in json.dumps(view)
    stored = linked.server.settings.data_dir / "records.sqlite"
    assert SECRET.encode() not in stored.read_bytes()


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"url": "ftp://x.example", "secret": SECRET}, "url"), ({"url": "http://10.0.0.1/", "secret": SECRET}, "url"),
     ({"url": "https://shop.example/", "secret": "short"}, "secret"), ({"secret": SECRET}, "url"),
     ({"url": "https://shop.example/", "secret": WebhookChannel.fields[1].example}, "secret"),
     ({"url": "https://shop.example/", "secret": SECRET, "colour": "red"}, "colour")],
)  # fmt: skip
def test_bad_settings_are_refused_by_field(linked: Linked, settings: dict[str, Any], field: str):
    answer = linked.merchant.http.put(linked.path(), json={"settings": settings})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == [field]


def test_the_example_would_be_a_secret():
    assert is_secret(WebhookChannel.fields[1].example), "it is refused for being known, not for its form"


def test_a_bot_that_is_not_live_is_not_linked(linked: Linked):
    bot = linked.merchant.bot("Another")
    answer = linked.merchant.http.put(
        f"/v1/bots/{bot}/channels/webhook", json={"settings": {"url": "https://shop.example/", "secret": SECRET}}
    )
    assert (answer.status_code, answer.json()["code"]) == (409, "not_live")


def test_another_merchant_sees_and_opens_nothing(linked: Linked):
    stranger = linked.server.merchant()
    for method, path in (("GET", f"/v1/bots/{linked.bot}/channels"), ("POST", linked.path("/check")),
                         ("PUT", linked.path()), ("DELETE", linked.path()), ("POST", linked.path("/pause")),
                         ("GET", f"/v1/bots/{linked.bot}/dead_letters")):  # fmt: skip
        body = {"settings": {}} if method == "PUT" else None
        assert stranger.http.request(method, path, json=body).status_code == 404


def test_an_ended_link_opens_no_more(linked: Linked, shop_server: ShopServer):
    owner = linked.merchant
    bot = owner.live_bot()
    other = Linked(linked.server, owner, bot, "webhook")
    other.link({"url": f"{shop_server.url}/other", "secret": SECRET})
    path = other.hook("messages")
    assert owner.http.delete(other.path()).status_code == 204
    with linked.server.client() as client:
        assert post(client, path, message("Hi")).status_code == 404
    log = [entry["action"] for entry in owner.http.get(f"/v1/bots/{bot}/audit").json()["items"]]
    assert log[:2] == ["channel_unlinked", "channel_linked"]


def test_a_link_that_was_only_begun_has_an_address_and_takes_nothing(linked: Linked):
    owner = linked.merchant
    other = Linked(linked.server, owner, owner.live_bot(), "webhook")
    begun = other.link({})
    assert begun["status"] == "unfinished"
    with linked.server.client() as client:
        assert post(client, other.hook("messages"), message("Hi")).status_code == 401
    assert owner.http.post(other.path("/pause")).json()["code"] == "link_unfinished"
    half = owner.http.put(other.path(), json={"settings": {"secret": SECRET}})
    assert [problem["field"] for problem in half.json()["errors"]] == ["url"]
    assert other.link({"url": "https://shop.example/x", "secret": SECRET})["status"] == "on"


def test_a_request_that_breaks_off_is_no_fault_and_nothing_is_kept(linked: Linked, shop_server: ShopServer):
    asked = message("How much is delivery to Germany?")
    content, headers = signed(asked)
    lines = [f"POST {linked.hook('messages')} HTTP/1.1", "Host: 127.0.0.1", f"Content-Length: {len(content)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    with capture_logs() as logged:
        with socket.create_connection(("127.0.0.1", linked.server.settings.port)) as connection:
            connection.sendall("\r\n".join(lines).encode() + b"\r\n\r\n" + content[:20])
            time.sleep(0.3)
        with linked.server.client() as client:
            assert post(client, linked.hook("messages"), asked).status_code == 200, "it is sent again, and new"
        assert len(replies_to(shop_server, asked["id"])) == 1
    assert [entry for entry in logged if entry["log_level"] == "error"] == []
