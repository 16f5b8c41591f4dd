"""What a stream in Slack becomes in the end, call by call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from channel_adapters.calling import VendorCalls
from channel_adapters.slack.rendering import slack_messages
from channel_adapters.slack.speech import Speech
from channel_adapters.slack.streams import SlackStreams
from channel_adapters.slack.tokens import BotTokens
from channel_adapters.slack.web_api import SlackApi
from engine.bootstrap import embedded
from engine.channels.gateway import OpenLink, Payload
from engine.channels.links import ChannelLinks
from engine.channels.memory import LinkMemory
from engine.channels.streams import Shown
from engine.domain.channel import ChannelThread
from engine.settings import Settings
from tests.channel_adapters.platforms.base import running
from tests.channel_adapters.platforms.slack import PERSON, TEAM, TOKEN, FakeSlack, new_ts
from tests.channel_adapters.replies import product, reply
from tests.plain_jobs import engine_with_plain_jobs

LINK = OpenLink("link_1", "m", "bot_1", "slack", {}, {"bot_token": TOKEN}, TEAM)


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    made = FakeSlack()
    with running(made):
        yield made
    assert made.broken_rules == []


@pytest.fixture
async def streams(tmp_path: Path, slack: FakeSlack) -> AsyncIterator[SlackStreams]:
    settings = Settings(_env_file=None, data_dir=tmp_path, run_jobs=False)  # type: ignore[call-arg]
    engine, _ = engine_with_plain_jobs(tmp_path, embedded(settings))
    links: ChannelLinks = engine.channel_links
    calls = VendorCalls((slack.host,))
    api = SlackApi(calls, slack.url)
    memory = LinkMemory(engine.records, links, engine.adapters.clock, engine.adapters.identifiers)
    yield SlackStreams(Speech(calls, api, BotTokens(api, memory)))
    await calls.close()
    await engine.close()


@pytest.fixture
def thread() -> ChannelThread:
    return ChannelThread("c", "m", "bot_1", "link_1", PERSON, {"channel": "C1SHOP", "thread": new_ts(), "direct": ""})


def with_cards() -> Payload:
    """An answer with a product."""
    (made,) = slack_messages(reply("We have this mug.", products=(product(),)), cards=True)
    return {**made}


def kinds(slack: FakeSlack, name: str) -> list[str]:
    return [block["type"] for block in slack.shown[name]["blocks"]]


async def test_products_stand_in_the_whole_message_as_cards(
    streams: SlackStreams, slack: FakeSlack, thread: ChannelThread
):
    name = await streams.begin(LINK, thread, "We have")
    await streams.more(LINK, thread, Shown(name, "We have"), "We have this")
    assert slack.screen("C1SHOP") == ["We have this"]
    assert await streams.finish(LINK, thread, name, with_cards()) == name
    assert kinds(slack, name) == ["section", "carousel"]


async def test_where_slack_takes_no_cards_the_list_takes_the_place(
    streams: SlackStreams, slack: FakeSlack, thread: ChannelThread
):
    slack.takes_cards = False
    name = await streams.begin(LINK, thread, "We have")
    assert await streams.finish(LINK, thread, name, with_cards()) == name
    assert kinds(slack, name) == ["section", "section"]


async def test_an_end_that_is_done_again_leaves_one_message(
    streams: SlackStreams, slack: FakeSlack, thread: ChannelThread
):
    name = await streams.begin(LINK, thread, "We have")
    assert await streams.finish(LINK, thread, name, with_cards()) == name
    assert await streams.finish(LINK, thread, name, with_cards()) == name
    assert len(slack.screen("C1SHOP")) == 1


async def test_a_stream_that_somebody_deleted_is_answered_anew_in_its_thread(
    streams: SlackStreams, slack: FakeSlack, thread: ChannelThread
):
    name = await streams.begin(LINK, thread, "We have")
    slack.streams[name].on = False
    slack.deleted.add(name)
    again = await streams.finish(LINK, thread, name, with_cards())
    assert again != name
    assert len(slack.screen("C1SHOP")) == 1
    assert slack.posts("C1SHOP")[0]["thread_ts"] == thread.place["thread"]


async def test_a_stream_may_be_taken_back_again(streams: SlackStreams, slack: FakeSlack, thread: ChannelThread):
    name = await streams.begin(LINK, thread, "We have")
    await streams.take_back(LINK, thread, name)
    await streams.take_back(LINK, thread, name)
    assert slack.screen("C1SHOP") == []
