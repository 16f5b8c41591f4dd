"""The state of one crawl, kept in the blob store between batches; the cursor only names its generation.

Never here: fetching.
"""

from __future__ import annotations

import hashlib
import json
import re
import zlib
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from engine.domain.knowledge import Source
from engine.errors import Unavailable
from engine.ports import BlobStore

__all__ = ["CrawlState", "CrawlStore", "Target", "mark"]

STAMP = "%Y%m%dT%H%M%S%f"
INDEX_PAGE = re.compile(r"/(index|default)\.(html?|php|aspx?)$", re.I)
OLD = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class Target:
    """A page that is still to be read."""

    url: str
    depth: int


@dataclass(slots=True)
class CrawlState:
    """All that a crawl must remember. Belongs to one batch at a time."""

    sites: list[str]
    """Bare hosts that count as the site."""
    root: str
    queue: list[Target] = field(default_factory=list)
    seen: set[str] = field(default_factory=set)
    """Marks of every address ever put into the queue."""
    digests: dict[str, str] = field(default_factory=dict)
    """Digest of a page's text to the address that has it."""
    robots: str = ""
    delay: float = 0.0
    done: int = 0
    documents: int = 0
    refused: int = 0
    """Pages that robots.txt kept back, as far as they were reported."""


def mark(url: str) -> str:
    """A short stand-in for an address: the same for http and https, with and without www, slash or index page."""
    parts = urlsplit(url)
    path = INDEX_PAGE.sub("/", parts.path).rstrip("/")
    host = parts.netloc.removeprefix("www.")
    return hashlib.blake2b(f"{host}{path}?{parts.query}".encode(), digest_size=8).hexdigest()


class CrawlStore:
    """Loads and saves states of one source's crawls."""

    def __init__(self, blobs: BlobStore, source: Source) -> None:
        self.blobs = blobs
        self.prefix = f"{source.merchant}/{source.bot}/crawl/{source.id}/"

    def name(self, run: str, generation: int) -> str:
        """The blob of one state."""
        return f"{self.prefix}{run}/{generation:06d}.json.z"

    async def begin(self, now: datetime) -> str:
        """A name for a new run; forgets runs that nobody can still be at."""
        limit = (now - OLD).strftime(STAMP)
        for name in await self.blobs.names(self.prefix):
            if name.removeprefix(self.prefix).split("/")[0] < limit:
                await self.blobs.delete(name)
        return now.strftime(STAMP)

    async def load(self, cursor: str) -> tuple[str, int, CrawlState]:
        """(run, generation, state) that a cursor names. Raises Unavailable when it is gone."""
        position = json.loads(cursor)
        run, generation = str(position["run"]), int(position["generation"])
        packed = await self.blobs.get(self.name(run, generation))
        if packed is None:
            raise Unavailable("the state of this crawl is gone; start reading the website again")
        fields = json.loads(zlib.decompress(packed))
        queue = [Target(url, depth) for url, depth in fields.pop("queue")]
        return run, generation, CrawlState(queue=queue, seen=set(fields.pop("seen")), **fields)

    async def save(self, run: str, generation: int, state: CrawlState) -> str:
        """Keep a state and name it; the one before stays, so that its cursor can be read again."""
        fields = asdict(state)
        fields["queue"] = [[target.url, target.depth] for target in state.queue]
        fields["seen"] = sorted(state.seen)
        await self.blobs.put(self.name(run, generation), zlib.compress(json.dumps(fields).encode(), 1))
        if generation > 2:
            await self.blobs.delete(self.name(run, generation - 2))
        return json.dumps({"run": run, "generation": generation})
