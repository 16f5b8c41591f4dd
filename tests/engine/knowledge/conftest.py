"""Real parts for reading: a folder as blob store, parsing processes, a clock that stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.adapters.embedded.blob_store import FolderBlobStore
from engine.domain.knowledge import Source, SourceKind
from engine.knowledge.fetching import Fetcher
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers import WebsiteReader
from engine.knowledge.reading import ReadBatch, ReadContext, Reader
from tests.sites.loopback import Site, serving

NOW = datetime(2026, 11, 1, 12, tzinfo=UTC)


class StandingClock:
    def now(self) -> datetime:
        return NOW


@pytest.fixture
def context(tmp_path: Path) -> ReadContext:
    return ReadContext(FolderBlobStore(tmp_path), StandingClock())


@pytest.fixture(scope="session")
def parsing() -> Iterator[ParsingProcesses]:
    processes = ParsingProcesses()
    yield processes
    processes.close()


@pytest.fixture
def site() -> Iterator[Site]:
    with serving() as running:
        yield running


@pytest.fixture
def website(site: Site, parsing: ParsingProcesses) -> WebsiteReader:
    fetcher = Fetcher(user_agent="Storeclerk/0 (test)", allowed_private_hosts=(site.host,), total_seconds=4)
    return WebsiteReader(fetcher=fetcher, parsing=parsing, requests_per_second=50, most_pages=500)


@pytest.fixture
def make_source() -> Callable[[Reader, dict[str, object]], Source]:
    def make(reader: Reader, options: dict[str, object]) -> Source:
        title, checked = reader.check(options)
        kind: SourceKind = reader.kind
        return Source("source_1", "merchant_1", "bot_1", kind, title, checked, NOW)

    return make


@pytest.fixture
def read_all(context: ReadContext, make_source: Callable[[Reader, dict[str, object]], Source]) -> Callable[..., object]:
    async def read(reader: Reader, options: dict[str, object]) -> ReadBatch:
        source = make_source(reader, options)
        documents, products, failures, cursor, batch = [], [], [], None, ReadBatch()
        for _ in range(100):
            batch = await reader.read(source, cursor, context)
            documents += batch.documents
            products += batch.products
            failures += batch.failures
            cursor = batch.cursor
            if cursor is None:
                break
        return ReadBatch(tuple(documents), tuple(products), tuple(failures), cursor, batch.done, batch.total)

    return read
