"""The steps of training a version on the copies of its sources: gather, split, embed, write, seal.

Each step is idempotent and leaves its result in the blob store, so that a job that was killed goes on
at the step where it stopped. The order and the durability are the job's business (`engine/workflows.py`).
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from pydantic import TypeAdapter

from engine.domain.bot import BotVersion, VersionKey
from engine.domain.knowledge import ItemFailure, Passage, Product, SourceKind
from engine.embedders import Embedders
from engine.errors import StoreclerkError
from engine.knowledge.copies import Copies
from engine.knowledge.cutting import Cutting
from engine.knowledge.merging import SameProducts
from engine.knowledge.passages import embedding_text
from engine.knowledge.progress import TrainingProgress, TrainingStopped, version_name
from engine.knowledge.reading import ReadBatch
from engine.ports import BlobStore, Catalogue, Clock, EmbeddedPassage, PassageIndex, Splitter
from engine.records import Records

__all__ = ["Piece", "Training", "mark_of"]

BATCH_PASSAGES = 128
PASSAGES = TypeAdapter(tuple[Passage, ...])


def mark_of(passage: Passage) -> bytes:
    """What a version's fingerprint takes of a passage."""
    return f"{passage.id}\x1f{passage.digest}\x1f{passage.url}\x1e".encode()


@dataclass(frozen=True, slots=True)
class Piece:
    """One source's copy, as a version is trained on it."""

    source: str
    kind: SourceKind
    run: str
    batches: int


class Training:
    """Trains versions; every method is one step of the job."""

    def __init__(
        self,
        records: Records,
        blobs: BlobStore,
        copies: Copies,
        index: PassageIndex,
        catalogue: Catalogue,
        embedders: Embedders,
        splitter: Splitter,
        progress: TrainingProgress,
        clock: Clock,
    ) -> None:
        self.records, self.blobs, self.copies, self.index, self.catalogue = records, blobs, copies, index, catalogue
        self.embedders, self.splitter, self.progress, self.clock = embedders, splitter, progress, clock

    async def begin(self, key: VersionKey) -> list[str]:
        """Start work; answers the ids of the sources to read."""
        version = await self.progress.version(key)
        if version.status == "queued":
            embedder = self.embedders.choose(version.languages)
            await self.records.versions.change(
                key.merchant,
                f"{key.bot}.{key.number}",
                lambda current: replace(current.to("training"), embedder=embedder.name, dimensions=embedder.dimensions),
            )
        return list(version.sources)

    async def gather(self, key: VersionKey) -> list[Piece]:
        """The good copies of all sources, written down in the version.

        Raises StoreclerkError in a shop owner's words when there is none.
        """
        version = await self.progress.version(key)
        pieces: list[Piece] = []
        words: dict[str, str] = {}
        data: dict[str, str] = {}
        failures: list[ItemFailure] = []
        for source_id in version.sources:
            found = await self.records.sources.find(key.merchant, source_id)
            if found is None:
                continue
            source = found.record
            if source.copy is not None:
                pieces.append(Piece(source.id, source.kind, source.copy.run, source.copy.batches))
                words[source.id], data[source.id] = source.copy.words, source.copy.data
            if source.freshness.state in {"failed", "held"} or source.copy is None:
                waiting = "It is being read at this moment; train again when that is done."
                reason = source.freshness.reason or (waiting if source.reading else "It has not been read yet.")
                failures.append(ItemFailure(source.title, reason, source.freshness.state))
        if not pieces:
            reason = failures[0].reason if failures else "None of the sources holds any text."
            raise StoreclerkError(f"Nothing could be learned. {reason}", code="nothing_learned")
        await self.records.versions.change(
            key.merchant, f"{key.bot}.{key.number}", lambda current: replace(current, copies=words, data=data)
        )
        await self.progress.show(key, "comparing", len(pieces), len(version.sources), failures=failures)
        return pieces

    async def split(self, key: VersionKey, pieces: Sequence[Piece]) -> int:
        """Cut all that was read into passages, each document once; answers the number of batches to embed."""
        await self.records.documents.delete_where(key.merchant, {"bot": key.bot, "version": key.number})
        same = await self.products_of_feeds(key, pieces)
        cutting = Cutting(key, self.splitter, same)
        total, done, written = sum(piece.batches for piece in pieces), 0, 0
        waiting: list[Passage] = []
        async for kind, batch in self.batches(key, pieces):
            passages, documents = await asyncio.to_thread(cutting.cut, batch, kind)
            await self.records.documents.write_many(key.merchant, documents)
            waiting += passages
            while len(waiting) >= BATCH_PASSAGES:
                await self.put_passages(key, written, waiting[:BATCH_PASSAGES])
                waiting, written = waiting[BATCH_PASSAGES:], written + 1
            done += 1
            await self.progress.show(key, "splitting", done, total)
        if waiting:
            await self.put_passages(key, written, waiting)
            written += 1
        await self.catalogue.write(key, self.products(key, pieces, same))
        return written

    async def batches(self, key: VersionKey, pieces: Sequence[Piece]) -> AsyncIterator[tuple[SourceKind, ReadBatch]]:
        """All batches of all pieces; a source that was removed meanwhile has none. Raises NotFound."""
        for piece in pieces:
            found = await self.records.sources.find(key.merchant, piece.source)
            for number in range(0 if found is None else piece.batches):
                assert found is not None
                yield piece.kind, await self.copies.batch(found.record, piece.run, number)

    async def products_of_feeds(self, key: VersionKey, pieces: Sequence[Piece]) -> SameProducts:
        """The feeds' products, by which a website's products are known again; none where there is no website."""
        same = SameProducts()
        if len({piece.kind for piece in pieces} & {"feed", "website"}) == 2:
            async for _, batch in self.batches(key, [piece for piece in pieces if piece.kind == "feed"]):
                await asyncio.to_thread(same.add, batch.products)
        return same

    async def products(
        self, key: VersionKey, pieces: Sequence[Piece], same: SameProducts
    ) -> AsyncIterator[Sequence[Product]]:
        """All products, batch by batch; those of pages only where no feed has them."""
        async for kind, batch in self.batches(key, pieces):
            if kind == "feed":
                yield batch.products
            elif products := [product for product in batch.products if same.row_of(product) is None]:
                yield products

    async def put_passages(self, key: VersionKey, batch: int, passages: Sequence[Passage]) -> None:
        """Keep one batch of passages until the version is sealed."""
        content = await asyncio.to_thread(PASSAGES.dump_json, tuple(passages))
        await self.blobs.put(f"{version_name(key)}/passages/{batch:06}.json", content)

    async def passages(self, key: VersionKey, batch: int) -> tuple[Passage, ...]:
        """A batch of passages that was split before."""
        content = await self.blobs.get(f"{version_name(key)}/passages/{batch:06}.json")
        if content is None:
            raise TrainingStopped(f"batch {batch} of version {key.number} is gone: the version was removed")
        return await asyncio.to_thread(PASSAGES.validate_json, content)

    async def embed(self, key: VersionKey, batch: int, total: int) -> tuple[int, int]:
        """Embed one batch, but for passages that the last version knows; answers (passages, reused).

        Raises Unavailable when the embedder with which the training began is not connected or out of reach.
        """
        version = await self.progress.version(key)
        started = time.monotonic()
        passages = await self.passages(key, batch)
        previous = await self.previous(version)
        digests = [passage.digest for passage in passages]
        known = {} if previous is None else await self.index.vectors(previous, digests)
        fresh = {p.digest: embedding_text(p) for p in passages if p.digest not in known}
        embedder = self.embedders.named(version.embedder)
        for digest, vector in zip(fresh, await embedder.embed(list(fresh.values())), strict=True):
            known[digest] = vector
        matrix = np.asarray([known[digest] for digest in digests], dtype=np.float32)
        await self.blobs.put(f"{version_name(key)}/vectors/{batch:06}.f32", matrix.tobytes())
        eta = (total - batch - 1) * (time.monotonic() - started)
        await self.progress.show(key, "embedding", batch + 1, total, eta_seconds=round(eta, 1))
        return len(passages), len(passages) - len(fresh)

    async def previous(self, version: BotVersion) -> VersionKey | None:
        """The newest sealed version made with the same embedder: its vectors serve again."""
        async for other in self.records.versions.all(version.merchant, {"bot": version.bot}, newest_first=True):
            if other.number < version.number and other.can_answer and other.embedder == version.embedder:
                return other.key
        return None

    async def write(self, key: VersionKey, batches: int) -> tuple[int, str]:
        """Write the search index; answers how many passages it holds, and a SHA-256 over them."""
        await self.progress.show(key, "writing", 0, batches)
        total = hashlib.sha256()
        count = await self.index.write(key, self.embedded(key, batches, total))
        return count, total.hexdigest()

    async def embedded(
        self, key: VersionKey, batches: int, total: hashlib._Hash
    ) -> AsyncIterator[Sequence[EmbeddedPassage]]:
        """All passages with their vectors, batch by batch; each is added to the digest."""
        for batch in range(batches):
            passages = await self.passages(key, batch)
            content = await self.blobs.get(f"{version_name(key)}/vectors/{batch:06}.f32")
            vectors = np.frombuffer(content or b"", dtype=np.float32).reshape(len(passages), -1)
            for passage in passages:
                total.update(mark_of(passage))
            yield [EmbeddedPassage(p, v) for p, v in zip(passages, vectors, strict=True)]  # type: ignore[arg-type]

    async def seal(self, key: VersionKey, expected: int, reused: int, digest: str) -> None:
        """Make the version ready when the counts agree. Raises StoreclerkError when they do not."""
        version = await self.progress.version(key)
        if version.can_answer:
            # Killed between the deciding write and the tidying: only the latter is left to do.
            await self.progress.tidy(key)
            return
        count = await self.index.count(key)
        if count != expected:
            raise StoreclerkError(
                f"The search index holds {count} of {expected} passages; train again.", code="count_mismatch"
            )
        await self.progress.show(key, "sealing", 0, 1)
        documents = await self.records.documents.count(key.merchant, {"bot": key.bot, "version": key.number})
        products = await self.catalogue.count(key)

        def ready(version: BotVersion) -> BotVersion:
            return replace(
                version.to("ready"),
                progress=replace(version.progress, stage="done", done=count, total=count, eta_seconds=0.0),
                documents=documents,
                passages=count,
                products=products,
                reused_passages=reused,
                fingerprint=self.fingerprint(version, digest),
                sealed_at=self.clock.now(),
            )

        await self.records.versions.change(key.merchant, f"{key.bot}.{key.number}", ready)
        await self.progress.tidy(key)

    @staticmethod
    def fingerprint(version: BotVersion, digest: str) -> str:
        """SHA-256 over all that decides an answer: configuration, languages, embedder, passages, words of products.

        Prices and stock are not in it: they are data, refreshed in a live version.
        """
        settings = {
            "persona": TypeAdapter(type(version.persona)).dump_python(version.persona, mode="json"),
            "guardrails": TypeAdapter(type(version.guardrails)).dump_python(version.guardrails, mode="json"),
            "languages": version.languages,
            "embedder": version.embedder,
            "passages": digest,
            "copies": sorted(version.copies.values()),
        }
        return hashlib.sha256(json.dumps(settings, sort_keys=True).encode()).hexdigest()
