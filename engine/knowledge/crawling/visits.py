"""What each page said when it was last fetched: a reading keeps it for the next one, which then asks only for changes.

Never here: where a crawl stands.
"""

from __future__ import annotations

import asyncio
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.knowledge.crawling.state import CrawlStore, mark
from engine.knowledge.pages.page import ParsedPage
from engine.ports import BlobStore
from engine.records import adapter

__all__ = ["Visit", "Visits"]


@dataclass(frozen=True, slots=True)
class Visit:
    """One page as it was found."""

    asked: str
    """The address that was asked for."""
    url: str
    """Where it was found in the end."""
    at: datetime
    """When the website last confirmed it."""
    page: ParsedPage
    etag: str = ""
    modified: str = ""


class Visits:
    """The visits of one reading, a blob for each batch, and those of the last good one."""

    def __init__(self, blobs: BlobStore, place: str, previous: str | None) -> None:
        self.blobs, self.place, self.previous = blobs, place, previous

    @staticmethod
    def name(place: str, generation: int) -> str:
        """The blob of one batch's visits."""
        return f"{place}visits/{generation:06d}.json.z"

    async def keep(self, generation: int, visits: Iterable[Visit]) -> None:
        """Keep the visits of a batch; the same generation replaces."""
        content = await asyncio.to_thread(pack, tuple(visits))
        await self.blobs.put(self.name(self.place, generation), content)

    async def before(self, urls: Iterable[str]) -> dict[str, Visit]:
        """The last good reading's visits to `urls`, by the mark of their address. Holds one batch at a time."""
        if self.previous is None:
            return {}
        visited = await CrawlStore(self.blobs, self.previous).visited()
        wanted = {mark(url) for url in urls}
        found: dict[str, Visit] = {}
        for generation in sorted({visited[name] for name in wanted if name in visited}):
            packed = await self.blobs.get(self.name(self.previous, generation))
            visits: tuple[Visit, ...] = await asyncio.to_thread(unpack, packed) if packed else ()
            found |= {name: visit for visit in visits if (name := mark(visit.asked)) in wanted}
        return found


def pack(visits: tuple[Visit, ...]) -> bytes:
    """Visits as bytes."""
    return zlib.compress(adapter(tuple[Visit, ...]).dump_json(visits), 1)


def unpack(packed: bytes) -> tuple[Visit, ...]:
    """Visits from their bytes."""
    found: tuple[Visit, ...] = adapter(tuple[Visit, ...]).validate_json(zlib.decompress(packed))
    return found
