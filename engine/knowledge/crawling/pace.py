"""How fast a website is read: never more requests than were allowed.

Never here: what is requested.
"""

from __future__ import annotations

import asyncio

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Fetched, FetchSession, SlowDown
from engine.knowledge.limits import CRAWL_CONCURRENCY, RETRY_AFTER_SECONDS

__all__ = ["Pace"]

RETRY_PAUSE = 1.0


class Pace:
    """Lets requests through one after the other, `seconds` apart, or a few at once when that is nothing."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.places = asyncio.Semaphore(CRAWL_CONCURRENCY if seconds <= 0 else 2)
        self.gate = asyncio.Lock()
        self.next_at = 0.0

    async def turn(self) -> None:
        """Wait until the next request may go."""
        if self.seconds <= 0:
            return
        async with self.gate:
            loop = asyncio.get_running_loop()
            await asyncio.sleep(max(0.0, self.next_at - loop.time()))
            self.next_at = loop.time() + self.seconds

    async def get(self, session: FetchSession, url: str) -> Fetched:
        """A page, tried once more after a server's hiccup or when it asks for a short pause. Raises Unreadable."""
        async with self.places:
            await self.turn()
            try:
                return await session.get(url)
            except SlowDown as error:
                if error.seconds is not None and error.seconds > RETRY_AFTER_SECONDS:
                    raise
                pause = RETRY_PAUSE if error.seconds is None else error.seconds
            except Unreadable as error:
                if error.code not in {"server_error", "unreachable"}:
                    raise
                pause = RETRY_PAUSE
            await asyncio.sleep(pause)
            await self.turn()
            return await session.get(url)
