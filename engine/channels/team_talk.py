"""What the people of a shop do in their room: they press, and they write below a post.

Only in the room that the rules name; only one person has a conversation, and only their words go out. Never here: what
the room shows; see `team_rooms`.
"""

from __future__ import annotations

import asyncio
import hashlib

from engine.channels.speaking import Speaking
from engine.channels.team_posts import TeamPosts
from engine.channels.team_room import TeamPress, TeamWords
from engine.channels.team_rooms import SAID
from engine.domain.channel import ChannelLink
from engine.domain.conversation import Conversation
from engine.domain.handover import TeamPost
from engine.errors import Conflict, InvalidInput
from engine.handover.handover import Handover
from engine.records import Records

__all__ = ["TeamTalk"]

LONGEST_NAME = 60
UNCLAIMED = "What is written here does not reach the shopper. Press Claim above first."
CLAIMED = "Only what {member} writes here reaches the shopper."
MOVED = "This is not the channel any more in which hand-overs are answered. Answer in the studio's Inbox."
OLDER = "The shopper asked for a person again since: use the newer post."


def named(text: str) -> str:
    """A short name of something with a long one."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:32]


def key_of(link: ChannelLink, person: str) -> str:
    """Tells a link's people apart."""
    return f"{link.id}:{person}"


class TeamTalk:
    """What comes in from rooms."""

    def __init__(self, records: Records, handover: Handover, posts: TeamPosts, speaking: Speaking) -> None:
        self.records, self.handover, self.posts, self.speaking = records, handover, posts, speaking
        self.silencing: set[asyncio.Task[None]] = set()

    async def heard(self, link: ChannelLink, one: TeamWords | TeamPress) -> bool:
        """Do what a person of the shop means; False when it is about none of our posts.

        What is about one is never a shopper's message, whoever wrote it.
        """
        ident = one.ident if isinstance(one, TeamPress) else ""
        post = await self.posts.find(link, one.room, one.post, ident)
        if post is None:
            return False
        found = await self.records.conversations.find(post.merchant, post.conversation)
        if found is None or (isinstance(one, TeamWords) and one.stranger):
            return True
        rules = await self.handover.rules(link.merchant, link.bot)
        if (rules.room_kind, rules.room) != (link.kind, one.room):
            await self.posts.note(post, link, "moved", MOVED)
            return True
        conversation = await self.handover.now(found.record)
        if isinstance(one, TeamWords):
            await self.said(link, post, conversation, one)
        else:
            await self.pressed(link, post, conversation, one)
        return True

    async def said(self, link: ChannelLink, post: TeamPost, conversation: Conversation, words: TeamWords) -> None:
        """Pass the words of whoever has claimed on to the shopper; tell others once that theirs are not."""
        key = key_of(link, words.person)
        if conversation.owner != "person":
            await self.posts.note(post, link, "unclaimed", UNCLAIMED)
            return
        if conversation.member_key != key:
            told = CLAIMED.format(member=conversation.member or "whoever claims")
            await self.posts.note(post, link, f"others.{named(conversation.member_key)}", told)
            return
        ident = f"{SAID}{named(f'{link.id}|{words.key}')}"
        try:
            await self.speaking.say(conversation, words.text, by=conversation.member, key=key, ident=ident)
        except (InvalidInput, Conflict) as error:
            told = f"That did not reach the shopper. {error.message}"
            await self.posts.note(post, link, f"{ident}.refused", told, to=words.person)

    async def pressed(self, link: ChannelLink, post: TeamPost, conversation: Conversation, press: TeamPress) -> None:
        """Take a conversation over, or give it back; who comes too late is told."""
        key, name = key_of(link, press.person), press.name[:LONGEST_NAME]
        try:
            if (await self.posts.of(conversation))[-1].id != post.id:
                raise Conflict(OLDER)
            if press.does == "hand_back":
                await self.handover.hand_back(conversation, by=self.member_of(conversation, key), key=key)
                return
            taken = await self.handover.take(conversation, by=self.member_of(conversation, key) or name, key=key)
        except Conflict as error:
            await self.posts.note(post, link, f"late.{named(press.key)}", error.message, to=press.person)
            return
        # Not waited for: the vendor wants its acknowledgement. The post says who has it once the bot is silent.
        task = asyncio.create_task(self.handover.silence(taken))
        self.silencing.add(task)
        task.add_done_callback(self.silencing.discard)

    @staticmethod
    def member_of(conversation: Conversation, key: str) -> str:
        """What the person was called when they took over; empty when they have not."""
        return conversation.member if conversation.member_key == key else ""
