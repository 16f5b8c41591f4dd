"""When an answer in the making is shown, and what becomes of a stream that its process left; on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

import pytest

from engine.bootstrap import Engine
from engine.channels.answer_stream import Growing
from engine.channels.answering import MessageAnswering
from engine.channels.deliveries import Deliveries, DeliveryRules
from engine.channels.gateway import Arrival, DeliveryDelayed, NotDelivered, OpenLink, Payload
from engine.channels.sending import Sending
from engine.channels.streaming import Streaming
from engine.channels.streams import Shown, StreamLimits
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink, ChannelThread, InboundMessage, OutboundMessage, OutboundPart
from engine.domain.conversation import Reply
from tests.plain_jobs import engine_with_plain_jobs

POLICY = "You can return unopened goods within 30 days. Delivery to Germany costs 6.90 EUR."
PLACE = {"room": "r1"}


@dataclass
class Screen:
    """A channel whose messages stand here."""

    limits: StreamLimits = field(default_factory=lambda: StreamLimits(60.0, 0.05, 200))
    pace: timedelta = timedelta(0)
    window: timedelta | None = None
    stands: dict[str, str] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)
    fails: list[Exception] = field(default_factory=list)
    """Raised first, in order, by whatever is called."""
    holds_up: float = 0.0
    """Seconds that a piece of a stream takes after its first one."""

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        return [{"text": reply.text}]

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        return

    async def send(
        self, link: OpenLink, thread: ChannelThread, payload: Payload, *, author: Literal["bot", "person"], key: str
    ) -> str:
        return self.put(f"sent-{len(self.stands)}", payload["text"])

    def reaches(self, link: OpenLink, thread: ChannelThread) -> bool:
        return thread.place == PLACE

    def written(self, notice: str, text: str) -> str:
        return text.strip()

    async def begin(self, link: OpenLink, thread: ChannelThread, text: str) -> str:
        return self.put("stream", text)

    async def more(self, link: OpenLink, thread: ChannelThread, shown: Shown, text: str) -> None:
        assert text.startswith(shown.text)
        await asyncio.sleep(self.holds_up)
        self.put(shown.name, text)

    async def finish(self, link: OpenLink, thread: ChannelThread, name: str, payload: Payload) -> str:
        return self.put(name, payload["text"])

    async def take_back(self, link: OpenLink, thread: ChannelThread, name: str) -> None:
        self.fail()
        self.stands.pop(name, None)

    def put(self, name: str, text: str) -> str:
        self.fail()
        self.stands[name] = text
        self.pieces.append(text)
        return name

    def fail(self) -> None:
        if self.fails:
            raise self.fails.pop(0)


@dataclass
class Desk:
    """A live bot at a screen, and its workers."""

    engine: Engine
    bot: Bot
    screen: Screen
    streaming: Streaming
    deliveries: Deliveries

    async def link(self) -> ChannelLink:
        return await self.engine.channel_links.put(self.bot, "screen", {}, {}, by="ann@shop.example")

    async def message(self, text: str = "How much is delivery to Germany?") -> InboundMessage:
        """A shopper's message that waits."""
        now = datetime.now(UTC)
        made = await self.engine.inbox.accept(await self.link(), Arrival("k", "c", "shopper", text, now, PLACE))
        assert made is not None
        return made

    async def left_behind(self, message: InboundMessage, stream: str) -> OutboundMessage:
        """What a process leaves that dies while it shows an answer."""
        row = replace(message.answer((), datetime.now(UTC)), status="making", stream=stream)
        await self.engine.records.outbound.add(row.merchant, row.id, row)
        if stream:
            self.screen.stands[stream] = "Delivery to"
        return row

    async def own(self, message: InboundMessage) -> None:
        """Let a person own the conversation."""
        await self.engine.conversations.begin(self.bot, message.conversation, "screen", message.shopper)
        await self.engine.records.conversations.change(
            message.merchant,
            message.conversation,
            lambda current: replace(current, owner="person", member="ann", person_at=datetime.now(UTC)),
        )

    async def work(self, message: InboundMessage) -> None:
        """Let the workers do all there is to do."""
        self.deliveries.wake(message.merchant, message.conversation)
        while self.deliveries.running:
            await asyncio.gather(*self.deliveries.running.values())

    async def answer(self, message: InboundMessage) -> OutboundMessage | None:
        found = await self.engine.records.outbound.find(message.merchant, message.id)
        return None if found is None else found.record

    async def show(self, message: InboundMessage, *texts: str, pause: float = 0.6) -> Growing:
        """Let an answer grow so, the first text being there once a fast one would have been sent."""
        link = await self.link()
        thread = ChannelThread(message.conversation, message.merchant, message.bot, link.id, message.shopper)
        async with self.streaming.of(message, await self.engine.channel_links.open(link), thread) as growing:
            await asyncio.sleep(0.8)
            for text in texts:
                growing.text = text
                await asyncio.sleep(pause)
        return growing


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    engine, jobs = engine_with_plain_jobs(tmp_path)
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "text", {"title": "Policies", "text": POLICY})
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    bot = await engine.records.bots.change("m", bot.id, lambda current: replace(current, live=1))
    screen = Screen()
    records, clock, links = engine.records, engine.adapters.clock, engine.channel_links
    streams = {"screen": screen}
    streaming = Streaming(records, links, streams, clock)
    answering = MessageAnswering(records, engine.answerer, engine.conversations, {"screen": screen}, streaming, clock)
    sending = Sending(records, links, {"screen": screen}, streams, {}, clock)
    rules = DeliveryRules(settle=timedelta(0))
    yield Desk(
        engine,
        bot,
        screen,
        streaming,
        Deliveries(records, links, answering, sending, clock, engine.adapters.identifiers, rules),
    )
    await engine.close()


async def test_a_stream_of_a_dead_process_is_finished_as_the_same_message(desk: Desk):
    message = await desk.message()
    await desk.left_behind(message, "stream")
    await desk.work(message)
    assert list(desk.screen.stands) == ["stream"]
    assert "6.90 EUR" in desk.screen.stands["stream"]
    row = await desk.answer(message)
    assert row is not None
    assert (row.status, row.parts[0].sent_as, row.maybe_twice) == ("sent", "stream", 0)


async def test_a_stream_whose_name_was_never_kept_is_counted(desk: Desk):
    message = await desk.message()
    await desk.left_behind(message, "")
    await desk.work(message)
    row = await desk.answer(message)
    assert row is not None
    assert (row.status, row.maybe_twice) == ("sent", 1)
    assert len(desk.screen.stands) == 1


async def test_a_stream_of_a_dead_process_is_gone_once_a_person_owns_the_conversation(desk: Desk):
    message = await desk.message()
    await desk.left_behind(message, "stream")
    await desk.own(message)
    await desk.work(message)
    assert desk.screen.stands == {}
    assert await desk.answer(message) is None
    assert (await desk.engine.records.inbound.get(message.merchant, message.id)).status == "read"


async def test_a_message_that_gets_no_answer_leaves_nothing_on_the_screen(desk: Desk):
    message = await desk.message()
    await desk.left_behind(message, "stream")
    await desk.engine.channel_links.pause(desk.bot, "screen", paused=True, by="ann@shop.example")
    await desk.work(message)
    assert desk.screen.stands == {}
    assert (await desk.engine.records.inbound.get(message.merchant, message.id)).status == "dead"


async def test_a_whole_answer_that_takes_the_place_of_a_stream_is_withdrawn_with_it(desk: Desk):
    message = await desk.message()
    row = (await desk.left_behind(message, "stream")).whole((OutboundPart({"text": "x"}),))
    await desk.engine.records.outbound.change(row.merchant, row.id, lambda _: row)
    await desk.own(message)
    desk.screen.fails = [DeliveryDelayed("down", retry_after=1.0)]
    await desk.work(message)
    assert desk.screen.stands == {}
    kept = await desk.answer(message)
    assert kept is not None
    assert kept.status == "withdrawn"


async def test_a_person_who_takes_over_while_the_end_of_a_stream_is_tried_again_waits_until_it_is_gone(desk: Desk):
    message = await desk.message()
    await desk.left_behind(message, "stream")
    desk.screen.fails = [DeliveryDelayed("down", retry_after=2.0)]
    working = asyncio.create_task(desk.work(message))
    while desk.screen.fails:
        await asyncio.sleep(0.02)
    talk = await desk.engine.records.conversations.get(message.merchant, message.conversation)
    await desk.engine.handover.claim(talk, by="ann@shop.example")
    assert desk.screen.stands == {}
    await working
    kept = await desk.answer(message)
    assert kept is not None
    assert kept.status == "withdrawn"


async def test_a_whole_answer_is_taken_off_when_the_channel_was_paused(desk: Desk):
    message = await desk.message()
    row = (await desk.left_behind(message, "stream")).whole((OutboundPart({"text": "x"}),))
    await desk.engine.records.outbound.change(row.merchant, row.id, lambda _: row)
    await desk.engine.channel_links.pause(desk.bot, "screen", paused=True, by="ann@shop.example")
    await desk.work(message)
    assert desk.screen.stands == {}
    kept = await desk.answer(message)
    assert kept is not None
    assert (kept.status, kept.failure) == ("dead", "The channel was paused.")


async def test_a_person_who_takes_over_waits_until_the_stream_is_gone(desk: Desk):
    message = await desk.message()
    await desk.engine.conversations.begin(desk.bot, message.conversation, "screen", message.shopper)
    growing = asyncio.create_task(desk.show(message, "One.", "One. Two.", "One. Two. Three.", pause=3.0))
    while not desk.screen.stands:
        await asyncio.sleep(0.02)
    talk = await desk.engine.records.conversations.get(message.merchant, message.conversation)
    await desk.engine.handover.claim(talk, by="ann@shop.example")
    assert desk.screen.stands == {}, "as soon as the conversation is theirs"
    await growing
    assert desk.screen.pieces == ["One."]
    assert await desk.answer(message) is None


async def test_text_that_changes_is_left_to_the_whole_answer(desk: Desk):
    await desk.show(await desk.message(), "One. Two.", "One. Three.", "One. Two. Four.")
    assert desk.screen.pieces == ["One. Two."]


async def test_a_stream_takes_no_more_than_the_vendor_does(desk: Desk):
    await desk.show(await desk.message(), "One.", "x" * 201)
    assert desk.screen.pieces == ["One."]


async def test_a_stream_takes_nothing_once_its_time_is_over(desk: Desk):
    desk.screen.limits = StreamLimits(0.5, 0.05, 200)
    await desk.show(await desk.message(), "One.", "One. Two.", "One. Two. Three.")
    assert len(desk.screen.pieces) < 3


async def test_what_is_whole_within_a_second_is_not_streamed(desk: Desk):
    await desk.show(await desk.message(), "One.", pause=0.1)
    assert desk.screen.pieces == []


@pytest.mark.parametrize(
    ("failure", "row_stays"),
    [
        (NotDelivered("no"), False),
        (DeliveryDelayed("later", retry_after=2.0), False),
        (DeliveryDelayed("nobody answered"), True),
        (RuntimeError("a fault"), True),
    ],
)
async def test_a_stream_that_cannot_begin_stays_without_one(desk: Desk, failure: Exception, *, row_stays: bool):
    message = await desk.message()
    desk.screen.fails = [failure]
    await desk.show(message, "One.", "One. Two.")
    assert desk.screen.pieces == []
    assert (await desk.answer(message) is not None) is row_stays, "where it may have begun, that is remembered"


async def test_no_stream_begins_while_the_vendor_asks_to_wait(desk: Desk):
    message = await desk.message()
    until = datetime.now(UTC) + timedelta(minutes=1)
    await desk.engine.channel_links.change(await desk.link(), lambda current: replace(current, not_before=until))
    link = await desk.engine.channel_links.find(desk.bot, "screen")
    thread = ChannelThread(message.conversation, message.merchant, message.bot, link.id, message.shopper)
    async with desk.streaming.of(message, await desk.engine.channel_links.open(link), thread) as growing:
        growing.text = "One."
        await asyncio.sleep(1.5)
    assert desk.screen.pieces == []


async def test_a_process_that_loses_the_conversation_shows_nothing_more(desk: Desk):
    message = await desk.message()
    desk.screen.holds_up = 10.0
    showing = asyncio.create_task(desk.show(message, "One.", "One. Two.", pause=1.0))
    await asyncio.sleep(2.5)
    async with asyncio.timeout(2):  # others may begin at once: a call that hangs is not waited for
        showing.cancel()
        await asyncio.gather(showing, return_exceptions=True)
    assert desk.screen.pieces == ["One."]
    row = await desk.answer(message)
    assert row is not None
    assert (row.status, row.stream) == ("making", "stream"), "for whoever goes on"
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_a_stream_of_a_dead_process_is_given_nothing_more(desk: Desk):
    message = await desk.message()
    await desk.left_behind(message, "stream")
    await desk.show(message, "Delivery to", "Delivery to Mars.")
    assert desk.screen.pieces == [], "the answer may be another one now"


async def test_a_stream_of_a_dead_process_goes_when_a_person_takes_over_while_it_is_made_anew(desk: Desk):
    message = await desk.message()
    await desk.left_behind(message, "stream")
    await desk.own(message)
    await desk.show(message, "Delivery")
    assert desk.screen.stands == {}
    assert await desk.answer(message) is None
