"""Products from schema.org data."""

# ruff: noqa: E501 - pages and data read best on one line

from __future__ import annotations

import json
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.knowledge import Product
from engine.domain.money import Money
from engine.knowledge.pages.page import parse_page
from engine.knowledge.pages.prices import read_money
from engine.knowledge.pages.products import Listing, page_products

URL = "https://shop.example/products/mug"


def products_of(*data: Any, html: str = "", url: str = URL) -> list[Product]:
    scripts = "".join(f'<script type="application/ld+json">{json.dumps(block)}</script>' for block in data)
    page = parse_page(f"<html><head>{scripts}</head><body><main>{html}<p>A mug.</p></main></body></html>".encode(), url)
    return page_products(list(page.items), Listing("source_1", url, datetime(2026, 1, 1, tzinfo=UTC)))


def eur(amount: str) -> Money:
    return Money(Decimal(amount), "EUR")


def offer(price: Any, stock: str = "InStock", **more: Any) -> dict[str, Any]:
    return {
        "@type": "Offer",
        "price": price,
        "priceCurrency": "EUR",
        "availability": f"http://schema.org/{stock}",
        **more,
    }


MUG = {"@context": "https://schema.org", "@type": "Product", "name": "Mug", "sku": "M1", "gtin13": "4006381333931",
       "mpn": "X", "brand": {"@type": "Brand", "name": "Kiln"}, "image": ["/mug.jpg", "/b.jpg"],
       "description": "<p>A &amp; B</p>", "weight": {"value": 300, "unitCode": "GRM"}, "color": "green",
       "additionalProperty": [{"name": "Volume", "value": "300", "unitText": "ml"}]}  # fmt: skip


def test_one_product_is_read_whole() -> None:
    crumbs = {"@type": "BreadcrumbList", "itemListElement": [
        {"name": "Home"}, {"item": {"name": "Ceramics"}}, {"name": "Mug"}]}  # fmt: skip
    (mug,) = products_of({"@graph": [{**MUG, "offers": offer("12.90")}, crumbs]})
    assert (mug.title, mug.sku, mug.gtin, mug.mpn, mug.brand) == ("Mug", "M1", "4006381333931", "X", "Kiln")
    assert (mug.price, mug.availability, mug.category) == (eur("12.90"), "in_stock", "Ceramics")
    assert (mug.image_url, mug.description, mug.url) == ("https://shop.example/mug.jpg", "A & B", URL)
    assert mug.attributes == {"color": "green", "weight": "300 g", "Volume": "300 ml"}
    assert mug.id == products_of({**MUG, "offers": offer("99.00")})[0].id


@pytest.mark.parametrize(
    ("stock", "availability"),
    [("OutOfStock", "out_of_stock"), ("PreOrder", "preorder"), ("BackOrder", "preorder"), ("Nonsense", "unknown")],
)
def test_availability_is_translated(stock: str, availability: str) -> None:
    assert products_of({**MUG, "offers": offer(5, stock)})[0].availability == availability


def test_earlier_price_counts_only_when_it_was_higher() -> None:
    def listed(price: str) -> dict[str, Any]:
        return {"priceType": "https://schema.org/ListPrice", "price": price, "priceCurrency": "EUR"}

    assert products_of({**MUG, "offers": offer("8.00", priceSpecification=listed("10"))})[0].was_price == eur("10.00")
    assert products_of({**MUG, "offers": offer("8.00", priceSpecification=listed("7"))})[0].was_price is None
    woo = {"@type": "Offer", "priceSpecification": [{"price": "8", "priceCurrency": "EUR"}, listed("9")]}
    assert products_of({**MUG, "offers": [woo]})[0].price == eur("8.00")


def test_variants_come_from_a_group() -> None:
    group = {**MUG, "@type": "ProductGroup", "variesBy": ["https://schema.org/size"], "hasVariant": [
        {"@type": "Product", "name": "Mug - L", "sku": "L", "size": "L", "offers": offer("15", "OutOfStock")},
        {"@type": "Product", "name": "Mug - S", "sku": "S", "size": "S", "offers": offer("17", url="?v=s")}]}  # fmt: skip
    (mug,) = products_of(group)
    assert [(v.title, v.price, v.availability, v.options) for v in mug.variants] == [
        ("L", eur("15.00"), "out_of_stock", {"size": "L"}), ("S", eur("17.00"), "in_stock", {"size": "S"})]  # fmt: skip
    assert mug.variants[1].url == "https://shop.example/products/mug?v=s"
    assert (mug.price, mug.availability) == (eur("17.00"), "in_stock")


def test_variants_come_from_offers_that_differ() -> None:
    (mug,) = products_of(
        {**MUG, "offers": [offer("5", name="Mug, small", sku="1"), offer("6", name="Mug, big", sku="2")]}
    )
    assert [variant.title for variant in mug.variants] == ["small", "big"]
    aggregate = {"@type": "AggregateOffer", "lowPrice": "4.50", "highPrice": "9", "priceCurrency": "EUR"}
    assert products_of({**MUG, "offers": aggregate})[0].price == eur("4.50")
    nested = {"@type": "AggregateOffer", "priceCurrency": "EUR", "offers": [{"price": "7"}, {"price": "6"}]}
    assert products_of({**MUG, "offers": nested})[0].price == eur("6.00")


def test_list_of_products_with_pages_of_their_own_gives_no_rows() -> None:
    items = [{**MUG, "name": f"Mug {n}", "url": f"/products/{n}", "offers": offer(n)} for n in (1, 2)]
    listing = {"@type": "ItemList", "itemListElement": [{"@type": "ListItem", "item": item} for item in items]}
    assert products_of(listing, url="https://shop.example/mugs") == []
    bare = [{**MUG, "name": f"Mug {n}", "sku": f"{n}", "offers": offer(n)} for n in (1, 2)]
    assert len({row.id for row in products_of(bare, url="https://shop.example/mugs")}) == 2


def test_microdata_and_open_graph_are_read_when_there_is_no_json() -> None:
    micro = (
        '<div itemscope itemtype="https://schema.org/Product"><span itemprop="name">Cup</span><div itemprop="offers" '
        'itemscope itemtype="https://schema.org/Offer"><meta itemprop="price" content="9.50"><meta '
        'itemprop="priceCurrency" content="EUR"><link itemprop="availability" href="https://schema.org/InStock"></div></div>'
    )
    (cup,) = products_of(html=micro)
    assert (cup.title, cup.price, cup.availability) == ("Cup", eur("9.50"), "in_stock")
    graph = (
        '<meta property="og:title" content="Bowl"><meta property="product:price:amount" content="7,50">'
        '<meta property="product:price:currency" content="EUR"><meta property="product:availability" content="in stock">'
    )
    (bowl,) = products_of(html=graph)
    assert (bowl.title, bowl.price, bowl.availability) == ("Bowl", eur("7.50"), "in_stock")


MICRODATA = """<div itemscope itemtype="https://schema.org/ProductGroup"><h2 itemprop="name">Mug</h2><meta itemprop="variesBy"
content="https://schema.org/size"><img itemprop="image" src="/a.jpg"><img itemprop="image" src="b.jpg">
<div itemprop="hasVariant" itemscope itemtype="https://schema.org/Product"><span itemprop="name">Mug S</span>
<span itemprop="sku">M-S</span><span itemprop="mpn">K1</span><span itemprop="size">S</span><div itemprop="offers" itemscope
itemtype="https://schema.org/Offer"><span itemprop="price" content="9.50">9,50</span><meta itemprop="priceCurrency"
content="EUR"><link itemprop="availability" href="https://schema.org/OutOfStock"></div></div>
<div itemprop="hasVariant" itemscope itemtype="https://schema.org/Product"><span itemprop="name">Mug L</span>
<span itemprop="sku">M-L</span><span itemprop="size">L</span><div itemprop="offers" itemscope
itemtype="https://schema.org/Offer"><span itemprop="price">12,50 €</span><span itemprop="availability">Sofort
lieferbar</span></div></div></div>"""
RDFA = """<div vocab="https://schema.org/" typeof="ProductGroup"><h2 property="name">Mug</h2><meta property="variesBy"
content="https://schema.org/size"><img property="image" src="/a.jpg"><img property="image" src="b.jpg">
<div property="hasVariant" typeof="Product"><span property="name">Mug S</span><span property="sku">M-S</span>
<span property="mpn">K1</span><span property="size">S</span><div property="offers" typeof="Offer"><span property="price"
content="9.50">9,50</span><meta property="priceCurrency" content="EUR"><link property="availability"
href="https://schema.org/OutOfStock"></div></div><div property="hasVariant" typeof="Product"><span property="name">Mug L</span>
<span property="sku">M-L</span><span property="size">L</span><div property="offers" typeof="Offer"><span property="price">12,50
€</span><span property="availability">Sofort lieferbar</span></div></div></div>"""


@pytest.mark.parametrize(
    "html",
    [
        MICRODATA,
        RDFA,
        RDFA.replace("vocab", "prefix")
        .replace('https://schema.org/" ty', 's: https://schema.org/" ty')
        .replace('typeof="', 'typeof="s:')
        .replace('property="', 'property="s:'),
    ],
)
def test_variants_are_read_from_microdata_and_rdfa(html: str) -> None:
    for _ in range(3):
        (mug,) = products_of(html=html)
        assert [(v.title, v.sku, v.mpn, v.price, v.availability) for v in mug.variants] == [
            ("S", "M-S", "K1", eur("9.50"), "out_of_stock"), ("L", "M-L", "", eur("12.50"), "in_stock")]  # fmt: skip
        assert mug.images == ("https://shop.example/a.jpg", "https://shop.example/products/b.jpg")
        assert (mug.price, mug.availability, mug.image_url) == (eur("12.50"), "in_stock", mug.images[0])


def test_price_on_request_is_no_price() -> None:
    words = offer("Price on request") | {"availability": "Auf Bestellung"}
    (mug,) = products_of({**MUG, "offers": words})
    assert (mug.price, mug.availability) == (None, "preorder")
    rdfa = '<div vocab="http://schema.org/" typeof="Product"><b property="name">Bed</b><div property="offers" typeof="Offer"><b property="price">auf Anfrage</b></div></div>'
    (bed,) = products_of(html=rdfa)
    assert (bed.title, bed.price) == ("Bed", None)


def test_private_facts_of_a_page_are_left_out() -> None:
    facts = [
        {"name": "Supplier", "value": "secret"},
        {"name": "Margin", "value": "secret"},
        {"name": "Glaze", "value": "matt"},
    ]
    (mug,) = products_of({**MUG, "additionalProperty": facts})
    assert mug.attributes["Glaze"] == "matt"
    assert "secret" not in repr(mug)


def test_number_with_a_wrong_check_digit_is_no_gtin() -> None:
    assert products_of({**MUG, "gtin13": "4006381333932"})[0].gtin == ""


def test_broken_data_does_no_harm() -> None:
    html = (
        '<script type="application/ld+json">{"@type": "Product", "name": "Ok",}</script>'
        '<script type="application/ld+json">not json</script><script type="application/ld+json">[1, null, "x"]</script>'
    )
    assert [row.title for row in products_of(html=html)] == ["Ok"]


@pytest.mark.parametrize(
    ("value", "currency", "amount"),
    [
        ("12.90", "EUR", "12.90"), (12.9, "eur", "12.90"), (5, "EUR", "5.00"), ("1.299,00 €", "", "1299.00"),
        ("€ 1,299.50", "", "1299.50"), ("12.9000", "EUR", "12.90"), ("1299", "EUR", "1299.00"), ("0", "EUR", "0.00"),
        ("12,90", "EUR", "12.90"),
    ],
)  # fmt: skip
def test_price_is_read(value: Any, currency: str, amount: str) -> None:
    assert read_money(value, currency) == eur(amount)


@pytest.mark.parametrize(
    ("value", "currency"),
    [("1.299", "EUR"), ("12.90", ""), ("on request", "EUR"), ("5 - 9 €", ""), (None, "EUR"), (True, "EUR"), ("-5", "EUR"),
     ("-5 €", ""), ("20 %", "EUR"), ("", "EUR"), ("9" * 80, "EUR"), ({"a": 1}, "EUR"), ("5", "EURO")],
)  # fmt: skip
def test_price_that_is_not_sure_is_left_out(value: Any, currency: str) -> None:
    assert read_money(value, currency) is None


@given(st.decimals(min_value=0, max_value=10**9, places=2), st.sampled_from(["EUR", "USD", "GBP"]))
def test_written_price_is_read_back(amount: Decimal, currency: str) -> None:
    money = Money(amount, currency)
    assert read_money(str(amount), currency) == money
    assert read_money(f"{amount:,.2f} {currency}") == money


@given(st.text(max_size=70))
def test_any_text_is_a_price_or_nothing(text: str) -> None:
    found = read_money(text, "EUR")
    assert found is None or found.amount >= 0
