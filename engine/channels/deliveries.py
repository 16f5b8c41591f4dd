"""Works at what came in: one conversation at a time each, in the order of the platform's times, many at once.

Any process may work at any conversation; a lease on its thread says who does. A process that dies leaves its lease to
run out and its work in the store, where another one finds it. Not a job queue: a queue orders by arrival, and a retry
of the platform may arrive before what it follows; here a short wait and the platform's times decide (ADR 16).
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog

from engine.channels.answering import MessageAnswering
from engine.channels.conversation_work import ConversationWork
from engine.channels.inbox import WORK
from engine.channels.leases import Leases
from engine.channels.links import ChannelLinks
from engine.channels.retention import Retention
from engine.channels.sending import Sending
from engine.ports import PLATFORM, Clock, Identifiers
from engine.records import Records

__all__ = ["Deliveries", "DeliveryRules"]

OTHERS_WORK = timedelta(milliseconds=250)
"""Pause before looking again at a conversation that another process works at."""
STOP_SECONDS = 30.0
"""A message that is leaving is given so long when a process ends: a call to a vendor is cut off before."""
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
        self.records, self.clock, self.rules = records, clock, rules
        self.leases = Leases(records, clock, identifiers.new("worker"), rules.lease)
        self.retention = Retention(records, clock)
        self.stopping = asyncio.Event()
        self.works = ConversationWork(
            records, links, answering, sending, clock, self.stopping, asyncio.Semaphore(rules.at_once), rules.settle
        )
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
        rows = await self.works.rows(owned[1])
        thread = await self.leases.take(*owned)
        if thread is None:
            await self.works.drop(rows)  # its messages were forgotten, or its bot was removed
            return None
        if thread.worker != self.leases.worker:
            return self.clock.now() + OTHERS_WORK
        work = asyncio.create_task(self.works.do(thread))
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
