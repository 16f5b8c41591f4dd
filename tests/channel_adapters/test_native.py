"""The native endpoint: keys, origins, conversations, events, feedback."""

import asyncio
import json
import threading

import httpx
import pytest

from engine.answering.answerer import Answerer, Token
from engine.errors import ModelUnavailable
from tests.channel_adapters.shops import SHOP_ORIGIN

GIFTS = "Do you sell gift cards?"
BAD_ORIGINS = [
    "https://shop.example.evil.com",
    "https://evilshop.example",
    "https://shop.example",
    "http://shop.example:8443",
    "https://a.b.shop.example",
    "https://.shop.example",
    "null",
    "",
    "*",
]


def events_of(answer):
    """(name, data) of each event."""
    blocks = [block for block in answer.text.split("\n\n") if block.startswith("event:")]
    return [(block.split("\n")[0][7:], json.loads(block.split("\n")[1][6:])) for block in blocks]


def as_server(shop, text, **more):
    headers = {"Authorization": f"Bearer {shop.secret}"} | more.pop("headers", {})
    return httpx.post(f"{shop.base}/chat/{shop.bot}", json={"text": text, **more}, headers=headers, timeout=30)


def test_page_gets_a_reply_and_may_read_it(shop):
    answer = shop.ask_page(GIFTS)
    assert answer.status_code == 200
    assert answer.json()["outcome"] == "answered"
    assert answer.headers["access-control-allow-origin"] == SHOP_ORIGIN
    assert "origin" in answer.headers["vary"].lower()
    assert "access-control-allow-credentials" not in answer.headers
    assert answer.headers["x-ai-generated"] == "true"


def test_first_reply_alone_says_that_an_ai_answers(shop):
    first = shop.ask_page(GIFTS).json()
    assert first["notice"] == "You are chatting with Fern, an AI assistant of Fernleaf, not with a person."
    again = shop.ask_page(GIFTS, conversation_id=first["conversation_id"]).json()
    assert (again["conversation_id"], again["notice"]) == (first["conversation_id"], "")


def test_one_level_of_subdomains_and_own_pages_are_allowed(shop):
    sub = shop.ask_page("hello", headers={"Origin": "https://www.shop.example"})
    assert sub.headers["access-control-allow-origin"] == "https://www.shop.example"
    assert shop.ask_page("hello", headers={"Origin": shop.base}).status_code == 200


@pytest.mark.parametrize("origin", BAD_ORIGINS)
def test_other_origins_are_refused_and_cannot_read_why(shop, origin):
    answer = shop.ask_page("hello", headers={"Origin": origin})
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")
    assert "access-control-allow-origin" not in answer.headers
    assert "origin" in answer.headers["vary"].lower()


def test_missing_origin_is_refused(shop):
    headers = {"Authorization": f"Bearer {shop.publishable}"}
    answer = httpx.post(f"{shop.base}/chat/{shop.bot}", json={"text": "hi"}, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (403, "origin_not_allowed")


def preflight(shop, origin, bot=None):
    headers = {"Access-Control-Request-Method": "POST"} | ({"Origin": origin} if origin is not None else {})
    return httpx.options(f"{shop.base}/chat/{bot or shop.bot}", headers=headers)


def test_preflight_is_204_for_the_shop(shop):
    answer = preflight(shop, "HTTP://SHOP.example")
    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == "HTTP://SHOP.example"
    assert answer.headers["access-control-allow-methods"] == "GET, POST, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "authorization, content-type, x-session"
    assert answer.headers["access-control-max-age"] == "600"
    assert answer.headers["vary"] == "Origin"


@pytest.mark.parametrize("origin", [*BAD_ORIGINS, None])
def test_preflight_of_others_is_refused(shop, origin):
    answer = preflight(shop, origin)
    assert answer.status_code == 403
    assert "access-control-allow-origin" not in answer.headers
    assert answer.headers["vary"] == "Origin"


def test_preflight_of_an_unknown_bot_is_refused(shop):
    assert preflight(shop, SHOP_ORIGIN, "bot_unknown").status_code == 403


@pytest.mark.parametrize("key", ["pk_live_x_y", "nonsense", "Basic abc"])
def test_wrong_keys_are_401(shop, key):
    answer = shop.ask_page("hi", headers={"Authorization": key if key.startswith("Basic") else f"Bearer {key}"})
    assert answer.status_code == 401
    assert answer.json()["code"] == "invalid_api_key"


def test_key_of_another_bot_does_not_open_this_one(shop, other_shop):
    answer = shop.ask_page("hi", headers={"Authorization": f"Bearer {other_shop.publishable}"})
    assert answer.status_code == 404


def test_server_may_ask_with_its_secret_key_but_no_page_may(shop):
    assert as_server(shop, GIFTS).json()["outcome"] == "answered"
    answer = as_server(shop, GIFTS, headers={"Origin": SHOP_ORIGIN})
    assert (answer.status_code, answer.json()["code"]) == (403, "secret_key_in_browser")


def test_not_live_is_a_conflict(other_shop):
    answer = other_shop.ask_page("hi")
    assert (answer.status_code, answer.json()["code"]) == (409, "not_live")
    assert answer.headers["access-control-allow-origin"] == SHOP_ORIGIN


@pytest.mark.parametrize("how", [{"stream": True}, {"headers": {"Accept": "text/event-stream"}}])
def test_events_come_in_order_and_end_with_the_reply(shop, how):
    answer = shop.ask_page("How much is the Fernleaf Mug?", **how)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert answer.headers["x-ai-generated"] == "true"
    events = events_of(answer)
    assert [name for name, _ in events][-3:] == ["products", "citations", "reply"]
    text = "".join(data["text"] for name, data in events if name == "token")
    assert events[-1][1]["text"] == text.strip()


def test_late_failure_is_an_error_event(shop, monkeypatch):
    async def breaking(*_, **__):
        yield Token("Delivery ")
        raise ModelUnavailable("The model went away.", reason="down")

    monkeypatch.setattr(Answerer, "stream", breaking)
    assert events_of(shop.ask_page("hi", stream=True))[-1][0] == "error"


def test_conversation_goes_on_for_its_visitor_only(shop):
    first = shop.ask_page(GIFTS, visitor="anna").json()
    again = shop.ask_page("and how long are they valid?", visitor="anna", conversation_id=first["conversation_id"])
    assert again.json()["conversation_id"] == first["conversation_id"]
    assert "three years" in again.json()["text"]
    for stranger in ("berta", ""):
        answer = shop.ask_page("hi", visitor=stranger, conversation_id=first["conversation_id"], stream=True)
        assert answer.status_code == 404
    assert as_server(shop, "hi", visitor="anna", conversation_id=first["conversation_id"]).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"text": 3},
        {"text": "hi", "visitor": "a b"},
        {"text": "hi", "visitor": "x" * 101},
        {"text": "hi", "stream": "perhaps"},
    ],
)
def test_bad_bodies_are_422_and_readable(shop, body):
    headers = {"Authorization": f"Bearer {shop.publishable}", "Origin": SHOP_ORIGIN, "Content-Type": "application/json"}
    answer = httpx.post(f"{shop.base}/chat/{shop.bot}", content=json.dumps(body), headers=headers)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


def test_too_long_is_told_in_words_and_too_large_refused(shop):
    assert "2,000" in shop.ask_page("x" * 2001).json()["text"]
    assert shop.ask_page("x" * 120_000).status_code == 413


def test_half_a_character_does_no_harm(shop):
    headers = {"Authorization": f"Bearer {shop.publishable}", "Origin": SHOP_ORIGIN, "Content-Type": "application/json"}
    answer = httpx.post(f"{shop.base}/chat/{shop.bot}", content=b'{"text": "hello \\ud800"}', headers=headers)
    assert answer.status_code == 200


def test_visitor_is_limited_and_told_when_to_return(shop):
    answers = [shop.ask_page("hello", visitor="hasty") for _ in range(21)]
    refused = [answer for answer in answers if answer.status_code == 429]
    assert refused
    assert 1 <= int(refused[0].headers["retry-after"]) <= 60
    assert refused[0].headers["x-should-retry"] == "true"
    assert refused[0].headers["access-control-allow-origin"] == SHOP_ORIGIN
    assert shop.ask_page("hello", visitor="calm").status_code == 200


def rate(shop, reply, visitor="", **more):
    headers = {"Authorization": f"Bearer {shop.publishable}", "Origin": SHOP_ORIGIN}
    body = {"turn_id": reply["turn_id"], "conversation_id": reply["conversation_id"], "helpful": True} | more
    return httpx.post(f"{shop.base}/chat/{shop.bot}/feedback", json=body | {"visitor": visitor}, headers=headers)


def test_feedback_is_kept_with_the_answer(shop):
    reply = shop.ask_page(GIFTS, visitor="carla").json()
    assert rate(shop, reply, "carla", helpful=False, comment="Too short").status_code == 204
    conversation = shop.call("GET", f"/v1/bots/{shop.bot}/conversations/{reply['conversation_id']}")
    feedback = conversation["turns"][0]["feedback"]
    assert (feedback["helpful"], feedback["comment"]) == (False, "Too short")


def test_feedback_of_strangers_is_refused(shop):
    reply, other = (shop.ask_page(GIFTS, visitor=visitor).json() for visitor in ("dora", "emma"))
    assert rate(shop, reply, "emma").status_code == 404
    assert rate(shop, reply, "dora", turn_id=other["turn_id"]).status_code == 404
    assert rate(shop, reply, "dora", turn_id="turn_unknown").status_code == 404


def test_config_is_the_public_face(shop):
    headers = {"Authorization": f"Bearer {shop.publishable}", "Origin": SHOP_ORIGIN}
    answer = httpx.get(f"{shop.base}/chat/{shop.bot}/config", headers=headers)
    body = answer.json()
    assert answer.headers["access-control-allow-origin"] == SHOP_ORIGIN
    assert (body["name"], body["assistant_name"], body["state"]) == ("Fernleaf", "Fern", "live")
    assert body["theme"]["dark"]["primary"].startswith("#")
    assert body["icon_url"] is None
    assert set(body) == {
        "id", "name", "assistant_name", "greeting", "example_questions", "icon_url", "theme", "state", "contact",
    }  # fmt: skip


def test_work_ends_when_the_shopper_goes(shop, monkeypatch):
    ended = threading.Event()

    async def slow(*_, **__):
        yield Token("Delivery ")
        try:
            await asyncio.sleep(30)
        finally:
            ended.set()

    monkeypatch.setattr(Answerer, "stream", slow)
    with pytest.raises(httpx.ReadTimeout):
        httpx.post(
            f"{shop.base}/chat/{shop.bot}",
            json={"text": "hi"},
            headers={"Authorization": f"Bearer {shop.secret}"},
            timeout=1,
        )
    assert ended.wait(5)


def test_what_people_said_is_told_to_the_conversations_own_visitor(shop, other_shop):
    reply = as_server(shop, GIFTS, visitor="anna").json()
    headers = {"Authorization": f"Bearer {shop.secret}"}

    def look(visitor, conversation=reply["conversation_id"], headers=headers):
        body = {"conversation_id": conversation, "visitor": visitor}
        return httpx.post(f"{shop.base}/chat/{shop.bot}/messages", json=body, headers=headers, timeout=30)

    assert look("anna").json() == {"owner": "bot", "items": []}
    talk = f"/v1/bots/{shop.bot}/conversations/{reply['conversation_id']}"
    shop.call("POST", f"{talk}/claim")
    shop.call("POST", f"{talk}/messages", json={"text": "Ann here."})
    told = look("anna").json()
    assert (told["owner"], [item["text"] for item in told["items"]]) == ("person", ["Ann here."])
    silent = as_server(shop, GIFTS, visitor="anna", conversation_id=reply["conversation_id"]).json()
    assert (silent["text"], silent["outcome"], silent["notice"]) == ("", "handed_off", "")
    shop.call("POST", f"{talk}/hand_back")
    assert look("berta").status_code == 404
    assert look("anna", "conversation_nothing").status_code == 404
    assert look("anna", headers={"Authorization": f"Bearer {other_shop.secret}"}).status_code == 404
