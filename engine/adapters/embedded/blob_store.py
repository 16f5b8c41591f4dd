"""`BlobStore` in a folder: each name a file, written beside and renamed, so that it is whole or absent."""

from __future__ import annotations

import asyncio
import os
import re
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from engine.errors import InvalidInput, NotFound, Unavailable

__all__ = ["FolderBlobStore"]

PIECE = 1 << 20
NAME = re.compile(r"[A-Za-z0-9_.-]+(/[A-Za-z0-9_.-]+)*/?")


class FolderBlobStore:
    """Bytes in files below one folder."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self.root.mkdir(parents=True, exist_ok=True)

    def path(self, name: str) -> Path:
        """The file of `name`. Raises InvalidInput when the name would leave the folder."""
        if not NAME.fullmatch(name) or any(part in {".", ".."} for part in name.split("/")):
            raise InvalidInput(f"{name!r} cannot be the name of a stored file")
        return self.root / name

    async def put(self, name: str, content: bytes) -> None:
        """Write or replace; atomic and durable."""

        def work() -> None:
            replacement = Replacement(self.path(name))
            try:
                replacement.begin()
                replacement.add(content)
                replacement.finish()
            finally:
                replacement.abandon()

        await asyncio.to_thread(work)

    async def write(self, name: str, chunks: AsyncIterator[bytes]) -> int:
        """As `put`, for content too large to hold; answers its size."""
        size = 0
        replacement = Replacement(self.path(name))
        await asyncio.to_thread(replacement.begin)
        try:
            async for chunk in chunks:
                await asyncio.to_thread(replacement.add, chunk)
                size += len(chunk)
            await asyncio.to_thread(replacement.finish)
        finally:
            replacement.abandon()
        return size

    async def rename(self, name: str, other: str) -> None:
        """Let the content stand under another name. Raises NotFound."""
        path, final = self.path(name), self.path(other)

        def move() -> None:
            with disk_errors(final):
                final.parent.mkdir(parents=True, exist_ok=True)
                path.replace(final)

        if not await asyncio.to_thread(path.is_file):
            raise NotFound(f"there is no stored file {name!r}")
        await asyncio.to_thread(move)

    async def read(self, name: str) -> AsyncIterator[bytes]:
        """The content piece by piece. Raises NotFound."""
        try:
            file = await asyncio.to_thread(self.path(name).open, "rb")
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError) as error:
            raise NotFound(f"there is no stored file {name!r}") from error
        with file:
            while chunk := await asyncio.to_thread(file.read, PIECE):
                yield chunk

    async def get(self, name: str) -> bytes | None:
        """The content, or None."""
        path = self.path(name)

        def read() -> bytes | None:
            try:
                return path.read_bytes()
            except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
                return None

        return await asyncio.to_thread(read)

    async def names(self, prefix: str) -> list[str]:
        """All names that begin with `prefix`, sorted."""
        return await asyncio.to_thread(self.find, prefix)

    def find(self, prefix: str) -> list[str]:
        """Names below the deepest folder that `prefix` names in full."""
        start = self.path(prefix.rpartition("/")[0]) if "/" in prefix else self.root
        found = (
            path.relative_to(self.root).as_posix()
            for path in start.rglob("*")
            if path.is_file() and not path.name.startswith(".writing-")
        )
        return sorted(name for name in found if name.startswith(prefix))

    async def delete(self, prefix: str) -> int:
        """Remove every name that begins with `prefix`; answers how many."""

        def remove() -> int:
            names = self.find(prefix)
            if prefix.endswith("/"):
                shutil.rmtree(self.path(prefix), ignore_errors=True)
            for name in names:
                (self.root / name).unlink(missing_ok=True)
            return len(names)

        return await asyncio.to_thread(remove)


class Replacement:
    """A file beside `path` that takes its place when it is whole: flushed to the disk, then renamed.

    Each step raises Unavailable when the disk is full or cannot be used.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.temporary: Path | None = None
        self.file: BinaryIO | None = None

    def begin(self) -> None:
        """Open the file beside."""
        with disk_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent, prefix=".writing-")
            self.temporary, self.file = Path(name), os.fdopen(handle, "wb")

    def add(self, content: bytes) -> None:
        """Write the next piece."""
        assert self.file is not None, "begin comes first"
        with disk_errors(self.path):
            self.file.write(content)

    def finish(self) -> None:
        """Make it the file of that name."""
        assert self.file is not None, "begin comes first"
        assert self.temporary is not None, "begin comes first"
        with disk_errors(self.path):
            self.file.flush()
            os.fsync(self.file.fileno())
            self.file.close()
            self.temporary.replace(self.path)
            self.temporary = None

    def abandon(self) -> None:
        """Remove what was not finished; nothing when it was."""
        if self.temporary is not None and self.file is not None:
            with suppress(OSError):
                self.file.close()
            self.temporary.unlink(missing_ok=True)


@contextmanager
def disk_errors(path: Path) -> Iterator[None]:
    """What the disk refuses, as Unavailable with what to do."""
    try:
        yield
    except OSError as error:
        raise Unavailable(f"{path.name!r} could not be stored: {error.strerror}; free some disk space") from error
