"""`Catalogue` on SQLite: one file a version, with the products, the terms of their words and the filter columns.

A file is built beside its place and renamed when complete; afterwards only a refresh changes it, in one transaction.
"""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import threading
import uuid
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from engine.adapters.embedded.catalogue_file import CatalogueFile
from engine.adapters.embedded.catalogue_writing import LAYOUT, CatalogueRefresh, CatalogueWriter
from engine.domain.bot import VersionKey
from engine.domain.knowledge import Product
from engine.errors import Unavailable
from engine.ports import FoundProducts, ProductSearch, Refreshed, Vocabulary
from engine.records import adapter

__all__ = ["SqliteCatalogue"]

T = TypeVar("T")
OPEN_FILES = 32
ROWS_AT_ONCE = 500


class SqliteCatalogue:
    """All versions below one folder: `merchant/bot/number.sqlite`."""

    def __init__(self, root: Path, workers: int = 2) -> None:
        self.root = root.resolve()
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="catalogue")
        self.open: OrderedDict[Path, CatalogueFile] = OrderedDict()
        self.lock = threading.Lock()

    def path(self, version: VersionKey) -> Path:
        """Where a version's products lie."""
        return self.root / version.merchant / version.bot / f"{version.number}.sqlite"

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` on a thread of its own; what the disk refuses becomes Unavailable."""

        def call() -> T:
            try:
                return work()
            except (OSError, sqlite3.OperationalError) as error:
                raise Unavailable(f"the catalogue cannot be used: {error}; check the disk's free space") from error

        return await asyncio.get_running_loop().run_in_executor(self.pool, call)

    def file(self, version: VersionKey) -> CatalogueFile | None:
        """The version's file, opened once and kept; None when there is none."""
        path = self.path(version)
        with self.lock:
            found = self.open.get(path)
            if found is None:
                if not path.exists():
                    return None
                self.renew(path)
                found = self.open[path] = CatalogueFile(path)
                if len(self.open) > OPEN_FILES:
                    self.open.popitem(last=False)[1].close()
            self.open.move_to_end(path)
            return found

    def renew(self, path: Path) -> None:
        """Make a file of an earlier layout again from its rows; nothing is lost when that breaks off."""
        with closing(sqlite3.connect(path)) as old:
            if old.execute("PRAGMA user_version").fetchone()[0] == LAYOUT:
                return
            building = path.with_name(f"{path.stem}.building-{uuid.uuid4().hex[:8]}")
            writer = CatalogueWriter(building)
            try:
                rows = old.execute("SELECT body FROM products ORDER BY ordinal")
                while bodies := rows.fetchmany(ROWS_AT_ONCE):
                    writer.add([adapter(Product).validate_json(body) for (body,) in bodies])
                writer.finish()
            except BaseException:
                writer.abandon()
                raise
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        for beside in ("-wal", "-shm", "-journal"):
            path.with_name(path.name + beside).unlink(missing_ok=True)
        (building / CatalogueWriter.FILE).rename(path)
        shutil.rmtree(building, ignore_errors=True)

    def forget(self, path: Path) -> None:
        """Close a file that is about to be replaced or removed."""
        with self.lock:
            found = self.open.pop(path, None)
        if found is not None:
            found.close()

    async def write(self, version: VersionKey, products: AsyncIterator[Sequence[Product]]) -> int:
        """Write all products of a version, replacing an earlier attempt."""
        final = self.path(version)
        building = final.with_name(f"{version.number}.building-{uuid.uuid4().hex[:8]}")
        await self.run(lambda: self.clear_attempts(version))
        writer = await self.run(lambda: CatalogueWriter(building))
        try:
            async for batch in products:
                await self.run(lambda batch=batch: writer.add(batch))  # type: ignore[misc]
            count = await self.run(writer.finish)
        except BaseException:
            await self.run(writer.abandon)
            raise

        def publish() -> None:
            self.forget(final)
            self.remove(final)
            (building / CatalogueWriter.FILE).rename(final)
            shutil.rmtree(building, ignore_errors=True)

        await self.run(publish)
        return count

    @staticmethod
    def remove(path: Path) -> None:
        """A file with what SQLite keeps beside it."""
        for beside in ("", "-wal", "-shm", "-journal"):
            path.with_name(path.name + beside).unlink(missing_ok=True)

    def clear_attempts(self, version: VersionKey) -> None:
        """Remove what unfinished attempts at a version left behind."""
        for attempt in self.path(version).parent.glob(f"{version.number}.building-*"):
            shutil.rmtree(attempt, ignore_errors=True)

    async def count(self, version: VersionKey) -> int:
        """How many products the version holds."""
        return await self.run(lambda: 0 if (file := self.file(version)) is None else file.count())

    async def get(self, version: VersionKey, ids: Sequence[str]) -> list[Product]:
        """Those of the products that are there, in the order asked for."""
        return await self.run(lambda: [] if (file := self.file(version)) is None else file.get(ids))

    async def search(self, version: VersionKey, wanted: ProductSearch) -> FoundProducts:
        """The products that fit."""
        return await self.run(
            lambda: FoundProducts((), 0) if (file := self.file(version)) is None else file.search(wanted)
        )

    async def vocabulary(self, version: VersionKey) -> Vocabulary:
        """Brands, categories, options and currencies of the version."""
        return await self.run(lambda: Vocabulary() if (file := self.file(version)) is None else file.vocabulary())

    async def refresh(
        self, version: VersionKey, source: str, products: AsyncIterator[Sequence[Product]], as_of: datetime
    ) -> Refreshed:
        """Take over the data of one source's products, all or nothing."""
        path = self.path(version)
        if not await self.run(path.exists):
            return Refreshed(0, 0)
        work = await self.run(lambda: CatalogueRefresh(path, source, as_of))
        try:
            async for batch in products:
                await self.run(lambda batch=batch: work.add(batch))  # type: ignore[misc]
            return await self.run(work.finish)
        finally:
            await self.run(work.close)

    async def drop(self, version: VersionKey) -> None:
        """Forget the version's products."""

        def work() -> None:
            self.forget(self.path(version))
            self.remove(self.path(version))
            self.clear_attempts(version)

        await self.run(work)

    def close(self) -> None:
        """Finish the work under way and close every file."""
        self.pool.shutdown(wait=True)
        for file in self.open.values():
            file.close()
        self.open.clear()
