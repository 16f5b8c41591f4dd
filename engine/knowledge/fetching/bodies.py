"""Reading a response's body with caps that count what it unpacks to.

Never here: deciding which caps apply.
"""

from __future__ import annotations

import zlib
from collections.abc import AsyncIterable, Callable

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import EXPANSION_RATIO, EXPANSION_START_BYTES

__all__ = ["GzipSieve", "read_body"]

STEP = 256 * 1024
WINDOW_BITS = {"gzip": 31, "x-gzip": 31, "deflate": 15}


class Meter:
    """Counts bytes in and out, and stops what grows beyond its limits."""

    def __init__(self, most: int, keep: Callable[[bytes], object] | None = None) -> None:
        """`keep` is given each piece; without it the pieces are held here."""
        self.most = most
        self.packed = 0
        self.chunks: list[bytes] = []
        self.keep = keep or self.chunks.append
        self.size = 0

    def add(self, chunk: bytes, *, packed: bool) -> None:
        """Keep `chunk`. Raises Unreadable `decompression_bomb` or `too_large`."""
        self.size += len(chunk)
        if packed and self.size > EXPANSION_START_BYTES and self.size > EXPANSION_RATIO * max(self.packed, 1):
            raise Unreadable("decompression_bomb")
        if self.size > self.most:
            raise Unreadable("too_large", f"more than {self.most // 1_000_000 or 1} MB")
        self.keep(chunk)


async def read_body(
    stream: AsyncIterable[bytes], encoding: str, most: int, keep: Callable[[bytes], object] | None = None
) -> bytes:
    """The unpacked body, at most `most` bytes; nothing when `keep` takes its pieces.

    Raises Unreadable `too_large`, `decompression_bomb` or `unparsable` (an encoding that was not offered).
    """
    meter = Meter(most, keep)
    unpacker = None
    if encoding not in {"", "identity"}:
        if encoding not in WINDOW_BITS:
            raise Unreadable("unparsable", f"it is packed with {encoding!r}, which was not asked for")
        unpacker = zlib.decompressobj(WINDOW_BITS[encoding])
    async for chunk in stream:
        meter.packed += len(chunk)
        if unpacker is None:
            meter.add(chunk, packed=False)
        else:
            unpack(unpacker, chunk, meter)
    return b"".join(meter.chunks)


def unpack(unpacker: zlib._Decompress, chunk: bytes, meter: Meter) -> None:
    """Unpack `chunk` in bounded steps, so that a bomb is met before it fills the memory."""
    rest = chunk
    try:
        while rest and not unpacker.eof:
            meter.add(unpacker.decompress(rest, STEP), packed=True)
            rest = unpacker.unconsumed_tail
    except zlib.error as error:
        raise Unreadable("damaged", "its packing is broken") from error


class GzipSieve:
    """Takes a file piece by piece and unpacks it on the way when it is gzip by its first bytes."""

    def __init__(self, most: int) -> None:
        """`most` counts what it unpacks to."""
        self.meter = Meter(most)
        self.unpacker: zlib._Decompress | None = None

    def add(self, chunk: bytes) -> None:
        """Take a piece. Raises Unreadable `decompression_bomb`, `too_large` or `damaged`."""
        if not self.meter.packed and chunk.startswith(b"\x1f\x8b"):
            self.unpacker = zlib.decompressobj(31)
        self.meter.packed += len(chunk)
        if self.unpacker is None:
            self.meter.add(chunk, packed=False)
        else:
            unpack(self.unpacker, chunk, self.meter)

    def content(self) -> bytes:
        """All of it, unpacked."""
        return b"".join(self.meter.chunks)
