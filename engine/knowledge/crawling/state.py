"""The state of one crawl, kept beside its reading between batches; the cursor only names its generation.

Never here: fetching, or what the pages said.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import zlib
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import urlsplit

from engine.errors import NotFound
from engine.ports import BlobStore

__all__ = ["CrawlState", "CrawlStore", "Target", "mark"]

INDEX_PAGE = re.compile(r"/(index|default)\.(html?|php|aspx?)$", re.I)


@dataclass(frozen=True, slots=True)
class Target:
    """A page that is still to be read."""

    url: str
    depth: int
    language: str = ""
    """What another page says its language is."""


@dataclass(slots=True)
class CrawlState:
    """All that a crawl must remember. Belongs to one batch at a time."""

    sites: list[str]
    """Bare hosts that count as the site."""
    root: str
    queue: list[Target] = field(default_factory=list)
    later: list[Target] = field(default_factory=list)
    """Addresses with a query, days of calendars and files: read when the plain ones are done, so that a trap without
    end keeps nothing else from being learned."""
    seen: set[str] = field(default_factory=set)
    """Marks of every address ever met."""
    digests: dict[str, str] = field(default_factory=dict)
    """Digest of a page's text to the address that has it."""
    lines: dict[str, list[list[Any]]] = field(default_factory=dict)
    """Digest of a title to the pages that bear it, each an address followed by the digests of its lines."""
    visited: dict[str, int] = field(default_factory=dict)
    """Mark of a page to the generation in whose visits it lies."""
    shapes: dict[str, list[int]] = field(default_factory=dict)
    """Shape of addresses to how many of them brought something new, and how many did not."""
    dated: dict[str, int] = field(default_factory=dict)
    """Shape of addresses of days to how many of them were met."""
    skips: dict[str, int] = field(default_factory=dict)
    """Reason of skipped pages to their number."""
    robots: str = ""
    delay: float = 0.0
    done: int = 0
    documents: int = 0
    files: int = 0
    """Linked documents that were met."""
    strikes: int = 0
    """Requests in a row that failed for the moment."""
    slowness: float = 0.0
    """Seconds between requests that the site's own answers made us keep."""
    waited: float = 0.0
    """Seconds spent because the site asked for a pause."""
    everything: bool = False
    """Whether `noindex` says nothing here: a shop that is not open yet bears it on every page."""
    overfull: bool = False
    """Whether addresses were met that could not be remembered."""

    @property
    def waiting(self) -> int:
        """How many pages are still to be read."""
        return len(self.queue) + len(self.later)


def mark(url: str) -> str:
    """A short stand-in for an address: the same for http and https, with and without www, slash or index page."""
    parts = urlsplit(url)
    path = INDEX_PAGE.sub("/", parts.path).rstrip("/")
    host = parts.netloc.removeprefix("www.")
    return hashlib.blake2b(f"{host}{path}?{parts.query}".encode(), digest_size=8).hexdigest()


class CrawlStore:
    """Loads and saves the states of one reading, below the place that is given to it."""

    def __init__(self, blobs: BlobStore, place: str) -> None:
        self.blobs, self.place = blobs, place

    def name(self, generation: int) -> str:
        """The blob of one state."""
        return f"{self.place}state/{generation:06d}.json.z"

    async def clear(self) -> None:
        """Begin anew: forget what an attempt that broke off at its beginning left here."""
        await self.blobs.delete(self.place)

    async def load(self, cursor: str) -> tuple[int, CrawlState]:
        """(generation, state) that a cursor names. Raises NotFound when it is gone."""
        generation = int(json.loads(cursor)["generation"])
        packed = await self.blobs.get(self.name(generation))
        if packed is None:
            raise NotFound(
                "What was noted of this reading is gone, so it cannot go on; read the website again.", code="crawl_lost"
            )
        return generation, await asyncio.to_thread(unpack, packed)

    async def save(self, generation: int, state: CrawlState) -> str:
        """Keep a state and name it; the one before stays, so that its cursor can be read again."""
        await self.blobs.put(self.name(generation), await asyncio.to_thread(pack, state))
        if generation > 2:
            await self.blobs.delete(self.name(generation - 2))
        return json.dumps({"generation": generation})

    async def visited(self) -> dict[str, int]:
        """Where the visits of a finished reading lie; nothing when it was none of ours."""
        names = await self.blobs.names(f"{self.place}state/")
        packed = await self.blobs.get(names[-1]) if names else None
        return {} if packed is None else (await asyncio.to_thread(unpack, packed)).visited


def pack(state: CrawlState) -> bytes:
    """A state as bytes."""
    fields = asdict(state)
    fields["seen"] = sorted(state.seen)
    return zlib.compress(json.dumps(fields).encode(), 1)


def unpack(packed: bytes) -> CrawlState:
    """A state from its bytes."""
    fields = json.loads(zlib.decompress(packed))
    queue, later = ([Target(**target) for target in fields.pop(name)] for name in ("queue", "later"))
    return CrawlState(queue=queue, later=later, seen=set(fields.pop("seen")), **fields)
