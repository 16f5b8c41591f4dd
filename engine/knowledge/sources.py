"""Sources: where a bot's knowledge comes from. Making, listing and removing them."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from typing import Literal

from engine.domain.knowledge import ItemFailure, Source, SourceKind
from engine.errors import FieldProblem, InvalidInput, NotFound
from engine.knowledge.reading import Reader
from engine.ports import BlobStore, Clock, Identifiers
from engine.records import Listing, Records

__all__ = ["Sources"]


class Sources:
    """Use cases around a bot's sources."""

    def __init__(
        self,
        records: Records,
        blobs: BlobStore,
        readers: Mapping[SourceKind, Reader],
        clock: Clock,
        identifiers: Identifiers,
    ) -> None:
        self.records, self.blobs, self.readers = records, blobs, readers
        self.clock, self.identifiers = clock, identifiers

    async def create(self, merchant: str, bot: str, kind: SourceKind, options: dict[str, object]) -> Source:
        """A new source, checked by its reader. Raises InvalidInput naming the field."""
        reader = self.readers.get(kind)
        if reader is None:
            known = ", ".join(sorted(self.readers))
            raise InvalidInput(
                f"{kind!r} is not a kind of source; choose one of {known}",
                fields=[FieldProblem("kind", f"is one of {known}")],
            )
        title, checked = reader.check(options)
        source = Source(self.identifiers.new("source"), merchant, bot, kind, title, checked, self.clock.now())
        await self.records.sources.add(merchant, source.id, source)
        return source

    async def create_from_file(self, merchant: str, bot: str, filename: str, content: bytes) -> Source:
        """A source for an uploaded file, kept under its own hash. Raises InvalidInput naming the file."""
        blob = f"{merchant}/{bot}/files/{hashlib.sha256(content).hexdigest()}"
        await self.blobs.put(blob, content)
        return await self.create(merchant, bot, "file", {"blob": blob, "filename": filename})

    async def get(self, merchant: str, bot: str, source_id: str) -> Source:
        """One source. Raises NotFound."""
        source = await self.records.sources.get(merchant, source_id)
        if source.bot != bot:
            raise NotFound(f"there is no source {source_id!r}")
        return source

    async def page(self, merchant: str, bot: str, limit: int, cursor: str | None) -> Listing[Source]:
        """A bot's sources, oldest first."""
        return await self.records.sources.page(merchant, {"bot": bot}, limit=limit, cursor=cursor)

    async def delete(self, merchant: str, bot: str, source_id: str) -> None:
        """Remove a source; versions made after this do not know it. Raises NotFound."""
        source = await self.get(merchant, bot, source_id)
        await self.records.sources.delete(merchant, source.id)

    async def record_reading(
        self, source: Source, *, documents: int, products: int, failures: tuple[ItemFailure, ...]
    ) -> None:
        """Note how reading a source went: fresh, partly failed, or failed."""
        now = self.clock.now()

        def note(current: Source) -> Source:
            good = documents + products > 0
            state: Literal["failed", "partial", "fresh"] = "partial" if failures else "fresh"
            reason = "" if good else (failures[0].reason if failures else "Nothing to learn was found there.")
            freshness = replace(
                current.freshness,
                state=state if good else "failed",
                last_attempt_at=now,
                last_good_at=now if good else current.freshness.last_good_at,
                reason=reason,
            )
            return replace(
                current, freshness=freshness, documents=documents, products=products, failures=failures[:200]
            )

        try:
            await self.records.sources.change(source.merchant, source.id, note)
        except NotFound:
            # Removed while it was being read: there is nothing left to note it on.
            return
