"""The work at one conversation: sends what waits, answers what came in, and says why where it cannot.

Never here: who works at it, and when.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from engine.channels.answering import MessageAnswering
from engine.channels.inbox import WORK
from engine.channels.links import ChannelLinks
from engine.channels.sending import Sending
from engine.domain.channel import ChannelLink, ChannelThread, InboundMessage, OutboundMessage
from engine.errors import StoreclerkError, Unavailable
from engine.ports import PLATFORM, Clock
from engine.records import Records

__all__ = ["ConversationWork"]

ATTEMPTS = 5
UNLINKED = "The channel is not linked any more."
PAUSED = "The channel was paused."
FAULT = "It could not be answered because of a fault in Storeclerk ({error}). Try it again."
MOST_ROWS = 500
log = structlog.get_logger("storeclerk.channels")


class ConversationWork:
    """What is done at a conversation by whoever has it."""

    def __init__(
        self,
        records: Records,
        links: ChannelLinks,
        answering: MessageAnswering,
        sending: Sending,
        clock: Clock,
        stopping: asyncio.Event,
        slots: asyncio.Semaphore,
        settle: timedelta,
    ) -> None:
        """Nothing new is begun once `stopping` is set; `slots` bounds how many answers are made at the same time.

        Each message waits so long, from when it came in, for those that should come before it.
        """
        self.records, self.links, self.answering, self.sending = records, links, answering, sending
        self.clock, self.stopping, self.slots, self.settle = clock, stopping, slots, settle

    async def rows(self, conversation: str) -> list[str]:
        """The rows of work of a conversation, as they are now."""
        page = await self.records.store.query(PLATFORM, WORK, {"conversation": conversation}, limit=MOST_ROWS)
        return [row.key for row in page.items]

    async def drop(self, rows: Sequence[str]) -> None:
        """Remove rows of work that is done."""
        for row in rows:
            await self.records.store.delete(PLATFORM, WORK, row)

    async def do(self, thread: ChannelThread) -> datetime | None:
        """Answer and send all that waits; answers when to go on where something has to wait."""
        where: dict[str, str | int | bool] = {"conversation": thread.id, "status": "waiting"}
        waited: set[str] = set()
        while not self.stopping.is_set():
            rows = await self.rows(thread.id)
            for out in await self.records.outbound.list(thread.merchant, where):
                if (again := await self.let_leave(out, thread)) is not None:
                    return again
            waiting = await self.records.inbound.list(thread.merchant, where)
            if not waiting:
                # Listed before the messages were, and a message is kept before its row: none is forgotten by this.
                await self.drop(rows)
                return None
            message = min(waiting, key=lambda message: (message.at, message.received_at))
            if message.not_before is not None and message.not_before > self.clock.now():
                return message.not_before
            left = min(self.settle, message.received_at + self.settle - self.clock.now())
            if left > timedelta(0) and message.id not in waited:
                # It came in while others were answered. Once only: another server's clock may be ahead.
                waited.add(message.id)
                await asyncio.sleep(left.total_seconds())
                continue
            thread = await self.moved(thread, message)
            if (again := await self.take_in(message, thread)) is not None:
                return again
        return None

    async def moved(self, thread: ChannelThread, message: InboundMessage) -> ChannelThread:
        """The thread where the newest message came from."""
        if thread.last_inbound_at is not None and thread.last_inbound_at >= message.at:
            return thread
        return await self.records.channel_threads.change(
            thread.merchant,
            thread.id,
            lambda current: replace(current, place=message.place, last_inbound_at=message.at, shopper=message.shopper),
        )

    async def let_leave(self, out: OutboundMessage, thread: ChannelThread) -> datetime | None:
        """Send an answer that waits; answers when to try again, or None."""
        link = await self.link(out)
        if link is None:
            await self.sending.end(out, "dead", UNLINKED)
            return None
        if link.status != "on":
            await self.sending.stop(out, link, thread, link.problem or PAUSED)
            return None
        try:
            opened = await self.links.open(link)
        except Unavailable as error:
            return await self.sending.hold(out, error.message)
        return await self.sending.send(out, link, opened, thread)

    async def link(self, message: InboundMessage | OutboundMessage) -> ChannelLink | None:
        """The link a message belongs to, unless it was ended."""
        found = await self.records.channel_links.find(message.merchant, message.link)
        return None if found is None else found.record

    async def take_in(self, message: InboundMessage, thread: ChannelThread) -> datetime | None:
        """Answer one message, or say why not; answers when to try again, or None."""
        link = await self.link(message)
        if link is None:
            await self.bury(message, UNLINKED)
            return None
        if link.status != "on":
            await self.bury(message, link.problem or PAUSED)
            return None
        # When it was written, by the platform: from then on the shopper may be written to, however late it came.
        await self.links.seen(link, min(message.at, message.received_at), coming=True)
        try:
            opened = await self.links.open(link)
            await self.answering.gateways[link.kind].working(opened, thread)
            async with self.slots:
                out = await self.answering.answer(message, link, opened, thread)
        except Unavailable as error:
            return await self.later(message, error.message)
        except StoreclerkError as error:
            await self.bury(message, error.message)
            return None
        except Exception as error:
            log.exception("message.broke", link=link.id, kind=link.kind)
            return await self.later(message, FAULT.format(error=type(error).__name__))
        if out is None:
            await self.mark(message, status="read")
            return None
        # With the link as it is now: making the answer took its time.
        return await self.let_leave(out, thread) if out.status == "waiting" else None

    async def later(self, message: InboundMessage, reason: str) -> datetime | None:
        """Try a message again soon, a few times."""
        if message.attempts + 1 >= ATTEMPTS:
            await self.bury(message, reason)
            return None
        again = self.clock.now() + timedelta(seconds=2**message.attempts)
        log.info("message.waits", link=message.link, attempts=message.attempts + 1, reason=reason)
        await self.mark(message, attempts=message.attempts + 1, not_before=again, failure=reason)
        return again

    async def bury(self, message: InboundMessage, reason: str) -> None:
        """End a message without an answer; the merchant is shown it with its reason, and may try it again."""
        log.warning("message.dead", link=message.link, message=message.id, reason=reason)
        await self.answering.streaming.drop(message)
        await self.mark(message, status="dead", failure=reason)

    async def mark(self, message: InboundMessage, **changes: Any) -> None:
        """Change a message's record."""
        await self.records.inbound.change(message.merchant, message.id, lambda current: replace(current, **changes))
