"""A source read to its end, as training reads it, for benches."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.domain.knowledge import Document, ItemFailure, Product, Source
from engine.knowledge.reading import ReadContext, Reader


@dataclass
class WholeReading:
    """All that a reading brought."""

    documents: list[Document] = field(default_factory=list)
    products: list[Product] = field(default_factory=list)
    failures: list[ItemFailure] = field(default_factory=list)
    done: int = 0


async def read_whole(reader: Reader, source: Source, context: ReadContext) -> WholeReading:
    """Read every batch."""
    found, cursor = WholeReading(), None
    while True:
        batch = await reader.read(source, cursor, context)
        found.documents += batch.documents
        found.products += batch.products
        found.failures += batch.failures
        found.done, cursor = batch.done, batch.cursor
        if cursor is None:
            return found
