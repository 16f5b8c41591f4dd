"""Works at what came in: one conversation at a time each, in the order of the platform's times, many at once.

Any process may work at any conversation; a lease on its thread says who does. A process that dies leaves its lease to
run out and its work in the store, where another one finds it. Not a job queue: a queue orders by arrival, and a retry
of the platform may arrive before what it follows; here a short wait and the platform's times decide (ADR 16).
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import structlog

from engine.channels.answering import MessageAnswering
from engine.channels.inbox import WORK
from engine.channels.leases import Leases
from engine.channels.links import ChannelLinks
from engine.channels.retention import Retention
from engine.channels.sending import Sending
from engine.domain.channel import ChannelLink, ChannelThread, InboundMessage, OutboundMessage
from engine.errors import StoreclerkError, Unavailable
from engine.ports import PLATFORM, Clock, Identifiers
from engine.records import Records

__all__ = ["Deliveries", "DeliveryRules"]

ATTEMPTS = 5
OTHERS_WORK = timedelta(milliseconds=250)
"""Pause before looking again at a conversation that another process works at."""
UNLINKED = "The channel is not linked any more."
PAUSED = "The channel was paused."
STOP_SECONDS = 30.0
"""A message that is leaving is given so long when a process ends: a call to a vendor is cut off before."""
FAULT = "It could not be answered because of a fault in Storeclerk ({error}). Try it again."
SWEPT = 500
Owned = tuple[str, str]
"""(merchant, conversation)."""
log = structlog.get_logger("storeclerk.channels")


@dataclass(frozen=True, slots=True)
class DeliveryRules:
    """How the work is done."""

    at_once: int = 4
    """Messages answered at the same time in this process; sending waits for vendors, and takes no place."""
    settle: timedelta = timedelta(milliseconds=300)
    """Wait after the newest message for those that should come before it."""
    lease: timedelta = timedelta(seconds=20)
    """How long a process that died keeps others from its conversations."""
    sweep: timedelta = timedelta(seconds=5)
    """Pause between two looks for work that nobody was told of."""


class Deliveries:
    """The workers of one process."""

    def __init__(
        self,
        records: Records,
        links: ChannelLinks,
        answering: MessageAnswering,
        sending: Sending,
        clock: Clock,
        identifiers: Identifiers,
        rules: DeliveryRules,
    ) -> None:
        self.records, self.links, self.answering, self.sending = records, links, answering, sending
        self.clock, self.rules = clock, rules
        self.leases = Leases(records, clock, identifiers.new("worker"), rules.lease)
        self.retention = Retention(records, clock)
        self.stopping = asyncio.Event()
        self.slots = asyncio.Semaphore(rules.at_once)
        self.running: dict[Owned, asyncio.Task[None]] = {}
        self.told: set[Owned] = set()
        self.sweeper: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin: what waits from before is found."""
        self.sweeper = asyncio.create_task(self.keep_sweeping())

    async def close(self) -> None:
        """Stop: nothing new is begun, what is leaving leaves, and the next process finds the rest."""
        self.stopping.set()
        tasks = [task for task in (self.sweeper, *self.running.values()) if task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def pause(self, seconds: float) -> None:
        """Wait, unless this process is about to end."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.stopping.wait(), max(0.0, seconds))

    def wake(self, merchant: str, conversation: str) -> None:
        """Let a worker look at a conversation soon."""
        owned = (merchant, conversation)
        self.told.add(owned)
        if owned not in self.running:
            task = asyncio.create_task(self.run(owned))
            self.running[owned] = task

    async def keep_sweeping(self) -> None:
        """Look again and again for work that nobody was told of; once a day, forget old rows."""
        while not self.stopping.is_set():
            try:
                await self.sweep()
                await self.retention.daily()
            except Exception:
                log.exception("channels.sweep_broke")
            await self.pause(self.rules.sweep.total_seconds())

    async def sweep(self) -> int:
        """Wake all conversations that have work; answers how many there were."""
        found: set[Owned] = set()
        cursor: str | None = None
        while True:
            page = await self.records.store.query(PLATFORM, WORK, {}, limit=SWEPT, cursor=cursor)
            found |= {(str(item.body["merchant"]), str(item.body["conversation"])) for item in page.items}
            cursor = page.cursor
            if cursor is None:
                break
        for owned in found:
            if owned not in self.running:
                self.wake(*owned)
        return len(found)

    async def run(self, owned: Owned) -> None:
        """Work at a conversation until nothing is left to do."""
        try:
            while owned in self.told and not self.stopping.is_set():
                self.told.discard(owned)
                # What was sent earlier may arrive later: a moment's wait lets it come first.
                await self.pause(self.rules.settle.total_seconds())
                again = await self.once(owned)
                if again is not None:
                    await self.pause((again - self.clock.now()).total_seconds())
                    self.told.add(owned)
        except Exception:
            # The sweep finds it again.
            log.exception("conversation.broke", conversation=owned[1])
        finally:
            self.running.pop(owned, None)

    async def once(self, owned: Owned) -> datetime | None:
        """Work at a conversation while it is this process's; answers when to look again, or None."""
        rows = await self.rows(owned[1])
        thread = await self.leases.take(*owned)
        if thread is None:
            await self.drop(rows)  # its messages were forgotten, or its bot was removed
            return None
        if thread.worker != self.leases.worker:
            return self.clock.now() + OTHERS_WORK
        work = asyncio.create_task(self.work(thread))
        keeper = asyncio.create_task(self.leases.keep(thread, work))
        try:
            await asyncio.wait({work})
            # Cancelled by its keeper: another process has the conversation.
            return self.clock.now() + OTHERS_WORK if work.cancelled() else work.result()
        finally:
            keeper.cancel()
            work.cancel()
            await asyncio.gather(work, return_exceptions=True)
            await self.leases.release(thread)

    async def rows(self, conversation: str) -> list[str]:
        """The rows of work of a conversation, as they are now."""
        page = await self.records.store.query(PLATFORM, WORK, {"conversation": conversation}, limit=SWEPT)
        return [row.key for row in page.items]

    async def drop(self, rows: Sequence[str]) -> None:
        """Remove rows of work that is done."""
        for row in rows:
            await self.records.store.delete(PLATFORM, WORK, row)

    async def work(self, thread: ChannelThread) -> datetime | None:
        """Answer and send all that waits; answers when to go on where something has to wait."""
        where: dict[str, str | int | bool] = {"conversation": thread.id, "status": "waiting"}
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
