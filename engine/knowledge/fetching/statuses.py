"""What a response's status means for reading.

Never here: following redirects.
"""

from __future__ import annotations

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
        wait = headers.get("retry-after", "").strip()
        raise SlowDown("rate_limited" if status == 429 else "server_error", float(wait) if wait.isdigit() else None)
    if status >= 500:
        raise Unreadable("server_error", str(status))
    raise Unreadable("http_error", str(status))
