"""Slack, from the install link to answers, pressed buttons and troubles."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.slack import (
    BOT,
    OTHER_TEAM,
    SECRET,
    SETTINGS,
    SIGNING,
    FakeSlack,
    callback,
    direct,
    mention,
    new_ts,
    post_event,
    post_press,
    press,
)
from tests.channel_adapters.shops import wait_for
from tests.conftest import RunningServer

GERMANY = "How much is delivery to Germany?"


@pytest.fixture(scope="module")
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture(scope="module")
def linked(server: RunningServer, slack: FakeSlack) -> Iterator[Linked]:
    with platforms_and_server(server, {"slack": slack}) as replica:
        owner = replica.merchant()
        bot = owner.live_bot(persona={"example_questions": [GERMANY, "Where is your workshop?"]})
        made = Linked(replica, owner, bot, "slack")
        made.link(SETTINGS)
        assert install(made, slack).status_code == 200
        yield made
        owner.http.delete(made.path()).raise_for_status()


@pytest.fixture(autouse=True)
def no_rule_was_broken(slack: FakeSlack) -> Iterator[None]:
    yield
    assert slack.broken_rules == []


def install(linked: Linked, slack: FakeSlack, **more: Any) -> Any:
    """A browser's way to Slack and back."""
    with linked.server.client() as browser:
        gone = browser.get(linked.hook("install"))
        assert gone.status_code == 302, gone.text
        back = slack.approve(gone.headers["location"], **more)
        return browser.get(linked.hook("oauth"), params=back)


def tell(linked: Linked, event: dict[str, Any], **outer: Any) -> None:
    with linked.server.client() as client:
        assert post_event(client, linked.hook("events"), callback(event, **outer)).status_code == 200


def test_an_installed_app_is_connected_to_its_workspace(linked: Linked):
    view = linked.view()
    assert view["address"] == "T1SHOP/U0BOT"
    assert view["status"] == "on"
    assert sorted(view["secrets"]) == ["client_secret", "signing_secret"]
    assert set(view["settings"]) == {"client_id", "products"}
    assert "Fernleaf" in next(step["title"] for step in view["steps"] if "Install" in step["title"])
    manifest = json.loads(next(step["file"] for step in view["steps"] if step["file"]))
    assert manifest["settings"]["event_subscriptions"]["request_url"].endswith(linked.hook("events"))
    assert "message.im" in manifest["settings"]["event_subscriptions"]["bot_events"]


def test_a_direct_message_is_answered_once_whatever_is_told_again(linked: Linked, slack: FakeSlack):
    event = direct(GERMANY, "D1ONCE")
    for count in range(11):
        tell(linked, event, event_id=f"Ev{count}")
    (made,) = slack.wait_post("D1ONCE")
    assert "6.90" in made["text"]
    assert "thread_ts" not in made
    assert (made["unfurl_links"], made["unfurl_media"]) == (False, False)
    time.sleep(0.6)
    tell(linked, event)
    time.sleep(0.6)
    assert len(slack.posts("D1ONCE")) == 1


def test_a_mention_is_answered_in_its_thread_and_told_twice_once(linked: Linked, slack: FakeSlack):
    event = mention(GERMANY, "C1TALK")
    tell(linked, event | {"type": "message", "channel_type": "channel"})
    tell(linked, event)
    (made,) = slack.wait_post("C1TALK")
    assert made["thread_ts"] == event["ts"]
    follow = mention("And to France?", "C1TALK", thread_ts=event["ts"])
    tell(linked, follow)
    second = slack.wait_post("C1TALK", 2)[1]
    assert second["thread_ts"] == event["ts"]
    assert "7.90" in second["text"]
    time.sleep(0.5)
    assert len(slack.posts("C1TALK")) == 2


def test_an_assistant_thread_is_answered_there_and_shows_that_it_is_worked_at(linked: Linked, slack: FakeSlack):
    root = new_ts()
    opened = {"user_id": "U1", "channel_id": "D1THREAD", "thread_ts": root, "context": {}}
    tell(linked, {"type": "assistant_thread_started", "event_ts": root, "assistant_thread": opened})
    tell(linked, direct(GERMANY, "D1THREAD", thread_ts=root))
    (made,) = slack.wait_post("D1THREAD")
    assert made["thread_ts"] == root
    (status,) = slack.wait(lambda s: s.path.endswith("setStatus"))
    assert (status.json["channel_id"], status.json["thread_ts"]) == ("D1THREAD", root)


def test_who_opens_the_assistant_is_offered_its_questions(linked: Linked, slack: FakeSlack):
    root = new_ts()
    home = {"type": "app_home_opened", "user": "U1", "channel": "D1OPENED", "event_ts": root}
    tell(linked, home | {"tab": "home"})
    tell(linked, home | {"tab": "messages"})
    opened = {"user_id": "U1", "channel_id": "D1OLDER", "thread_ts": root, "context": {}}
    tell(linked, {"type": "assistant_thread_started", "event_ts": root, "assistant_thread": opened})

    def offered() -> dict[str, dict[str, Any]] | None:
        calls = [one.json for one in slack.sent if one.path.endswith("setSuggestedPrompts")]
        found = {one["channel_id"]: one for one in calls}
        assert sum(one["channel_id"] == "D1OPENED" for one in calls) <= 1
        return found if {"D1OPENED", "D1OLDER"} <= set(found) else None

    found = wait_for(offered)
    prompts = [{"title": one, "message": one} for one in (GERMANY, "Where is your workshop?")]
    assert found["D1OPENED"] == {"channel_id": "D1OPENED", "prompts": prompts}
    assert found["D1OLDER"] == {"channel_id": "D1OLDER", "prompts": prompts, "thread_ts": root}
    assert slack.posts("D1OPENED") == []


def test_nothing_is_offered_where_somebody_spoke_already(linked: Linked, slack: FakeSlack):
    tell(linked, direct(GERMANY, "D1USED"))
    slack.wait_post("D1USED")
    for channel in ("D1USED", "D1FRESH"):
        tell(linked, {"type": "app_home_opened", "user": "U1", "channel": channel, "tab": "messages"})
    slack.wait(lambda s: s.path.endswith("setSuggestedPrompts") and s.json["channel_id"] == "D1FRESH")
    time.sleep(0.3)
    assert [s for s in slack.sent if s.path.endswith("setSuggestedPrompts") and s.json["channel_id"] == "D1USED"] == []


def test_that_questions_cannot_be_offered_is_no_failure(linked: Linked, slack: FakeSlack):
    slack.refusals["assistant.threads.setSuggestedPrompts"] = ["missing_scope"]
    tell(linked, {"type": "app_home_opened", "user": "U1", "channel": "D1REFUSED", "tab": "messages"})
    wait_for(lambda: not slack.refusals["assistant.threads.setSuggestedPrompts"] or None)
    tell(linked, direct(GERMANY, "D1REFUSED"))
    assert "6.90" in slack.wait_post("D1REFUSED")[0]["text"]
    assert linked.view()["status"] == "on"


@pytest.mark.parametrize(
    "where", [{}, {"thread_ts": "x", "channel_id": "D1"}, {"thread_ts": "1.1", "channel_id": 7}, 7]
)
def test_an_opening_that_cannot_be_read_is_refused(linked: Linked, where: Any):
    event = {"type": "assistant_thread_started", "assistant_thread": where}
    with linked.server.client() as client:
        assert post_event(client, linked.hook("events"), callback(event)).status_code == 400


@pytest.mark.parametrize(
    "event",
    [
        direct("x", "D1QUIET", bot_id="B1"),
        direct("x", "D1QUIET", user=BOT),
        direct("x", "D1QUIET", user="USLACKBOT"),
        *(direct("x", "D1QUIET", subtype=kind) for kind in ("message_changed", "message_deleted", "bot_message",
                                                            "channel_join", "assistant_app_thread")),
        direct("x", "D1QUIET", channel_type="channel"),
        {"type": "app_home_opened", "user": "U1", "channel": "D1QUIET"},
        {"type": "reaction_added"},
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}},
    ],
)  # fmt: skip
def test_what_is_no_shoppers_message_is_acknowledged_and_not_answered(
    linked: Linked, slack: FakeSlack, event: dict[str, Any]
):
    tell(linked, event)
    time.sleep(0.3)
    assert slack.posts("D1QUIET") == []
    assert linked.view()["status"] == "on"


def test_another_workspace_or_app_is_acknowledged_and_not_answered(linked: Linked, slack: FakeSlack):
    event = direct(GERMANY, "D1STRANGE")
    tell(linked, event, team_id=OTHER_TEAM, authorizations=[])
    tell(linked, event, authorizations=[{"team_id": OTHER_TEAM, "user_id": "U9", "is_bot": True}])
    tell(linked, event, api_app_id="A9")
    tell(linked, {"type": "app_uninstalled"}, team_id=OTHER_TEAM, authorizations=[])
    with linked.server.client() as client:
        limited = {"type": "app_rate_limited", "team_id": "T1SHOP", "minute_rate_limited": 1, "api_app_id": "A1BOT"}
        assert post_event(client, linked.hook("events"), limited).status_code == 200
    time.sleep(0.5)
    assert slack.posts("D1STRANGE") == []
    assert linked.view()["status"] == "on"


def test_a_message_with_a_file_is_answered_by_its_words(linked: Linked, slack: FakeSlack):
    tell(linked, direct(GERMANY, "D1FILE", subtype="file_share", files=[{"id": "F1"}]))
    assert "6.90" in slack.wait_post("D1FILE")[0]["text"]


def test_marks_of_slack_are_read_as_words(linked: Linked, slack: FakeSlack):
    tell(linked, direct("  <@U0BOT> How much is <https://x.example|delivery> to Germany &amp; back?", "D1MARKS"))
    slack.wait_post("D1MARKS")
    talks = linked.merchant.http.get(f"/v1/bots/{linked.bot}/conversations").json()["items"]
    assert any(talk.get("first_question") == "How much is delivery to Germany & back?" for talk in talks), talks[0]


def pressed(linked: Linked, slack: FakeSlack, channel: str, **place: Any) -> dict[str, Any]:
    """A press on the first question of a refusal in a channel."""
    tell(linked, direct("Who won the football world cup in 1990?", channel, **place))
    (refusal,) = slack.wait_post(channel)
    return press(refusal, 0, channel, f"{slack.url}/respond/{channel}")


def test_a_pressed_question_is_asked_once_and_its_buttons_go(linked: Linked, slack: FakeSlack):
    payload = pressed(linked, slack, "D1PRESS")
    question = payload["actions"][0]["value"]
    # Slack tells more of a block than it takes.
    payload["message"]["blocks"][0] |= {"block_id": "abc", "image_bytes": 1}
    with linked.server.client() as client:
        for _ in range(3):
            answer = post_press(client, linked.hook("interactions"), payload)
            assert (answer.status_code, answer.text) == (200, "")
        other = payload | {"actions": [payload["actions"][0] | {"action_id": "view", "value": "x"}]}
        assert post_press(client, linked.hook("interactions"), other).status_code == 200
        for strange in (payload | {"team": {"id": OTHER_TEAM}}, payload | {"type": "view_submission"}):
            assert post_press(client, linked.hook("interactions"), strange).status_code == 200
    assert len(slack.wait_post("D1PRESS", 2)) == 2
    replaced = slack.wait(lambda s: s.path == "/respond/D1PRESS")[0].json
    assert all(block["type"] != "actions" for block in replaced["blocks"])
    assert question in json.dumps(replaced["blocks"][-1], ensure_ascii=False)
    assert "image_bytes" not in json.dumps(replaced)
    time.sleep(1.5)
    assert len(slack.posts("D1PRESS")) == 2


def test_buttons_without_an_address_for_the_replacement_are_updated(linked: Linked, slack: FakeSlack):
    payload = pressed(linked, slack, "D1UPDATE") | {"response_url": "https://evil.example/take"}
    with linked.server.client() as client:
        assert post_press(client, linked.hook("interactions"), payload).status_code == 200
    (updated,) = slack.wait(lambda s: s.path == "/api/chat.update")
    assert updated.json["ts"] == payload["message"]["ts"]
    slack.wait_post("D1UPDATE", 2)


def test_a_person_answers_in_the_same_thread_and_the_bot_is_silent(linked: Linked, slack: FakeSlack):
    http, event = linked.merchant.http, mention(GERMANY, "C1HUMAN")
    tell(linked, event)
    slack.wait_post("C1HUMAN")
    talks = http.get(f"/v1/bots/{linked.bot}/conversations").json()["items"]
    path = f"/v1/bots/{linked.bot}/conversations/{talks[0]['id']}"
    http.post(f"{path}/claim").raise_for_status()
    http.post(f"{path}/messages", json={"text": "Anna here: <!channel> & more"}).raise_for_status()
    said = slack.wait_post("C1HUMAN", 2)[1]
    assert (said["thread_ts"], said["text"]) == (event["ts"], "Anna here: &lt;!channel&gt; &amp; more")
    tell(linked, mention("And to France?", "C1HUMAN", thread_ts=event["ts"]))
    time.sleep(1.5)
    assert len(slack.posts("C1HUMAN")) == 2
    http.post(f"{path}/hand_back").raise_for_status()


def test_the_challenge_is_answered_only_when_it_is_signed(linked: Linked):
    body = {"type": "url_verification", "challenge": "3eZbrw1a", "token": "x"}
    with linked.server.client() as client:
        answer = post_event(client, linked.hook("events"), body)
        assert (answer.status_code, answer.json()) == (200, {"challenge": "3eZbrw1a"})
        assert client.post(linked.hook("events"), json=body).status_code == 401
        assert post_event(client, linked.hook("events"), body, secret="another secret").status_code == 401


def test_a_look_at_the_certificate_is_answered_and_carries_nothing(linked: Linked, slack: FakeSlack):
    payload = {"type": "block_actions", "team": {"id": "T1SHOP"}, "actions": [{"action_id": "ask_0", "value": "x"}]}
    with linked.server.client() as client:
        form = {"ssl_check": "1", "token": "x", "payload": json.dumps(payload)}
        assert client.post(linked.hook("interactions"), data=form).status_code == 200
        assert client.post(linked.hook("events"), data={"ssl_check": "1"}).status_code == 401
        assert client.post(linked.hook("interactions"), data={"payload": "{}"}).status_code == 401


def test_throttling_and_an_outage_delay_and_keep_the_order(linked: Linked, slack: FakeSlack):
    first, second = direct(GERMANY, "D1SLOW"), direct("Where is your workshop?", "D1SLOW")
    slack.next_answers += [Answer(429, headers={"Retry-After": "1"}), Answer(503)]
    tell(linked, first)
    time.sleep(0.3)
    tell(linked, second)
    made = slack.wait_post("D1SLOW", 4)
    assert [("6.90" in one["text"], "Ghent" in one["text"]) for one in made] == [(True, False)] * 3 + [(False, True)]


def test_a_message_that_slack_refuses_is_told_with_the_next_step(linked: Linked, slack: FakeSlack):
    slack.refusals["chat.postMessage"] = ["not_in_channel"]
    event = mention("Where is your workshop?", "C1AWAY")
    tell(linked, event)
    letter = wait_for(lambda: next((one for one in linked.dead() if "/invite" in one["failure"]), None))
    assert letter["kind"] == "slack"
    assert linked.view()["status"] == "on"


def test_cards_are_shown_where_they_are_wished_and_a_list_where_slack_has_none(linked: Linked, slack: FakeSlack):
    linked.link(SETTINGS | {"products": "cards"})
    assert linked.view()["address"] == "T1SHOP/U0BOT", "what the vendor told stays"
    tell(linked, direct("Which mugs do you sell?", "D1CARDS"))
    (made,) = slack.wait_post("D1CARDS")
    assert set(made) == {"channel", "text", "blocks", "unfurl_links", "unfurl_media"}
    slack.takes_cards = False
    tell(linked, direct("Which mugs do you sell?", "D1LIST"))
    slack.wait_post("D1LIST")
    time.sleep(1.5)
    shown = slack.posts("D1LIST")[-1]
    assert all(block["type"] != "carousel" for block in shown["blocks"])
    slack.takes_cards = True
    linked.link(SETTINGS | {"products": "list"})


def test_many_threads_of_a_channel_share_its_pace(linked: Linked, slack: FakeSlack):
    events = [mention(GERMANY, "C1BUSY") for _ in range(5)]
    for event in events:
        tell(linked, event)
    made = slack.wait_post("C1BUSY", 5)
    assert {one["thread_ts"] for one in made} == {event["ts"] for event in events}


def test_removing_the_app_breaks_the_link_and_installing_mends_it(linked: Linked, slack: FakeSlack):
    tell(linked, {"type": "app_uninstalled"}, event_time=1)
    assert linked.view()["status"] == "on", "it was installed anew since"
    for event in ({"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [BOT]}}):
        tell(linked, event)
        view = linked.view()
        assert view["status"] == "broken"
        assert "Install link" in view["problem"]
        assert linked.check()["credentials"]["cause"] == "not_installed"
        time.sleep(1)
        assert install(linked, slack).status_code == 200
        assert linked.view()["status"] == "on"
    tell(linked, direct(GERMANY, "D1AGAIN"))
    slack.wait_post("D1AGAIN")


def test_a_revoked_token_breaks_the_link_when_it_is_used(linked: Linked, slack: FakeSlack):
    slack.refusals["chat.postMessage"] = ["token_revoked"]
    tell(linked, direct(GERMANY, "D1REVOKED"))
    wait_for(lambda: linked.view()["status"] == "broken")
    assert "Install the app again" in linked.view()["problem"]
    assert wait_for(lambda: linked.dead() or None)[0]["failure"] == linked.view()["problem"]
    assert install(linked, slack).status_code == 200


def test_a_token_that_has_ended_after_all_is_renewed_and_the_answer_arrives(linked: Linked, slack: FakeSlack):
    slack.rotates = True
    assert install(linked, slack).status_code == 200
    slack.refusals["chat.postMessage"] = ["token_expired"]
    tell(linked, direct(GERMANY, "D1ENDED"))
    slack.wait_post("D1ENDED", 2)
    first, second = (sent for sent in slack.sent if sent.path == "/api/chat.postMessage" and b"D1ENDED" in sent.body)
    assert first.headers["authorization"] != second.headers["authorization"]
    assert linked.view()["status"] == "on"
    slack.rotates = False
    assert install(linked, slack).status_code == 200


def test_secrets_and_tokens_are_never_told_or_kept_open(linked: Linked, slack: FakeSlack):
    told = json.dumps(linked.view()) + json.dumps(linked.check())
    kept = b"".join(path.read_bytes() for path in linked.server.settings.data_dir.glob("records.sqlite*"))
    for secret in (SIGNING, SECRET, *slack.tokens):
        assert secret not in told
        assert secret.encode() not in kept


def test_another_link_with_the_same_secret_takes_only_its_own(linked: Linked, slack: FakeSlack):
    """Two merchants, one workspace: the second one is told, and answers nobody."""
    owner = linked.server.merchant()
    other = Linked(linked.server, owner, owner.live_bot(), "slack")
    other.link(SETTINGS)
    refused = install(other, slack)
    assert refused.status_code == 409
    assert "Another assistant is linked" in refused.text
    assert other.view()["address"] == ""
    with linked.server.client() as client:
        assert post_event(client, other.hook("events"), callback(direct(GERMANY, "D1OTHER"))).status_code == 200
    pasted = owner.http.put(other.path(), json={"settings": SETTINGS | {"bot_token": "xoxb-1111-2222-abcdef"}})
    assert (pasted.status_code, pasted.json()["code"]) == (409, "place_taken")
    time.sleep(0.5)
    assert slack.posts("D1OTHER") == []
