"""What every `PassageIndex` promises. The fixture `embedder` gives vectors of its dimensions."""

import hashlib
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime

import pytest

from engine.domain.bot import VersionKey
from engine.domain.knowledge import Passage
from engine.errors import NotFound
from engine.ports import EmbeddedPassage, Embedder, PassageIndex, SearchRequest

ONE, TWO = VersionKey("m1", "b1", 1), VersionKey("m1", "b1", 2)
FOREIGN = VersionKey("m2", "b1", 1)


def passage(text: str, *, document: str = "d1", position: int = 0, source: str = "s1", product: str | None = None):
    """A passage with a digest of its own."""
    digest = hashlib.sha256(text.encode()).hexdigest()
    now = datetime(2026, 1, 1, tzinfo=UTC)
    return Passage(
        f"{document}:{position}", source, document, position, "Policies", ("Delivery",), text, "", digest, now,
        product=product,
    )  # fmt: skip


async def embedded(embedder: Embedder, passages: Sequence[Passage]) -> list[EmbeddedPassage]:
    """The passages with their vectors."""
    vectors = await embedder.embed([item.text for item in passages])
    return [EmbeddedPassage(item, vector) for item, vector in zip(passages, vectors, strict=True)]


async def batches(embedder: Embedder, *groups: Sequence[Passage]) -> AsyncIterator[Sequence[EmbeddedPassage]]:
    """The groups, one batch each."""
    for group in groups:
        yield await embedded(embedder, group)


async def batches_of(items: Sequence[EmbeddedPassage]) -> AsyncIterator[Sequence[EmbeddedPassage]]:
    """All of them as one batch."""
    yield items


TEXTS = ("We ship to Norway in four days.", "Refunds take five working days.", "Model KX-9 has a steel lid.")


class PassageIndexContract:
    async def write(self, index: PassageIndex, embedder: Embedder, key: VersionKey, texts: Sequence[str] = TEXTS):
        passages = [passage(text, position=place) for place, text in enumerate(texts)]
        return await index.write(key, batches(embedder, passages[:2], passages[2:]))

    async def search(self, index: PassageIndex, embedder: Embedder, key: VersionKey, text: str, **more):
        vector = (await embedder.embed([text]))[0]
        return await index.search(key, SearchRequest(text, vector, **more))

    async def test_write_answers_the_count(self, index: PassageIndex, embedder: Embedder):
        assert await self.write(index, embedder, ONE) == 3
        assert await index.count(ONE) == 3

    async def test_without_a_vector_words_alone_decide(self, index: PassageIndex, embedder: Embedder):
        await self.write(index, embedder, ONE)
        [found] = await index.search(ONE, SearchRequest("Norway", None))
        assert "Norway" in found.passage.text
        assert found.similarity == 0
        assert await index.search(ONE, SearchRequest("submarines", None)) == []

    async def test_words_and_meaning_are_both_found(self, index: PassageIndex, embedder: Embedder):
        await self.write(index, embedder, ONE)
        by_word = await self.search(index, embedder, ONE, "KX-9")
        assert by_word[0].passage.text == TEXTS[2]
        assert by_word[0].text_score > 0
        by_meaning = await self.search(index, embedder, ONE, "when do I get my money back")
        assert by_meaning[0].passage.text == TEXTS[1]
        assert 0 < by_meaning[0].similarity <= 1.0001
        assert 0 <= by_word[0].coverage <= 1

    async def test_search_answers_at_most_limit_best_first(self, index: PassageIndex, embedder: Embedder):
        await self.write(index, embedder, ONE)
        found = await self.search(index, embedder, ONE, "ship to Norway", limit=2)
        assert len(found) == 2
        assert found[0].score >= found[1].score

    async def test_a_version_that_does_not_exist_is_not_found(self, index: PassageIndex, embedder: Embedder):
        with pytest.raises(NotFound):
            await self.search(index, embedder, ONE, "anything")
        assert await index.count(ONE) == 0
        assert await index.vectors(ONE, ["x" * 64]) == {}

    async def test_versions_and_merchants_do_not_see_each_other(self, index: PassageIndex, embedder: Embedder):
        await self.write(index, embedder, ONE)
        await self.write(index, embedder, TWO, ["Only version two knows this."])
        await self.write(index, embedder, FOREIGN, ["A secret of another merchant."])
        for text in ("version two", "secret of another merchant"):
            assert {item.passage.text for item in await self.search(index, embedder, ONE, text)} <= set(TEXTS)

    async def test_a_write_that_broke_leaves_nothing(self, index: PassageIndex, embedder: Embedder):
        async def broken():
            yield await embedded(embedder, [passage("half")])
            raise RuntimeError("killed")

        with pytest.raises(RuntimeError, match="killed"):
            await index.write(ONE, broken())
        assert await index.count(ONE) == 0
        assert await self.write(index, embedder, ONE) == 3

    async def test_writing_again_replaces(self, index: PassageIndex, embedder: Embedder):
        await self.write(index, embedder, ONE)
        await self.write(index, embedder, ONE, ["Something else."])
        assert await index.count(ONE) == 1
        assert [item.passage.text for item in await self.search(index, embedder, ONE, "Norway")] == ["Something else."]

    async def test_an_empty_version_can_be_searched(self, index: PassageIndex, embedder: Embedder):
        async def nothing():
            return
            yield

        assert await index.write(ONE, nothing()) == 0
        assert await self.search(index, embedder, ONE, "anything") == []

    async def test_filters(self, index: PassageIndex, embedder: Embedder):
        items = [
            passage("Blue mug", document="d1", source="s1", product="p1"),
            passage("Blue delivery van", document="d2", source="s2"),
        ]
        await index.write(ONE, batches(embedder, items))
        only = await self.search(index, embedder, ONE, "blue", sources=("s2",))
        assert [item.passage.document for item in only] == ["d2"]
        without = await self.search(index, embedder, ONE, "blue", without_sources=("s2", "s9"))
        assert [item.passage.document for item in without] == ["d1"]
        products = await self.search(index, embedder, ONE, "blue", products_only=True)
        assert [item.passage.document for item in products] == ["d1"]

    async def test_a_documents_passages_are_read_in_order(self, index: PassageIndex, embedder: Embedder):
        items = [passage(f"Part {n}", document="d1", position=n) for n in range(5)]
        await index.write(ONE, batches(embedder, [passage("Other", document="d0")], items))
        assert [item.text for item in await index.read(ONE, document="d1", start=1, limit=3)] == [
            "Part 1", "Part 2", "Part 3",
        ]  # fmt: skip
        assert await index.read(ONE, document="nobody") == []

    async def test_vectors_are_given_back_by_digest(self, index: PassageIndex, embedder: Embedder):
        await self.write(index, embedder, ONE)
        digest = passage(TEXTS[1]).digest
        found = await index.vectors(ONE, [digest, "f" * 64])
        assert set(found) == {digest}
        assert list(found[digest]) == pytest.approx(list((await embedder.embed([TEXTS[1]]))[0]), abs=1e-6)

    async def test_a_whole_version_is_given_back_as_it_was_written(self, index: PassageIndex, embedder: Embedder):
        texts = [f"Passage number {n} of a long document." for n in range(600)]
        await self.write(index, embedder, ONE, texts)
        given = [item async for batch in index.whole(ONE) for item in batch]
        assert [item.passage for item in given] == [passage(text, position=n) for n, text in enumerate(texts)]
        await index.write(TWO, batches_of(given))
        for text in ("number 77", "a long document", "nmuber 512"):
            assert await self.search(index, embedder, ONE, text) == await self.search(index, embedder, TWO, text)
        with pytest.raises(NotFound):
            await anext(aiter(index.whole(FOREIGN)))

    async def test_drop_forgets_and_may_be_repeated(self, index: PassageIndex, embedder: Embedder):
        await self.write(index, embedder, ONE)
        await index.drop(ONE)
        assert await index.count(ONE) == 0
        await index.drop(ONE)
