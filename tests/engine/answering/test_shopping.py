"""Products are found for wishes in plain words, and shown from their rows; policies are still answered from pages."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio

from engine.domain.conversation import Ask, Reply
from engine.domain.knowledge import Product, Variant
from engine.domain.money import Money
from engine.ports import EmbeddedPassage
from tests.engine.llama.model_server import model_server
from tests.plain_jobs import engine_with_plain_jobs

FEED = """id,title,description,price,currency,availability,brand,category,color,size,item_group_id,link
s1,Linen shirt,A cool shirt.,39.00,EUR,in stock,Åland,Clothing,navy blue,M,shirt,https://x.example/s1
s2,Linen shirt,A cool shirt.,45.00,EUR,out of stock,Åland,Clothing,white,L,shirt,https://x.example/s2
m1,Stoneware mug,Holds 300 ml.,12.90,EUR,in stock,Kiln,Mugs,blue,,m1,https://x.example/m1
m2,Fernleaf mug,With a leather sleeve.,18.50,EUR,in stock,Kiln,Mugs,green,,m2,https://x.example/m2
m3,Camping mug,Enamel.,9.00,EUR,out of stock,Trek,Mugs,red,,m3,https://x.example/m3
k1,Copper kettle,Whistles.,89.00,EUR,in stock,Kiln,Kettles,,,k1,https://x.example/k1
k2,Steel kettle,Quiet.,49.00,EUR,in stock,Trek,Kettles,,,k2,https://x.example/k2
t1,Wooden train,Ages 3 and up.,24.00,EUR,in stock,Trek,Toys,,,t1,https://x.example/t1
t2,Chess set,For ages 8 and up.,34.00,EUR,in stock,Trek,Toys,,,t2,https://x.example/t2
"""
POLICY = "# Returns\n\nReturns are accepted within 30 days.\n\n# Delivery\n\nDelivery to Germany costs 6.90 EUR."


async def trained(data: Path, **settings: object):
    """(engine, bot, version) of a shop with a feed and a policy."""
    engine, jobs = engine_with_plain_jobs(data, **settings)
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "text", {"title": "Policies", "text": POLICY})

    async def chunks() -> AsyncIterator[bytes]:
        yield FEED.encode()

    kind, options = await engine.sources.take_file("m", bot.id, "feed.csv", chunks(), 10_000_000)
    await engine.sources.create("m", bot.id, kind, options)
    await jobs.finish()
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    return engine, bot, await engine.versions.get("m", bot.id, 1)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory):
    made = await trained(tmp_path_factory.mktemp("shop"))
    yield made
    await made[0].close()


pytestmark = pytest.mark.asyncio(loop_scope="module")


async def ask(shop, text: str, **more: object) -> Reply:
    engine, bot, version = shop
    return await engine.answerer.answer(bot, version, Ask(text, **more), test=True)  # type: ignore[arg-type]


def titles(reply: Reply) -> list[str]:
    return [card.title for card in reply.products]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("do you have mugs under 15 euros?", {"Stoneware mug", "Camping mug"}),
        ("show me mugs", {"Stoneware mug", "Camping mug", "Fernleaf mug"}),
        ("mugs not green", {"Stoneware mug", "Camping mug"}),
        ("mugs without leather", {"Stoneware mug", "Camping mug"}),
        ("mugs in stock", {"Stoneware mug", "Fernleaf mug"}),
        ("which is the cheapest kettle?", {"Steel kettle"}),
        ("most expensive mug", {"Fernleaf mug"}),
        ("kiln mugs under 20 in green", {"Fernleaf mug"}),
        ("something for a 5-year-old", {"Wooden train"}),
        ("something from Trek between 30 and 60 euros", {"Steel kettle", "Chess set"}),
        ("compare the copper kettle and the steel kettle", {"Copper kettle", "Steel kettle"}),
    ],
)
async def test_cards_hold_what_was_said(shop, text: str, expected: set[str]):
    reply = await ask(shop, text)
    assert set(titles(reply)) == expected
    assert reply.outcome == "answered"
    assert "as of" in reply.text
    assert {citation.title for citation in reply.citations} <= expected
    assert reply.citations


async def test_the_card_shows_the_variant_that_fits(shop):
    reply = await ask(shop, "linen shirt in size L")
    [card] = reply.products
    assert (card.variant, card.price, card.availability, card.url) == (
        "white, L", Money(Decimal("45.00"), "EUR"), "out_of_stock", "https://x.example/s2",
    )  # fmt: skip


async def test_price_and_stock_of_what_is_named(shop):
    assert "Fernleaf mug costs €18.50 and is in stock." in (await ask(shop, "how much is the fernleaf mug?")).text
    first = await ask(shop, "is the linen shirt in stock in size M?")
    assert "(navy blue, M) costs €39.00 and is in stock." in first.text
    second = await ask(shop, "and in L?", conversation_id=first.conversation_id)
    assert "(white, L) costs €45.00 and is out of stock" in second.text


async def test_what_is_named_is_told_as_sold_out_and_nothing_else_in_its_place(shop):
    for question in (
        "Do you have the Camping mug in stock?",
        "is the camping mug availbale?",
        "have you the camipng mug in stock",
    ):
        reply = await ask(shop, question)
        assert "Camping mug" in reply.text
        assert "out of stock" in reply.text
        assert titles(reply) == ["Camping mug"]
    after = await ask(shop, "And how much does it cost?", conversation_id=reply.conversation_id)
    assert "€9.00" in after.text


async def test_a_follow_up_keeps_the_conditions(shop):
    first = await ask(shop, "do you have mugs under 15 euros?")
    assert titles(await ask(shop, "and in blue?", conversation_id=first.conversation_id)) == ["Stoneware mug"]


async def test_when_nothing_fits_it_says_what_would(shop):
    reply = await ask(shop, "do you have blue mugs under 10 euros?")
    assert reply.products == ()
    assert "nothing that fits all of that" in reply.text
    assert "Without “in blue” there is 1." in reply.text


async def test_another_currency_is_said_and_not_guessed(shop):
    reply = await ask(shop, "kettle under £50")
    assert reply.products == ()
    assert "EUR" in reply.text
    assert "GBP" in reply.text


async def test_a_slip_is_read_and_said(shop):
    reply = await ask(shop, "steel kettel")
    assert titles(reply)[0] == "Steel kettle"
    assert "I read “kettel” as “kettle”." in reply.text


@pytest.mark.parametrize(
    ("text", "words"),
    [("Do you ship to Germany?", "6.90"), ("what is your return policy?", "30 days"), ("returns", "30 days")],
)
async def test_policies_are_answered_from_pages(shop, text: str, words: str):
    reply = await ask(shop, text)
    assert words in reply.text
    assert reply.products == ()
    assert reply.citations


async def test_what_the_shop_does_not_have_is_not_made_up(shop):
    assert (await ask(shop, "do you sell bicycles?")).outcome == "refused"


async def test_a_removed_source_is_not_sold_from(shop):
    engine, _, version = shop
    [source] = [item.id for item in await engine.records.sources.list("m", {}) if item.kind == "feed"]
    assert await engine.answerer.shopping.shelf(version, "show me mugs", without_sources=(source,)) is None


async def test_a_language_model_is_given_the_same_rows(tmp_path: Path):
    with model_server() as server:
        engine, bot, version = await trained(
            tmp_path, chat_model="openai_compatible", chat_model_name="test", chat_model_url=server.url
        )
        server.says = "The stoneware mug costs 12.90 EUR. The camping mug costs 77.70 EUR."
        reply = await ask((engine, bot, version), "do you have mugs under 15 euros?")
        assert set(titles(reply)) == {"Stoneware mug", "Camping mug"}
        assert "12.90" in reply.text
        assert "77.70" not in reply.text
        prompt = str(server.asked[-1]["messages"][-1]["content"])
        assert '"row": "Camping mug", "price": "€9.00"' in prompt
        server.behaviour = "broken"
        reply = await ask((engine, bot, version), "do you have mugs under 15 euros?")
        assert reply.model == "extractive"
        assert len(reply.products) == 2
        await engine.close()


COLOURS, SIZES = ("red", "blue", "navy blue", "black"), ("S", "M", "L", "42")


def rows(chance: random.Random) -> list[Product]:
    """Sixty lamps in colours and sizes with a price and stock of their own."""
    made = []
    for number in range(60):
        variants = tuple(
            Variant(
                f"v{number}-{place}", "", Money(Decimal(chance.randint(500, 9000)) / 100, "EUR"),
                chance.choice(("in_stock", "out_of_stock")),
                options={"Colour": chance.choice(COLOURS), "Size": chance.choice(SIZES)},
            )
            for place in range(3)
        )  # fmt: skip
        made.append(
            Product(
                f"p{number}", "feed", f"Desk lamp model {number}", "", "", datetime(2026, 1, 1, tzinfo=UTC),
                price=variants[0].price, brand=chance.choice(("Kiln", "Trek")), variants=variants,
            )
        )  # fmt: skip
    return made


async def test_every_card_satisfies_every_condition_and_few_are_missed(shop):
    engine, _, version = shop
    chance = random.Random(5)
    products = rows(chance)
    other = replace(version, number=9, products=len(products))

    async def batches() -> AsyncIterator[list[Product]]:
        yield products

    async def nothing() -> AsyncIterator[list[EmbeddedPassage]]:
        for item in ():
            yield item

    await engine.adapters.catalogue.write(other.key, batches())
    await engine.adapters.index.write(other.key, nothing())
    asked = cards = 0
    for _ in range(60):
        colour, size, brand = chance.choice(COLOURS), chance.choice(SIZES), chance.choice(("Kiln", "Trek"))
        most, stock = chance.randint(20, 90), chance.random() < 0.5

        def fits(product: Product, variant: Variant) -> bool:
            own = variant.options["Colour"]
            return (
                (own == colour or (colour == "blue" and own == "navy blue"))  # noqa: B023 - used within the turn
                and variant.options["Size"] == size  # noqa: B023
                and variant.price is not None
                and variant.price.amount < most  # noqa: B023
                and product.brand == brand  # noqa: B023
                and (variant.availability == "in_stock" or not stock)  # noqa: B023
            )

        text = f"show me {colour} lamps by {brand} in size {size} under {most} euros{' in stock' if stock else ''}"
        shelf = await engine.answerer.shopping.shelf(other, text)
        assert shelf is not None
        by_id = {product.id: product for product in products}
        for card in shelf.cards:
            cards += 1
            shown = [v for v in by_id[card.id].variants if fits(by_id[card.id], v)]
            assert any((card.price, card.availability) == (v.price, v.availability) for v in shown), text
        gold = {product.id for product in products if any(fits(product, variant) for variant in product.variants)}
        asked += bool(gold)
        if len(gold) <= 10:
            assert gold == {card.id for card in shelf.cards}, text
    assert asked > 10
    assert cards > 20
