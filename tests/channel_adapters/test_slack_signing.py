"""Signatures of Slack's requests, beside Slack's own library."""

import random
from datetime import UTC, datetime, timedelta

import pytest
from slack_sdk.signature import Clock as SdkClock
from slack_sdk.signature import SignatureVerifier

from channel_adapters.slack.signing import SIGNATURE, TIMESTAMP, signature, signed, verify
from engine.errors import NotAuthenticated

PRINTED = (
    "8f742231b10e8888abcd99yyyzzz85a5",
    1531420618,
    "token=xyzz0WbapA4vBCDEFasx0q6G&team_id=T1DC2JH3J&team_domain=testteamnow&channel_id=G8PSS9T3V&channel_name=foobar"
    "&user_id=U2CERLKJA&user_name=roadrunner&command=%2Fwebhook-collect&text=&response_url=https%3A%2F%2Fhooks.slack.com"
    "%2Fcommands%2FT1DC2JH3J%2F397700885554%2F96rGlfmibIGlgcZRskXaIFfN&trigger_id=398738663015.47445629121."
    "803a0bc887a14d10d2c447fce8b6703c",
    "v0=a2114d57b48eac39b9ad189dd8316235a7b4a8d21a10bd27519666489c69b503",
)
"""Printed in Slack's documentation."""
ACCENTED = (
    "slack-test-secret",
    1700000000,
    '{"token":"x","team_id":"T1","api_app_id":"A1","event":{"type":"message","channel_type":"im","channel":"D1",'
    '"user":"U1","text":"Où est ma commande ?","ts":"1700000000.000100"},"type":"event_callback","event_id":"Ev1",'
    '"event_time":1700000000}',
    "v0=d03699a7967a4c9355d0e2ca50883dc26d37103764644be1c847f21223defab5",
)


@pytest.mark.parametrize(("secret", "at", "text", "expected"), [PRINTED, ACCENTED])
def test_vectors_pass_literally(secret: str, at: int, text: str, expected: str):
    headers = {TIMESTAMP: str(at), SIGNATURE: expected}
    verify(secret, headers, text.encode(), datetime.fromtimestamp(at, UTC))
    assert signed(secret, datetime.fromtimestamp(at, UTC), text.encode()) == headers
    with pytest.raises(NotAuthenticated):
        verify(secret, headers, text.encode() + b"\n", datetime.fromtimestamp(at, UTC))


@pytest.mark.parametrize(("off", "counts"), [(300, True), (-300, True), (301, False), (-301, False)])
def test_five_minutes_count_and_a_second_more_does_not(off: int, counts: bool):
    secret, at, text, expected = PRINTED
    now = datetime.fromtimestamp(at, UTC) + timedelta(seconds=off)
    headers = {TIMESTAMP: str(at), SIGNATURE: expected}
    if counts:
        verify(secret, headers, text.encode(), now)
    else:
        with pytest.raises(NotAuthenticated):
            verify(secret, headers, text.encode(), now)


def test_a_secret_that_was_not_filled_in_opens_nothing():
    now = datetime.fromtimestamp(1, UTC)
    with pytest.raises(NotAuthenticated):
        verify("", signed("", now, b"x"), b"x", now)


class Standing(SdkClock):
    def __init__(self, at: float) -> None:
        self.at = at

    def now(self) -> float:
        return self.at


def case(rng: random.Random) -> tuple[str, float, bytes, dict[str, str]]:
    """(secret, now, body, headers), sound or broken in some way."""
    secret = rng.choice(["s" * 32, "geheim-ü", "8f742231b10e8888abcd99yyyzzz85a5"])
    now = 1_700_000_000 + rng.random() * 1000
    body = rng.choice(
        [b"", b'{"a":1}', "Où est 🧵?".encode(), rng.randbytes(20), b"payload=%7B%7D" * rng.randint(1, 9)]
    )
    timestamp = str(int(now) + rng.choice([0, 0, 0, 5, -299, -300, -301, 300, 301, 10**6]))
    try:
        given = signature(secret, timestamp, body)
    except UnicodeError:
        given = "v0="
    match rng.randrange(8):
        case 0:
            given = given[:-1] + rng.choice("0123456789abcdef")
        case 1:
            given = rng.choice(["", "v0=", "v1" + given[2:], given.upper(), given[3:], "v0=é", given + " "])
        case 2:
            timestamp = rng.choice(["abc", "", "1e9", f" {timestamp}", f"+{timestamp}", "١٧٠٠", "9" * 5000, "-1"])
        case 3:
            body += b"x"
        case _:
            pass
    headers = {TIMESTAMP: timestamp, SIGNATURE: given}
    if rng.randrange(20) == 0:
        headers.pop(rng.choice([TIMESTAMP, SIGNATURE]))
    return secret, now, body, headers


def test_a_thousand_requests_are_judged_as_slacks_library_judges_them():
    rng = random.Random(20261130)
    judged = {True: 0, False: 0}
    for _ in range(1_000):
        secret, now, body, headers = case(rng)
        try:
            theirs = SignatureVerifier(secret, Standing(now)).is_valid_request(body, headers)
        except (ValueError, TypeError):
            theirs = False
        try:
            verify(secret, headers, body, datetime.fromtimestamp(now, UTC))
            ours = True
        except Exception:
            ours = False
        assert ours == theirs, (secret, now, body, headers)
        judged[ours] += 1
    assert min(judged.values()) > 200
