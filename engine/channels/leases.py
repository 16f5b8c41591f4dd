"""Who works at a conversation: one process at a time, whose right ends by itself when it dies.

Never here: the work.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import structlog

from engine.domain.channel import ChannelThread
from engine.errors import AlreadyExists, NotFound, StoreclerkError
from engine.ports import Clock
from engine.records import Records

__all__ = ["Leases"]

log = structlog.get_logger("storeclerk.channels")


class Leases:
    """The rights of one process."""

    def __init__(self, records: Records, clock: Clock, worker: str, lasting: timedelta) -> None:
        self.records, self.clock, self.worker, self.lasting = records, clock, worker, lasting

    async def take(self, merchant: str, conversation: str) -> ChannelThread | None:
        """The conversation's thread, this process's unless another one works at it; None when nothing came in yet."""
        if await self.records.channel_threads.find(merchant, conversation) is None:
            page = await self.records.inbound.page(merchant, {"conversation": conversation}, limit=1)
            if not page.items:
                return None
            first = page.items[0]
            thread = ChannelThread(conversation, merchant, first.bot, first.link, first.shopper, dict(first.place))
            with suppress(AlreadyExists):
                await self.records.channel_threads.add(merchant, conversation, thread)
        now = self.clock.now()

        def taken(current: ChannelThread) -> ChannelThread:
            free = current.is_free(self.worker, now)
            return current.taken(self.worker, now, self.lasting) if free else current

        return await self.records.channel_threads.change(merchant, conversation, taken)

    async def keep(self, thread: ChannelThread, work: asyncio.Task[object]) -> None:
        """Renew the right while the work goes on; without it the work is cancelled, as another process begins."""
        while not work.done():
            await asyncio.sleep(self.lasting.total_seconds() / 3)
            try:
                held = await self.take(thread.merchant, thread.id)
            except StoreclerkError as error:
                log.warning("lease.not_renewed", conversation=thread.id, reason=error.message)
                held = None
            if held is None or held.worker != self.worker:
                work.cancel()
                return

    async def release(self, thread: ChannelThread) -> None:
        """Let others work at the conversation."""
        with suppress(NotFound):
            await self.records.channel_threads.change(
                thread.merchant,
                thread.id,
                lambda current: current.released() if current.worker == self.worker else current,
            )
