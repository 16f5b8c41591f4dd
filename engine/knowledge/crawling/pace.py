"""How fast a website is read: never more requests than were allowed, and fewer when it asks for a rest.

Never here: what is requested.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Collection
from dataclasses import dataclass, field

from engine.knowledge.crawling.state import CrawlState
from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Fetched, FetchSession, SlowDown
from engine.knowledge.limits import CRAWL_CONCURRENCY, GIVE_UP_AFTER, LONGEST_BACK_OFF, RETRY_AFTER_SECONDS

__all__ = ["MOMENTARY", "Hosts", "Pace"]

MOMENTARY = frozenset({"timeout", "server_error", "rate_limited", "unreachable", "dns", "tls"})
"""Failures that may be gone with the next reading: what the page said before is still its word."""
HICCUPS = frozenset({"server_error", "unreachable"})
RETRY_PAUSE = 1.0
FIRST_BACK_OFF = 0.5
LEAST_BACK_OFF = 0.05
STUMBLE = 0.2
TRIES = 3
MOST_WAITED = 900.0
"""Seconds that one crawl spends on pauses a site asks for; then what it refuses is refused."""


@dataclass
class Hosts:
    """When each host may be asked next, for all crawls of this process. Usable from any event loop."""

    next_at: dict[str, float] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def slot(self, host: str, seconds: float) -> float:
        """Take the host's next turn and keep `seconds` after it free; answers how long to wait for it."""
        with self.lock:
            now = time.monotonic()
            if len(self.next_at) > 1000:
                self.next_at = {name: at for name, at in self.next_at.items() if at > now}
            at = max(now, self.next_at.get(host, 0.0))
            self.next_at[host] = at + seconds
            return at - now

    def hold(self, host: str, seconds: float) -> None:
        """Let nobody ask the host for so long."""
        with self.lock:
            self.next_at[host] = max(self.next_at.get(host, 0.0), time.monotonic() + seconds)


class Pace:
    """Lets one crawl's requests through. What a host's answers taught stays in the crawl's state."""

    def __init__(self, hosts: Hosts, state: CrawlState, seconds: float) -> None:
        self.hosts, self.state, self.seconds = hosts, state, seconds
        self.host = state.sites[0]
        self.places = asyncio.Semaphore(CRAWL_CONCURRENCY if seconds <= 0 else 2)

    async def turn(self) -> None:
        """Wait until the next request may go."""
        await asyncio.sleep(self.hosts.slot(self.host, max(self.seconds, self.state.slowness)))

    async def get(
        self, session: FetchSession, url: str, *, types: Collection[str], most: int, etag: str = "", modified: str = ""
    ) -> Fetched:
        """A page, tried again after a server's hiccup or the pause it asks for. Raises Unreadable."""
        async with self.places:
            for left in reversed(range(TRIES)):
                if self.state.strikes >= GIVE_UP_AFTER:
                    raise Unreadable("unreachable", "the website gave no answer many times in a row")
                await self.turn()
                try:
                    fetched = await session.get(url, types=types, most=most, etag=etag, modified=modified)
                except SlowDown as error:
                    self.slow_down(error, last=left == 0)
                except Unreadable as error:
                    self.note(error, last=left < TRIES - 1)
                    await asyncio.sleep(RETRY_PAUSE)
                else:
                    self.calm_down()
                    return fetched
            raise AssertionError("the last try ends in an answer or a failure")

    def slow_down(self, error: SlowDown, *, last: bool) -> None:
        """Give the whole host the rest it asks for. Raises the failure when that is too long, or was in vain."""
        state = self.state
        state.slowness = min(max(2 * state.slowness, self.seconds, FIRST_BACK_OFF), LONGEST_BACK_OFF)
        pause = state.slowness if error.seconds is None else error.seconds
        if last or pause > RETRY_AFTER_SECONDS or state.waited + pause > MOST_WAITED:
            state.strikes += 1
            raise error
        state.waited += pause
        self.hosts.hold(self.host, pause)

    def note(self, error: Unreadable, *, last: bool) -> None:
        """Raises the failure, unless another try may mend it."""
        if error.code not in MOMENTARY:
            self.state.strikes = 0  # an answer, if not the one hoped for
            raise error
        # A server that stumbles may be asked too fast.
        self.state.slowness = max(self.state.slowness, STUMBLE)
        if last or error.code not in HICCUPS:
            self.state.strikes += 1
            raise error

    def calm_down(self) -> None:
        """A good answer: the site may be asked a little faster again."""
        self.state.strikes = 0
        self.state.slowness *= 0.8
        if self.state.slowness < LEAST_BACK_OFF:
            self.state.slowness = 0.0
