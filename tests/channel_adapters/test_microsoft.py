"""Azure Bot Service: the token rules with the published vector, tenants, answers, the doctor, fuzzed requests."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
import random
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from channel_adapters.calling import Called
from channel_adapters.microsoft.activities import arrival_of, words_of
from channel_adapters.microsoft.keys import ServiceKeys
from channel_adapters.microsoft.tokens import may_be_called
from engine.channels.gateway import DeliveryDelayed
from engine.errors import Unavailable
from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.bot_service import APP, SECRET, TENANT, BotService
from tests.channel_adapters.shops import wait_for
from tests.conftest import RunningServer

SETTINGS = {"app_id": APP, "tenant_id": TENANT, "app_password": SECRET}
PUBLISHED_KEY = {
    "kty": "RSA", "use": "sig", "kid": "bf-test-1", "e": "AQAB",
    "endorsements": ["webchat", "msteams", "facebook", "slack", "directline"],
    "n": (
        "yEnpWZbkrk6o2eCa4Th0Ah1E-K_wgv3w1r00iFtpNEBpFYO8QNTp74f-RG5J1-YrQIHlZX2fB-A_tdVJyzXMZAjlnRbmcgWn"
        "nVAGrrLOsKDjkyfrOPkFpxSjwAhQOO4uf4RKhi9OMihBMrXMNNEfxCvSYZiuW8kWk3Pi-YhhJ9dzeJCKn6DKavR8HLMX9HHB"
        "Ae-1OoRL8tVdGqqumftZGLavyOTfF3EeX2p__blBHFoxE28_77ySoTr0VwsRqeD1n_3_lCwpHj_ChaiRRNpX0jc9pKWFdz9A"
        "qU4e2tDp17_g_WWE3dVkoXoM3ylyRjoyJ29V6l4B04XHRvFqv7VENw"
    ),
}  # fmt: skip
PUBLISHED_TOKEN = (
    "eyJhbGciOiJSUzI1NiIsImtpZCI6ImJmLXRlc3QtMSIsInR5cCI6IkpXVCJ9.eyJpc3MiOiJodHRwczovL2FwaS5ib3RmcmF"
    "tZXdvcmsuY29tIiwiYXVkIjoiMTExMTExMTEtMjIyMi0zMzMzLTQ0NDQtNTU1NTU1NTU1NTU1Iiwic2VydmljZXVybCI6Imh"
    "0dHBzOi8vc21iYS50cmFmZmljbWFuYWdlci5uZXQvZW1lYS8iLCJuYmYiOjE3MDAwMDAwMDAsImV4cCI6NDEwMjQ0NDgwMH0"
    ".TUjWhSpFu9LuvHDjJMFATFIQoZjFns2p_hrKn3Ks3WKyn3VHFB1zZiESi1QzkjMDj9_D4f-TZCyIWU8qBMm5n-JwldxUSQ9"
    "GuDqxs2ndFCI97MvdePKt6ZyhyRuOc7gSrq07BMthJ9Z3nGYVllbd9b6UTk5HFhMSkQSALsSBo5xXFNyq_MZinlX2oKQoirs"
    "Qbs0IBKPV8SryMNDvcLQ7Gi7g2_DYjugj0rSS6YtSfJ54xnNfZNlonm4jnYXNnkBAfjcf3TxLbjVv51lvL01XE13hwq0_xQ-"
    "sU880yimf6p7dK2nCsiZL2HBGNm4W9kdkPysGYO7dUNpiOag4QSxuAQ"
)


@pytest.fixture(scope="module")
def service() -> BotService:
    made = BotService()
    made.more_keys = [PUBLISHED_KEY]
    return made


@pytest.fixture(scope="module")
def linked(server: RunningServer, service: BotService) -> Iterator[Linked]:
    with platforms_and_server(server, {"teams": service}) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "teams")
        made.link(SETTINGS)
        yield made


@pytest.fixture
def post(linked: Linked):
    with httpx.Client(base_url=linked.server.url, timeout=30) as client:
        path = linked.hook("messages")

        def send(content: Any, token: str | None, path: str = path) -> httpx.Response:
            body = content if isinstance(content, bytes) else json.dumps(content).encode()
            headers = {"Content-Type": "application/json"}
            if token is not None:
                headers["Authorization"] = f"Bearer {token}"
            return client.post(path, content=body, headers=headers)

        yield send


def test_a_message_is_answered_in_its_conversation(linked: Linked, service: BotService, post):
    asked = service.message("<at>Bot</at> How much is delivery to Germany?", textFormat="xml")
    for _ in range(3):
        answer = post(asked, service.signed())
        assert (answer.status_code, answer.content) == (202, b"")
    (told,) = service.answers_to(asked)
    assert "6\\.90" in told["text"] or "6.90" in told["text"]
    assert "AI assistant" in told["text"]
    assert "Sources:" in told["text"]
    assert (told["from"]["id"], told["recipient"]["id"]) == (f"28:{APP}", "29:person")
    assert any(sent.json["type"] == "typing" for sent in service.sent if sent.path.startswith("/emea"))
    time.sleep(0.3)
    assert len(service.answers_to(asked)) == 1
    assert service.broken_rules == []


def test_the_published_vector_is_taken(service: BotService, post):
    asked = service.message("Hello", serviceUrl="https://smba.trafficmanager.net/emea/")
    assert post(asked, PUBLISHED_TOKEN).status_code == 202
    changed = PUBLISHED_TOKEN[:-1] + ("A" if PUBLISHED_TOKEN[-1] != "A" else "B")
    assert post(asked, changed[:-3] + "AAA").status_code == 401
    assert post(service.message("Hello"), PUBLISHED_TOKEN).status_code == 403, "another service address"


STRANGER = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"aud": "22222222-2222-3333-4444-555555555555"}, 401), ({"iss": f"https://sts.windows.net/{TENANT}/"}, 401),
     ({"iss": "https://api.botframework.us"}, 401), ({"exp": -400}, 401), ({"exp": -200}, 202),
     ({"nbf": 900}, 401), ({"exp": None}, 401), ({"nbf": None}, 401), ({"iss": None}, 401), ({"aud": None}, 401),
     ({"serviceurl": None}, 403), ({"serviceurl": "https://evil.example/"}, 403), ({"kid": "unknown"}, 401),
     ({"key": STRANGER}, 401), ({}, 202)],
)  # fmt: skip
def test_tokens_count_only_whole(service: BotService, post, changes: dict[str, Any], status: int):
    now = int(time.time())
    claims = {name: now + value if isinstance(value, int) else value for name, value in changes.items()}
    assert post(service.message("Hello"), service.signed(**claims)).status_code == status


def test_tokens_signed_otherwise_do_not_count(service: BotService, post):
    public = service.private.public_key().public_bytes(
        serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo
    )
    claims = service.claims()
    none = jwt.encode(claims, None, algorithm="none", headers={"kid": "here-1"})

    def b64(value: dict[str, Any]) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    head = f"{b64({'alg': 'HS256', 'kid': 'here-1', 'typ': 'JWT'})}.{b64(claims)}"
    mac = hmac.new(public, head.encode(), hashlib.sha256).digest()
    confused = f"{head}.{base64.urlsafe_b64encode(mac).decode().rstrip('=')}"
    for token in (none, confused, "a.b.c", "é", "x" * 5000, None):
        assert post(service.message("Hello"), token and token.encode("ascii", "replace").decode()).status_code == 401


def test_channels_that_are_not_endorsed_are_refused(service: BotService, post):
    assert post(service.message("Hello", channelId="sms"), service.signed()).status_code == 403


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 401), (b"[]", 401), (b"\xff", 401), ({"type": "message"}, 400), ({"conversation": {"id": "x"}}, 400),
     ({"type": "message", "conversation": {}}, 400), ({"type": 5, "conversation": {"id": "x"}}, 400)],
)  # fmt: skip
def test_malformed_activities_are_no_fault(service: BotService, post, body: Any, status: int):
    content = body if isinstance(body, bytes) else body | {"serviceUrl": service.service, "channelId": "msteams"}
    assert post(content, service.signed()).status_code == status


@pytest.mark.parametrize(
    "changes",
    [{"type": "typing"}, {"type": "messageReaction"}, {"type": "conversationUpdate", "membersAdded": [{"id": "29:x"}]},
     {"from": {"id": f"28:{APP}"}}, {"from": {"id": "28:other", "role": "bot"}},
     {"channelData": {"tenant": {"id": "99999999-bbbb-cccc-dddd-eeeeeeeeeeee"}}}],
)  # fmt: skip
def test_what_is_no_message_of_a_shopper_of_this_tenant_is_not_answered(service: BotService, post, changes: Any):
    asked = service.message("How much is delivery to Germany?", **changes)
    assert post(asked, service.signed()).status_code == 202
    time.sleep(0.4)
    assert not [sent for sent in service.sent if sent.path.endswith(f"/activities/{asked['id']}")]


def test_an_invoke_is_answered_at_once(service: BotService, post):
    answer = post(service.message("", type="invoke", name="adaptiveCard/action"), service.signed())
    assert (answer.status_code, answer.json()) == (200, {})


@pytest.mark.parametrize(
    ("address", "allowed"),
    [("https://smba.trafficmanager.net/emea/", True), ("https://webchat.botframework.com/", True),
     ("https://botframework.com.evil.example/", False), ("https://evilbotframework.com/", False),
     ("http://smba.trafficmanager.net/", False), ("https://smba.trafficmanager.net@evil.example/", False),
     ("https://169.254.169.254/", False), ("", False)],
)  # fmt: skip
def test_our_token_goes_to_microsoft_alone(address: str, allowed: bool):
    assert may_be_called(address, "") is allowed


def test_a_service_address_elsewhere_gets_no_token(linked: Linked, service: BotService, post):
    elsewhere = "https://elsewhere.example/"
    asked = service.message("Where is your workshop?", serviceUrl=elsewhere)
    assert post(asked, service.signed(serviceurl=elsewhere)).status_code == 202
    letter = wait_for(lambda: next((one for one in linked.dead() if "no address of Microsoft" in one["failure"]), None))
    assert letter["text"] == "Where is your workshop?"


def test_throttled_answers_come_later_and_in_order(service: BotService, post):
    talk = {"conversation": {"id": "a:slow", "tenantId": TENANT}}
    first = service.message("How much is delivery to Germany?", **talk)
    second = service.message("Where is your workshop?", **talk)
    service.next_activity_answers += [Answer(200), Answer(429, {}, {"Retry-After": "1"}), Answer(200), Answer(412)]
    post(first, service.signed())
    time.sleep(0.1)
    post(second, service.signed())
    service.answers_to(second)
    order = [s.path.rsplit("/", 1)[1] for s in service.sent if s.path.startswith("/emea/v3/conversations/a%3Aslow")]
    assert order.index(second["id"]) > max(place for place, name in enumerate(order) if name == first["id"])


@pytest.mark.parametrize("why", ["BotNotInConversationRoster", "MessageWritesBlocked"])
def test_a_conversation_that_shuts_the_bot_out_stops_no_other(linked: Linked, service: BotService, post, why: str):
    asked = service.message("Do your teas contain gluten?")
    service.next_activity_answers += [Answer(200), Answer(403, {"error": {"code": "Forbidden", "message": why}})]
    post(asked, service.signed())
    letter = wait_for(lambda: next((one for one in linked.dead() if why in one["failure"]), None))
    assert "All others go on." in letter["failure"]
    assert linked.view()["status"] == "on"
    other = service.message("Where is your workshop?")
    post(other, service.signed())
    assert "Ghent" in service.answers_to(other)[0]["text"]


def test_a_secret_that_microsoft_refuses_breaks_the_link(linked: Linked, service: BotService, post):
    service.refusal = 7000222
    try:
        assert linked.link(SETTINGS)["status"] == "broken"
    finally:
        service.refusal = 0
    assert linked.link(SETTINGS)["status"] == "on"


def test_ids_in_capitals_are_the_same(linked: Linked, service: BotService, post):
    shouted = SETTINGS | {"app_id": APP.upper(), "tenant_id": TENANT.upper()}
    assert (linked.link(shouted)["status"], linked.view()["address"]) == ("on", APP)
    try:
        for aud in (APP, APP.upper()):
            asked = service.message("Where is your workshop?")
            assert post(asked, service.signed(aud=aud)).status_code == 202
            assert "Ghent" in service.answers_to(asked)[0]["text"]
        assert linked.check()["credentials"]["state"] == "good"
    finally:
        linked.link(SETTINGS)


class NoKeys:
    """A service that cannot be reached, or answers no keys."""

    def __init__(self, *answers: Called) -> None:
        self.answers, self.asked = list(answers), 0

    async def call(self, method: str, url: str) -> Called:
        self.asked += 1
        if not self.answers:
            raise DeliveryDelayed("out of reach")
        return self.answers.pop(0)


ABOUT = Called(200, {}, b'{"jwks_uri": "https://login.botframework.com/keys"}')


@pytest.mark.parametrize(
    "answers",
    [[], [Called(503, {}, b"")], [ABOUT], [ABOUT, Called(200, {}, b'{"keys": []}')],
     [ABOUT, Called(200, {}, b'{"keys": 5}')], [Called(200, {}, b'{"jwks_uri": "https://evil.example/keys"}')]],
)  # fmt: skip
def test_keys_that_cannot_be_fetched_are_not_asked_for_by_every_stranger(answers: list[Called]):
    now = datetime(2026, 11, 30, tzinfo=UTC)
    calls = NoKeys(*answers)
    keys = ServiceKeys(calls, "", lambda: now)  # type: ignore[arg-type]

    async def strangers() -> None:
        nonlocal now
        for _ in range(20):
            with pytest.raises(Unavailable):
                await keys.key("made-up")
        first = calls.asked
        assert first <= 2
        now += timedelta(seconds=31)
        calls.answers = [ABOUT, Called(200, {}, b'{"keys": [{"kid": "k1"}]}')]
        assert await keys.key("k1") == {"kid": "k1"}
        now += timedelta(hours=2)
        for _ in range(20):
            assert await keys.key("made-up") is None
        assert calls.asked == first + 3
        assert await keys.key("k1") == {"kid": "k1"}

    asyncio.run(strangers())


def test_the_doctor_is_content(linked: Linked):
    found = linked.check()
    assert {name: one["state"] for name, one in found.items()} == {
        "credentials": "good", "service": "good", "clock": "good", "address": "unsure", "webhook": "good",
        "messages": "good",
    }  # fmt: skip
    assert "STORECLERK_PUBLIC_URL" in found["address"]["next_step"]


@pytest.mark.parametrize(
    ("refusal", "cause"),
    [(7000215, "wrong_secret"), (7000222, "expired_token"), (700016, "not_installed"), (90002, "wrong_url"),
     (7000112, "revoked")],
)  # fmt: skip
def test_the_doctor_names_what_microsoft_refuses(linked: Linked, service: BotService, refusal: int, cause: str):
    service.refusal = refusal
    try:
        found = linked.check()["credentials"]
        assert (found["state"], found["cause"]) == ("bad", cause)
    finally:
        service.refusal = 0
    linked.link(SETTINGS)


def test_the_doctor_sees_a_wrong_clock_and_a_closed_way(linked: Linked, service: BotService):
    service.clock_off = -600
    try:
        clock = linked.check()["clock"]
        assert (clock["state"], clock["cause"]) == ("bad", "clock_off")
        assert "10 minutes ahead" in clock["says"]
    finally:
        service.clock_off = 0
    service.next_answers += [Answer(503), Answer(503)]
    found = linked.check()
    assert (found["credentials"]["cause"], found["service"]["state"]) == ("unreachable", "bad")


@pytest.mark.parametrize(
    ("settings", "field"),
    [({"app_id": "no"}, "app_id"), ({"app_password": "11111111-2222-3333-4444-555555555555"}, "app_password")],
)  # fmt: skip
def test_slips_of_copying_are_named(linked: Linked, settings: dict[str, str], field: str):
    answer = linked.merchant.http.put(linked.path(), json={"settings": SETTINGS | settings})
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["errors"]] == [field]


def test_one_app_is_linked_to_one_bot(linked: Linked):
    other = linked.server.merchant()
    bot = other.live_bot()
    answer = other.http.put(f"/v1/bots/{bot}/channels/teams", json={"settings": SETTINGS})
    assert (answer.status_code, answer.json()["code"]) == (409, "place_taken")


def test_the_manifest_names_the_app(linked: Linked):
    manifest = next(json.loads(step["file"]) for step in linked.view()["steps"] if step["file"])
    assert manifest["bots"][0]["botId"] == manifest["id"] == APP


def mangled(chance: random.Random, content: bytes) -> bytes:
    """Bytes that were cut, doubled, shaken or replaced."""
    data = bytearray(content)
    for _ in range(chance.randint(1, 6)):
        place = chance.randrange(len(data) or 1)
        match chance.randrange(4):
            case 0:
                data[place : place + chance.randint(0, 30)] = b""
            case 1:
                data[place:place] = chance.randbytes(chance.randint(1, 8))
            case 2:
                data[place:place] = chance.choice([b"null", b"[]", b"{}", b"-1e999", b'"\\ud800"', b"[[[["])
            case _:
                data[place:place] = data[: chance.randint(0, 40)]
    return bytes(data)


def test_fuzzed_requests_are_never_a_fault(service: BotService, post):
    chance, token = random.Random(7), service.signed()
    statuses = set()
    for number in range(2_000):
        body = json.dumps(service.message("Hello", channelData={"tenant": {"id": "other"}})).encode()
        content = mangled(chance, body) if number % 3 else body
        used = token if number % 2 else mangled(chance, token.encode()).decode("latin-1")
        used = "".join(sign for sign in used if 32 < ord(sign) < 127)
        statuses.add(post(content, used).status_code)
    assert statuses <= {200, 202, 400, 401, 403}
    assert {202, 401} <= statuses


def test_times_of_activities_order_them():
    now = datetime(2026, 11, 30, tzinfo=UTC)
    base = {"type": "message", "id": "1", "from": {"id": "p"}, "conversation": {"id": "c"}, "text": "x"}
    found = [arrival_of(base | {"timestamp": text}, now) for text in ("2026-11-29T10:00:00.123Z", "nonsense", None)]
    assert [one.at if one else None for one in found] == [
        now - timedelta(hours=13, minutes=59, seconds=59, microseconds=877000),
        now,
        now,
    ]


@pytest.mark.parametrize(
    ("text", "words"),
    [("<at>Bot</at> Hi", "Hi"), ("<AT id=\"0\">Bot</At>Hi <at>Ann</at>", "Hi"), ("<at>Bot Hi", "<at>Bot Hi"),
     ("<at Bot</at> Hi", "<at Bot</at> Hi"), ("a <atlas>b</at>", "a <atlas>b</at>"),
     ("<at>x\ny</at>A &amp; B", "A & B"),
     ("<at>x</at>&#" + "9" * 5_000 + ";", "&#" + "9" * 5_000 + ";")],
)  # fmt: skip
def test_mentions_are_no_words_of_the_shopper(text: str, words: str):
    assert words_of({"text": text}) == words


@pytest.mark.parametrize(
    "piece", ["<at>", "<at", "<at></at>", "<at>x", "<at <at>", "</at>", "&", "&#9", "&#x9;", " \n", "<At>&lt;"]
)
def test_a_megabyte_of_mentions_is_read_at_once(piece: str):
    text = piece * (1_000_000 // len(piece))
    began = time.perf_counter()
    arrival_of(
        {"type": "message", "id": "1", "from": {"id": "p"}, "conversation": {"id": "c"}, "text": text},
        datetime(2026, 11, 30, tzinfo=UTC),
    )
    assert time.perf_counter() - began < 0.5
