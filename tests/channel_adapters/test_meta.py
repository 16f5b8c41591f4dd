"""Messenger, Instagram and WhatsApp: published vectors, what is a message, the window, refusals, the doctor, fuzz."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from channel_adapters.meta.signing import appsecret_proof, signature, signed_request
from engine.channels.gateway import WindowClosed
from engine.channels.sending import Sending
from engine.domain.channel import ChannelThread
from engine.errors import NotAuthenticated
from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.graph import (
    ACCOUNT,
    APP,
    NUMBER,
    PAGE,
    SECRET,
    TOKEN,
    WABA,
    Graph,
    page_message,
    signed,
    whatsapp_message,
)
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.test_microsoft import mangled
from tests.conftest import RunningServer

KINDS = ("messenger", "instagram", "whatsapp")
SETTINGS = {
    "messenger": {"app_id": APP, "app_secret": SECRET, "page_id": PAGE, "access_token": TOKEN},
    "instagram": {"app_id": APP, "app_secret": SECRET, "page_id": PAGE, "account_id": ACCOUNT, "access_token": TOKEN},
    "whatsapp": {
        "app_id": APP, "app_secret": SECRET, "phone_number_id": NUMBER, "business_account_id": WABA,
        "access_token": TOKEN,
    },
}  # fmt: skip
M1 = (
    b'{"object":"page","entry":[{"id":"PAGE1","time":1700000000000,"messaging":[{"sender":{"id":"PSID1"},"recipient":'
    b'{"id":"PAGE1"},"timestamp":1700000000000,"message":{"mid":"m_1","text":"Caf\\u00e9 ouvert?"}}]}]}'
)
W1 = (
    b'{"object":"whatsapp_business_account","entry":[{"id":"WABA1","changes":[{"value":{"messaging_product":"whatsapp",'
    b'"metadata":{"display_phone_number":"15550783881","phone_number_id":"PN1"},"contacts":[{"profile":{"name":"Ana"},'
    b'"wa_id":"16505551234"}],"messages":[{"from":"16505551234","id":"wamid.TEST1","timestamp":"1700000000","type":'
    b'"text","text":{"body":"hola"}}]},"field":"messages"}]}]}'
)


def test_the_published_signatures_are_of_the_raw_bytes():
    assert len(M1) == 207
    assert len(W1) == 390
    assert signature(SECRET, M1) == "sha256=31bc23cf36516aab07baa5622c1e5e8a7889ac891fff9a4d0bbd9cc2babf2570"
    assert signature(SECRET, W1) == "sha256=ed06bd6be5959dc4cf6800e65247c23115eabdd0056c0148001c3e781851e97a"
    compact = json.dumps(json.loads(M1), separators=(",", ":"), ensure_ascii=False).encode()
    assert signature(SECRET, compact) == "sha256=0c405198efd878d07487eef90c9354bc1016cc5169f7bc3423740cbfa90277f5"
    usual = json.dumps(json.loads(M1)).encode()
    assert signature(SECRET, usual) == "sha256=1c5647c9a2868a00b6c9f2a8d6057e99796ea1e6ee1813c97f621d21e163328c"


def test_the_published_proof_and_signed_request():
    assert appsecret_proof(SECRET, TOKEN) == "9f830954ec3e8f6a4eea88af3905fa2535ab54d366fcca31c6895791bea7e9d2"
    text = (
        "MfVf-9cJrVQCwgu5UPgRrmqGDXlfOXY4vvXwv0sH64I."
        "eyJhbGdvcml0aG0iOiJITUFDLVNIQTI1NiIsImV4cGlyZXMiOjE3MDAwMDM2MDAsImlzc3VlZF9hdCI6MTcwMDAwMDAwMCwidXNlcl9pZCI6"
        "IjIxODQ3MSJ9"
    )
    assert signed_request(SECRET, text)["user_id"] == "218471"
    for wrong in (text[:-2] + "xx", "A" + text[1:], text.split(".")[1], "", "..", "é.é"):
        with pytest.raises((NotAuthenticated, ValueError, UnicodeError)):
            signed_request(SECRET, wrong)


@pytest.fixture(scope="module")
def graph() -> Graph:
    return Graph()


@pytest.fixture(scope="module")
def linked(server: RunningServer, graph: Graph) -> Iterator[dict[str, Linked]]:
    with platforms_and_server(server, dict.fromkeys(KINDS, graph)) as replica:
        owner = replica.merchant()
        bot = owner.live_bot()
        made = {kind: Linked(replica, owner, bot, kind) for kind in KINDS}
        for kind, one in made.items():
            view = one.link(SETTINGS[kind])
            assert (view["status"], view["problem"]) == ("on", "")
        yield made


@pytest.fixture
def post(linked: dict[str, Linked]):
    client = linked["messenger"].server.client()
    paths = {kind: one.hook("events") for kind, one in linked.items()}

    def send(kind: str, body: Any, secret: str = SECRET, path: str = "") -> httpx.Response:
        content, headers = signed(body, secret)
        return client.post(path or paths[kind], content=content, headers=headers)

    return send


def message(kind: str, text: str, person: str) -> dict[str, Any]:
    if kind == "whatsapp":
        return whatsapp_message(text, person)
    place = {"messenger": PAGE, "instagram": ACCOUNT}[kind]
    return page_message(text, person, kind="page" if kind == "messenger" else "instagram", place=place)


def told(graph: Graph, person: str, words: str) -> list[str]:
    """What was said to a person, once these words were."""
    wait_for(lambda: any(words in text for text in graph.texts_to(person)) or None)
    return graph.texts_to(person)


@pytest.mark.parametrize("kind", KINDS)
def test_a_message_is_answered_once(graph: Graph, post, kind: str):
    person = f"4915100{KINDS.index(kind)}"
    body = message(kind, "How much is delivery to Germany?", person)
    for _ in range(3):
        assert post(kind, body).status_code == 200
    texts = told(graph, person, "Sources:")
    assert "AI assistant" in texts[0]
    assert "6.90" in texts[1]
    time.sleep(0.4)
    assert graph.texts_to(person) == texts
    assert graph.broken_rules == []


def test_a_refusal_offers_questions_that_come_back_when_pressed(graph: Graph, post):
    body = message("whatsapp", "Who won the world cup in 1998?", "49152")
    post("whatsapp", body)
    told(graph, "49152", "can only help")
    pressed = whatsapp_message(
        "", "49152", type="interactive",
        interactive={"type": "button_reply", "button_reply": {"id": "Where is your workshop?", "title": "Where is"}},
    )  # fmt: skip
    post("whatsapp", pressed)
    told(graph, "49152", "Ghent")
    row = whatsapp_message(
        "", "491521", type="interactive",
        interactive={"type": "list_reply", "list_reply": {"id": "Where is your workshop?", "title": "Where is your…"}},
    )  # fmt: skip
    post("whatsapp", row)
    told(graph, "491521", "Ghent")
    button = page_message("", "PSID9", message={"quick_reply": {"payload": "Where is your workshop?"}, "text": "Where"})
    post("messenger", button)
    told(graph, "PSID9", "Ghent")
    postback = page_message("x", "PSID8")
    event = postback["entry"][0]["messaging"][0]
    event["postback"] = {"mid": "m_pb", "title": "Ask about it", "payload": "Where is your workshop?"}
    del event["message"]
    post("messenger", postback)
    told(graph, "PSID8", "Ghent")


def test_a_thousand_updates_in_one_request_are_all_answered(graph: Graph, post):
    persons = {f"many{number}" for number in range(1_000)}
    events = [page_message("Hello!", person)["entry"][0]["messaging"][0] for person in sorted(persons)]
    body = {"object": "page", "entry": [{"id": PAGE, "time": 1, "messaging": events}]}
    began = len(graph.sent)
    assert post("messenger", body).status_code == 200

    def answered() -> set[str]:
        bodies = [sent.json for sent in graph.sent[began:] if sent.path.endswith("/messages")]
        return {body["recipient"]["id"] for body in bodies if "text" in body.get("message", {})}

    wait_for(lambda: answered() >= persons or None, seconds=240)


HALVES = {
    "a text": ({"message": {"mid": "m_half", "text": "Hello! \ud83d"}}, True),
    "a key": ({"message": {"mid": "m_\ud83d", "text": "Hello!"}}, False),
    "a person": ({"sender": {"id": "half\ud83d"}}, False),
    "no time": ({"timestamp": None}, False),
    "a time that is none": ({"timestamp": "soon"}, False),
    "a time beyond all": ({"timestamp": 10**30}, False),
    "another's echo": ({"message": {"is_echo": True}, "recipient": {"id": "\ud83d"}}, False),
    "no event": ({"sender": 5, "message": []}, False),
}


@pytest.mark.parametrize("case", HALVES)
def test_an_update_that_cannot_be_used_stops_no_other(graph: Graph, post, case: str):
    changes, answered = HALVES[case]
    ill, well = f"ill-{case}", f"well-{case}"
    event = page_message("Hello!", ill)["entry"][0]["messaging"][0] | changes
    body = page_message("Hello!", well)
    body["entry"][0]["messaging"] = [event, 7, *body["entry"][0]["messaging"]]
    body["entry"] = [7, {"id": PAGE}, {"id": PAGE, "messaging": 7}, *body["entry"]]
    assert post("messenger", body).status_code == 200
    told(graph, well, "Hello")
    if answered:
        told(graph, ill, "")
    assert bool(graph.texts_to(ill)) is answered


def test_a_whatsapp_message_without_a_time_stops_no_other(graph: Graph, post):
    body = whatsapp_message("Hello!", "4918")
    value = body["entry"][0]["changes"][0]["value"]
    value["messages"] = [
        value["messages"][0] | {"id": "wamid.no", "from": "4919", "timestamp": None},
        *value["messages"],
    ]
    body["entry"][0]["changes"] = [7, {"value": 7}, *body["entry"][0]["changes"]]
    assert post("whatsapp", body).status_code == 200
    told(graph, "4918", "Hello")
    assert graph.texts_to("4919") == []


NOT_MESSAGES = {
    "an edit": {"message_edits": {"mid": "m"}},
    "a read": {"read": {"watermark": 1}},
    "a delivery": {"delivery": {"mids": ["m"]}},
    "a reaction": {"reaction": {"action": "react", "mid": "m"}},
}


@pytest.mark.parametrize(
    "case", [*NOT_MESSAGES, "deleted", "another page", "standby", "our own echo", "another object"]
)
def test_what_is_no_message_is_not_answered(graph: Graph, post, case: str):
    person = f"quiet-{case}"
    body = page_message("How much is delivery to Germany?", person)
    event = body["entry"][0]["messaging"][0]
    if case in NOT_MESSAGES:
        del event["message"]
        event |= NOT_MESSAGES[case]
    match case:
        case "deleted":
            event["message"]["is_deleted"] = True
        case "another page":
            body["entry"][0]["id"] = "999"
        case "standby":
            body["entry"][0]["standby"] = body["entry"][0].pop("messaging")
        case "our own echo":
            event["message"] |= {"is_echo": True, "app_id": int(APP)}
        case "another object":
            body["object"] = "user"
    before = len(graph.sent)
    assert post("messenger", body).status_code == 200
    time.sleep(0.4)
    assert [sent.path for sent in graph.sent[before:] if sent.json.get("recipient") == {"id": person}] == []


def test_a_status_is_no_message(graph: Graph, post):
    body = whatsapp_message("x", "4917")
    value = body["entry"][0]["changes"][0]["value"]
    del value["messages"]
    value["statuses"] = [{"id": "wamid.x", "status": "delivered", "timestamp": "1", "recipient_id": "4917"}]
    before = len(graph.sent)
    assert post("whatsapp", body).status_code == 200
    time.sleep(0.3)
    assert graph.sent[before:] == []


def test_the_bot_steps_aside_when_a_person_answers_in_the_page_inbox(graph: Graph, post, linked: dict[str, Linked]):
    post("messenger", page_message("Hello!", "PSIDecho"))
    told(graph, "PSIDecho", "Hello")
    echo = page_message("I am Ann.", PAGE, message={"is_echo": True})
    echo["entry"][0]["messaging"][0] |= {"sender": {"id": PAGE}, "recipient": {"id": "PSIDecho"}}
    assert post("messenger", echo).status_code == 200
    said = len(graph.texts_to("PSIDecho"))
    post("messenger", page_message("How much is delivery to Germany?", "PSIDecho"))
    time.sleep(0.6)
    assert len(graph.texts_to("PSIDecho")) == said
    inbox = linked["messenger"].merchant.http.get(f"/v1/bots/{linked['messenger'].bot}/inbox?owner=person").json()
    assert [item["member"] for item in inbox["items"]] == [""]


@pytest.mark.parametrize(
    ("change", "status"),
    [({"secret": "another-secret-of-16"}, 401), ({"headers": {}}, 401),
     ({"headers": {"X-Hub-Signature-256": "é"}}, 401),
     ({"headers": {"X-Hub-Signature-256": "sha256="}}, 401), ({"headers": {"X-Hub-Signature-256": "sha1=00"}}, 401)],
)  # fmt: skip
def test_what_is_not_signed_is_refused(linked: dict[str, Linked], change: dict[str, Any], status: int):
    content, headers = signed(page_message("Hi", "x"), change.get("secret", SECRET))
    headers = change.get("headers", headers)
    with linked["messenger"].server.client() as client:
        raw = {name: value.encode("utf-8") for name, value in headers.items()}
        assert client.post(linked["messenger"].hook("events"), content=content, headers=raw).status_code == status


@pytest.mark.parametrize("body", [b"{", b"[]", b"1", b'{"object":"page"}', b'{"object":"page","entry":1}', b"\xff"])
def test_signed_nonsense_is_unreadable_and_no_fault(post, body: bytes):
    assert post("messenger", body).status_code == 400


def test_registering_the_webhook_echoes_the_challenge(linked: dict[str, Linked]):
    one = linked["messenger"]
    token = next(value for step in one.view()["steps"] for name, value in step["values"] if name == "Verify token")
    asked = {"hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444"}
    with one.server.client() as client:
        answer = client.get(one.hook("events"), params=asked)
        assert (answer.status_code, answer.text) == (200, "1158201444")
        assert answer.headers["content-type"].startswith("text/plain")
        for wrong in ({"hub.verify_token": "x"}, {"hub.mode": "other"}, {"hub.verify_token": "é"}):
            assert client.get(one.hook("events"), params=asked | wrong).status_code == 403
        assert client.get(one.hook("events")).status_code == 403


def test_a_link_of_another_merchant_takes_nothing_with_this_ones_secret(linked: dict[str, Linked], post):
    stranger = linked["messenger"].server.merchant()
    other = Linked(linked["messenger"].server, stranger, stranger.live_bot(), "messenger")
    taken = stranger.http.put(other.path(), json={"settings": SETTINGS["messenger"]})
    assert (taken.status_code, taken.json()["code"]) == (409, "place_taken")
    other_settings = SETTINGS["messenger"] | {"app_secret": "secret-of-the-other-app"}
    stranger.http.put(other.path(), json={"settings": other_settings})
    assert post("messenger", page_message("Hi", "x"), path=other.hook("events")).status_code == 401


def test_a_link_that_does_not_hold_its_place_answers_nobody(graph: Graph, linked: dict[str, Linked], post):
    for kind in KINDS:
        stranger = linked[kind].server.merchant()
        other = Linked(linked[kind].server, stranger, stranger.live_bot(), kind)
        assert stranger.http.put(other.path(), json={"settings": SETTINGS[kind]}).status_code == 409
        assert post(kind, message(kind, "Hello!", f"4930{kind}"), path=other.hook("events")).status_code == 200
        assert other.check()["place"]["state"] == "bad"
    time.sleep(0.5)
    assert [graph.texts_to(f"4930{kind}") for kind in KINDS] == [[], [], []]


def test_a_link_filled_in_while_meta_was_away_takes_its_place_with_the_first_message(
    graph: Graph, linked: dict[str, Linked], post
):
    owner = linked["messenger"].server.merchant()
    one = Linked(linked["messenger"].server, owner, owner.live_bot(), "messenger")
    asked = page_message("Hello!", "PSIDfirst", place=WABA)
    graph.error = {"code": 2, "message": "Try again"}
    try:
        assert one.link(SETTINGS["messenger"] | {"page_id": WABA})["address"] == ""
        assert post("messenger", asked, path=one.hook("events")).status_code == 503, "it is sent again"
    finally:
        graph.error = None
    assert post("messenger", asked, path=one.hook("events")).status_code == 200
    told(graph, "PSIDfirst", "Hello")
    assert one.view()["address"] == WABA


def test_nothing_is_subscribed_to_where_another_bot_is_linked(graph: Graph, linked: dict[str, Linked]):
    stranger = linked["messenger"].server.merchant()
    other = Linked(linked["messenger"].server, stranger, stranger.live_bot(), "messenger")
    before, graph.subscribed = graph.subscribed, set()
    try:
        assert stranger.http.put(other.path(), json={"settings": SETTINGS["messenger"]}).status_code == 409
        assert graph.subscribed == set()
        linked["messenger"].link(SETTINGS["messenger"])
        assert graph.subscribed == {PAGE}
    finally:
        graph.subscribed = before


def test_the_window_closes_after_exactly_24_hours():
    class Gateway:
        window = timedelta(hours=24)

    began = datetime(2026, 11, 30, 12, tzinfo=UTC)
    thread = ChannelThread("c", "m", "b", "l", "s", last_inbound_at=began)
    Sending.check_window(Gateway(), thread, began + timedelta(hours=23, minutes=59, seconds=59))  # type: ignore[arg-type]
    for late in (timedelta(hours=24), timedelta(days=3)):
        with pytest.raises(WindowClosed):
            Sending.check_window(Gateway(), thread, began + late)  # type: ignore[arg-type]
    with pytest.raises(WindowClosed):
        Sending.check_window(Gateway(), replace(thread, last_inbound_at=None), began)  # type: ignore[arg-type]


def test_an_answer_to_an_old_message_is_not_sent_and_said(graph: Graph, post, linked: dict[str, Linked]):
    late = page_message("How much is delivery to Germany?", "PSIDlate")
    late["entry"][0]["messaging"][0]["timestamp"] -= 25 * 3600 * 1000
    post("messenger", late)
    letter = wait_for(lambda: next((d for d in linked["messenger"].dead() if "24 hours" in d["failure"]), None))
    assert letter["kind"] == "messenger"
    assert graph.texts_to("PSIDlate") == []


@pytest.mark.parametrize(
    ("error", "words"),
    [({"code": 551, "message": "This person isn't available right now."}, "isn't available"),
     ({"code": 100, "message": "Parameter error"}, "Parameter error"),
     ({"code": 10, "error_subcode": 2018278, "message": "outside of allowed window"}, "24 hours")],
)  # fmt: skip
def test_what_meta_refuses_is_a_dead_letter_with_its_words(
    graph: Graph, post, linked: dict[str, Linked], error: dict[str, Any], words: str
):
    person = f"refused{error['code']}"
    graph.next_answers += [Answer(200), Answer(400, {"error": error})]
    post("messenger", page_message("Hello!", person))
    wait_for(lambda: next((d for d in linked["messenger"].dead() if words in d["failure"]), None))
    assert linked["messenger"].view()["status"] == "on"


def test_a_throttled_answer_waits_as_long_as_it_is_asked(graph: Graph, post):
    graph.next_answers += [Answer(200), Answer(400, {"error": {"code": 613}}, {"Retry-After": "1"})]
    post("messenger", page_message("Hello!", "PSIDthrottled"))
    told(graph, "PSIDthrottled", "Hello")


def test_a_revoked_token_breaks_the_link_until_it_is_filled_in_anew(graph: Graph, post, linked: dict[str, Linked]):
    one = linked["instagram"]
    graph.next_answers += [Answer(200), Answer(400, {"error": {"code": 190, "error_subcode": 460}})]
    post("instagram", message("instagram", "Hello!", "IGrevoked"))
    wait_for(lambda: one.view()["status"] == "broken" or None)
    assert "Make a new token" in one.view()["problem"]
    assert one.link(SETTINGS["instagram"])["status"] == "on"
    letter = next(d for d in one.dead() if "token" in d["failure"])
    one.merchant.http.post(f"/v1/bots/{one.bot}/dead_letters/{letter['id']}/replay").raise_for_status()
    told(graph, "IGrevoked", "Hello")


def deletion_request(person: str) -> str:
    """What Meta sends when a person asks: it names them as the app knows them."""
    payload = {"algorithm": "HMAC-SHA256", "expires": 1, "issued_at": 1, "user_id": person}
    encoded = base64.urlsafe_b64encode(json.dumps(payload).encode()).decode().rstrip("=")
    mac = hmac.new(SECRET.encode(), encoded.encode(), hashlib.sha256).digest()
    return f"{base64.urlsafe_b64encode(mac).decode().rstrip('=')}.{encoded}"


@pytest.fixture
def ask_to_delete(linked: dict[str, Linked]):
    """(what is answered, what its page says) to a person who asks."""
    client = linked["messenger"].server.client()

    def ask(person: str, kind: str = "messenger") -> tuple[dict[str, str], str]:
        path = linked[kind].hook("data-deletion")
        answer = client.post(path, data={"signed_request": deletion_request(person)}, headers={"Host": "evil.example"})
        assert answer.status_code == 200
        body = answer.json()
        assert (
            body["url"]
            == f"{linked[kind].server.url}{path.removesuffix('data-deletion')}deletion/" + (body["confirmation_code"])
        )
        assert body["confirmation_code"].isalnum()
        page = client.get(body["url"])
        assert page.status_code == 200
        return body, page.text

    return ask


def test_a_shopper_who_asks_meta_is_forgotten(graph: Graph, post, linked: dict[str, Linked], ask_to_delete):
    one = linked["messenger"]
    graph.persons["9000218471"] = "PSID218471"
    post("messenger", page_message("Where is your workshop?", "PSID218471"))
    told(graph, "PSID218471", "Ghent")

    def conversations() -> list[str]:
        path = f"/v1/bots/{one.bot}/conversations?limit=500"
        items = one.merchant.http.get(path).json()["items"]
        return [item["id"] for item in items if item["first_question"] == "Where is your workshop?"]

    before = conversations()
    first, page = ask_to_delete("9000218471")
    assert page == "One conversation of yours with this shop's assistant was found and has been deleted."
    assert len(conversations()) == len(before) - 1
    again, page = ask_to_delete("9000218471")
    assert page.startswith("No conversation of yours")
    assert again["confirmation_code"] != first["confirmation_code"]


def test_nobody_is_told_that_something_was_deleted_which_was_not(
    graph: Graph, linked: dict[str, Linked], ask_to_delete
):
    assert ask_to_delete("9000000001")[1].startswith("No conversation of yours")
    body, page = ask_to_delete("218471")
    assert page.startswith("Meta did not tell")
    assert body["confirmation_code"] in page
    assert "none has been deleted" in ask_to_delete("9000218471", "instagram")[1]
    request = {"signed_request": deletion_request("9000218471")}
    graph.error = {"code": 2, "message": "Try again"}
    try:
        with linked["messenger"].server.client() as client:
            assert client.post(linked["messenger"].hook("data-deletion"), data=request).status_code == 503
    finally:
        graph.error = None


def test_requests_to_delete_count_only_signed_and_codes_only_when_they_were_given(
    linked: dict[str, Linked], ask_to_delete
):
    request = deletion_request("9000218471")
    path, whatsapp = linked["messenger"].hook("data-deletion"), linked["whatsapp"].hook("events")
    code = ask_to_delete("9000000001")[0]["confirmation_code"]
    with linked["messenger"].server.client() as client:
        for form in ({"signed_request": request[:-3] + "abc"}, {}, {"signed_request": deletion_request("../me")}):
            assert client.post(path, data=form).status_code == 401
        for wrong in ("found1x" + "A" * 20, code[:-1], code.replace("found0", "found7"), "", "%F0%9F%98%80", "a/b"):
            assert client.get(path.replace("data-deletion", f"deletion/{wrong}")).status_code == 404
        assert client.get(linked["instagram"].hook("events").replace("events", f"deletion/{code}")).status_code == 404
        for method, tail in (("POST", "data-deletion"), ("GET", f"deletion/{code}"), ("POST", f"deletion/{code}")):
            told = client.request(method, whatsapp.replace("events", tail), data={"signed_request": request})
            assert told.status_code == 401


@pytest.mark.parametrize("kind", KINDS)
def test_the_doctor_is_content(linked: dict[str, Linked], post, graph: Graph, kind: str):
    post(kind, message(kind, "Hello!", f"49doctor{kind}"))
    told(graph, f"49doctor{kind}", "Hello")
    found = linked[kind].check()
    good = {"credentials", "clock", "subscription", "webhook", "signature", "messages"}
    assert {name for name, one in found.items() if one["state"] == "good"} == good
    assert found["address"]["state"] == "unsure"


@pytest.mark.parametrize(
    ("error", "cause"),
    [({"code": 190, "error_subcode": 463}, "expired_token"), ({"code": 190, "error_subcode": 460}, "revoked"),
     ({"code": 200}, "missing_scope"), ({"code": 100, "message": "Invalid appsecret_proof provided"}, "wrong_secret"),
     ({"code": 100, "message": "Object does not exist"}, "wrong_url"), ({"code": 4}, "rate_limited")],
)  # fmt: skip
def test_the_doctor_names_what_meta_refuses(linked: dict[str, Linked], graph: Graph, error: dict[str, Any], cause: str):
    graph.error = error
    try:
        found = linked["whatsapp"].check()["credentials"]
        assert (found["state"], found["cause"]) == ("bad", cause)
        assert found["next_step"]
    finally:
        graph.error = None
    linked["whatsapp"].link(SETTINGS["whatsapp"])


def test_the_doctor_sees_a_clock_a_missing_subscription_and_a_closed_way(linked: dict[str, Linked], graph: Graph):
    graph.clock_off = 600
    subscribed, graph.subscribed = graph.subscribed, set()
    try:
        found = linked["messenger"].check()
        assert (found["clock"]["cause"], found["subscription"]["cause"]) == ("clock_off", "not_installed")
        assert "10 minutes behind" in found["clock"]["says"]
    finally:
        graph.clock_off, graph.subscribed = 0.0, subscribed
    graph.next_answers.append(Answer(503))
    assert linked["messenger"].check()["credentials"]["cause"] == "unreachable"


def test_fuzzed_requests_are_never_a_fault(post):
    chance = random.Random(11)
    statuses = set()
    for number in range(2_000):
        kind = KINDS[number % 3]
        body = json.dumps(message(kind, "Hello", "fuzz").copy() | {"object": "other"}).encode()
        content = mangled(chance, body) if number % 4 else body
        secret = SECRET if number % 5 else "another-secret-of-16"
        statuses.add(post(kind, content, secret).status_code)
    assert statuses <= {200, 400, 401}
    assert {200, 400, 401} <= statuses


def test_a_picture_or_a_voice_message_without_words_is_answered_and_not_met_with_silence(
    graph: Graph, post, linked: dict[str, Linked]
):
    linked["messenger"].link(SETTINGS["messenger"])  # a doctor may have found it broken before
    post("whatsapp", whatsapp_message("", "4916000", type="audio", audio={"id": "media1", "voice": True}))
    told(graph, "4916000", "I can read words only")
    picture = {"attachments": [{"type": "image", "payload": {"url": "https://scontent.fbcdn.net/x.jpg"}}], "text": ""}
    post("messenger", page_message("", "PSIDpicture", message=picture))
    told(graph, "PSIDpicture", "I can read words only")


def test_who_writes_stop_hears_nothing_until_they_write_start(graph: Graph, post, linked: dict[str, Linked]):
    person = "4917000"
    post("whatsapp", whatsapp_message("STOP", person))
    before = told(graph, person, "Write START")
    for text in ("How much is delivery to Germany?", "Can I talk to a human?", "Hello?"):
        post("whatsapp", whatsapp_message(text, person))
    http, bot = linked["whatsapp"].merchant.http, linked["whatsapp"].bot

    def kept() -> list[str] | None:
        items = http.get(f"/v1/bots/{bot}/conversations").json()["items"]
        mine = next(item["id"] for item in items if item["first_question"] == "STOP")
        turns = http.get(f"/v1/bots/{bot}/conversations/{mine}").json()["turns"]
        return [turn["question"] for turn in turns] if len(turns) == 4 else None

    assert set(wait_for(kept)) == {"STOP", "How much is delivery to Germany?", "Can I talk to a human?", "Hello?"}
    post("whatsapp", whatsapp_message("start", person))
    # In one conversation one after the other: what was said to the three had been said before this.
    (back,) = told(graph, person, "I am back")[len(before) :]
    assert "I am back" in back
    post("whatsapp", whatsapp_message("How much is delivery to Germany?", person))
    told(graph, person, "6.90")
