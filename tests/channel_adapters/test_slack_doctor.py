"""The doctor names the cause of each broken set-up, and says what to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.slack import GRANTED, SETTINGS, FakeSlack, callback, direct, post_event
from tests.channel_adapters.test_slack import install
from tests.conftest import RunningServer


@pytest.fixture(scope="module")
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture(scope="module")
def linked(server: RunningServer, slack: FakeSlack) -> Iterator[Linked]:
    with platforms_and_server(server, {"slack": slack}) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "slack")
        made.link(SETTINGS)
        yield made
        owner.http.delete(made.path()).raise_for_status()


@pytest.fixture(autouse=True)
def sound_before(linked: Linked, slack: FakeSlack) -> None:
    """Nothing is wrong, and Slack has been heard, whatever an earlier test did."""
    slack.scopes, slack.clock_off, slack.refusals, slack.next_answers = GRANTED, 0.0, {}, []
    linked.link(SETTINGS)
    assert install(linked, slack).status_code == 200
    with linked.server.client() as client:
        post_event(client, linked.hook("events"), {"type": "url_verification", "challenge": "x"})


def causes(linked: Linked) -> dict[str, str]:
    """Name to cause of all that is bad; each says what to do."""
    found = {name: one for name, one in linked.check().items() if one["state"] == "bad"}
    assert all(one["next_step"] and one["says"] for one in found.values())
    return {name: one["cause"] for name, one in found.items()}


def test_an_app_that_is_not_installed(linked: Linked):
    linked.merchant.http.delete(linked.path()).raise_for_status()
    linked.link(SETTINGS)
    assert causes(linked) == {"credentials": "not_installed"}


def test_a_sound_link(linked: Linked, slack: FakeSlack):
    found = linked.check()
    assert {name for name, one in found.items() if one["state"] == "good"} >= {
        "application", "credentials", "permissions", "clock", "webhook", "signature",
    }  # fmt: skip
    assert found["address"]["state"] == "unsure", "Slack cannot reach this machine"
    assert "STORECLERK_PUBLIC_URL" in found["address"]["next_step"]
    assert causes(linked) == {}


@pytest.mark.parametrize(
    ("error", "cause"),
    [("invalid_auth", "wrong_secret"), ("account_inactive", "not_installed"), ("token_revoked", "revoked"),
     ("token_expired", "expired_token"), ("ratelimited", "rate_limited"), ("missing_scope", "missing_scope")],
)  # fmt: skip
def test_a_token_that_slack_refuses(linked: Linked, slack: FakeSlack, error: str, cause: str):
    slack.refusals["auth.test"] = [error]
    assert causes(linked) == {"credentials": cause}


def test_a_permission_that_is_missing(linked: Linked, slack: FakeSlack):
    slack.scopes = "chat:write,im:history"
    found = linked.check()["permissions"]
    assert (found["state"], found["cause"]) == ("bad", "missing_scope")
    assert "app_mentions:read" in found["says"]
    assert "Bot Token Scopes" in found["next_step"]


@pytest.mark.parametrize("off", [-3600.0, 3600.0, 90.0])
def test_a_clock_that_is_off(linked: Linked, slack: FakeSlack, off: float):
    slack.clock_off = off
    assert causes(linked) == {"clock": "clock_off"}
    slack.refusals["auth.test"] = ["token_revoked"]
    assert causes(linked) == {"clock": "clock_off", "credentials": "revoked"}


def test_wrong_credentials_of_the_app(linked: Linked):
    linked.link(SETTINGS | {"client_secret": "y" * 32})
    assert causes(linked) == {"application": "wrong_secret"}
    linked.link(SETTINGS | {"client_id": "111111.222222"})
    assert causes(linked) == {"application": "wrong_secret", "credentials": "not_installed"}


def test_another_signing_secret_than_slacks(linked: Linked):
    linked.link(SETTINGS | {"signing_secret": "0123456789abcdef0123456789abcdef"})
    with linked.server.client() as client:
        assert post_event(client, linked.hook("events"), callback(direct("Hi", "D1"))).status_code == 401
        assert causes(linked) == {"signature": "wrong_secret"}
        linked.link(SETTINGS)
        challenge = {"type": "url_verification", "challenge": "x"}
        assert post_event(client, linked.hook("events"), challenge).status_code == 200
    assert causes(linked) == {}


def test_a_token_of_another_workspace(linked: Linked, slack: FakeSlack):
    slack.team = "T9ELSE"
    assert causes(linked) == {"credentials": "not_installed"}
    slack.team = "T1SHOP"


def test_slack_out_of_reach(linked: Linked, slack: FakeSlack):
    slack.next_answers += [Answer(503), Answer(503)]
    assert causes(linked) == {"application": "unreachable", "credentials": "unreachable"}
    slack.next_answers += [Answer(429), Answer(429)]
    assert causes(linked) == {"application": "rate_limited", "credentials": "rate_limited"}


def test_messages_that_came_in(linked: Linked, slack: FakeSlack):
    assert linked.check()["messages"]["state"] == "unsure"
    with linked.server.client() as client:
        post_event(client, linked.hook("events"), callback(direct("Where is your workshop?", "D1SEEN")))
    slack.wait_post("D1SEEN")
    assert linked.check()["messages"]["state"] == "good"
