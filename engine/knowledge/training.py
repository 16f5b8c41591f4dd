"""The steps of training a version: read, compare, split, embed, write, seal.

Each step is idempotent and leaves its result in the blob store, so that a job that was killed goes on
at the step where it stopped. The order and the durability are the job's business (`engine/jobs.py`).
"""

from __future__ import annotations

import hashlib
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from pydantic import TypeAdapter

from engine.domain.bot import BotVersion, Progress, TrainingStage, VersionKey
from engine.domain.knowledge import (
    CatalogueRow,
    Document,
    ItemFailure,
    LearnedDocument,
    Passage,
    Product,
    Source,
    SourceKind,
)
from engine.errors import NotFound, StoreclerkError
from engine.knowledge.passages import embedding_text, passages_of, passages_of_product
from engine.knowledge.reading import ReadBatch, ReadContext, Reader
from engine.knowledge.sources import Sources
from engine.ports import BlobStore, Clock, EmbeddedPassage, Embedder, PassageIndex, Splitter
from engine.records import Records

__all__ = ["Batch", "Training", "TrainingStopped", "version_name"]

BATCH_PASSAGES = 64
SHOWN_FAILURES = 200
DOCUMENTS = TypeAdapter(tuple[Document, ...])
PRODUCTS = TypeAdapter(tuple[Product, ...])
FAILURES = TypeAdapter(tuple[ItemFailure, ...])
PASSAGES = TypeAdapter(tuple[Passage, ...])


class TrainingStopped(Exception):
    """The version was cancelled or removed while it was being trained."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one reading step found."""

    cursor: str | None
    done: int
    total: int


def version_name(version: VersionKey) -> str:
    """Prefix of all blobs of a version."""
    return f"{version.merchant}/{version.bot}/versions/{version.number}"


class Training:
    """Trains versions; every method is one step of the job."""

    def __init__(
        self,
        records: Records,
        blobs: BlobStore,
        index: PassageIndex,
        embedder: Embedder,
        splitter: Splitter,
        readers: Mapping[SourceKind, Reader],
        sources: Sources,
        clock: Clock,
    ) -> None:
        self.records, self.blobs, self.index, self.embedder = records, blobs, index, embedder
        self.splitter, self.readers, self.sources, self.clock = splitter, readers, sources, clock

    # --- progress -----------------------------------------------------------------------------

    async def version(self, key: VersionKey) -> BotVersion:
        """The version as it stands. Raises TrainingStopped when it is cancelled or gone."""
        found = await self.records.versions.find(key.merchant, f"{key.bot}.{key.number}")
        if found is None or found.record.status in {"cancelled", "purged", "failed"}:
            raise TrainingStopped(f"version {key.number} of {key.bot!r} was stopped")
        return found.record

    async def show(
        self,
        key: VersionKey,
        stage: TrainingStage,
        done: int,
        total: int,
        *,
        failures: Sequence[ItemFailure] = (),
        eta_seconds: float | None = None,
    ) -> None:
        """Record how far the work has come."""

        def note(version: BotVersion) -> BotVersion:
            if version.status != "training":
                raise TrainingStopped(f"version {key.number} of {key.bot!r} was stopped")
            known = version.progress.failures
            fresh = tuple(failure for failure in failures if failure not in known)
            shown = (*known, *fresh)[:SHOWN_FAILURES]
            return replace(version, progress=Progress(stage, done, total, shown, eta_seconds))

        try:
            await self.records.versions.change(key.merchant, f"{key.bot}.{key.number}", note)
        except NotFound as error:
            raise TrainingStopped(f"version {key.number} of {key.bot!r} was removed") from error

    # --- steps --------------------------------------------------------------------------------

    async def begin(self, key: VersionKey) -> list[str]:
        """Start work; answers the ids of the sources to read."""
        version = await self.version(key)
        if version.status == "queued":
            await self.records.versions.change(
                key.merchant, f"{key.bot}.{key.number}", lambda current: current.to("training")
            )
        return list(version.sources)

    async def read(self, key: VersionKey, source_id: str, batch: int, cursor: str | None) -> Batch:
        """Read the next batch of one source."""
        await self.version(key)
        found = await self.records.sources.find(key.merchant, source_id)
        if found is None:
            return Batch(None, 0, 0)
        source = found.record
        try:
            reader = self.readers[source.kind]
            result = await reader.read(source, cursor, ReadContext(self.blobs, self.clock))
        except StoreclerkError as error:
            result = ReadBatch(failures=(ItemFailure(source.title, error.message, error.code),))
        name = f"{version_name(key)}/read/{source_id}/{batch:06}.json"
        await self.blobs.put(name, pack(result))
        await self.show(key, "reading", result.done, max(result.total, result.done), failures=result.failures)
        if result.cursor is None:
            await self.finish_source(key, source)
        return Batch(result.cursor, result.done, result.total)

    async def finish_source(self, key: VersionKey, source: Source) -> None:
        """Note on the source how its reading went."""
        documents = products = 0
        failures: list[ItemFailure] = []
        for name in await self.blobs.names(f"{version_name(key)}/read/{source.id}/"):
            batch = await self.batch(name)
            documents += len(batch.documents)
            products += len(batch.products)
            failures += batch.failures
        await self.sources.record_reading(source, documents=documents, products=products, failures=tuple(failures))

    async def batch(self, name: str) -> ReadBatch:
        """A batch that was read before."""
        content = await self.blobs.get(name)
        if content is None:
            raise TrainingStopped(f"{name!r} is gone: the version was removed")
        data = json.loads(content)
        return ReadBatch(
            DOCUMENTS.validate_python(data["documents"]),
            PRODUCTS.validate_python(data["products"]),
            FAILURES.validate_python(data["failures"]),
        )

    async def compare(self, key: VersionKey) -> list[str]:
        """Look over what was read; answers the batches to split.

        Raises StoreclerkError in a shop owner's words when nothing was learned.
        """
        names = await self.blobs.names(f"{version_name(key)}/read/")
        found = 0
        failures: list[ItemFailure] = []
        for name in names:
            batch = await self.batch(name)
            found += len(batch.documents) + len(batch.products)
            failures += batch.failures
        if not found:
            reason = failures[0].reason if failures else "None of the sources holds any text."
            raise StoreclerkError(f"Nothing could be learned. {reason}", code="nothing_learned")
        await self.show(key, "comparing", len(names), len(names))
        return names

    async def previous(self, key: VersionKey) -> VersionKey | None:
        """The newest sealed version made with the same embedder: its vectors serve again."""
        async for version in self.records.versions.all(key.merchant, {"bot": key.bot}, newest_first=True):
            if version.number < key.number and version.can_answer and version.embedder == self.embedder.name:
                return version.key
        return None

    async def split(self, key: VersionKey, names: Sequence[str]) -> int:
        """Cut all that was read into passages, each document once; answers the number of batches to embed."""
        seen: set[str] = set()
        waiting: list[Passage] = []
        written = 0
        learned: dict[str, LearnedDocument] = {}
        rows: dict[str, CatalogueRow] = {}
        for place, name in enumerate(names):
            batch = await self.batch(name)
            of_page = {product.url: product.id for product in batch.products if product.url}
            told = {document.url for document in batch.documents}
            for document in batch.documents:
                if document.digest in seen:
                    continue
                seen.add(document.digest)
                page_of = of_page.get(document.url) if document.kind == "product" else None
                passages = list(passages_of(document, self.splitter, page_of))
                waiting += passages
                learned[f"{key.bot}.{key.number}.{document.id}"] = learned_document(key, document, len(passages))
            for product in batch.products:
                if (row_key := f"{key.bot}.{key.number}.{product.id}") not in rows:
                    waiting += passages_of_product(product, self.splitter, described=product.url in told)
                rows[row_key] = CatalogueRow(key.merchant, key.bot, key.number, product)
            while len(waiting) >= BATCH_PASSAGES:
                await self.put_passages(key, written, waiting[:BATCH_PASSAGES])
                waiting, written = waiting[BATCH_PASSAGES:], written + 1
            await self.show(key, "splitting", place + 1, len(names))
        if waiting:
            await self.put_passages(key, written, waiting)
            written += 1
        await self.records.documents.delete_where(key.merchant, {"bot": key.bot, "version": key.number})
        await self.records.products.delete_where(key.merchant, {"bot": key.bot, "version": key.number})
        await self.records.documents.write_many(key.merchant, learned)
        await self.records.products.write_many(key.merchant, rows)
        return written

    async def put_passages(self, key: VersionKey, batch: int, passages: Sequence[Passage]) -> None:
        """Keep one batch of passages until the version is sealed."""
        await self.blobs.put(f"{version_name(key)}/passages/{batch:06}.json", PASSAGES.dump_json(tuple(passages)))

    async def embed(self, key: VersionKey, batch: int, total: int) -> tuple[int, int]:
        """Embed one batch, but for passages that the last version knows; answers (passages, reused)."""
        await self.version(key)
        started = time.monotonic()
        passages = await self.passages(key, batch)
        previous = await self.previous(key)
        digests = [passage.digest for passage in passages]
        known = {} if previous is None else await self.index.vectors(previous, digests)
        fresh = {p.digest: embedding_text(p) for p in passages if p.digest not in known}
        for digest, vector in zip(fresh, await self.embedder.embed(list(fresh.values())), strict=True):
            known[digest] = vector
        matrix = np.asarray([known[digest] for digest in digests], dtype=np.float32)
        await self.blobs.put(f"{version_name(key)}/vectors/{batch:06}.f32", matrix.tobytes())
        eta = (total - batch - 1) * (time.monotonic() - started)
        await self.show(key, "embedding", batch + 1, total, eta_seconds=round(eta, 1))
        return len(passages), len(passages) - len(fresh)

    async def passages(self, key: VersionKey, batch: int) -> tuple[Passage, ...]:
        """A batch of passages that was split before."""
        content = await self.blobs.get(f"{version_name(key)}/passages/{batch:06}.json")
        if content is None:
            raise TrainingStopped(f"batch {batch} of version {key.number} is gone: the version was removed")
        return PASSAGES.validate_json(content)

    async def write(self, key: VersionKey, batches: int) -> int:
        """Write the search index; answers how many passages it holds."""
        await self.show(key, "writing", 0, batches)
        return await self.index.write(key, self.embedded(key, batches))

    async def embedded(self, key: VersionKey, batches: int) -> AsyncIterator[Sequence[EmbeddedPassage]]:
        """All passages with their vectors, batch by batch."""
        for batch in range(batches):
            passages = await self.passages(key, batch)
            content = await self.blobs.get(f"{version_name(key)}/vectors/{batch:06}.f32")
            vectors = np.frombuffer(content or b"", dtype=np.float32).reshape(len(passages), -1)
            yield [EmbeddedPassage(p, v) for p, v in zip(passages, vectors, strict=True)]  # type: ignore[arg-type]

    async def seal(self, key: VersionKey, expected: int, reused: int) -> None:
        """Make the version ready when the counts agree. Raises StoreclerkError when they do not."""
        if (await self.version(key)).status == "ready":
            # Killed between the deciding write and the tidying: only the latter is left to do.
            await self.tidy(key)
            return
        count = await self.index.count(key)
        if count != expected:
            raise StoreclerkError(
                f"The search index holds {count} of {expected} passages; train again.", code="count_mismatch"
            )
        await self.show(key, "sealing", 0, 1)
        where: dict[str, str | int | bool] = {"bot": key.bot, "version": key.number}
        documents = await self.records.documents.count(key.merchant, where)
        products = await self.records.products.count(key.merchant, where)
        fingerprint = await self.fingerprint(key)

        def ready(version: BotVersion) -> BotVersion:
            return replace(
                version.to("ready"),
                progress=replace(version.progress, stage="done", done=count, total=count, eta_seconds=0.0),
                embedder=self.embedder.name,
                dimensions=self.embedder.dimensions,
                documents=documents,
                passages=count,
                products=products,
                reused_passages=reused,
                fingerprint=fingerprint,
                sealed_at=self.clock.now(),
            )

        await self.records.versions.change(key.merchant, f"{key.bot}.{key.number}", ready)
        await self.tidy(key)

    async def tidy(self, key: VersionKey) -> None:
        """Remove what only the training needed."""
        for part in ("read", "passages", "vectors"):
            await self.blobs.delete(f"{version_name(key)}/{part}/")

    async def fingerprint(self, key: VersionKey) -> str:
        """SHA-256 over all that decides an answer: configuration, knowledge and embedder."""
        version = await self.version(key)
        total = hashlib.sha256()
        settings = {
            "persona": TypeAdapter(type(version.persona)).dump_python(version.persona, mode="json"),
            "guardrails": TypeAdapter(type(version.guardrails)).dump_python(version.guardrails, mode="json"),
            "embedder": self.embedder.name,
        }
        total.update(json.dumps(settings, sort_keys=True).encode())
        for name in await self.blobs.names(f"{version_name(key)}/passages/"):
            for passage in PASSAGES.validate_json(await self.blobs.get(name) or b"[]"):
                total.update(f"{passage.id}\x1f{passage.digest}\x1f{passage.url}\x1e".encode())
        where: dict[str, str | int | bool] = {"bot": key.bot, "version": key.number}
        rows = [row async for row in self.records.products.all(key.merchant, where)]
        for row in sorted(rows, key=lambda row: row.product.id):
            total.update(f"{row.product.id}\x1f{row.product.price}\x1f{row.product.availability}\x1e".encode())
        return total.hexdigest()

    async def fail(self, key: VersionKey, reason: str) -> None:
        """End the version with a reason; what was live stays live."""

        def failed(version: BotVersion) -> BotVersion:
            if version.status not in {"queued", "training"}:
                return version
            return version.to("failed", failure=reason)

        try:
            await self.records.versions.change(key.merchant, f"{key.bot}.{key.number}", failed)
        except NotFound:
            return
        await self.discard(key)

    async def discard(self, key: VersionKey) -> None:
        """Remove all that a training without a result left behind; a version that can answer is left alone."""
        found = await self.records.versions.find(key.merchant, f"{key.bot}.{key.number}")
        if found is not None and found.record.can_answer:
            return
        where: dict[str, str | int | bool] = {"bot": key.bot, "version": key.number}
        await self.index.drop(key)
        await self.records.documents.delete_where(key.merchant, where)
        await self.records.products.delete_where(key.merchant, where)
        await self.tidy(key)


def pack(batch: ReadBatch) -> bytes:
    """A batch as JSON."""
    data: dict[str, Any] = {
        "documents": DOCUMENTS.dump_python(batch.documents, mode="json"),
        "products": PRODUCTS.dump_python(batch.products, mode="json"),
        "failures": FAILURES.dump_python(batch.failures, mode="json"),
    }
    return json.dumps(data, ensure_ascii=False).encode()


def learned_document(key: VersionKey, document: Document, passages: int) -> LearnedDocument:
    """What is kept of a document beside its passages."""
    return LearnedDocument(
        key.merchant,
        key.bot,
        key.number,
        document.id,
        document.source,
        document.title,
        document.url,
        document.digest,
        document.fetched_at,
        document.language,
        document.kind,
        passages,
    )
