"""What every `Catalogue` promises."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.domain.bot import VersionKey
from engine.domain.knowledge import Product, Variant
from engine.domain.money import Money
from engine.ports import Catalogue, ProductSearch

ONE, TWO, FOREIGN = VersionKey("m1", "b1", 1), VersionKey("m1", "b1", 2), VersionKey("m2", "b1", 1)
THEN, NOW = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)


def euros(amount: str) -> Money:
    """An amount in euros."""
    return Money(Decimal(amount), "EUR")


MEDIUM = Variant("m", "M, navy", euros("39.00"), "in_stock", "LS-1-M", options={"Size": "M", "Farbe": "Navy blue"})
LARGE = Variant("l", "L, white", euros("45.00"), "out_of_stock", "LS-1-L", options={"Size": "L", "Farbe": "White"})
SHIRT = Product(
    "shirt", "feed", "Linen shirt", "A cool shirt for warm days.", "https://shop.example/shirt", THEN,
    price=euros("39.00"), availability="in_stock", brand="Åland", sku="LS-1", category="Clothing > Shirts",
    attributes={"Material": "linen"},
    variants=(MEDIUM, LARGE),
)  # fmt: skip
MUG = Product(
    "mug", "feed", "Stoneware mug", "Holds 300 ml.", "https://shop.example/mug", THEN, price=euros("12.90"),
    availability="in_stock", brand="Kiln", sku="MUG-7", attributes={"Colour": "blue"},
)  # fmt: skip
VASE = Product("vase", "pages", "Tall vase", "Price on request.", "https://shop.example/vase", THEN, brand="Kiln")
PRODUCTS = (SHIRT, MUG, VASE)
TRAIN = Product("train", "feed", "Wooden train, ages 3+", "", "", THEN, price=euros("24.00"))


async def batches(*groups: Sequence[Product]) -> AsyncIterator[Sequence[Product]]:
    """The groups, one batch each."""
    for group in groups:
        yield group


class CatalogueContract:
    @pytest.fixture
    async def filled(self, catalogue: Catalogue) -> Catalogue:
        """A version of three products."""
        assert await catalogue.write(ONE, batches(PRODUCTS[:2], PRODUCTS[2:])) == 3
        return catalogue

    async def found(self, catalogue: Catalogue, **wanted: object) -> list[str]:
        """Ids of the products that fit."""
        result = await catalogue.search(ONE, ProductSearch(**wanted))  # type: ignore[arg-type]
        assert result.total == len(result.items)
        return [product.id for product in result.items]

    async def test_rows_come_back_whole_and_in_the_order_asked_for(self, filled: Catalogue):
        assert await filled.get(ONE, ["vase", "nothing", "shirt"]) == [VASE, SHIRT]
        assert await filled.count(ONE) == 3

    async def test_a_version_does_not_see_anothers_products(self, filled: Catalogue):
        for key in (TWO, FOREIGN):
            assert await filled.count(key) == 0
            assert await filled.get(key, ["shirt"]) == []
            assert (await filled.search(key, ProductSearch())).items == ()

    async def test_a_product_given_twice_counts_once_as_given_last(self, catalogue: Catalogue):
        later = replace(MUG, title="Mug, new")
        assert await catalogue.write(ONE, batches([MUG, SHIRT], [later])) == 2
        assert await self.found(catalogue) == ["mug", "shirt"]
        assert (await catalogue.get(ONE, ["mug"]))[0].title == "Mug, new"

    async def test_writing_again_replaces(self, filled: Catalogue):
        assert await filled.write(ONE, batches([VASE])) == 1
        assert await self.found(filled) == ["vase"]

    async def test_a_broken_writing_leaves_no_products(self, catalogue: Catalogue):
        async def broken() -> AsyncIterator[Sequence[Product]]:
            yield [MUG]
            raise RuntimeError("the feed broke off")

        with pytest.raises(RuntimeError):
            await catalogue.write(ONE, broken())
        assert await catalogue.count(ONE) == 0

    @pytest.mark.parametrize(
        ("wanted", "expected"),
        [
            ({}, ["shirt", "mug", "vase"]),
            ({"text": "linen shirt"}, ["shirt"]),
            ({"text": "MUG-7"}, ["mug"]),
            ({"text": "LS-1-L"}, ["shirt"]),
            ({"text": "aland"}, ["shirt"]),
            ({"text": "mug zeppelin"}, ["mug"]),
            ({"text": "zeppelin"}, []),
            ({"text": "!!"}, []),
            ({"text": '"mug" OR (vase* NEAR'}, ["mug", "vase"]),
            ({"most_price": Decimal("12.90")}, ["mug"]),
            ({"least_price": Decimal("12.91")}, ["shirt"]),
            ({"most_price": Decimal("1e999999")}, ["shirt", "mug"]),
            ({"most_price": Decimal(100), "currency": "GBP"}, []),
            ({"most_price": Decimal(100), "currency": "EUR"}, ["shirt", "mug"]),
            ({"options": {"size": "m"}}, ["shirt"]),
            ({"options": {"size": "Medium"}}, ["shirt"]),
            ({"options": {"size": "M", "colour": "white"}}, []),
            ({"options": {"colour": "blue"}}, ["shirt", "mug"]),
            ({"options": {"size": "L"}, "availability": "in_stock"}, []),
            ({"options": {"size": "L"}, "most_price": Decimal(40)}, []),
            ({"options": {"material": "linen"}}, ["shirt"]),
            ({"brand": "kiln"}, ["mug", "vase"]),
            ({"category": "clothing > shirts"}, ["shirt"]),
            ({"availability": "unknown"}, ["vase"]),
            ({"source": "pages"}, ["vase"]),
            ({"without_sources": ("feed",)}, ["vase"]),
            ({"order": "price"}, ["mug", "shirt", "vase"]),
            ({"order": "price_descending"}, ["shirt", "mug", "vase"]),
            ({"text": "kiln", "order": "price_descending"}, ["mug", "vase"]),
            ({"text": "stonewrae"}, ["mug"]),
            ({"text": "300ml"}, ["mug"]),
            ({"text": "ls1l"}, ["shirt"]),
            ({"text": "mug tall"}, ["mug", "vase"]),
            ({"text": "mug shirt vase", "match": "some"}, ["shirt", "mug", "vase"]),
            ({"text": "zeppelin", "match": "some", "near": {"vase": 0.8}}, ["vase"]),
            ({"options": {"colour": ("white", "blue")}}, ["shirt", "mug"]),
            ({"options": {"colour": "blau"}}, ["shirt", "mug"]),
            ({"options": {"material": "stoneware"}}, ["mug"]),
            ({"without_options": (("colour", "blue"),)}, ["shirt", "vase"]),
            ({"without_options": (("colour", "blue"), ("colour", "white"))}, ["vase"]),
            ({"without": ("linen",)}, ["mug", "vase"]),
            ({"without": ("warm days",)}, ["mug", "vase"]),
            ({"age": 5}, ["train"]),
            ({"age": 2}, []),
        ],
    )
    async def test_conditions_hold_together(self, filled: Catalogue, wanted: dict[str, object], expected: list[str]):
        if "age" in wanted:
            await filled.write(ONE, batches([*PRODUCTS, TRAIN]))
        found = await self.found(filled, **wanted)
        assert (found if "order" in wanted else sorted(found)) == (expected if "order" in wanted else sorted(expected))

    async def test_a_find_says_which_variants_fit_and_what_it_holds(self, filled: Catalogue):
        result = await filled.search(ONE, ProductSearch("linen zeppelin", options={"size": "L"}))
        [match] = result.matches
        assert match.variants == ("l",)
        assert 0 < match.title_words <= match.words < 1
        assert (await filled.search(ONE, ProductSearch("linen"))).matches[0].variants == ("m", "l")
        assert (await filled.search(ONE, ProductSearch("mug"))).matches[0].variants == ()

    async def test_only_unknown_words_are_read_as_others(self, filled: Catalogue):
        result = await filled.search(ONE, ProductSearch("stonewrae mug days LS-1-X"))
        assert result.corrected == {"stonewrae": "stoneware"}

    async def test_an_article_number_goes_first(self, filled: Catalogue):
        twin = replace(MUG, id="twin", title="Mug 7 mug 7 mug", sku="OTHER-1", description="mug 7 mug 7")
        await filled.write(ONE, batches([twin, *PRODUCTS]))
        result = await filled.search(ONE, ProductSearch("MUG-7", match="some"))
        assert result.items[0].id == "mug"

    async def test_words_in_a_title_count_more_than_in_a_description(self, filled: Catalogue):
        told = replace(VASE, id="told", description="Goes well with a stoneware mug.")
        await filled.write(ONE, batches([told, *PRODUCTS]))
        result = await filled.search(ONE, ProductSearch("stoneware mug", match="some"))
        assert [item.id for item in result.items][:2] == ["mug", "told"]

    async def test_the_vocabulary_names_what_the_catalogue_has(self, filled: Catalogue):
        vocabulary = await filled.vocabulary(ONE)
        assert sorted(vocabulary.brands) == ["kiln", "åland"]
        assert vocabulary.categories == ("clothing > shirts",)
        assert sorted(vocabulary.options["colour"]) == ["blue", "navy blue", "white"]
        assert sorted(vocabulary.options["size"]) == ["l", "m"]
        assert vocabulary.currencies == ("EUR",)
        assert (await filled.vocabulary(FOREIGN)).brands == ()

    async def test_pages_follow_each_other_without_gap(self, filled: Catalogue):
        first = await filled.search(ONE, ProductSearch(limit=2))
        second = await filled.search(ONE, ProductSearch(limit=2, cursor=first.cursor))
        assert [product.id for product in (*first.items, *second.items)] == ["shirt", "mug", "vase"]
        assert (first.total, second.cursor) == (3, None)

    async def test_a_refresh_changes_data_and_nothing_else(self, filled: Catalogue):
        fresh = replace(MUG, title="Other words", price=euros("9.90"), was_price=euros("12.90"), as_of=NOW)
        result = await filled.refresh(ONE, "feed", batches([replace(SHIRT, as_of=NOW)], [fresh]), NOW)
        assert (result.changed, result.gone) == (1, 0)
        [mug] = await filled.get(ONE, ["mug"])
        assert (mug.title, mug.price, mug.was_price, mug.as_of) == (MUG.title, fresh.price, fresh.was_price, NOW)
        assert await self.found(filled, most_price=Decimal(10)) == ["mug"]
        assert await filled.get(ONE, ["vase"]) == [VASE]

    async def test_what_the_source_lost_is_out_of_stock(self, filled: Catalogue):
        lost_variant = replace(SHIRT, variants=SHIRT.variants[1:])
        result = await filled.refresh(ONE, "feed", batches([lost_variant]), NOW)
        assert (result.changed, result.gone) == (1, 1)
        shirt, mug = await filled.get(ONE, ["shirt", "mug"])
        assert [variant.availability for variant in shirt.variants] == ["out_of_stock", "out_of_stock"]
        assert (mug.availability, mug.as_of) == ("out_of_stock", NOW)
        assert await self.found(filled, availability="in_stock") == []

    async def test_a_refresh_knows_no_new_products_and_no_others_source(self, filled: Catalogue):
        new = replace(MUG, id="new")
        foreign = replace(VASE, price=euros("1.00"))
        await filled.refresh(ONE, "feed", batches([SHIRT, MUG, new, foreign]), NOW)
        assert await filled.count(ONE) == 3
        assert await filled.get(ONE, ["vase"]) == [VASE]

    async def test_a_broken_refresh_changes_nothing(self, filled: Catalogue):
        async def broken() -> AsyncIterator[Sequence[Product]]:
            yield [replace(MUG, price=euros("1.00"))]
            raise RuntimeError("the feed broke off")

        with pytest.raises(RuntimeError):
            await filled.refresh(ONE, "feed", broken(), NOW)
        assert await filled.get(ONE, ["mug"]) == [MUG]

    async def test_a_refresh_of_nothing_known_does_nothing(self, catalogue: Catalogue):
        result = await catalogue.refresh(ONE, "feed", batches([MUG]), NOW)
        assert (result.changed, result.gone) == (0, 0)
        assert await catalogue.count(ONE) == 0

    async def test_drop_forgets(self, filled: Catalogue):
        await filled.drop(ONE)
        assert await filled.count(ONE) == 0
        await filled.drop(ONE)
