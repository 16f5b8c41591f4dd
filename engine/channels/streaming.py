"""Which answers are streamed, and what becomes of a stream whose message gets no answer (ADR 18).

Never here: the stream of one answer, and how an answer that is whole is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog

from engine.channels.answer_stream import CALL_SECONDS, AnswerStream, Growing
from engine.channels.gateway import OpenLink
from engine.channels.links import ChannelLinks
from engine.channels.streams import StreamsByKind
from engine.domain.channel import ChannelThread, InboundMessage
from engine.errors import NotFound, StoreclerkError
from engine.ports import Clock
from engine.records import Records

__all__ = ["Streaming"]

log = structlog.get_logger("storeclerk.channels")


class Streaming:
    """Streams of the answers that this process makes."""

    def __init__(self, records: Records, links: ChannelLinks, streams: StreamsByKind, clock: Clock) -> None:
        self.records, self.links, self.streams, self.clock = records, links, streams, clock

    @asynccontextmanager
    async def of(self, message: InboundMessage, opened: OpenLink, thread: ChannelThread) -> AsyncIterator[Growing]:
        """The answer to a message, to be told what there is of it; a shopper reads it meanwhile where they can.

        Once the block is left, nothing of the stream is on its way any more.
        """
        growing, streams = Growing(), self.streams.get(opened.kind)
        # Where the message came from: the thread may have moved on meanwhile.
        there = replace(thread, place=message.place, shopper=message.shopper)
        if streams is None or not streams.reaches(opened, there):
            yield growing
            return
        stream = AnswerStream(self.records, self.clock, streams, message, opened, there, growing)
        running = asyncio.create_task(stream.run())
        try:
            yield growing
        except asyncio.CancelledError:
            running.cancel()  # another process has the conversation, and goes on from the row
            raise
        finally:
            growing.over.set()
            await asyncio.gather(running, return_exceptions=True)

    async def drop(self, message: InboundMessage) -> None:
        """Take what was shown of a message's answer off the screen, as it gets none."""
        found = await self.records.outbound.find(message.merchant, message.id)
        if found is None or found.record.status != "making":
            return
        link = await self.records.channel_links.find(message.merchant, message.link)
        streams = None if link is None else self.streams.get(link.record.kind)
        if link is not None and streams is not None and found.record.stream:
            there = ChannelThread(
                message.conversation, message.merchant, message.bot, message.link, message.shopper, dict(message.place)
            )
            try:
                opened = await self.links.open(link.record)
                async with asyncio.timeout(CALL_SECONDS):
                    await streams.take_back(opened, there, found.record.stream)
            except (StoreclerkError, TimeoutError) as error:
                log.warning("stream.left_behind", link=message.link, message=message.id, reason=type(error).__name__)
        with suppress(NotFound):
            await self.records.outbound.delete(message.merchant, message.id)
