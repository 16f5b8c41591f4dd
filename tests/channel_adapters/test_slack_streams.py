"""Answers that appear in Slack while a slow language model makes them."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

import pytest

from tests.channel_adapters.linked import Linked
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.slack import (
    PERSON,
    SETTINGS,
    TEAM,
    TOKEN,
    FakeSlack,
    callback,
    direct,
    mention,
    new_ts,
    post_event,
)
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.talks import ASKED, FRANCE, GERMANY, RETURNS, Watched, conversation, slow_shop
from tests.conftest import RunningServer
from tests.engine.llama.model_server import ModelServer

Shop = tuple[Linked, ModelServer]


@pytest.fixture(scope="module")
def slack() -> FakeSlack:
    return FakeSlack()


@pytest.fixture(scope="module")
def shop(server: RunningServer, slack: FakeSlack) -> Iterator[Shop]:
    with slow_shop(server, "slack", slack, SETTINGS | {"bot_token": TOKEN}) as made:
        yield made


@pytest.fixture
def linked(shop: Shop) -> Linked:
    return shop[0]


@pytest.fixture
def model(shop: Shop) -> Iterator[ModelServer]:
    yield shop[1]
    shop[1].go_on.set()


@pytest.fixture(autouse=True)
def no_rule_was_broken(slack: FakeSlack) -> Iterator[None]:
    yield
    assert slack.broken_rules == []
    slack.broken_rules.clear()


def tell(linked: Linked, event: dict[str, Any]) -> None:
    with linked.server.client() as client:
        assert post_event(client, linked.hook("events"), callback(event)).status_code == 200


def calls(slack: FakeSlack, method: str, channel: str) -> list[dict[str, Any]]:
    made = [sent.json for sent in list(slack.sent) if sent.path == f"/api/{method}"]
    return [one for one in made if one["channel"] == channel]


def watch(slack: FakeSlack, channel: str) -> Watched:
    return Watched(lambda: slack.screen(channel))


def is_whole(screen: list[str]) -> bool:
    return len(screen) == 1 and RETURNS in screen[0]


def test_an_answer_grows_in_an_assistant_thread_and_ends_as_it_was_kept(
    linked: Linked, slack: FakeSlack, model: ModelServer
):
    thread = new_ts()
    tell(linked, direct(ASKED, "D1GROWS", thread_ts=thread))
    screen = watch(slack, "D1GROWS")
    screen.until(is_whole)
    growing = [one[0] for one in screen.seen if one and RETURNS not in one[0]]
    assert len(growing) >= 2, "sentence by sentence"
    assert all(later.startswith(earlier) for earlier, later in pairwise(growing))
    assert "an AI assistant" in growing[0], "whoever reads the first words reads that a machine writes"
    assert GERMANY in growing[0]
    assert FRANCE in growing[1]
    (begun,) = calls(slack, "chat.startStream", "D1GROWS")
    assert (begun["thread_ts"], begun["recipient_user_id"], begun["recipient_team_id"]) == (thread, PERSON, TEAM)
    (whole,) = slack.wait(lambda s: s.path == "/api/chat.update" and s.json["channel"] == "D1GROWS")
    assert GERMANY in whole.json["text"]
    assert FRANCE in whole.json["text"]
    assert "Sources: " in str(whole.json["blocks"])
    assert slack.posts("D1GROWS") == []
    assert len(calls(slack, "chat.stopStream", "D1GROWS")) == 1


def test_a_mention_grows_in_the_thread_of_its_channel(linked: Linked, slack: FakeSlack, model: ModelServer):
    event = mention(ASKED, "C1GROWS")
    tell(linked, event)
    watch(slack, "C1GROWS").until(is_whole)
    (begun,) = calls(slack, "chat.startStream", "C1GROWS")
    assert begun["thread_ts"] == event["ts"]
    assert slack.posts("C1GROWS") == []


def test_where_slack_has_no_streams_the_answer_comes_whole(linked: Linked, slack: FakeSlack, model: ModelServer):
    tell(linked, direct(ASKED, "D1PLAIN"))
    (made,) = slack.wait_post("D1PLAIN")
    assert RETURNS in made["text"]
    assert calls(slack, "chat.startStream", "D1PLAIN") == []


def test_a_fast_answer_comes_whole(linked: Linked, slack: FakeSlack, model: ModelServer):
    tell(linked, direct("Hello!", "D1FAST", thread_ts=new_ts()))
    slack.wait_post("D1FAST")
    assert calls(slack, "chat.startStream", "D1FAST") == []


@pytest.mark.parametrize("error", ["channel_type_not_supported", "missing_scope", "ratelimited"])
def test_a_stream_that_is_refused_leaves_the_answer_to_come_whole(
    linked: Linked, slack: FakeSlack, model: ModelServer, error: str
):
    channel = f"D1{error.replace('_', '').upper()}"
    slack.refusals["chat.startStream"] = [error]
    tell(linked, direct(ASKED, channel, thread_ts=new_ts()))
    watch(slack, channel).until(is_whole)
    assert len(slack.posts(channel)) == 1
    assert linked.view()["status"] == "on"


def test_a_stream_that_slack_ended_is_finished_in_the_same_message(
    linked: Linked, slack: FakeSlack, model: ModelServer
):
    model.go_on.clear()
    tell(linked, direct(ASKED, "D1DIES", thread_ts=new_ts()))
    screen = watch(slack, "D1DIES")
    screen.until(lambda now: bool(now) and "Germany" in now[0])
    slack.end_streams()
    model.go_on.set()
    screen.until(is_whole)
    assert slack.posts("D1DIES") == []


@pytest.mark.parametrize("error", ["stopped_by_user", "internal_error"])
def test_what_could_not_be_appended_stands_there_in_the_end(
    linked: Linked, slack: FakeSlack, model: ModelServer, error: str
):
    channel = f"D2{error.replace('_', '').upper()}"
    slack.refusals["chat.appendStream"] = [error]
    tell(linked, direct(ASKED, channel, thread_ts=new_ts()))
    watch(slack, channel).until(is_whole)
    assert len(calls(slack, "chat.appendStream", channel)) == 1, "what may stand there already is not given again"
    assert slack.posts(channel) == []


def test_a_stream_waits_as_slack_asks(linked: Linked, slack: FakeSlack, model: ModelServer):
    model.go_on.clear()
    tell(linked, direct(ASKED, "D1THROTTLED", thread_ts=new_ts()))
    screen = watch(slack, "D1THROTTLED")
    screen.until(lambda now: bool(now) and "Germany" in now[0])
    before = len(slack.sent)
    slack.throttled["chat.appendStream"] = [Answer(429, {"ok": False, "error": "ratelimited"}, {"Retry-After": "1"})]
    model.go_on.set()
    screen.until(is_whole)
    appended = [s for s in slack.sent[before:] if s.path == "/api/chat.appendStream"]
    assert len(appended) >= 2
    assert appended[1].at - appended[0].at >= 1.0


def test_a_message_that_cannot_be_updated_is_replaced_by_a_new_one(
    linked: Linked, slack: FakeSlack, model: ModelServer
):
    slack.refusals["chat.update"] = ["cant_update_message"]
    tell(linked, direct(ASKED, "D1FIXED", thread_ts=new_ts()))
    watch(slack, "D1FIXED").until(lambda now: is_whole(now) and len(slack.posts("D1FIXED")) == 1)
    assert len(calls(slack, "chat.delete", "D1FIXED")) == 1


def test_a_finish_that_fails_for_a_while_is_done_again(linked: Linked, slack: FakeSlack, model: ModelServer):
    slack.refusals["chat.update"] = ["internal_error", "service_unavailable"]
    tell(linked, direct(ASKED, "D1AGAIN", thread_ts=new_ts()))
    watch(slack, "D1AGAIN").until(is_whole)
    assert slack.posts("D1AGAIN") == []


def test_a_person_who_takes_over_ends_the_stream_and_its_text_is_gone(
    linked: Linked, slack: FakeSlack, model: ModelServer
):
    model.go_on.clear()
    tell(linked, direct(ASKED, "D1TAKEN", thread_ts=new_ts()))
    watch(slack, "D1TAKEN").until(lambda now: bool(now) and "Germany" in now[0])
    path = f"/v1/bots/{linked.bot}/conversations/{conversation(linked)}"
    linked.merchant.http.post(f"{path}/claim").raise_for_status()
    assert slack.screen("D1TAKEN") == [], "once the person owns it, nothing of the bot stands half said"
    model.go_on.set()
    said = linked.merchant.http.post(f"{path}/messages", json={"text": "Hello, Ann here."})
    assert said.status_code in {200, 201}, said.text
    watch(slack, "D1TAKEN").until(lambda now: now == ["Hello, Ann here."])
    wait_for(lambda: not linked.server.app.state.channels.deliveries.running, 15)
    assert slack.screen("D1TAKEN") == ["Hello, Ann here."]


def test_where_slack_deletes_nothing_a_sign_stands_in_the_place_of_the_words(
    linked: Linked, slack: FakeSlack, model: ModelServer
):
    model.go_on.clear()
    tell(linked, direct(ASKED, "D1KEEPS", thread_ts=new_ts()))
    watch(slack, "D1KEEPS").until(lambda now: bool(now) and "Germany" in now[0])
    slack.refusals["chat.delete"] = ["cant_delete_message"]
    linked.merchant.http.post(f"/v1/bots/{linked.bot}/conversations/{conversation(linked)}/claim").raise_for_status()
    assert slack.screen("D1KEEPS") == ["…"]


def test_a_paused_channel_ends_the_stream_and_the_message_is_shown_as_not_answered(
    linked: Linked, slack: FakeSlack, model: ModelServer
):
    model.go_on.clear()
    tell(linked, direct(ASKED, "D1PAUSED", thread_ts=new_ts()))
    screen = watch(slack, "D1PAUSED")
    screen.until(lambda now: bool(now) and "Germany" in now[0])
    linked.merchant.http.post(linked.path("/pause")).raise_for_status()
    screen.until(lambda now: now == [])
    model.go_on.set()
    dead = wait_for(lambda: linked.dead() or None)
    linked.merchant.http.post(linked.path("/resume")).raise_for_status()
    assert dead[0]["failure"] == "The channel was paused."
    linked.merchant.http.post(f"/v1/bots/{linked.bot}/dead_letters/{dead[0]['id']}/replay").raise_for_status()
    screen.until(is_whole)


def test_a_model_that_breaks_off_is_asked_again_and_the_same_message_holds_the_answer(
    linked: Linked, slack: FakeSlack, model: ModelServer
):
    model.behaviour = "breaks off"
    tell(linked, direct(ASKED, "D1BREAKS", thread_ts=new_ts()))
    screen = watch(slack, "D1BREAKS")
    try:
        screen.until(lambda now: bool(now) and "Germany" in now[0])
    finally:
        model.behaviour = "by sentences"
    screen.until(is_whole, 60)
    assert slack.posts("D1BREAKS") == []
    assert len(calls(slack, "chat.startStream", "D1BREAKS")) == 1
