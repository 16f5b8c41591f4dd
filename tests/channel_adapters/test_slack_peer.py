"""Our Slack at the other end, spoken to by Slack's own library: it answers as the library expects."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from channel_adapters.slack.rendering import slack_messages
from tests.channel_adapters.platforms.base import Answer, running
from tests.channel_adapters.platforms.slack import CLIENT, SECRET, TOKEN, FakeSlack
from tests.channel_adapters.replies import product, reply


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    made = FakeSlack()
    with running(made):
        yield made


@pytest.fixture
def client(slack: FakeSlack) -> WebClient:
    return WebClient(token=TOKEN, base_url=f"{slack.url}/api/")


def test_the_library_knows_its_workspace_and_posts_what_we_render(slack: FakeSlack, client: WebClient):
    assert client.auth_test()["team_id"] == "T1SHOP"
    made = slack_messages(reply(products=(product(), product(title="Cup"))), ["Is it blue?"], cards=True)
    for message in made:
        assert "plainer" in message
        for blocks in (message["blocks"], message["plainer"]):
            client.chat_postMessage(channel=f"C{len(blocks)}", text=message["text"], blocks=blocks)
    client.chat_update(channel="C1", ts="1.000001", text="x", blocks=[])
    client.assistant_threads_setStatus(channel_id="D1", thread_ts="1.000001", status="works")
    assert [rule for rule in slack.broken_rules if "unknown arguments" not in rule] == []


def test_the_library_installs_and_renews(slack: FakeSlack):
    slack.rotates = True
    slack.codes["code-1"] = ("T1SHOP", "https://shop.example/back")
    bare = WebClient(base_url=f"{slack.url}/api/")
    given = bare.oauth_v2_access(
        client_id=CLIENT, client_secret=SECRET, code="code-1", redirect_uri="https://shop.example/back"
    )
    assert given["team"]["id"] == "T1SHOP"
    renewed = bare.oauth_v2_access(
        client_id=CLIENT, client_secret=SECRET, grant_type="refresh_token", refresh_token=given["refresh_token"]
    )
    assert renewed["access_token"] != given["access_token"]
    with pytest.raises(SlackApiError, match="invalid_refresh_token"):
        bare.oauth_v2_access(
            client_id=CLIENT, client_secret=SECRET, grant_type="refresh_token", refresh_token=given["refresh_token"]
        )


def test_the_library_sees_refusals_and_obeys_throttling(slack: FakeSlack, client: WebClient):
    with pytest.raises(SlackApiError, match="invalid_auth"):
        WebClient(token="xoxb-wrong", base_url=f"{slack.url}/api/").auth_test()
    slack.takes_cards = False
    (message,) = slack_messages(reply(products=(product(),)), cards=True)
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client.chat_postMessage(channel="C1", text="x", blocks=message["blocks"])
    client.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    slack.next_answers.append(Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"}))
    assert client.auth_test()["ok"]


def test_what_breaks_slacks_rules_is_noted(slack: FakeSlack, client: WebClient):
    long = [{"type": "section", "text": {"type": "mrkdwn", "text": "x" * 3_001}}]
    client.chat_postMessage(channel="C1", text="x", blocks=long)
    client.chat_postMessage(channel="C1", text="x" * 5_000, blocks=[{"type": "divider"}] * 51)
    noted = " ".join(slack.broken_rules)
    for rule in ("section", "two messages within", "too many blocks", "too much"):
        assert rule in noted
