"""What a room of the shop's people is told follows from what is kept, whatever died before; on a real store."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.bootstrap import Engine, embedded
from engine.channels.forgetting import Forgetting
from engine.channels.gateway import OpenLink, Payload
from engine.channels.inbox import WORK
from engine.channels.retention import KEPT_DAYS, Retention
from engine.channels.team_posts import KEPT, TeamPosts
from engine.channels.team_room import PostState, TeamNotice
from engine.channels.team_rooms import TeamRooms
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink, ChannelThread, OutboundMessage, OutboundPart, Place
from engine.domain.conversation import Ask, Conversation
from engine.ports import PLATFORM
from engine.settings import Settings
from tests.engine.handover.test_taking_over import ANN, POLICY, Clock
from tests.plain_jobs import engine_with_plain_jobs

PERSON = "I want to talk to a real person please"


class PaperRoom:
    """A room whose posts are plain words."""

    def faults(self, room: str) -> str:
        return "" if room.isalnum() else "is one word"

    async def greet(self, link: OpenLink, room: str) -> None:
        """Nobody is there."""

    def place(self, room: str, post: str = "") -> Place:
        return {"room": room, "thread": post}

    def post(self, notice: TeamNotice) -> Payload:
        return {"text": f"waiting: {notice.question}"}

    def change(self, post: str, notice: TeamNotice, state: PostState) -> Payload:
        return {"text": str(state)}

    def note(self, text: str, *, about: str = "", to: str = "") -> Payload:
        return {"text": f"{about}{to}: {text}"}


@dataclass
class Shop:
    """A bot with a room, and nobody who sends what waits."""

    engine: Engine
    bot: Bot
    link: ChannelLink
    rooms: TeamRooms
    clock: Clock
    woken: list[str] = field(default_factory=list)

    async def ask(self, text: str = PERSON, conversation: str | None = None) -> str:
        version = await self.engine.versions.get("m", self.bot.id, 1)
        reply = await self.engine.answerer.answer(self.bot, version, Ask(text, conversation_id=conversation))
        self.clock.time += timedelta(seconds=1)
        return reply.conversation_id

    async def talk(self, ident: str) -> Conversation:
        return await self.engine.records.conversations.get("m", ident)

    async def outbox(self) -> list[OutboundMessage]:
        return list(await self.engine.records.outbound.list("m", {"author": "team"}))

    async def said(self) -> list[str]:
        """All that was put on its way to the room."""
        return [str(out.parts[0].payload["text"]) for out in await self.outbox()]

    async def leave(self) -> None:
        """Let all that waits have left."""

        def sent(out: OutboundMessage) -> OutboundMessage:
            return replace(out, status="sent", parts=(OutboundPart(out.parts[0].payload, "sent", f"as-{out.id}"),))

        for out in await self.outbox():
            if out.status == "waiting":
                await self.rooms.ended(await self.engine.records.outbound.change("m", out.id, sent), "")

    async def claim(self, ident: str) -> Conversation:
        """Somebody in the room takes a conversation over."""
        taken = await self.engine.handover.take(await self.talk(ident), by="ann (Paper)", key=f"{self.link.id}:ann")
        await self.engine.handover.silence(taken)
        return taken


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    clock = Clock()
    settings = Settings(_env_file=None, data_dir=tmp_path, run_jobs=False)  # type: ignore[call-arg]
    engine, jobs = engine_with_plain_jobs(tmp_path, replace(embedded(settings), clock=clock))
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "text", {"title": "Policies", "text": POLICY})
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    link = await engine.channel_links.begin(bot, "paper", by=ANN)
    woken: list[str] = []

    def wake(merchant: str, thread: str) -> None:
        woken.append(thread)

    posts = TeamPosts(engine.records, engine.inbox, {"paper": PaperRoom()}, wake, clock, "https://studio.example")
    rooms = TeamRooms(engine.records, engine.handover, engine.channel_links, posts, timedelta(seconds=30))
    changes = {"on": True, "idle_hours": 1.0, **await rooms.chosen(bot, "paper", "team")}
    await engine.handover.change_rules(bot, changes, by=ANN)
    clock.time += timedelta(seconds=1)
    yield Shop(engine, bot, link, rooms, clock, woken)
    await engine.close()


async def test_who_waits_when_a_process_died_before_telling_is_told_by_the_next_look_and_once(shop: Shop):
    await shop.ask()
    assert await shop.said() == [], "nothing watches yet: as after a crash"
    for _ in range(3):
        await shop.rooms.sweep()
    assert await shop.said() == [f"waiting: {PERSON}"]
    assert len(shop.woken) == 1


async def test_a_post_that_was_kept_and_never_put_to_work_is_put_to_work(shop: Shop):
    await shop.ask()
    await shop.rooms.sweep()
    (out,) = await shop.outbox()
    await shop.engine.records.store.delete(PLATFORM, WORK, out.id)
    await shop.rooms.sweep()
    assert await shop.engine.records.store.get(PLATFORM, WORK, out.id) is not None
    await shop.engine.records.outbound.delete("m", out.id)
    await shop.rooms.sweep()
    assert await shop.said() == [f"waiting: {PERSON}"]


async def test_a_post_that_was_not_told_for_hours_is_left(shop: Shop):
    await shop.ask()
    await shop.rooms.sweep()
    (out,) = await shop.outbox()
    await shop.engine.records.outbound.delete("m", out.id)
    shop.clock.time += timedelta(hours=7)
    await shop.rooms.sweep()
    assert await shop.said() == []


async def test_who_waited_before_the_room_was_chosen_is_not_told(shop: Shop):
    await shop.ask()
    await shop.engine.handover.change_rules(shop.bot, await shop.rooms.chosen(shop.bot, "paper", "other"), by=ANN)
    await shop.rooms.sweep()
    assert await shop.said() == []


async def test_the_room_shows_who_has_it_however_many_look_at_once(shop: Shop):
    shop.engine.handover.watchers.append(shop.rooms.look)
    ident = await shop.ask()
    await shop.leave()
    taken = await shop.engine.handover.take(await shop.talk(ident), by="ann (Paper)", key=f"{shop.link.id}:ann")
    await asyncio.gather(*(shop.rooms.look("m", taken.id) for _ in range(6)))
    said = await shop.said()
    assert said[0] == f"waiting: {PERSON}"
    assert set(said[1:]) == {"here ann (Paper)"}
    (post,) = await shop.engine.records.team_posts.list("m", {})
    assert (post.shown, post.open) == ("here ann (Paper)", True)


async def test_a_change_that_a_process_kept_without_noting_it_is_made_again(shop: Shop):
    ident = await shop.ask()
    await shop.rooms.sweep()
    await shop.leave()
    await shop.claim(ident)
    await shop.rooms.look("m", ident)
    (post,) = await shop.engine.records.team_posts.list("m", {})
    await shop.engine.records.team_posts.change("m", post.id, lambda now: replace(now, updates=0, shown="waiting"))
    talk = await shop.talk(ident)
    await shop.engine.handover.hand_back(talk, by=talk.member, key=talk.member_key)
    await shop.rooms.look("m", ident)
    assert await shop.said() == [f"waiting: {PERSON}", "here ann (Paper)", "bot"]


async def test_who_has_it_is_shown_only_once_nothing_of_the_bot_leaves(shop: Shop):
    ident = await shop.ask()
    await shop.rooms.sweep()
    await shop.leave()
    leaving = OutboundMessage(
        "in_1",
        "m",
        shop.bot.id,
        shop.link.id,
        ident,
        {},
        (OutboundPart({}, "sending"),),
        shop.clock.now(),
        "2026-11-30",
    )
    await shop.engine.records.outbound.add("m", leaving.id, leaving)
    await shop.engine.handover.take(await shop.talk(ident), by="ann (Paper)", key=f"{shop.link.id}:ann")
    await shop.rooms.look("m", ident)
    assert len(await shop.said()) == 1
    await shop.engine.records.outbound.change("m", "in_1", lambda out: replace(out, status="sent"))
    await shop.rooms.look("m", ident)
    assert (await shop.said())[1:] == ["here ann (Paper)"]


async def test_a_person_in_the_room_who_fell_silent_has_given_it_back_and_the_room_says_so(shop: Shop):
    ident = await shop.ask()
    await shop.rooms.sweep()
    await shop.leave()
    await shop.claim(ident)
    await shop.rooms.sweep()
    shop.clock.time += timedelta(minutes=59)
    await shop.rooms.sweep()
    assert (await shop.talk(ident)).owner == "person"
    shop.clock.time += timedelta(minutes=2)
    await shop.rooms.sweep()
    assert (await shop.talk(ident)).owner == "bot"
    assert (await shop.said())[-1] == "bot"


async def test_what_a_shopper_writes_to_somebody_in_the_room_is_copied_once(shop: Shop):
    ident = await shop.ask()
    await shop.rooms.sweep()
    await shop.leave()
    await shop.claim(ident)
    for text in ("Are you there?", "Hello?"):
        await shop.ask(text, ident)
    for _ in range(2):
        await shop.rooms.look("m", ident)
    assert (await shop.said())[2:] == ["Shopper: Are you there?", "Shopper: Hello?"]
    assert {out.place["thread"] for out in (await shop.outbox())[2:]} == {f"as-{(await shop.outbox())[0].id}"}


async def test_a_shopper_who_is_forgotten_leaves_nothing_of_theirs_in_the_outbox(shop: Shop):
    ident = await shop.ask()
    await shop.rooms.sweep()
    await shop.leave()
    await shop.claim(ident)
    await shop.ask("Are you there?", ident)
    await shop.rooms.sweep()
    records = shop.engine.records
    await records.channel_threads.add("m", ident, ChannelThread(ident, "m", shop.bot.id, shop.link.id, "visitor"))
    assert await Forgetting(records).shopper(shop.link, "visitor") == 1
    assert await shop.outbox() == []
    for collection in (records.team_posts, records.channel_threads):
        assert await collection.list("m", {}) == []
    await shop.rooms.sweep()


async def test_posts_are_forgotten_once_nobody_answers_below_them(shop: Shop):
    await shop.ask()
    await shop.rooms.sweep()
    await shop.leave()
    shop.clock.time += KEPT + timedelta(days=KEPT_DAYS - 1)
    await Retention(shop.engine.records, shop.clock).forget()
    assert len(await shop.engine.records.team_posts.list("m", {})) == 1
    shop.clock.time += timedelta(days=1)
    await Retention(shop.engine.records, shop.clock).forget()
    assert await shop.engine.records.team_posts.list("m", {}) == []
    assert await shop.engine.records.channel_threads.list("m", {}) == []


async def test_a_watcher_that_breaks_is_none_of_the_shoppers(shop: Shop):
    async def broken(merchant: str, conversation: str) -> None:
        raise OSError("disk full")

    shop.engine.handover.watchers += [broken, shop.rooms.look]
    await shop.ask()
    assert await shop.said() == [f"waiting: {PERSON}"]
