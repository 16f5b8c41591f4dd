"""What a bot knows, as it is looked through: what each reading met, item by item.

Never here: changing anything.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.domain.knowledge import Source
from engine.errors import NotFound
from engine.knowledge.copies import Copies
from engine.knowledge.failures import NOTES, SKIPPED
from engine.knowledge.reading import ReadBatch
from engine.records import Listing

__all__ = ["ReadItem", "items_read"]

MOST_BATCHES = 20


@dataclass(frozen=True, slots=True)
class ReadItem:
    """One page, file or row that a reading met."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    item: str
    """The address, file name or row."""
    title: str
    """Its title, when it was learned."""
    outcome: Literal["learned", "noted", "skipped", "failed"]
    """What became of it: `noted` says something of an item that was learned, `skipped` is as it should be."""
    reason: str
    """Why it was not learned."""
    code: str
    """Stable name of that reason."""


async def items_read(copies: Copies, source: Source, limit: int, cursor: str | None) -> Listing[ReadItem]:
    """What the reading under way has met so far, else what the last one met; newest copy when none is held."""
    last = source.held or source.copy
    run = source.reading or (last.run if last is not None else None)
    if run is None:
        return Listing((), None)
    number, _, place = (cursor or "0:0").partition(":")
    batch, start, found = int(number), int(place or 0), list[ReadItem]()
    for _ in range(MOST_BATCHES):
        try:
            items = items_of(await copies.batch(source, run, batch))
        except NotFound:
            return Listing(tuple(found), None)
        room = limit - len(found)
        found += items[start : start + room]
        if start + room < len(items):
            return Listing(tuple(found), f"{batch}:{start + room}")
        batch, start = batch + 1, 0
        if len(found) >= limit:
            break
    return Listing(tuple(found), f"{batch}:0")


def items_of(batch: ReadBatch) -> list[ReadItem]:
    """The items of a batch: what was learned, then what was not."""
    learned = [ReadItem(d.url or d.title, d.title, "learned", "", "") for d in batch.documents]
    rows = () if batch.documents else batch.products  # a page's products stand on the page
    learned += [ReadItem(row.url or row.sku or row.id, row.title, "learned", "", "") for row in rows]
    missed = [ReadItem(f.item, "", outcome_of(f.code), f.reason, f.code) for f in batch.failures]
    return learned + missed


def outcome_of(code: str) -> Literal["noted", "skipped", "failed"]:
    """What a reason means for its item."""
    return "noted" if code in NOTES else "skipped" if code in SKIPPED else "failed"
