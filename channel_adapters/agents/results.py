"""What the tools answer. Every list is bounded, and nothing tells of sources, versions or other workings."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, Field

from engine.answering.shop_window import MOST_SHOWN, ShownAnswer, ShownPage, ShownProduct
from engine.domain.knowledge import Availability, Product, Variant
from engine.domain.money import Money

__all__ = ["CatalogResult", "PolicyResult", "ProductDetail", "catalog_result", "policy_result", "product_detail"]

SHORT, LONG = 300, 4000
"""Characters of a description in a list, and of any text of its own."""


class Price(BaseModel):
    """An amount of money."""

    amount: str = Field(description="Decimal number.")
    currency: str = Field(description="ISO 4217 code; `XXX` where the shop states none.")


class ProductItem(BaseModel):
    """A product in a list: the variant that fits the query, where the query is about one."""

    id: str = Field(description="For `get_product`.")
    title: str = Field(description="Title.")
    variant: str | None = Field(description="The variant that is shown, such as its colour and size.")
    description: str = Field(description="Beginning of the description.")
    url: str | None = Field(description="The product's page.")
    image_url: str | None = Field(description="A picture.")
    price: Price | None = Field(description="Present price; null where the shop states none.")
    was_price: Price | None = Field(description="Price before a reduction.")
    available: bool | None = Field(description="Whether it is in stock; null where the shop does not say.")
    availability: str = Field(description="`in_stock`, `out_of_stock`, `preorder` or `unknown`.")
    as_of: datetime = Field(description="When price and stock were read from the shop.")


class CatalogResult(BaseModel):
    """Of `search_catalog`."""

    products: list[ProductItem] = Field(description="Best first.", max_length=MOST_SHOWN)
    next_cursor: str | None = Field(description="Where to go on; null at the end.")
    note: str | None = Field(description="Why nothing was found, where there is more to say.")


class VariantItem(BaseModel):
    """A form in which a product is sold."""

    title: str = Field(description="Title.")
    options: dict[str, str] = Field(description="Such as colour and size.")
    price: Price | None = Field(description="Present price.")
    availability: str = Field(description="As of the product.")
    sku: str | None = Field(description="The shop's article number.")
    url: str | None = Field(description="Its page.")


class ProductDetail(BaseModel):
    """Of `get_product`."""

    id: str = Field(description="Id.")
    title: str = Field(description="Title.")
    description: str = Field(description="Description.")
    brand: str | None = Field(description="Brand.")
    category: str | None = Field(description="Category, as the shop names it.")
    sku: str | None = Field(description="The shop's article number.")
    gtin: str | None = Field(description="EAN or UPC.")
    url: str | None = Field(description="Its page.")
    images: list[str] = Field(description="Pictures.", max_length=MOST_SHOWN)
    price: Price | None = Field(description="Present price; null where only variants have one, or none is stated.")
    was_price: Price | None = Field(description="Price before a reduction.")
    available: bool | None = Field(description="Whether it is in stock; null where the shop does not say.")
    availability: str = Field(description="`in_stock`, `out_of_stock`, `preorder` or `unknown`.")
    facts: dict[str, str] = Field(description="Further facts, name to value.")
    variants: list[VariantItem] = Field(description="The first ones.", max_length=MOST_SHOWN)
    variant_count: int = Field(description="How many variants there are.")
    as_of: datetime = Field(description="When price and stock were read from the shop.")


class PolicyAnswer(BaseModel):
    """A passage of the shop."""

    text: str = Field(description="The shop's own words.")
    source_url: str | None = Field(description="Where they stand; null for what has no page.")
    updated_at: datetime = Field(description="When they were read from the shop.")


class PolicyResult(BaseModel):
    """Of `search_shop_policies_and_faqs`."""

    answers: list[PolicyAnswer] = Field(
        description="Best first; empty when the shop says nothing.", max_length=MOST_SHOWN
    )


def price_of(money: Money | None) -> Price | None:
    """Money on the wire."""
    return None if money is None else Price(amount=str(money.amount), currency=money.currency)


def in_stock(availability: Availability) -> bool | None:
    """Whether it can be bought now."""
    return None if availability == "unknown" else availability == "in_stock"


def shortened(text: str, most: int) -> str:
    """The text, cut with a sign where it is longer."""
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"


def catalog_item(shown: ShownProduct) -> ProductItem:
    """A product in a list."""
    card = shown.card
    return ProductItem(
        id=card.id,
        title=card.title,
        variant=card.variant or None,
        description=shortened(shown.product.description, SHORT),
        url=card.url or None,
        image_url=card.image_url or None,
        price=price_of(card.price),
        was_price=price_of(card.was_price),
        available=in_stock(card.availability),
        availability=card.availability,
        as_of=card.as_of,
    )


def catalog_result(page: ShownPage) -> CatalogResult:
    """A page of products."""
    items = [catalog_item(item) for item in page.items[:MOST_SHOWN]]
    return CatalogResult(products=items, next_cursor=page.cursor, note=page.note or None)


def variant_item(variant: Variant) -> VariantItem:
    """One variant."""
    return VariantItem(
        title=variant.title,
        options=variant.options,
        price=price_of(variant.price),
        availability=variant.availability,
        sku=variant.sku or None,
        url=variant.url or None,
    )


def product_detail(row: Product) -> ProductDetail:
    """A whole product."""
    facts = list(row.attributes.items())[:MOST_SHOWN]
    return ProductDetail(
        id=row.id,
        title=row.title,
        description=shortened(row.description, LONG),
        brand=row.brand or None,
        category=row.category or None,
        sku=row.sku or None,
        gtin=row.gtin or None,
        url=row.url or None,
        images=list(row.images or filter(None, [row.image_url]))[:MOST_SHOWN],
        price=price_of(row.price),
        was_price=price_of(row.was_price),
        available=in_stock(row.availability),
        availability=row.availability,
        facts={name: shortened(value, SHORT) for name, value in facts},
        variants=[variant_item(variant) for variant in row.variants[:MOST_SHOWN]],
        variant_count=len(row.variants),
        as_of=row.as_of,
    )


def policy_result(answers: tuple[ShownAnswer, ...]) -> PolicyResult:
    """What the shop says."""
    return PolicyResult(
        answers=[
            PolicyAnswer(text=shortened(item.text, LONG), source_url=item.url or None, updated_at=item.updated_at)
            for item in answers[:MOST_SHOWN]
        ]
    )
