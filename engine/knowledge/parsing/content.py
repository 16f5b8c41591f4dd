"""What a file says, before its language is known.

Never here: reading one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import FILE_TEXT_CHARACTERS

__all__ = ["Content", "check_size", "paged"]


@dataclass(frozen=True, slots=True)
class Content:
    """Title and Markdown of a file; the title is empty when the file has none of its own."""

    title: str
    text: str
    page_starts: tuple[int, ...] = ()
    """Where in `text` each page begins; empty for what has no pages."""
    anchors: dict[str, str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    """Codes of what the shop owner should know, such as `hidden_text`; keys of `failures.REASONS`."""


def paged(title: str, pages: Iterable[str], notes: Iterable[str] = ()) -> Content:
    """Pages put together, a blank line between them; an empty page begins where the next one does."""
    starts: list[int] = []
    parts: list[str] = []
    length = 0
    for page in pages:
        start = length + 2 if parts else 0
        starts.append(start)
        if page:
            parts.append(page)
            length = start + len(page)
    text = "\n\n".join(parts)
    return Content(title, text, tuple(min(start, len(text)) for start in starts), notes=tuple(dict.fromkeys(notes)))


def check_size(characters: int) -> None:
    """Raises Unreadable `too_large` for more text than one file may hold."""
    if characters > FILE_TEXT_CHARACTERS:
        raise Unreadable("too_large", "more text than one file may hold")
