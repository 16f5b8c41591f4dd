"""What the shop owner asked a crawl to do.

Never here: how far it has come.
"""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["CrawlPlan"]


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """What the shop owner asked for."""

    start: str
    max_pages: int
    max_depth: int
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    user_agent: str
    pause: float
    """Least seconds between two requests; nothing for a site of the operator's own."""
    language: str = ""
    """The only language to learn, as ISO 639-1 code; every language when empty."""
