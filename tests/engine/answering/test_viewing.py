"""What `this` means while a product's page lies before the shopper."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio

from engine.bootstrap import embedded
from engine.domain.conversation import Ask, PageShown, Reply
from engine.settings import Settings
from tests.plain_jobs import engine_with_plain_jobs

FEED = """id,title,description,link,price,availability
1,Fernleaf Mug,"Stoneware mug, 350 ml, dishwasher safe.",https://shop.example/p/mug,19.00 EUR,in stock
2,Walnut Tray,"Oiled, wipe clean only, not for the dishwasher.",https://shop.example/p?id=tray,49.00 EUR,out of stock
"""
MUG = PageShown("https://www.shop.example/p/mug/?utm_source=mail#top", "Fernleaf Mug – Kiln & Leaf")
TRAY = PageShown("https://shop.example/p?id=tray&ref=x", "Walnut Tray – Kiln & Leaf")


@dataclass
class Shop:
    """A shop with two products."""

    engine: Any
    bot: Any
    version: Any

    async def ask(self, text: str, page: PageShown | None, history: tuple[tuple[str, str], ...] = ()) -> Reply:
        return await self.engine.answerer.answer(
            self.bot, self.version, Ask(text, page=page, history=history), test=True
        )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    folder = tmp_path_factory.mktemp("viewing")
    adapters = embedded(Settings(_env_file=None, data_dir=folder, run_jobs=False))  # type: ignore[call-arg]
    engine, jobs = engine_with_plain_jobs(folder, adapters)
    bot = await engine.bots.create("m", "Kiln & Leaf")

    async def feed() -> AsyncIterator[bytes]:
        yield FEED.encode()

    kind, options = await engine.sources.take_file("m", bot.id, "feed.csv", feed(), 10_000)
    await engine.sources.create("m", bot.id, kind, options)
    delivery = {"title": "Delivery", "text": "Delivery to Germany costs 6.90 EUR and takes three days."}
    await engine.sources.create("m", bot.id, "text", delivery)
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    yield Shop(engine, bot, await engine.versions.get("m", bot.id, 1))
    await engine.close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


@pytest.mark.parametrize(
    "question",
    [
        "Is this in stock?",
        "How much is it?",
        "Was kostet dieses Produkt?",
        "Ist das auf Lager?",
        "Wie viel kostet das?",
    ],
)
@pytest.mark.parametrize(("page", "title", "price"), [(MUG, "Fernleaf Mug", "19.00"), (TRAY, "Walnut Tray", "49.00")])
async def test_this_is_the_product_on_the_page(shop: Shop, question: str, page: PageShown, title: str, price: str):
    reply = await shop.ask(question, page)
    assert [card.title for card in reply.products] == [title]
    assert price in reply.text.replace(",", ".")


async def test_a_fact_of_another_product_is_not_told_of_it(shop: Shop):
    assert "not for the dishwasher" in (await shop.ask("Is this dishwasher safe?", TRAY)).text
    assert "not for the dishwasher" not in (await shop.ask("Is this dishwasher safe?", MUG)).text


async def test_a_question_that_points_at_nothing_is_as_it_was(shop: Shop):
    for text in ("How much is delivery to Germany?", "Does it take long to Germany?"):
        assert (await shop.ask(text, MUG)).text == (await shop.ask(text, None)).text


@pytest.mark.parametrize(
    "page",
    [
        PageShown("https://evil.example/p/mug", MUG.title),
        PageShown("https://shop.example/p/other", MUG.title),
        PageShown("https://shop.example/p", TRAY.title),
        PageShown(MUG.url, "Checkout"),
        PageShown("http://[", MUG.title),
        PageShown("", ""),
    ],
)
async def test_a_page_of_no_product_changes_nothing(shop: Shop, page: PageShown):
    assert (await shop.ask("How much is it?", page)).products == ()


async def test_it_is_what_was_talked_about_and_this_is_what_is_seen(shop: Shop):
    talk = (("How much is the Walnut Tray?", "Walnut Tray costs €49.00."),)
    assert [card.title for card in (await shop.ask("Is it in stock?", MUG, talk)).products] == ["Walnut Tray"]
    assert [card.title for card in (await shop.ask("Is this in stock?", MUG, talk)).products] == ["Fernleaf Mug"]
