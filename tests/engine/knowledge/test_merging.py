"""A product that a page offers and a feed lists is one product: the feed's."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

from engine.domain.bot import VersionKey
from engine.domain.knowledge import Document, Product
from engine.domain.money import Money
from engine.knowledge.cutting import Cutting
from engine.knowledge.merging import SameProducts
from engine.knowledge.reading import ReadBatch
from engine.llama.splitter import WindowSplitter

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ROW = Product(
    "row", "feed", "Fern mug", "A mug.", "https://www.shop.example/mug?utm_source=feed", NOW,
    price=Money(Decimal(9), "EUR"), gtin="4006381333931", sku="MUG-1",
)  # fmt: skip
PAGE = replace(ROW, id="page", source="site", url="https://shop.example/mug", gtin="", sku="")
KEY = VersionKey("m", "b", 1)


def feed(*rows: Product) -> SameProducts:
    """What the feeds list."""
    same = SameProducts()
    same.add(rows)
    return same


def test_a_product_is_known_by_address_by_number_and_by_article_with_title():
    same = feed(ROW)
    assert same.row_of(PAGE) == "row"
    assert same.row_of(replace(PAGE, url="https://shop.example/other", gtin=ROW.gtin)) == "row"
    assert same.row_of(replace(PAGE, url="", sku="mug-1")) == "row"
    assert same.row_of(replace(PAGE, url="", sku="MUG-1", title="Plate")) is None
    assert same.row_of(replace(PAGE, url="https://shop.example/mug?id=2")) is None
    assert SameProducts().row_of(PAGE) is None


def test_the_page_speaks_of_the_feeds_row():
    page = Document("doc", "site", "Fern mug", "It holds 300 ml of tea.", PAGE.url, "ab" * 32, NOW, kind="product")
    passages, _ = Cutting(KEY, WindowSplitter(), feed(ROW)).cut(ReadBatch((page,), (PAGE,)), "website")
    assert [passage.product for passage in passages] == ["row"]


def test_rows_of_one_feed_that_share_a_page_stay_apart():
    rows = (ROW, replace(ROW, id="row2", title="Fern mug, large"))
    passages, _ = Cutting(KEY, WindowSplitter(), feed(*rows)).cut(ReadBatch(products=rows), "feed")
    assert {passage.product for passage in passages} == {"row", "row2"}
