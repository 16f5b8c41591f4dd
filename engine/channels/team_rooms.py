"""Hand-overs in the room where a shop's people are: told, claimed, answered and given back there.

All that is told follows from what is kept: who looks again, after a crash or by the clock, brings the room up to date.
Never here: how a vendor shows it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from engine.channels.gateway import DeliveryDelayed, DeliveryFailed
from engine.channels.links import ChannelLinks
from engine.channels.team_posts import TeamPosts, post_of
from engine.channels.team_room import PostState
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink, OutboundMessage
from engine.domain.conversation import Conversation
from engine.domain.handover import HandoverRules, TeamPost
from engine.errors import FieldProblem, InvalidInput, NotFound
from engine.handover.handover import Handover
from engine.records import Records

__all__ = ["SAID", "TeamRooms", "state_of"]

SAID = "said_"
"""How words begin to be named that were written in a room."""
ASKED_AGAIN = PostState("asked_again")
ATTEMPTS = 10
COPIED = 50
"""Most messages of a shopper that are copied at once."""
log = structlog.get_logger("storeclerk.handover")


class TeamRooms:
    """Keeps rooms up to date, in every process."""

    def __init__(
        self, records: Records, handover: Handover, links: ChannelLinks, posts: TeamPosts, every: timedelta
    ) -> None:
        self.records, self.handover, self.links, self.posts, self.every = records, handover, links, posts, every
        self.ticker: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin: what was left by a process that died is found, and what changes with time alone."""
        self.ticker = asyncio.create_task(self.keep_looking())

    async def close(self) -> None:
        """Stop; all that is on its way is kept."""
        if self.ticker is not None:
            self.ticker.cancel()
            await asyncio.gather(self.ticker, return_exceptions=True)

    async def keep_looking(self) -> None:
        """Look at all that may have changed, again and again."""
        while True:
            try:
                await self.sweep()
            except Exception:
                log.exception("team_rooms.sweep_broke")
            await asyncio.sleep(self.every.total_seconds())

    async def sweep(self) -> None:
        """Look at each conversation that waits for a person, or whose post may have to say something else."""
        for kind in self.posts.rooms:
            async for link in self.links.every(kind):
                rules = await self.handover.rules(link.merchant, link.bot)
                if not rules.room or rules.room_kind != kind:
                    continue
                waiting = self.records.conversations.all(
                    link.merchant, {"bot": link.bot, "owner": "waiting", "test": False}
                )
                found = {conversation.id async for conversation in waiting}
                posts = self.records.team_posts.all(link.merchant, {"bot": link.bot, "open": True})
                found |= {post.conversation async for post in posts}
                for conversation in found:
                    await self.look(link.merchant, conversation)

    # --- the rule -----------------------------------------------------------------------------

    async def chosen(self, bot: Bot, kind: str, room: str) -> Mapping[str, Any]:
        """The changes of the rules with which a room is chosen; the bot has said something there, where it may.

        Raises InvalidInput naming what is wrong with it, and what to do.
        """
        if not room:
            return {"room_kind": "", "room": "", "room_since": None, "room_problem": ""}
        field = f"{kind}_channel"
        problem = self.posts.rooms[kind].faults(room)
        if problem:
            raise InvalidInput(f"The channel {problem}.", fields=[FieldProblem(field, problem)])
        try:
            link = await self.links.find(bot, kind)
        except NotFound as error:
            told = "needs a link first: connect it on the page Channels"
            raise InvalidInput(f"The channel {told}.", fields=[FieldProblem(field, told)]) from error
        problem = ""
        try:
            await self.posts.rooms[kind].greet(await self.links.open(link), room)
        except DeliveryDelayed as error:
            problem = error.message
        except DeliveryFailed as error:
            told = f"cannot be written to: {error.message}"
            raise InvalidInput(f"The channel {told}", fields=[FieldProblem(field, told)]) from error
        since = self.handover.clock.now()
        return {"room_kind": kind, "room": room, "room_since": since, "room_problem": problem}

    # --- bringing a room up to date -----------------------------------------------------------

    async def look(self, merchant: str, ident: str) -> None:
        """Bring what a room shows of a conversation up to date; nothing where the shop has no room."""
        found = await self.records.conversations.find(merchant, ident)
        if found is None or found.record.test:
            return
        rules = await self.handover.rules(merchant, found.record.bot)
        link = await self.link(rules)
        if link is None:
            return
        post = await self.latest(rules, link, found.record)
        if post is None:
            return
        post = await self.posts.standing(post, link)
        if not post.posted_as:
            return
        now = found.record
        for _ in range(ATTEMPTS):
            # Both as they are now: they may have changed since, and a stale word must not be the last one.
            # A person who fell silent has given it back by that.
            now = await self.handover.now(await self.records.conversations.get(merchant, ident))
            post = await self.records.team_posts.get(merchant, post.id)
            state = state_of(now, link)
            if post.shown == str(state):
                break
            # Who takes over is shown to have it once nothing of the bot leaves any more.
            if now.owner == "person" and await self.handover.bots_messages(now):
                return
            await self.posts.show(post, link, state)
        if now.owner == "person" and now.member_key.startswith(f"{link.id}:"):
            await self.copy(post, link, now)
        await self.tell_failures(post, link, now)

    async def link(self, rules: HandoverRules) -> ChannelLink | None:
        """The link of the rules' room, unless there is none."""
        if not rules.room or rules.room_kind not in self.posts.rooms:
            return None
        where: dict[str, str | int | bool] = {"bot": rules.bot, "kind": rules.room_kind}
        page = await self.records.channel_links.page(rules.merchant, where, limit=1)
        return page.items[0] if page.items else None

    async def latest(self, rules: HandoverRules, link: ChannelLink, conversation: Conversation) -> TeamPost | None:
        """The post of the last time that a person was asked for; the ones before it say so."""
        posts = await self.posts.of(conversation)
        asked = conversation.asked_at if conversation.owner == "waiting" and rules.on else None
        since = rules.room_since
        if asked is not None and (since is None or asked >= since) and (not posts or posts[-1].at < asked):
            posts.append(await self.posts.begin(link, rules.room, conversation))
        for earlier in posts[:-1]:
            if earlier.shown != str(ASKED_AGAIN) and (await self.posts.standing(earlier, link)).posted_as:
                await self.posts.show(earlier, link, ASKED_AGAIN)
        return posts[-1] if posts else None

    async def copy(self, post: TeamPost, link: ChannelLink, conversation: Conversation) -> None:
        """Copy what the shopper wrote since a person was asked for, and what the bot said to it."""
        since = post.copied_at or post.at
        page = await self.records.turns.page(
            conversation.merchant, {"conversation": conversation.id}, newest_first=True, limit=COPIED
        )
        turns = [turn for turn in reversed(page.items) if turn.at > since]
        for turn in turns:
            await self.posts.note(post, link, turn.id, turn.question, about="Shopper")
            if turn.reply.text:
                await self.posts.note(post, link, f"{turn.id}.answer", turn.reply.text, about="Assistant")
        if turns:
            await self.posts.change(post, lambda current: replace(current, copied_at=turns[-1].at))

    async def tell_failures(self, post: TeamPost, link: ChannelLink, conversation: Conversation) -> None:
        """Say in the thread which of the words that were written there did not reach the shopper."""
        for message in await self.handover.messages(conversation):
            if message.delivery == "dead" and message.id.startswith(SAID) and message.at >= post.at:
                told = f"“{message.text[:80]}” did not reach the shopper: {message.failure}"
                await self.posts.note(post, link, f"{message.id}.dead", told)

    async def ended(self, out: OutboundMessage, failure: str) -> None:
        """Something to a room, or of a person, has left or never will: the room is told, or the merchant."""
        if out.author == "person":
            if failure:
                await self.look(out.merchant, out.conversation)
            return
        rules = await self.handover.rules(out.merchant, out.bot)
        if rules.room_problem != failure:
            await self.records.handover_rules.change(
                out.merchant, out.bot, lambda current: replace(current, room_problem=failure)
            )
        found = await self.records.team_posts.find(out.merchant, post_of(out.conversation))
        if found is not None:
            await self.look(out.merchant, found.record.conversation)


def state_of(conversation: Conversation, link: ChannelLink) -> PostState:
    """Who has a conversation, as a post of this link says it."""
    if conversation.owner == "waiting":
        return PostState("waiting")
    if conversation.owner == "bot":
        return PostState("bot")
    here = conversation.member_key.startswith(f"{link.id}:")
    return PostState("here" if here else "elsewhere", conversation.member)
