"""Offers of a product: price, earlier price, availability.

Never here: the rest of the product.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from engine.domain.knowledge import Availability
from engine.domain.money import Money
from engine.knowledge.catalogue.availability import read_availability as read_availability_words
from engine.knowledge.pages.prices import read_money
from engine.knowledge.pages.structured import Item, first_text, items_of, types_of

__all__ = ["Offer", "best_offer", "offers_of"]

AVAILABILITY: dict[str, Availability] = {
    "instock": "in_stock",
    "instoreonly": "in_stock",
    "onlineonly": "in_stock",
    "limitedavailability": "in_stock",
    "outofstock": "out_of_stock",
    "soldout": "out_of_stock",
    "discontinued": "out_of_stock",
    "reserved": "out_of_stock",
    "preorder": "preorder",
    "presale": "preorder",
    "backorder": "preorder",
    "madetoorder": "preorder",
}
EARLIER_PRICES = {"ListPrice", "StrikethroughPrice", "SRP", "RegularPrice", "MSRP"}
RANK: dict[Availability, int] = {"in_stock": 0, "preorder": 1, "unknown": 2, "out_of_stock": 3}


@dataclass(frozen=True, slots=True)
class Offer:
    """One way to buy a product."""

    item: Item
    price: Money | None = None
    was_price: Money | None = None
    availability: Availability = "unknown"
    name: str = ""
    sku: str = ""
    url: str = ""


def offers_of(item: Item) -> list[Offer]:
    """Every offer of a product, those inside an aggregate too."""
    found: list[Offer] = []
    for raw in items_of(item.get("offers")):
        inner = items_of(raw.get("offers"))
        found.extend(read_offer({"priceCurrency": raw.get("priceCurrency"), **part}) for part in inner)
        if not inner:
            found.append(read_offer(raw))
    return found


def read_offer(raw: Item) -> Offer:
    """One offer. An aggregate without parts stands for its lowest price."""
    currency = first_text(raw.get("priceCurrency"))
    specifications = items_of(raw.get("priceSpecification"))
    current = [part for part in specifications if not price_types(part) & EARLIER_PRICES]
    earlier = [part for part in specifications if price_types(part) & EARLIER_PRICES]
    price = money_in(raw, ("price", "lowPrice"), currency)
    price = price or next(filter(None, (money_in(part, ("price", "minPrice"), currency) for part in current)), None)
    was = next(filter(None, (money_in(part, ("price",), currency) for part in earlier)), None)
    if price and was and (was.currency != price.currency or was.amount <= price.amount):
        was = None
    return Offer(
        item=raw,
        price=price,
        was_price=was if price else None,
        availability=read_availability(raw.get("availability")),
        name=first_text(raw.get("name")),
        sku=first_text(raw.get("sku")),
        url=first_text(raw.get("url")),
    )


def price_types(item: Item) -> set[str]:
    """The kinds of price an item says it is."""
    named = first_text(item.get("priceType")).rstrip("/").rpartition("/")[2]
    return {named, *types_of(item)}


def money_in(item: Item, names: tuple[str, ...], currency: str) -> Money | None:
    """The first of the named properties that can be read as money."""
    own = first_text(item.get("priceCurrency")) or currency
    return next(filter(None, (read_money(scalar(item.get(name)), own) for name in names)), None)


def scalar(value: Any) -> Any:
    """The first value of a list, or the value itself."""
    return value[0] if isinstance(value, list) and value else value


def read_availability(value: Any) -> Availability:
    """schema.org's availability in our words."""
    name = first_text(value).rstrip("/").rpartition("/")[2].replace("_", "").replace(" ", "").replace("-", "")
    return AVAILABILITY.get(name.lower()) or read_availability_words(first_text(value))


def best_offer(offers: list[Offer]) -> Offer:
    """The offer that stands for the product: the cheapest of those that can be bought soonest."""
    if not offers:
        return Offer({})
    soonest = min(RANK[offer.availability] for offer in offers)
    candidates = [offer for offer in offers if RANK[offer.availability] == soonest]
    priced = [offer for offer in candidates if offer.price] or candidates
    return min(priced, key=lambda offer: offer.price.amount if offer.price else 0)
