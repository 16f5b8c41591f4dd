"""What a response's status means for reading.

Never here: following redirects.
"""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from engine.knowledge.failures import Unreadable

__all__ = ["SlowDown", "refuse_status"]


class SlowDown(Unreadable):
    """The server asks for a pause of so many seconds."""

    def __init__(self, code: str, seconds: float | None) -> None:
        super().__init__(code)
        self.seconds = seconds


def refuse_status(status: int, headers: dict[str, str]) -> None:
    """Raises Unreadable for everything but a good answer."""
    if status == 200:
        return
    if status in {404, 410}:
        raise Unreadable("not_found")
    if status in {401, 407}:
        raise Unreadable("sign_in_needed")
    if status in {403, 451}:
        raise Unreadable("forbidden")
    if status in {429, 503}:
        raise SlowDown("rate_limited" if status == 429 else "server_error", pause_asked(headers))
    if status >= 500:
        raise Unreadable("server_error", str(status))
    raise Unreadable("http_error", str(status))


def pause_asked(headers: dict[str, str]) -> float | None:
    """Seconds that `Retry-After` asks for, given as a number or as a date beside the server's own `Date`."""
    wait = headers.get("retry-after", "").strip()
    if wait.isdecimal() and len(wait) < 10:
        return float(wait)
    try:
        until, now = (parsedate_to_datetime(value) for value in (wait, headers.get("date", "")))
        return max((with_zone(until) - with_zone(now)).total_seconds(), 0.0)
    except (TypeError, ValueError):
        return None


def with_zone(moment: datetime) -> datetime:
    """A moment of an HTTP header, which is in UTC where it names no zone."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
