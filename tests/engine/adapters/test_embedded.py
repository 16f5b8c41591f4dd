"""The embedded adapters keep the ports' promises."""

from __future__ import annotations

import json
import sqlite3
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from engine.adapters.embedded import embedder as embedder_module
from engine.adapters.embedded.blob_store import FolderBlobStore
from engine.adapters.embedded.catalogue import SqliteCatalogue
from engine.adapters.embedded.document_store import SqliteDocumentStore, SqliteRateCounter
from engine.adapters.embedded.embedder import MiniLmEmbedder, package_file
from engine.adapters.embedded.extractive import ExtractiveChatModel
from engine.adapters.embedded.many_languages import ManyLanguagesEmbedder
from engine.adapters.embedded.passage_index import HybridPassageIndex
from engine.adapters.embedded.reranker import APART, MiniLmReranker, session
from engine.adapters.embedded.system import OutboxMailer, SystemClock, SystemIdentifiers
from engine.errors import Unavailable
from engine.ports import Mail, ProductSearch
from tests.contracts.blob_store import BlobStoreContract
from tests.contracts.catalogue import ONE as ONE_CATALOGUE
from tests.contracts.catalogue import PRODUCTS, CatalogueContract, batches
from tests.contracts.document_store import DocumentStoreContract
from tests.contracts.passage_index import ONE, PassageIndexContract
from tests.contracts.people import (
    ChatModelContract,
    ClockContract,
    EmbedderContract,
    IdentifiersContract,
    MailerContract,
    RateCounterContract,
)  # fmt: skip
from tests.contracts.reranker import RerankerContract


class TickingClock:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.at = datetime(2026, 1, 1, tzinfo=UTC)

    def now(self) -> datetime:
        return self.at

    def move(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(scope="module")
def embedder():
    made = MiniLmEmbedder()
    yield made
    made.close()


@pytest.fixture(scope="module")
def many_languages():
    made = ManyLanguagesEmbedder()
    yield made
    made.close()


@pytest.fixture
def ticking():
    return TickingClock()


class TestSqliteCatalogue(CatalogueContract):
    @pytest.fixture
    def catalogue(self, tmp_path: Path):
        made = SqliteCatalogue(tmp_path / "catalogue")
        yield made
        made.close()

    async def test_a_file_of_the_earlier_layout_is_made_again_from_its_rows(self, tmp_path: Path):
        first = SqliteCatalogue(tmp_path / "c")
        await first.write(ONE_CATALOGUE, batches(PRODUCTS))
        first.close()
        with sqlite3.connect(first.path(ONE_CATALOGUE)) as file:
            for table in ("terms", "term_products", "forms", "codes"):
                file.execute(f"DROP TABLE {table}")
            file.execute("PRAGMA user_version = 0")
        file.close()
        again = SqliteCatalogue(tmp_path / "c")
        found = await again.search(ONE_CATALOGUE, ProductSearch("linen"))
        assert [item.id for item in found.items] == ["shirt"]
        assert [path.name for path in first.path(ONE_CATALOGUE).parent.iterdir() if "building" in path.name] == []
        again.close()


class TestSqliteDocumentStore(DocumentStoreContract):
    @pytest.fixture
    def store(self, tmp_path: Path):
        made = SqliteDocumentStore(tmp_path / "records.sqlite")
        yield made
        made.close()

    async def test_it_survives_being_opened_again(self, tmp_path: Path):
        first = SqliteDocumentStore(tmp_path / "r.sqlite")
        await first.add("m1", "bots", "b1", {"v": 1})
        first.close()
        second = SqliteDocumentStore(tmp_path / "r.sqlite")
        assert (await second.get("m1", "bots", "b1")).body == {"v": 1}
        second.close()

    async def test_a_file_that_is_no_database_is_unavailable(self, tmp_path: Path):
        (tmp_path / "r.sqlite").write_bytes(b"not a database" * 100)
        store = SqliteDocumentStore(tmp_path / "r.sqlite")
        with pytest.raises(Unavailable, match="cannot be used"):
            await store.ping()
        store.close()

    async def test_a_full_disk_is_unavailable_and_loses_nothing(self, tmp_path: Path):
        store = SqliteDocumentStore(tmp_path / "r.sqlite", workers=1)
        await store.add("m1", "bots", "b1", {"v": 1})
        # SQLite reports a file that may not grow exactly as it reports a full disk.
        await store.connections.run(lambda connection: connection.execute("PRAGMA max_page_count = 20").fetchone())
        with pytest.raises(Unavailable, match="full"):
            await store.write_many("m1", "bots", {f"big{n}": {"v": "x" * 10_000} for n in range(50)})
        assert await store.count("m1", "bots", {}) == 1
        assert (await store.get("m1", "bots", "b1")).body == {"v": 1}
        store.close()

    async def test_a_write_of_many_is_all_or_none(self, store: SqliteDocumentStore):
        with pytest.raises(sqlite3.Error):
            await store.connections.run(
                lambda connection: connection.executemany("INSERT INTO documents (merchant) VALUES (?)", [(None,)])
            )
        with pytest.raises((TypeError, ValueError)):
            await store.write_many("m1", "p", {"a": {"v": 1}, "b": {"v": object()}})
        assert await store.count("m1", "p", {}) == 0


class TestFolderBlobStore(BlobStoreContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path):
        return FolderBlobStore(tmp_path / "blobs")

    async def test_a_folder_that_cannot_be_written_is_unavailable(self, tmp_path: Path):
        blobs = FolderBlobStore(tmp_path / "blobs")
        (tmp_path / "blobs" / "m1").write_text("a file where a folder must be")
        with pytest.raises(Unavailable, match="could not be stored"):
            await blobs.put("m1/x", b"y")


class TestHybridPassageIndex(PassageIndexContract):
    @pytest.fixture
    def index(self, tmp_path: Path):
        made = HybridPassageIndex(tmp_path / "index")
        yield made
        made.close()

    async def test_it_survives_being_opened_again(self, tmp_path: Path, embedder):
        first = HybridPassageIndex(tmp_path / "i")
        await self.write(first, embedder, ONE)
        first.close()
        second = HybridPassageIndex(tmp_path / "i")
        assert (await self.search(second, embedder, ONE, "Norway"))[0].passage.text.startswith("We ship")
        second.close()

    async def test_a_folder_that_cannot_be_written_is_unavailable(self, tmp_path: Path, embedder):
        (tmp_path / "i").mkdir()
        (tmp_path / "i" / "m1").write_text("a file where a folder must be")
        index = HybridPassageIndex(tmp_path / "i")
        with pytest.raises(Unavailable, match="cannot be used"):
            await self.write(index, embedder, ONE)
        index.close()


class TestMiniLmEmbedder(EmbedderContract):
    def test_an_altered_or_missing_model_is_named(self):
        with pytest.raises(Unavailable, match="not the file"):
            package_file(*embedder_module.TOKENIZER, "0" * 64)
        with pytest.raises(Unavailable, match="not installed"):
            package_file("no-such-package", "x", "0" * 64)


class TestManyLanguagesEmbedder(EmbedderContract):
    @pytest.fixture
    def embedder(self, many_languages):
        return many_languages

    async def test_a_question_is_nearest_to_its_answer_in_another_language(self, embedder):
        asked, near, far = await embedder.embed(
            ["Wie lange kann ich etwas zurückgeben?", "Returns are accepted for thirty days.", "Our mugs are blue."]
        )
        assert asked @ near > asked @ far + 0.1


class TestMiniLmReranker(RerankerContract):
    @pytest.fixture
    def reranker(self):
        made = MiniLmReranker()
        yield made
        made.close()

    def test_an_altered_or_missing_model_is_named(self):
        with pytest.raises(Unavailable, match="not the one"):
            session(APART[0], "0" * 64)
        with pytest.raises(Unavailable, match="missing"):
            session("no-such.onnx", "0" * 64)


class TestExtractiveChatModel(ChatModelContract):
    @pytest.fixture
    def model(self):
        return ExtractiveChatModel()


class TestSqliteRateCounter(RateCounterContract):
    @pytest.fixture
    def counter(self, tmp_path: Path, ticking):
        made = SqliteRateCounter(tmp_path / "c.sqlite", ticking)
        yield made
        made.close()


class TestOutboxMailer(MailerContract):
    @pytest.fixture
    def blobs(self, tmp_path: Path):
        return FolderBlobStore(tmp_path)

    @pytest.fixture
    def mailer(self, blobs, tmp_path: Path):
        return OutboxMailer(blobs, SystemIdentifiers(), tmp_path)

    @pytest.fixture
    def arrived(self, blobs):
        async def count():
            return len(await blobs.names("m1/outbox/"))

        return count


class TestSystem(ClockContract, IdentifiersContract):
    @pytest.fixture
    def clock(self):
        return SystemClock()

    @pytest.fixture
    def identifiers(self):
        return SystemIdentifiers()

    async def test_the_outbox_keeps_what_was_written(self, tmp_path: Path, identifiers):
        blobs = FolderBlobStore(tmp_path)
        mailer = OutboxMailer(blobs, identifiers, tmp_path)
        mail = Mail(
            "a@b.example", "Hé", "Text", datetime(2026, 1, 1, tzinfo=UTC), {"link": "https://x.example/#secret"}
        )
        with capture_logs() as logged:
            await mailer.send("m1", mail)
            await mailer.send("m1", mail)
        names = await blobs.names("m1/outbox/")
        assert len(names) == 2
        assert json.loads(await blobs.get(names[0]))["facts"] == {"link": "https://x.example/#secret"}
        assert {entry["event"] for entry in logged} == {"mail.kept"}
        assert {entry["file"] for entry in logged} == {str(tmp_path / name) for name in names}
        assert "secret" not in str(logged)
