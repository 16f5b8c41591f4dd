"""Reads a portable file that may come from anywhere: nothing in it is believed before it is checked.

Names are looked up, never used as paths; sizes are bounded before a byte is unpacked; every part has the hash that
the manifest states. Never here: what becomes of the content.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import zipfile
import zlib
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TypeVar

import numpy as np
from pydantic import ValidationError

from engine.domain.knowledge import Passage
from engine.ports import EmbeddedPassage
from engine.records import adapter
from engine.release.bundle import (
    CUT_OFF,
    EVIDENCE_FOLDER,
    FORMAT,
    FORMAT_VERSION,
    LARGEST_FILE,
    LARGEST_MANIFEST,
    LARGEST_UNPACKED,
    LONGEST_LINE,
    MANIFEST,
    MOST_PACKED,
    PARTS,
    Manifest,
    broken,
)  # fmt: skip
from engine.release.bundle_directory import check_directory

__all__ = ["BundleReader"]

T = TypeVar("T")
PIECE = 1 << 20
LINES_AT_ONCE = 128
BYTES_AT_ONCE = 8_000_000
EVIDENCE = re.compile(rf"{EVIDENCE_FOLDER}[a-z_]{{1,40}}\.jsonl")
PACKINGS = frozenset({zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED})
ENCRYPTED = 0x1
VECTORS = "vectors.f32"


@contextmanager
def unpacking(part: str = "") -> Iterator[None]:
    """What the zip format refuses, in words."""
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError, RuntimeError) as error:
        raise broken(f"{part!r} in it is damaged. Download it again." if part else CUT_OFF) from error


class BundleReader:
    """An open file whose manifest is checked; `verify` then checks every part. To be closed."""

    def __init__(self, path: Path) -> None:
        self.size = path.stat().st_size
        if self.size > LARGEST_FILE:
            raise broken(f"it is larger than {LARGEST_FILE // 1_000_000_000} GB.", "bundle_too_large")
        with unpacking():
            check_directory(path, self.size)
            self.zip = zipfile.ZipFile(path)
        try:
            self.entries = self.checked_entries()
            self.manifest = self.checked_manifest()
        except BaseException:
            self.zip.close()
            raise

    def close(self) -> None:
        """Let go of the file."""
        self.zip.close()

    def checked_entries(self) -> dict[str, zipfile.ZipInfo]:
        """Every part by its name. Raises InvalidInput for names, sizes and packings that cannot be ours."""
        entries = self.zip.infolist()
        found = {entry.filename: entry for entry in entries}
        if MANIFEST not in found:
            raise broken(CUT_OFF)
        for entry in entries:
            name = entry.filename
            if name != MANIFEST and name not in PARTS and not EVIDENCE.fullmatch(name):
                raise broken(f"{name[:100]!r} does not belong in it.")
            if entry.flag_bits & ENCRYPTED or entry.compress_type not in PACKINGS:
                raise broken(f"{name!r} is packed in a way that Storeclerk does not use.")
        if len(found) != len(entries):
            raise broken("it holds a part twice.")
        unpacked = sum(entry.file_size for entry in entries)
        if unpacked > min(LARGEST_UNPACKED, max(1, self.size) * MOST_PACKED):
            raise broken(f"unpacked it would take {unpacked:,} bytes, which no real one does.", "bundle_too_large")
        return found

    def checked_manifest(self) -> Manifest:
        """What the file says of itself. Raises InvalidInput."""
        if self.entries[MANIFEST].file_size > LARGEST_MANIFEST:
            raise broken(f"{MANIFEST!r} is too large.", "bundle_too_large")
        with unpacking(MANIFEST):
            content = self.zip.read(MANIFEST)
        try:
            told = json.loads(content)
        except (ValueError, RecursionError) as error:
            raise broken(f"{MANIFEST!r} is damaged.") from error
        if not isinstance(told, dict) or told.get("format") != FORMAT:
            raise broken("it is not a file that Storeclerk wrote.")
        if told.get("format_version") != FORMAT_VERSION:
            raise broken(
                f"it is of format {str(told.get('format_version'))[:20]}, and this installation reads format "
                f"{FORMAT_VERSION}. Update Storeclerk here, or write the file with the same release.",
                "bundle_format",
            )
        manifest: Manifest = self.parsed(Manifest, content, MANIFEST)
        stated = {part.name: part.bytes for part in manifest.parts}
        held = {name: entry.file_size for name, entry in self.entries.items() if name != MANIFEST}
        for name in sorted(stated.keys() | held.keys()):
            if stated.get(name) != held.get(name):
                raise broken(f"{name[:100]!r} is missing, added or of another size than it was written with.")
        return manifest

    async def verify(self) -> None:
        """Hold every part against its hash. Raises InvalidInput naming the one that differs."""
        for part in self.manifest.parts:
            if await asyncio.to_thread(self.digest, part.name) != part.sha256:
                raise broken(f"{part.name!r} in it was changed after it was written.", "bundle_changed")

    def digest(self, name: str) -> str:
        """SHA-256 of a part as it is."""
        total = hashlib.sha256()
        with unpacking(name), self.zip.open(self.entries[name]) as file:
            while piece := file.read(PIECE):
                total.update(piece)
        return total.hexdigest()

    def has(self, name: str) -> bool:
        """Whether the file has this part."""
        return name in self.entries

    @staticmethod
    def parsed(kind: type[T], content: bytes, name: str, place: str = "") -> T:
        """A record from its JSON. Raises InvalidInput naming part and field."""
        return BundleReader.understood(lambda: adapter(kind).validate_json(content), name, place)  # type: ignore[arg-type, no-any-return]

    @staticmethod
    def parsed_python(kind: type[T], content: object, name: str) -> T:
        """A record from JSON that was parsed already. Raises InvalidInput naming part and field."""
        return BundleReader.understood(lambda: adapter(kind).validate_python(content), name)  # type: ignore[arg-type, no-any-return]

    @staticmethod
    def understood(parse: Callable[[], T], name: str, place: str = "") -> T:
        """What `parse` answers. Raises InvalidInput naming part and field."""
        try:
            return parse()
        except (ValidationError, ValueError, TypeError) as error:
            first = error.errors()[0] if isinstance(error, ValidationError) else None
            field = ".".join(str(part) for part in first["loc"])[:100] if first else ""
            raise broken(f"{name!r} holds what this release does not understand{place}: {field!r}.") from error

    async def small(self, name: str, most: int = LONGEST_LINE) -> bytes:
        """A small part as a whole. Raises InvalidInput when it is missing or not small."""
        entry = self.entries.get(name)
        if entry is None or entry.file_size > most:
            raise broken(f"{name!r} is missing or too large.")
        with unpacking(name):
            return await asyncio.to_thread(self.zip.read, entry)

    async def one(self, kind: type[T], name: str) -> T:
        """The only record of a part."""
        return self.parsed(kind, await self.small(name), name)

    async def many(self, kind: type[T], name: str) -> AsyncIterator[list[T]]:
        """The records of a part, some at a time; none when the part is missing."""
        line = 0
        async for content in self.lines(name):

            def work(content: list[bytes] = content, first: int = line) -> list[T]:
                return [self.parsed(kind, row, name, f" (line {first + n + 1})") for n, row in enumerate(content)]

            yield await asyncio.to_thread(work)
            line += len(content)

    async def lines(self, name: str) -> AsyncIterator[list[bytes]]:
        """The lines of a part, some at a time."""
        if name not in self.entries:
            return
        with unpacking(name):
            file = self.zip.open(self.entries[name])
        with file:
            while found := await asyncio.to_thread(some_lines, file, name):
                yield found

    async def embedded(self) -> AsyncIterator[list[EmbeddedPassage]]:
        """Passages with their vectors, some at a time. Raises InvalidInput for a row that is no vector."""
        dimensions = self.manifest.dimensions
        entry = self.entries.get(VECTORS)
        if entry is None or entry.file_size != self.manifest.passages * dimensions * 4:
            raise broken(f"{VECTORS!r} does not hold a vector for every passage.")
        with unpacking(VECTORS):
            file = self.zip.open(entry)
        with file:
            async for passages in self.many(Passage, "passages.jsonl"):
                matrix = await asyncio.to_thread(some_vectors, file, len(passages), dimensions)
                yield [EmbeddedPassage(p, v) for p, v in zip(passages, matrix, strict=True)]


def some_vectors(file: IO[bytes], rows: int, dimensions: int) -> Any:
    """The next rows of vectors."""
    with unpacking(VECTORS):
        found = np.frombuffer(file.read(rows * dimensions * 4), dtype=np.float32)
    if len(found) != rows * dimensions or not np.isfinite(found).all():
        raise broken(f"{VECTORS!r} holds what is no vector.")
    return found.reshape(rows, dimensions)


def some_lines(file: IO[bytes], name: str) -> list[bytes]:
    """The next lines, at most so many and so large together; none at the end."""
    found: list[bytes] = []
    size = 0
    with unpacking(name):
        while len(found) < LINES_AT_ONCE and size < BYTES_AT_ONCE and (line := file.readline(LONGEST_LINE + 1)):
            if len(line) > LONGEST_LINE:
                raise broken(f"a line of {name!r} is longer than {LONGEST_LINE:,} bytes.", "bundle_too_large")
            found.append(line)
            size += len(line)
    return found
