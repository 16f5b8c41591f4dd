"""Turns a waiting message into an answer on its way: asked once, kept whole before anything leaves.

Never here: sending.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace

from engine.answering.answerer import Answerer, Done, Notice, Token
from engine.answering.conversations import Conversations
from engine.channels.answer_stream import Growing
from engine.channels.gateway import Gateway, OpenLink
from engine.channels.streaming import Streaming
from engine.domain.bot import Bot, BotVersion
from engine.domain.channel import ChannelLink, ChannelThread, InboundMessage, OutboundMessage, OutboundPart
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
        streaming: Streaming,
        clock: Clock,
    ) -> None:
        self.records, self.answerer, self.conversations = records, answerer, conversations
        self.gateways, self.streaming, self.clock = gateways, streaming, clock

    async def answer(
        self, message: InboundMessage, link: ChannelLink, opened: OpenLink, thread: ChannelThread
    ) -> OutboundMessage | None:
        """The answer to a message, kept; the one that is kept already when it was answered before; None when a
        person answers here.

        Raises Conflict when no version is live or the bot is paused, Unavailable when something it needs is down.
        """
        known = await self.records.outbound.find(message.merchant, message.id)
        if known is not None and known.record.status != "making":
            await self.mark(message, known.record)
            return known.record
        bot = await self.records.bots.get(message.merchant, message.bot)
        version = await self.answerer.live_version(bot)
        async with self.streaming.of(message, opened, thread) as growing:
            reply = await self.reply(message, link, bot, version, growing)
        if not reply.text and not reply.products:
            await self.streaming.drop(message)
            return None  # a person owns the conversation: they answer
        suggestions = version.persona.example_questions[:SUGGESTIONS] if reply.outcome == "refused" else ()
        payloads = self.gateways[link.kind].render(opened, reply, suggestions)
        return await self.keep(message, tuple(OutboundPart(dict(payload)) for payload in payloads))

    async def reply(
        self, message: InboundMessage, link: ChannelLink, bot: Bot, version: BotVersion, growing: Growing
    ) -> Reply:
        """What the bot says, told to `growing` while it is made.

        What it said already when a process died after it was recorded.
        """
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
            may_opt_out=True,
        )
        try:
            async for event in self.answerer.stream(bot, version, ask):
                match event:
                    case Notice():
                        growing.notice = event.text
                    case Token():
                        growing.text += event.text
                    case Done():
                        return event.reply
            raise AssertionError("a stream ends with Done")
        except AlreadyExists:
            # Another process, slow but not dead, recorded it meanwhile.
            return (await self.records.turns.get(message.merchant, turn_of(message.id))).reply

    async def keep(self, message: InboundMessage, parts: tuple[OutboundPart, ...]) -> OutboundMessage:
        """Keep an answer and mark its message; whoever was first, that answer counts."""
        out = message.answer(parts, self.clock.now())
        try:
            await self.records.outbound.add(message.merchant, out.id, out)
        except AlreadyExists:
            out = await self.records.outbound.change(message.merchant, out.id, lambda current: current.whole(parts))
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
