"""Sources of a portable file, with what was read of them: the next training here needs no reading.

Never here: what a version learned; see `arriving`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.domain.knowledge import Source, SourceCopy, SourceKind
from engine.errors import InvalidInput
from engine.knowledge.copies import Copies, options_digest
from engine.knowledge.reading import ReadBatch, Reader
from engine.release.arriving import Arrival, check_address
from engine.release.bundle import CopiedBatch, broken
from engine.release.bundle_cleaning import clean_source

__all__ = ["ArrivingSources"]

RUN = "import"
MOST_SOURCES = 10_000


class ArrivingSources:
    """Writes the sources of one arrival, their copies first."""

    def __init__(self, arrival: Arrival, copies: Copies, readers: Mapping[SourceKind, Reader]) -> None:
        self.arrival, self.copies, self.readers = arrival, copies, readers

    async def write(self) -> None:
        """Copies, then records."""
        sources: dict[str, Source] = {}
        async for batch in self.arrival.reader.many(Source, "sources.jsonl"):
            sources |= {told.id: self.source(told) for told in batch}
            if len(sources) > MOST_SOURCES:
                raise broken(f"it holds more than {MOST_SOURCES:,} sources.")
        kept = await self.write_copies(sources)
        for old, source in sources.items():
            if source.copy is not None and kept.get(old, 0) != source.copy.batches:
                raise broken(f"what was read of {source.title[:100]!r} is not whole.")
            await self.arrival.records.sources.add(self.arrival.merchant, source.id, source)

    def source(self, told: Source) -> Source:
        """A source here, its options checked by its reader as those of a new one. Raises InvalidInput."""
        cleaned = clean_source(told)
        title, options = self.checked(cleaned)
        merchant, bot = self.arrival.merchant, self.arrival.bot
        source = replace(
            cleaned, id=self.arrival.source(told.id), merchant=merchant, bot=bot, title=title, options=options
        )
        return replace(source, copy=None if told.copy is None else here(told.copy, source))

    def checked(self, told: Source) -> tuple[str, dict[str, object]]:
        """(title, options) as they are to be stored.

        An address that only the other installation may visit is kept: reading it says so, and its copy serves on.
        """
        try:
            return self.readers[told.kind].check({"title": told.title, **told.options})
        except InvalidInput as error:
            url = told.options.get("url")
            if isinstance(url, str) and url.startswith(("http://", "https://")):
                return told.title, {"url": url}
            raise broken(f"the source {told.title[:100]!r} cannot be read here: {error.message}") from error

    async def write_copies(self, sources: Mapping[str, Source]) -> dict[str, int]:
        """Keep every batch under its source's new name; answers how many each has, from the first without gap."""
        kept: dict[str, int] = {}
        async for some in self.arrival.reader.many(CopiedBatch, "copies.jsonl"):
            for told in some:
                source = sources.get(told.source)
                if source is None or told.number != kept.get(told.source, 0):
                    raise broken("'copies.jsonl' in it is not in order.")
                await self.copies.put(source, RUN, told.number, self.batch(told, source))
                kept[told.source] = told.number + 1
        return kept

    def batch(self, told: CopiedBatch, source: Source) -> ReadBatch:
        """A batch whose documents and products are the source's here."""
        batch = self.arrival.reader.parsed_python(ReadBatch, told.batch, "copies.jsonl")
        for document in batch.documents:
            check_address(document.url)
        return replace(
            batch,
            documents=tuple(replace(document, source=source.id) for document in batch.documents),
            products=tuple(replace(self.arrival.product(product), source=source.id) for product in batch.products),
        )


def here(copy: SourceCopy, source: Source) -> SourceCopy:
    """The copy as one of a reading here, with the options that the source has now."""
    return replace(copy, run=RUN, options=options_digest(source))
