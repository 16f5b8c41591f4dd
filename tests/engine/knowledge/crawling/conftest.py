"""Readings of one website one after the other, as syncing makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from engine.domain.knowledge import Source
from engine.knowledge.copies import Tally
from engine.knowledge.readers import WebsiteReader
from engine.knowledge.reading import ReadBatch, ReadContext
from tests.engine.knowledge.conftest import NOW


class Readings:
    """Reads a source again and again, each reading with the one before as its last good copy."""

    def __init__(self, reader: WebsiteReader, source: Source, context: ReadContext) -> None:
        self.reader, self.source, self.context = reader, source, context
        self.number = 0

    async def next(self) -> ReadBatch:
        """The next reading, an hour after the one before."""
        self.number += 1
        now = NOW + timedelta(hours=self.number - 1)
        clock = type("Clock", (), {"now": lambda self: now})()
        previous = f"run{self.number - 1}" if self.number > 1 else None
        context = replace(self.context, clock=clock, run=f"run{self.number}", previous=previous)
        whole, cursor = ReadBatch(), None
        for _ in range(200):
            batch = await self.reader.read(self.source, cursor, context)
            whole = ReadBatch(
                whole.documents + batch.documents, whole.products + batch.products, whole.failures + batch.failures,
                batch.cursor, batch.done, batch.total,
            )  # fmt: skip
            cursor = batch.cursor
            if cursor is None:
                return whole
        raise AssertionError("the crawl does not end")


@pytest.fixture
def readings(
    website: WebsiteReader, context: ReadContext, make_source: Callable[..., Source]
) -> Callable[[dict[str, object]], Readings]:
    return lambda options: Readings(website, make_source(website, options), context)


@pytest.fixture
def words_of() -> Callable[[ReadBatch], Any]:
    def words(batch: ReadBatch) -> tuple[int, int]:
        tally = Tally()
        tally.add(batch)
        return tally.words, tally.data

    return words
