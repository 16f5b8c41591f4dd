"""A feed brought into a temporary file: from the blob store, or from its address, unpacked, and never held in memory.

Never here: what is in it.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
import tempfile
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from engine.errors import NotFound
from engine.knowledge.catalogue.limits import DOWNLOAD_SECONDS, FEED_BYTES, MOST_PAGES_OF_PRODUCTS
from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Fetcher, FetchSession
from engine.knowledge.limits import EXPANSION_RATIO, EXPANSION_START_BYTES
from engine.ports import BlobStore

__all__ = ["Spool", "fetch_into", "fill_from_blob", "spooled", "unpacked"]

STEP = 1 << 20
PAGE_SIZE = 250  # the most that Shopify answers at once


@dataclass(slots=True)
class Spool:
    """A temporary file and what is known of it."""

    file: Any
    """Open for writing bytes."""
    path: Path
    size: int = 0
    digest: str = ""
    """SHA-256 of what was put in."""
    etag: str = ""
    modified: str = ""
    address: str = ""
    """Where it came from in the end."""
    unchanged: bool = False
    sum: Any = field(default_factory=hashlib.sha256)

    def add(self, piece: bytes) -> None:
        """Put a piece in. Raises Unreadable `too_large`."""
        self.size += len(piece)
        if self.size > FEED_BYTES:
            raise Unreadable("too_large", f"more than {FEED_BYTES // 1_000_000} MB")
        self.file.write(piece)
        self.sum.update(piece)

    def finish(self) -> None:
        """No more pieces come."""
        self.file.flush()
        self.digest = self.sum.hexdigest()


@asynccontextmanager
async def spooled() -> AsyncIterator[Spool]:
    """An empty file that is gone afterwards."""
    with await asyncio.to_thread(tempfile.NamedTemporaryFile, prefix="feed-") as file:
        yield Spool(file, Path(file.name))


async def fill_from_blob(spool: Spool, blobs: BlobStore, name: str) -> None:
    """Put a stored file in. Raises Unreadable `missing`."""
    try:
        async for piece in blobs.read(name):
            await asyncio.to_thread(spool.add, piece)
    except NotFound as error:
        raise Unreadable("missing") from error
    await asyncio.to_thread(spool.finish)


async def fetch_into(spool: Spool, fetcher: Fetcher, url: str, etag: str = "", modified: str = "") -> None:
    """Put in what stands at `url`; when the server says that it is unchanged, nothing. Raises Unreadable."""
    async with fetcher.session() as session:
        if re.search(r"/products\.json$", urlsplit(url).path):
            await fetch_pages(spool, session, url)
        else:
            got = await session.download(
                url, spool.add, most=FEED_BYTES, seconds=DOWNLOAD_SECONDS, etag=etag, modified=modified
            )
            spool.etag, spool.modified, spool.unchanged, spool.address = got.etag, got.modified, got.unchanged, got.url
    await asyncio.to_thread(spool.finish)


async def fetch_pages(spool: Spool, session: FetchSession, url: str) -> None:
    """Put in every page of Shopify's `products.json`, one JSON text after the other."""
    parts, spool.address = urlsplit(url), url
    asked = {name: value for name, value in parse_qsl(parts.query) if name not in {"limit", "page"}}
    for page in range(1, MOST_PAGES_OF_PRODUCTS + 1):
        query = urlencode({**asked, "limit": PAGE_SIZE, "page": page})
        before = spool.size
        await session.download(
            parts._replace(query=query).geturl(), spool.add, most=FEED_BYTES, seconds=DOWNLOAD_SECONDS
        )
        spool.add(b"\n")
        if spool.size - before < 40:  # {"products":[]}
            return


async def unpacked(spool: Spool, into: Spool) -> Spool:
    """The spool that holds the feed: `spool`, or `into` with what a gzip file unpacks to. Raises Unreadable."""
    return into if await asyncio.to_thread(unpack, spool, into) else spool


def unpack(spool: Spool, into: Spool) -> bool:
    """Unpack when there is something to unpack."""
    with spool.path.open("rb") as packed:
        if packed.read(2) != b"\x1f\x8b":
            return False
        packed.seek(0)
        unpacker, taken = zlib.decompressobj(31), 0
        while piece := packed.read(STEP):
            taken += len(piece)
            try:
                while piece and not unpacker.eof:
                    into.add(unpacker.decompress(piece, STEP))
                    piece = unpacker.unconsumed_tail
                    if into.size > max(EXPANSION_START_BYTES, EXPANSION_RATIO * taken):
                        raise Unreadable("decompression_bomb")
            except zlib.error as error:
                raise Unreadable("damaged", "its packing is broken") from error
        if not unpacker.eof:
            raise Unreadable("damaged", "its end is missing")
    into.finish()
    into.address = spool.address
    return True
