"""Posts in the rooms of shops' people: kept, put into the outbox once each, and brought up to date.

A post is a row, and two threads of the outbox: what it says, and what is written below it, which may be much and has
to wait for nobody's sake but its own. Retries, pauses and crashes are those of every message. All that is put there has
a name, so that whoever looks again, after a crash or beside another process, adds nothing. Never here:
when somebody is told, or who may take a conversation over.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta

from engine.channels.gateway import Payload
from engine.channels.inbox import Inbox, day_of
from engine.channels.team_room import PostState, TeamNotice, TeamRoomsByKind
from engine.domain.channel import ChannelLink, ChannelThread, OutboundMessage, OutboundPart, Place
from engine.domain.conversation import Conversation
from engine.domain.handover import TeamPost
from engine.errors import AlreadyExists
from engine.handover.handover import WHY
from engine.ports import Clock
from engine.records import Records

__all__ = ["TeamPosts", "post_of", "threads_of"]

BELOW = ".below"
"""Ends the name of the thread for what is written below a post."""
KEPT = timedelta(days=30)
POSTED_WITHIN = timedelta(hours=6)
"""So old a post that never left is not put on its way again."""
QUESTION = 500


class TeamPosts:
    """All posts."""

    def __init__(
        self,
        records: Records,
        inbox: Inbox,
        rooms: TeamRoomsByKind,
        wake: Callable[[str, str], None],
        clock: Clock,
        studio_address: str,
    ) -> None:
        self.records, self.inbox, self.rooms, self.wake = records, inbox, rooms, wake
        self.clock, self.studio_address = clock, studio_address

    async def of(self, conversation: Conversation) -> list[TeamPost]:
        """A conversation's posts, oldest first."""
        where: dict[str, str | int | bool] = {"conversation": conversation.id}
        return sorted(await self.records.team_posts.list(conversation.merchant, where), key=lambda post: post.at)

    async def find(self, link: ChannelLink, room: str, posted_as: str, ident: str = "") -> TeamPost | None:
        """The post that the vendor names so, or None; with our own name also one of which that is not noted yet."""
        where: dict[str, str | int | bool] = {"link": link.id, "room": room, "posted_as": posted_as}
        page = await self.records.team_posts.page(link.merchant, where, limit=1)
        if posted_as and page.items:
            return page.items[0]
        known = await self.records.team_posts.find(link.merchant, ident) if posted_as and ident else None
        if known is None or (known.record.link, known.record.room, known.record.posted_as) != (link.id, room, ""):
            return None
        # Pressed sooner than the vendor's answer was noted, or by whoever saw it before a process died.
        return await self.change(known.record, lambda current: stands_as(current, posted_as))

    async def begin(self, link: ChannelLink, room: str, conversation: Conversation) -> TeamPost:
        """The post of a hand-over, kept once."""
        asked_at = conversation.asked_at or conversation.last_at
        name = hashlib.sha256(f"{conversation.id}|{asked_at.isoformat()}".encode()).hexdigest()[:32]
        page = await self.records.turns.page(
            conversation.merchant, {"conversation": conversation.id}, newest_first=True, limit=10
        )
        question = next((turn.question for turn in page.items if turn.at <= asked_at), conversation.first_question)
        post = TeamPost(
            f"room_{name}",
            link.merchant,
            link.bot,
            link.id,
            conversation.id,
            room,
            asked_at,
            conversation.reason,
            question[:QUESTION],
            day_of(self.clock.now() + KEPT),
        )
        with suppress(AlreadyExists):
            await self.records.team_posts.add(post.merchant, post.id, post)
        return await self.records.team_posts.get(post.merchant, post.id)

    async def standing(self, post: TeamPost, link: ChannelLink) -> TeamPost:
        """The post with the vendor's name of it once it stands there; put on its way where that was not done yet."""
        if post.posted_as:
            return post
        out = await self.records.outbound.find(post.merchant, post.id)
        if out is None and self.clock.now() - post.at < POSTED_WITHIN:
            room = self.rooms[link.kind]
            await self.put(post, post.id, room.post(await self.notice(post)), room.place(post.room))
        if out is not None and out.record.status == "waiting":
            await self.inbox.enqueue(out.record)  # whoever kept it may have died before it was put to work
        if out is None or not out.record.parts[0].sent_as:
            return post
        name = out.record.parts[0].sent_as
        return await self.change(post, lambda current: stands_as(current, name))

    async def show(self, post: TeamPost, link: ChannelLink, state: PostState) -> TeamPost:
        """Let a post that stands there say who has its conversation, unless it does.

        Where another process lets it say something at this moment, nothing: who calls looks at what is kept again.
        """
        if post.shown == str(state):
            return post
        room, number = self.rooms[link.kind], post.updates + 1
        payload = room.change(post.posted_as, await self.notice(post), state)
        added = await self.put(post, f"{post.id}.{number}", payload, room.place(post.room))
        return await self.change(post, shown_as(number, state if added else None))

    async def note(
        self, post: TeamPost, link: ChannelLink, name: str, text: str, *, about: str = "", to: str = ""
    ) -> None:
        """Write below a post, once for each name."""
        room = self.rooms[link.kind]
        payload = room.note(text, about=about, to=to)
        await self.put(post, f"{post.id}.{name}", payload, room.place(post.room, post.posted_as))

    async def put(self, post: TeamPost, ident: str, payload: Payload, place: Place) -> bool:
        """Put something on its way to a room; False when something of that name is."""
        now, line = self.clock.now(), f"{post.id}{BELOW}" if place.get("thread") else post.id
        thread = ChannelThread(line, post.merchant, post.bot, post.link, "", dict(place))
        with suppress(AlreadyExists):
            await self.records.channel_threads.add(post.merchant, line, thread)
        out = OutboundMessage(
            ident, post.merchant, post.bot, post.link, line, dict(place), (OutboundPart(dict(payload)),),
            created_at=now, day=day_of(now), author="team",
        )  # fmt: skip
        try:
            await self.records.outbound.add(post.merchant, ident, out)
        except AlreadyExists:
            return False
        finally:
            # Also of one that was kept before: whoever kept it may have died before it was put to work.
            await self.inbox.enqueue(out)
        self.wake(post.merchant, line)
        return True

    async def notice(self, post: TeamPost) -> TeamNotice:
        """What a post tells."""
        bot = await self.records.bots.get(post.merchant, post.bot)
        conversation = await self.records.conversations.get(post.merchant, post.conversation)
        link = f"{self.studio_address}/inbox?bot={post.bot}&conversation={post.conversation}"
        return TeamNotice(
            post.id, post.at, WHY.get(post.reason, ""), post.question, bot.name, conversation.channel, link
        )

    async def change(self, post: TeamPost, change: Callable[[TeamPost], TeamPost]) -> TeamPost:
        """Change a post's record."""
        return await self.records.team_posts.change(post.merchant, post.id, change)


def stands_as(post: TeamPost, name: str) -> TeamPost:
    """The post once it stands in the room under the vendor's name."""
    return replace(post, posted_as=name, shown=post.shown or str(PostState("waiting")))


def threads_of(post: str) -> tuple[str, str]:
    """Names of a post's threads in the outbox."""
    return post, f"{post}{BELOW}"


def post_of(thread: str) -> str:
    """The post whose thread this is."""
    return thread.removesuffix(BELOW)


def shown_as(number: int, state: PostState | None) -> Callable[[TeamPost], TeamPost]:
    """Notes what a post was made to say with its update of a number; None where another process made it."""

    def note(post: TeamPost) -> TeamPost:
        if post.updates >= number:
            return post
        still = state is None or state.kind in {"waiting", "here", "elsewhere"}
        return replace(post, updates=number, shown="" if state is None else str(state), open=still)

    return note
