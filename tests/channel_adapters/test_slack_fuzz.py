"""Thousands of requests that Slack would never make: none is a fault of ours."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from copy import deepcopy
from typing import Any
from urllib.parse import urlencode

import pytest

from channel_adapters.slack.signing import signed
from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.slack import SETTINGS, SIGNING, FakeSlack, callback, direct, mention, press
from tests.channel_adapters.test_slack import install
from tests.conftest import RunningServer

ROUNDS = 600
STRANGE: list[Any] = [
    None, True, False, 0, -1, 10**400, 1e308, "", " ", "\ud800", "\x00", "x" * 5_000, "<@U0BOT>", "9" * 30 + ".1",
    "1.1", [], {}, [[]], {"id": None}, [{"team_id": []}], "T2OTHER", "٣.٤", "'; drop table --", "../../etc", "🧵",
    "<!channel>",
]  # fmt: skip
KINDS = ["message", "app_mention", "app_uninstalled", "tokens_revoked", "assistant_thread_started", "x", ""]


@pytest.fixture(scope="module")
def linked(server: RunningServer) -> Iterator[Linked]:
    slack = FakeSlack()
    with platforms_and_server(server, {"slack": slack}) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "slack")
        made.link(SETTINGS)
        assert install(made, slack).status_code == 200
        # What gets through is kept, and not answered thousands of times.
        owner.http.post(made.path("/pause")).raise_for_status()
        yield made
        owner.http.delete(made.path()).raise_for_status()


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every part of a JSON value."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(found for name, part in items for found in places(part, (*path, name)))]


def mutated(rng: random.Random, value: Any) -> Any:
    """A value with a few parts exchanged or gone."""
    value = deepcopy(value)
    for _ in range(rng.randint(1, 3)):
        path = rng.choice(places(value))
        if not path:
            return rng.choice(STRANGE) if rng.randrange(5) == 0 else value
        holder = value
        for name in path[:-1]:
            holder = holder[name]
        if rng.randrange(4) == 0:
            del holder[path[-1]]
        else:
            holder[path[-1]] = rng.choice([*STRANGE, *KINDS])
    return value


def event(rng: random.Random) -> bytes:
    """A signed event that is nearly one."""
    inner = rng.choice([
        direct("How much is delivery?", "D1FUZZ", thread_ts="1700000000.000100", files=[{"id": "F1"}]),
        mention("How much?", "C1FUZZ"),
        mention("How much?", "C1FUZZ", thread_ts="1700000000.000100", user_team="T1SHOP", type="message"),
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}},
        {"type": "assistant_thread_started", "assistant_thread": {"user_id": "U1"}},
    ])  # fmt: skip
    outer = rng.choice([callback(inner), {"type": "url_verification", "challenge": "x"}, {"type": "app_rate_limited"}])
    return json.dumps(mutated(rng, outer)).encode()


def interaction(rng: random.Random) -> bytes:
    """A signed interaction that is nearly one."""
    does = rng.choice(["ask_0", "handover_claim", "handover_hand_back"])
    button = {"action_id": does, "text": {"type": "plain_text", "text": "Q"}, "value": "Question?"}
    posted = {"text": "x", "blocks": [{"type": "actions", "block_id": "suggested", "elements": [button]}]}
    payload = mutated(rng, press(posted, 0, "D1FUZZ", "https://evil.example/x"))
    return urlencode({rng.choice(["payload"] * 9 + ["ssl_check", "x"]): json.dumps(payload)}).encode()


def nonsense(rng: random.Random) -> bytes:
    """Bytes."""
    return rng.choice([
        rng.randbytes(rng.randint(0, 200)), b"[" * rng.randint(1, 20_000), b'{"type":' * 50, b"payload=%", b"null",
        b"payload=" + rng.randbytes(20), b"=&" * rng.randint(1, 60), b"\xff\xfe",
    ])  # fmt: skip


def send(server: RunningServer, rng: random.Random, path: str, make: Any, how: str) -> Counter[int]:
    """So many requests; their statuses."""
    found: Counter[int] = Counter()
    with server.client() as client:
        for _ in range(ROUNDS):
            body = make(rng)
            headers = signed(SIGNING, server.app.state.channels.clock.now(), body)
            if how == "broken":
                name = rng.choice([*headers])
                headers[name] = rng.choice(
                    ["", "abc", "v0=", "v0=é", "9" * 5_000, "-1", "+1", headers[name][:-1] + "x"]
                )
                body = rng.choice([body, body + b" ", body[1:]])
            kind = rng.choice(["application/json", "application/x-www-form-urlencoded", "text/plain", ""])
            encoded = {name: value.encode() for name, value in (headers | {"Content-Type": kind}).items()}
            found[client.post(path, content=body, headers=encoded).status_code] += 1
    return found


@pytest.mark.parametrize(
    ("tail", "make", "how"),
    [
        ("events", event, "signed"),
        ("events", event, "broken"),
        ("events", nonsense, "signed"),
        ("interactions", interaction, "signed"),
        ("interactions", nonsense, "signed"),
        ("interactions", interaction, "broken"),
    ],
)
def test_nothing_that_comes_in_is_a_fault(
    linked: Linked, capfd: pytest.CaptureFixture[str], tail: str, make: Any, how: str
):
    rng = random.Random(f"{tail} {make.__name__} {how}")
    found = send(linked.server, rng, linked.hook(tail), make, how)
    assert set(found) <= {200, 400, 401}, found
    if how == "broken":
        # A form that says it looks at the certificate needs no signature, and holds nothing.
        assert found[401] > ROUNDS * 0.9
    logged = "".join(capfd.readouterr())
    assert "Traceback" not in logged, logged[logged.index("Traceback") - 500 :][:4_000]
    assert "[error" not in logged


def test_the_pages_of_the_installation_take_anything(linked: Linked, capfd: pytest.CaptureFixture[str]):
    rng = random.Random(1)
    with linked.server.client() as client:
        for _ in range(200):
            query = {name: rng.choice(["", "x", "é", "\x00", "1.2.3", "..", "a.9.b", "9" * 3_000, "%ff"])
                     for name in rng.sample(["code", "state", "error", "x"], 3)}  # fmt: skip
            cookie = rng.choice(
                [b"", b"storeclerk_slack=x", b"\xff\xfe=;;=", b"storeclerk_slack", b"; ".join([b"a=b"] * 50)]
            )
            answer = client.get(linked.hook("oauth"), params=query, headers={"Cookie": cookie})
            assert answer.status_code == 400
    assert "Traceback" not in "".join(capfd.readouterr())
