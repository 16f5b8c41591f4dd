"""One-time tickets: how a script hands the browser a session without showing it to the page.

Never here: HTTP or Streamlit. A script puts the session token in, our own route takes it out once.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

__all__ = ["LIFE_SECONDS", "Tickets", "tickets"]

LIFE_SECONDS = 60.0


@dataclass(slots=True)
class Tickets:
    """Session tokens waiting to be fetched. Kept in this process: script and route always share one."""

    clock: Callable[[], float] = time.monotonic
    waiting: dict[str, tuple[str, float]] = field(default_factory=dict)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def issue(self, session_token: str) -> str:
        """A ticket good for one use within a minute."""
        ticket = secrets.token_urlsafe(32)
        now = self.clock()
        with self.lock:
            self.waiting = {name: kept for name, kept in self.waiting.items() if kept[1] > now}
            self.waiting[ticket] = (session_token, now + LIFE_SECONDS)
        return ticket

    def redeem(self, ticket: str) -> str | None:
        """The session token of a ticket, once; None when it is unknown, used or too old."""
        with self.lock:
            session_token, expires = self.waiting.pop(ticket, ("", 0.0))
        return session_token if expires > self.clock() else None


@cache
def tickets() -> Tickets:
    """The tickets of this process."""
    return Tickets()
