"""What readings of sources brought, kept batch by batch: the material that versions are trained on.

Never here: reading, or deciding which reading is the good one.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass, field

from engine.domain.catalogue import data_digest, words_digest
from engine.domain.knowledge import ItemFailure, Product, Source, SourceCopy
from engine.domain.money import UNSTATED
from engine.errors import NotFound
from engine.knowledge.reading import ReadBatch, run_place
from engine.ports import BlobStore
from engine.records import adapter

__all__ = ["Copies", "Tally", "options_digest"]

WHAT_READERS_MAKE = 2
"""To be raised when readers make something else of the same content: unchanged files are then read again."""
KEPT_FAILURES = 200
DIGEST_BITS = 256


def options_digest(source: Source) -> str:
    """SHA-256 over what a source is read with."""
    options = json.dumps(source.options, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(f"{WHAT_READERS_MAKE}\n{options}".encode()).hexdigest()


@dataclass
class Tally:
    """What a reading brought in all, counted without holding it."""

    batches: int = 0
    documents: int = 0
    products: int = 0
    failed: int = 0
    failures: list[ItemFailure] = field(default_factory=list)
    excluded_columns: dict[str, None] = field(default_factory=dict)
    unchanged: bool = False
    words: int = 0
    data: int = 0
    without_currency: int = 0

    def add(self, batch: ReadBatch) -> None:
        """Count a batch. Digests are added up, so that the order of items does not matter."""
        self.batches += 1
        self.documents += len(batch.documents)
        self.products += len(batch.products)
        self.failed += len(batch.failures)
        self.failures += batch.failures[: KEPT_FAILURES - len(self.failures)]
        self.excluded_columns |= dict.fromkeys(batch.excluded_columns)
        self.unchanged = self.unchanged or batch.unchanged
        for document in batch.documents:
            self.words += number_of(f"{document.id}\x1f{document.digest}\x1f{document.url}")
        for product in batch.products:
            self.words += number_of(words_digest(product))
            self.data += number_of(data_digest(product))
            self.without_currency += product.price is not None and product.price.currency == UNSTATED

    def copy(self, source: Source, run: str) -> SourceCopy:
        """The reading as a copy of the source."""
        assert source.freshness.last_attempt_at is not None, "a reading has a beginning"
        return SourceCopy(
            run, source.freshness.last_attempt_at, self.batches, self.documents, self.products,
            f"{self.words % 2**DIGEST_BITS:064x}", f"{self.data % 2**DIGEST_BITS:064x}", source.reading_options,
            self.without_currency,
        )  # fmt: skip


def number_of(text: str) -> int:
    """The SHA-256 of a text as a number."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest())


class Copies:
    """Batches in the blob store, one blob each, below their source and reading."""

    def __init__(self, blobs: BlobStore) -> None:
        self.blobs = blobs

    @staticmethod
    def name(source: Source, run: str, number: int) -> str:
        """The blob of one batch."""
        return f"{run_place(source, run)}batches/{number:06}.json"

    async def put(self, source: Source, run: str, number: int, batch: ReadBatch) -> None:
        """Keep a batch; the same number replaces."""
        content = await asyncio.to_thread(adapter(ReadBatch).dump_json, batch)
        await self.blobs.put(self.name(source, run, number), content)

    async def batch(self, source: Source, run: str, number: int) -> ReadBatch:
        """A batch that was kept. Raises NotFound."""
        content = await self.blobs.get(self.name(source, run, number))
        if content is None:
            raise NotFound(f"reading {run!r} of {source.title!r} is no longer kept")
        batch: ReadBatch = await asyncio.to_thread(adapter(ReadBatch).validate_json, content)
        return batch

    async def count(self, source: Source, run: str) -> int:
        """How many batches of a reading are kept, from the first without gap."""
        return len(await self.blobs.names(f"{run_place(source, run)}batches/"))

    async def tally(self, source: Source, run: str, batches: int) -> Tally:
        """What a reading brought in all. Raises NotFound."""
        tally = Tally()
        for number in range(batches):
            await asyncio.to_thread(tally.add, await self.batch(source, run, number))
        return tally

    async def products(self, source: Source, copy: SourceCopy) -> AsyncIterator[Sequence[Product]]:
        """The products of a copy, batch by batch. Raises NotFound."""
        for number in range(copy.batches):
            yield (await self.batch(source, copy.run, number)).products

    async def prune(self, source: Source, keep: Collection[str]) -> None:
        """Forget every reading of a source that is not to be kept."""
        place = run_place(source, "")[:-1]
        runs = {name.removeprefix(place).split("/")[0] for name in await self.blobs.names(place)}
        for run in runs.difference(keep):
            await self.blobs.delete(run_place(source, run))

    async def forget(self, source: Source) -> None:
        """Forget all readings of a source."""
        await self.blobs.delete(run_place(source, "")[:-1])
