"""Writes a portable file part by part, with the size and hash of each.

Never here: what goes into a part.
"""

from __future__ import annotations

import asyncio
import hashlib
import zipfile
from collections.abc import AsyncIterable, AsyncIterator, Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.records import adapter
from engine.release.bundle import MANIFEST, Manifest, Part

__all__ = ["BundleWriter", "json_line", "pieces"]

PIECE = 1 << 20


def json_line(kind: type[Any], record: Any) -> bytes:
    """A record as one line of JSON."""
    return bytes(adapter(kind).dump_json(record)) + b"\n"  # type: ignore[arg-type]


async def pieces(lines: AsyncIterable[bytes]) -> AsyncIterator[bytes]:
    """Lines gathered into pieces of about a megabyte, so that a thread is asked once for many."""
    waiting: list[bytes] = []
    size = 0
    async for line in lines:
        waiting.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"".join(waiting)
            waiting, size = [], 0
    if waiting:
        yield b"".join(waiting)


class BundleWriter:
    """Writes to a path that did not exist; `finish` comes last, and without it the file has no manifest."""

    def __init__(self, path: Path, at: datetime) -> None:
        self.moment = (max(at.year, 1980), at.month, at.day, at.hour, at.minute, at.second)
        self.zip = zipfile.ZipFile(path, "x", allowZip64=True)
        self.parts: list[Part] = []

    def entry(self, name: str, *, packed: bool) -> zipfile.ZipInfo:
        """The zip's own description of a part; a vector does not get smaller by packing."""
        entry = zipfile.ZipInfo(name, self.moment)
        entry.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        entry.external_attr = 0o644 << 16
        return entry

    async def part(self, name: str, content: AsyncIterable[bytes], *, packed: bool = True) -> None:
        """Write a part piece by piece."""
        total, size = hashlib.sha256(), 0
        with self.zip.open(self.entry(name, packed=packed), "w", force_zip64=True) as file:
            async for piece in content:

                def work(piece: bytes = piece) -> None:
                    total.update(piece)
                    file.write(piece)

                await asyncio.to_thread(work)
                size += len(piece)
        self.parts.append(Part(name, size, total.hexdigest()))

    async def small(self, name: str, lines: Iterable[bytes]) -> None:
        """Write a part that is held already."""
        content = list(lines)

        async def given() -> AsyncIterator[bytes]:
            for line in content:
                yield line

        await self.part(name, pieces(given()))

    async def finish(self, manifest: Manifest) -> None:
        """Write the manifest and close the file."""
        content = adapter(Manifest).dump_json(manifest, indent=1)

        def work() -> None:
            self.zip.writestr(self.entry(MANIFEST, packed=True), content)
            self.zip.close()

        await asyncio.to_thread(work)

    def abandon(self) -> None:
        """Let go of the file after a failure; nothing after `finish`."""
        self.zip.close()
