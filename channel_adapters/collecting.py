"""Looks into places that nobody calls from, such as mailboxes: every so often, one process at a time.

Never here: how any one channel is read.
"""

from __future__ import annotations

import asyncio
from contextlib import aclosing, suppress
from dataclasses import replace
from datetime import timedelta

import structlog

from channel_adapters.channel import COLLECTING, Collects
from channel_adapters.hooks import ChannelDesk, take, usable
from engine.channels.gateway import ConnectionBroken, DeliveryFailed, OpenLink
from engine.channels.memory import LinkMemory
from engine.domain.channel import ChannelLink, Finding
from engine.errors import NotFound, StoreclerkError

__all__ = ["Collecting"]

LOOK_SECONDS = 100.0
"""A look is cut off after that; the next one goes on."""
AT_ONCE = 4
LONGEST_PAUSE = timedelta(minutes=15)
"""Between two looks at a place that cannot be reached."""
MOST_DOUBLED = 10
EARLIER = 0.9
"""Part of the pause after which another look may begin: two clocks that tick alike would miss each other."""
STOP_SECONDS = 10.0
TOLD_AFTER = 3
"""Failed looks in a row after which the merchant is shown why; one alone is no news."""
FETCHING = "fetching"
SLOW = "The mailbox answers so slowly that reading it was broken off."
AGAIN = "It is tried again by itself, at the latest every 15 minutes. Press Look now to find out more."
log = structlog.get_logger("storeclerk.channels")


class Collecting:
    """The looks of one process."""

    def __init__(self, desk: ChannelDesk, memory: LinkMemory, every: timedelta, lease: timedelta) -> None:
        """`every` is the pause between two looks; a process that died keeps others from a link for `lease`."""
        self.desk, self.memory, self.every, self.lease = desk, memory, every, lease
        self.stopping = asyncio.Event()
        self.slots = asyncio.Semaphore(AT_ONCE)
        self.looks: dict[str, asyncio.Task[None]] = {}
        self.failures: dict[str, int] = {}
        self.ticker: asyncio.Task[None] | None = None

    async def open(self) -> None:
        """Begin."""
        self.ticker = asyncio.create_task(self.keep_looking())

    async def close(self) -> None:
        """Stop: a look that goes on is given a moment; what it has not acknowledged is found again."""
        self.stopping.set()
        tasks = [task for task in (self.ticker, *self.looks.values()) if task is not None]
        if tasks:
            await asyncio.wait(tasks, timeout=STOP_SECONDS)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def keep_looking(self) -> None:
        """Begin looks again and again."""
        while not self.stopping.is_set():
            try:
                await self.begin_looks()
            except Exception:
                log.exception("channels.collecting_broke")
            with suppress(TimeoutError):
                await asyncio.wait_for(self.stopping.wait(), self.every.total_seconds())

    async def begin_looks(self) -> None:
        """Begin a look at every link that speaks, unless this process is at it."""
        for kind, channel in self.desk.channels.items():
            if isinstance(channel, Collects):
                async for link in self.desk.links.every(kind):
                    if link.status == "on" and link.id not in self.looks:
                        self.looks[link.id] = asyncio.create_task(self.look(channel, link))

    async def look(self, channel: Collects, link: ChannelLink) -> None:
        """Look at one link, when no other process does and it is time."""
        try:
            async with self.slots:
                # As it is now: while this waited for its turn it may have been paused, or filled in anew.
                link = await self.desk.links.by_id(link.kind, link.id)
                if link.status != "on":
                    return
                opened = await self.desk.links.open(link)
                if not self.stopping.is_set() and await self.memory.claim(opened, COLLECTING, self.lease):
                    await self.look_and_hold(channel, link, opened)
        except StoreclerkError as error:
            log.warning("link.not_looked_at", link=link.id, kind=link.kind, reason=error.message)
        except Exception:
            log.exception("link.look_broke", link=link.id, kind=link.kind)
        finally:
            self.looks.pop(link.id, None)

    async def look_and_hold(self, channel: Collects, link: ChannelLink, opened: OpenLink) -> None:
        """Look, and keep everybody from the next look until it is time; longer each time that it fails."""
        failed = True
        keeper = asyncio.create_task(self.keep(opened))
        try:
            async with asyncio.timeout(LOOK_SECONDS):
                await self.take_all(channel, link, opened)
            failed = False
            if any(one.name == FETCHING for one in link.findings):
                await self.tell(link, None)
        except ConnectionBroken as error:
            log.warning("link.broken", link=link.id, kind=link.kind, reason=error.message)
            with suppress(NotFound):
                await self.desk.links.refused(link, error.message)
        except DeliveryFailed as error:
            await self.failed(link, error.message)
        except TimeoutError:
            await self.failed(link, SLOW)
        finally:
            keeper.cancel()
            await asyncio.gather(keeper, return_exceptions=True)
            pause = self.every * EARLIER
            failures = self.failures.pop(link.id, 0)
            if failed:
                self.failures[link.id] = failures = min(failures + 1, MOST_DOUBLED)
                pause = min(pause * 2**failures, LONGEST_PAUSE)
            await self.memory.hold(opened, COLLECTING, self.desk.clock.now() + pause)

    async def failed(self, link: ChannelLink, problem: str) -> None:
        """Note that a look came to nothing; the merchant is told once it did so a few times in a row."""
        log.warning("link.not_looked_at", link=link.id, kind=link.kind, reason=problem)
        if self.failures.get(link.id, 0) + 1 == TOLD_AFTER:
            await self.tell(link, Finding(FETCHING, "bad", problem, "unreachable", AGAIN))

    async def tell(self, link: ChannelLink, trouble: Finding | None) -> None:
        """Show with the link that nothing is fetched, or that it is again."""
        now = self.desk.clock.now()

        def noted(current: ChannelLink) -> ChannelLink:
            others = tuple(one for one in current.findings if one.name != FETCHING)
            return replace(current, findings=others if trouble is None else (trouble, *others), checked_at=now)

        with suppress(NotFound):
            await self.desk.links.change(link, noted)

    async def keep(self, opened: OpenLink) -> None:
        """Renew the claim while a look goes on."""
        while True:
            await asyncio.sleep(self.lease.total_seconds() / 3)
            try:
                await self.memory.hold(opened, COLLECTING, self.desk.clock.now() + self.lease)
            except StoreclerkError as error:
                log.warning("lease.not_renewed", link=opened.id, reason=error.message)  # the next one may be

    async def take_all(self, channel: Collects, link: ChannelLink, opened: OpenLink) -> None:
        """Keep what is found, one lot after another: going on is what acknowledges it."""
        async with aclosing(channel.collect(opened, self.desk.clock.now())) as found:
            async for heard in found:
                await take(self.desk, link, usable(opened, heard))
