"""`PassageIndex` in a folder per version: full text by tantivy, exact vector scan, both memory-mapped.

A version is built in a folder beside its own and renamed when complete, so it exists whole or not
at all, and is never changed afterwards.
"""

from __future__ import annotations

import asyncio
import shutil
import threading
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from engine.adapters.embedded.index_reading import OpenVersion
from engine.adapters.embedded.index_writing import VersionWriter
from engine.domain.bot import VersionKey
from engine.domain.knowledge import Passage
from engine.errors import NotFound, Unavailable
from engine.ports import EmbeddedPassage, ScoredPassage, SearchRequest, Vector

__all__ = ["HybridPassageIndex"]

T = TypeVar("T")
OPEN_VERSIONS = 64
ROWS_AT_ONCE = 256


class HybridPassageIndex:
    """All versions below one folder: `merchant/bot/number`."""

    def __init__(self, root: Path, workers: int = 2) -> None:
        self.root = root.resolve()
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="index")
        self.open: OrderedDict[Path, OpenVersion] = OrderedDict()
        self.lock = threading.Lock()

    def folder(self, version: VersionKey) -> Path:
        """Where a version lies."""
        return self.root / version.merchant / version.bot / str(version.number)

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` on a thread of this index; a full disk becomes Unavailable."""

        def call() -> T:
            try:
                return work()
            except OSError as error:
                raise Unavailable(f"the search index cannot be used: {error.strerror}; free some disk space") from error

        return await asyncio.get_running_loop().run_in_executor(self.pool, call)

    def opened(self, version: VersionKey) -> OpenVersion:
        """The version, opened once and kept. Raises NotFound."""
        folder = self.folder(version)
        with self.lock:
            found = self.open.get(folder)
            if found is None:
                if not (folder / "meta.json").exists():
                    raise NotFound(f"version {version.number} of bot {version.bot!r} holds no passages")
                found = self.open[folder] = OpenVersion(folder)
                if len(self.open) > OPEN_VERSIONS:
                    self.open.popitem(last=False)
            self.open.move_to_end(folder)
            return found

    async def write(self, version: VersionKey, passages: AsyncIterator[Sequence[EmbeddedPassage]]) -> int:
        """Write all passages of a version, replacing an earlier unfinished attempt."""
        final = self.folder(version)
        # A name of its own: an attempt that broke may still have threads that write into its folder.
        building = final.with_name(f"{version.number}.building-{uuid.uuid4().hex[:8]}")
        await self.run(lambda: self.clear_attempts(version))
        writer = await self.run(lambda: VersionWriter(building))
        try:
            async for batch in passages:
                await self.run(lambda batch=batch: writer.add(batch))  # type: ignore[misc]
            count = await self.run(writer.finish)
        except BaseException:
            writer.abandon()
            raise

        def publish() -> None:
            shutil.rmtree(final, ignore_errors=True)
            building.rename(final)
            with self.lock:
                self.open.pop(final, None)

        await self.run(publish)
        return count

    def clear_attempts(self, version: VersionKey) -> None:
        """Remove what unfinished attempts at a version left behind."""
        for attempt in self.folder(version).parent.glob(f"{version.number}.building-*"):
            shutil.rmtree(attempt, ignore_errors=True)

    async def count(self, version: VersionKey) -> int:
        """How many passages the version holds; 0 when it does not exist."""
        try:
            return await self.run(lambda: self.opened(version).count)
        except NotFound:
            return 0

    async def search(self, version: VersionKey, request: SearchRequest) -> list[ScoredPassage]:
        """The best passages, best first. Raises NotFound for a version that does not exist."""
        return await self.run(lambda: self.opened(version).search(request))

    async def corrected(self, version: VersionKey, text: str) -> str:
        """The text with slips of the keyboard mended by the version's own words."""
        return await self.run(lambda: self.opened(version).spelling.corrected(text))

    async def known(self, version: VersionKey, text: str) -> float:
        """Which share of the text's words stands in any passage of the version."""
        return await self.run(lambda: self.opened(version).spelling.known(text))

    async def read(self, version: VersionKey, *, document: str, start: int = 0, limit: int = 50) -> list[Passage]:
        """Passages of one document from position `start`, in order."""
        return await self.run(lambda: self.opened(version).of_document(document, start, limit))

    async def vectors(self, version: VersionKey, digests: Sequence[str]) -> dict[str, Vector]:
        """Vectors of those passages of the version whose digest is asked for."""
        try:
            return await self.run(lambda: self.opened(version).vectors(digests))
        except NotFound:
            return {}

    async def whole(self, version: VersionKey) -> AsyncIterator[Sequence[EmbeddedPassage]]:
        """Every passage with its vector, batch by batch, in the order in which they were written."""
        opened = await self.run(lambda: self.opened(version))
        for start in range(0, opened.count, ROWS_AT_ONCE):
            yield await self.run(lambda start=start: opened.rows(start, ROWS_AT_ONCE))  # type: ignore[misc]

    async def drop(self, version: VersionKey) -> None:
        """Forget the version; no error when it does not exist."""

        def remove() -> None:
            with self.lock:
                self.open.pop(self.folder(version), None)
            shutil.rmtree(self.folder(version), ignore_errors=True)
            self.clear_attempts(version)

        await self.run(remove)

    def close(self) -> None:
        """Finish the work under way and let go of the files."""
        self.pool.shutdown(wait=True)
        self.open.clear()
