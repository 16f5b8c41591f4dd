"""What a bot's pages and shoppers speak decides which embedder reads its passages."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from engine.domain.conversation import Ask
from engine.embedders import Embedders
from engine.errors import Unavailable
from engine.llama.retriever import LlamaRetriever
from tests.engine.adapters.embedding_server import embedding_server
from tests.plain_jobs import engine_with_plain_jobs

PAGES = {
    "Rückgabe": "Ungetragene Schuhe nehmen wir innerhalb von 40 Tagen zurück.",
    "Versand": "Pakete nach Österreich kosten 9 Euro und sind fünf Tage unterwegs.",
    "Werkstatt": "Das Besohlen von Wanderstiefeln dauert zwei Wochen.",
}


async def trained(engine, jobs, bot: str) -> int:
    """Train the bot; answers the version's number."""
    version = await engine.versions.create("m", bot)
    await jobs.finish()
    return version.number


@pytest.fixture
async def shop(tmp_path: Path):
    """(engine, jobs, bot's id) with German pages, not trained yet."""
    engine, jobs = engine_with_plain_jobs(tmp_path)
    bot = await engine.bots.create("m", "Schuhhaus")
    for title, text in PAGES.items():
        await engine.sources.create("m", bot.id, "text", {"title": title, "text": text})
    await jobs.finish()
    yield engine, jobs, bot.id
    await engine.close()


async def first(engine, bot: str, number: int, question: str) -> str:
    """Title of the passage that comes first."""
    version = await engine.versions.get("m", bot, number)
    return (await engine.answerer.finder.look_up(version, question, 3)).passages[0].passage.title


async def test_an_english_question_finds_a_german_page_once_the_bot_speaks_many_languages(shop):
    engine, jobs, bot = shop
    one = await trained(engine, jobs, bot)
    await engine.bots.change("m", bot, languages="many")
    two = await trained(engine, jobs, bot)
    kept, made = await engine.versions.get("m", bot, one), await engine.versions.get("m", bot, two)
    assert (kept.embedder, made.embedder) == (
        "all-MiniLM-L6-v2-int8/1",
        "universal-sentence-encoder-multilingual-3/1",
    )
    assert made.dimensions == 512
    assert made.reused_passages == 0
    assert made.fingerprint != kept.fingerprint
    assert await first(engine, bot, two, "Can I send back shoes that I have not worn?") == "Rückgabe"
    assert await first(engine, bot, two, "Combien coûte la livraison en Autriche ?") == "Versand"
    # The version before is still searched with the embedder that it was made with.
    assert await first(engine, bot, one, "Besohlen von Wanderstiefeln") == "Werkstatt"


async def test_a_shop_connects_an_embedder_of_its_own(tmp_path: Path):
    with embedding_server() as server:
        engine, jobs = engine_with_plain_jobs(
            tmp_path, embedder="openai_compatible", embedder_name="ours", embedder_dimensions=384,
            embedder_url=server.url,
        )  # fmt: skip
        bot = await engine.bots.create("m", "Kiln & Leaf")
        text = "Returns are accepted within 30 days. Delivery to Germany costs 6.90 EUR."
        await engine.sources.create("m", bot.id, "text", {"title": "Policies", "text": text})
        await jobs.finish()
        number = await trained(engine, jobs, bot.id)
        version = await engine.versions.get("m", bot.id, number)
        assert (version.embedder, version.dimensions) == ("ours/384", 384)
        reply = await engine.answerer.answer(bot, version, Ask("How long may I return things?"))
        assert "30 days" in reply.text
        server.behaviour = "broken"
        by_words = await engine.answerer.finder.look_up(version, "What does delivery to Germany cost?", 3)
        assert "6.90" in by_words.passages[0].passage.text
        assert by_words.passages[0].similarity == 0
        await engine.sources.create("m", bot.id, "text", {"title": "More", "text": "Gift wrapping costs 2 EUR."})
        await jobs.finish()
        failed = await engine.versions.get("m", bot.id, await trained(engine, jobs, bot.id))
        assert failed.status == "failed"
        assert "'ours' cannot be reached" in failed.failure
        await engine.close()


def test_an_embedder_that_is_gone_is_named():
    class Known:
        name = "ours/384"

    embedders = Embedders(Known(), Known())
    assert embedders.named("ours/384").name == "ours/384"
    with pytest.raises(Unavailable, match="'theirs/1536' is not connected any more"):
        embedders.named("theirs/1536")


async def test_a_version_whose_embedder_is_gone_is_searched_by_words(shop):
    engine, jobs, bot = shop
    number = await trained(engine, jobs, bot)
    version = replace(await engine.versions.get("m", bot, number), embedder="theirs/1536")
    found = await engine.answerer.finder.look_up(version, "Besohlen von Wanderstiefeln", 3)
    assert found.passages[0].passage.title == "Werkstatt"


async def test_what_was_not_embedded_is_similar_to_nothing(shop):
    """An embedder's own scale must not make something of nothing."""

    class OutOfReach:
        name, dimensions = "all-MiniLM-L6-v2-int8/1", 384

        async def embed(self, _):
            raise Unavailable("out of reach")

        def comparable(self, cosine: float) -> float:
            return cosine + 0.5

    engine, jobs, bot = shop
    number = await trained(engine, jobs, bot)
    version = await engine.versions.get("m", bot, number)
    retriever = LlamaRetriever(engine.adapters.index, Embedders(OutOfReach(), OutOfReach()))
    found = await retriever.retrieve(version.key, "Besohlen", embedder=version.embedder, limit=3)
    assert [item.similarity for item in found] == [0.0] * len(found)
    assert found
