"""Turns a waiting message into an answer on its way: asked once, kept whole before anything leaves.

Never here: sending.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from engine.answering.answerer import Answerer
from engine.answering.conversations import Conversations
from engine.channels.gateway import Gateway, OpenLink
from engine.channels.inbox import day_of
from engine.domain.bot import Bot, BotVersion
from engine.domain.channel import ChannelLink, InboundMessage, OutboundMessage, OutboundPart
from engine.domain.conversation import Ask, Reply
from engine.errors import AlreadyExists
from engine.ports import Clock
from engine.records import Records

__all__ = ["MessageAnswering", "turn_of"]

SUGGESTIONS = 3


def turn_of(message: str) -> str:
    """Names the turn that a message becomes: asked again after a crash, it is the same one."""
    return f"turn_{hashlib.sha256(message.encode()).hexdigest()[:32]}"


class MessageAnswering:
    """Asks the bot, and keeps what it said as messages of the channel."""

    def __init__(
        self,
        records: Records,
        answerer: Answerer,
        conversations: Conversations,
        gateways: Mapping[str, Gateway],
        clock: Clock,
    ) -> None:
        self.records, self.answerer, self.conversations = records, answerer, conversations
        self.gateways, self.clock = gateways, clock

    async def answer(self, message: InboundMessage, link: ChannelLink, opened: OpenLink) -> OutboundMessage | None:
        """The answer to a message, kept; the one that is kept already when it was answered before; None when a
        person answers here.

        Raises Conflict when no version is live or the bot is paused, Unavailable when something it needs is down.
        """
        known = await self.records.outbound.find(message.merchant, message.id)
        if known is not None:
            await self.mark(message, known.record)
            return known.record
        bot = await self.records.bots.get(message.merchant, message.bot)
        version = await self.answerer.live_version(bot)
        reply = await self.reply(message, link, bot, version)
        if not reply.text and not reply.products:
            return None  # a person owns the conversation: they answer
        suggestions = version.persona.example_questions[:SUGGESTIONS] if reply.outcome == "refused" else ()
        payloads = self.gateways[link.kind].render(opened, reply, suggestions)
        return await self.keep(message, [OutboundPart(dict(payload)) for payload in payloads], self.clock.now())

    async def reply(self, message: InboundMessage, link: ChannelLink, bot: Bot, version: BotVersion) -> Reply:
        """What the bot says; what it said already when a process died after it was recorded."""
        recorded = await self.records.turns.find(message.merchant, turn_of(message.id))
        if recorded is not None:
            await self.answerer.catch_up(bot, recorded.record)
            return recorded.record.reply
        await self.conversations.begin(bot, message.conversation, link.kind, message.shopper)
        ask = Ask(
            message.text,
            message.conversation,
            channel=link.kind,
            shopper=message.shopper,
            turn_id=turn_of(message.id),
        )
        try:
            return await self.answerer.answer(bot, version, ask)
        except AlreadyExists:
            # Another process, slow but not dead, recorded it meanwhile.
            return (await self.records.turns.get(message.merchant, turn_of(message.id))).reply

    async def keep(self, message: InboundMessage, parts: list[OutboundPart], now: datetime) -> OutboundMessage:
        """Keep an answer and mark its message; whoever was first, that answer counts."""
        out = OutboundMessage(
            id=message.id,
            merchant=message.merchant,
            bot=message.bot,
            link=message.link,
            conversation=message.conversation,
            place=message.place,
            parts=tuple(parts),
            created_at=now,
            day=day_of(now),
            status="waiting" if parts else "sent",
        )
        try:
            await self.records.outbound.add(message.merchant, out.id, out)
        except AlreadyExists:
            out = await self.records.outbound.get(message.merchant, out.id)
        await self.mark(message, out)
        return out

    async def mark(self, message: InboundMessage, out: OutboundMessage) -> None:
        """Note what became of a message: answered, or dead when its answer is."""
        dead = out.status == "dead"
        await self.records.inbound.change(
            message.merchant,
            message.id,
            lambda current: replace(
                current, status="dead" if dead else "answered", failure=out.failure if dead else ""
            ),
        )
