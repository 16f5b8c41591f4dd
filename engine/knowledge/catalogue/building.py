"""Entries made into products: text becomes money, states and checked numbers, or the row is refused.

Never here: file formats. Everything that enters the catalogue from a feed passes through `build_product`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from urllib.parse import urljoin

from engine.domain.knowledge import Availability, Product, Variant
from engine.knowledge.catalogue.availability import read_availability, read_stock
from engine.knowledge.catalogue.descriptions import plain_text
from engine.knowledge.catalogue.entries import Entry
from engine.knowledge.catalogue.identifiers import read_gtin
from engine.knowledge.catalogue.limits import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    MOST_ATTRIBUTES,
    MOST_IMAGES,
    MOST_VARIANTS,
)
from engine.knowledge.catalogue.money import PriceStyle, read_prices
from engine.knowledge.catalogue.privacy import private_column
from engine.knowledge.catalogue.reasons import RowRefused
from engine.knowledge.items import short_digest
from engine.knowledge.limits import LONGEST_URL
from engine.knowledge.pages.offers import Offer, best_offer

__all__ = ["Stamp", "build_product"]


@dataclass(frozen=True, slots=True)
class Stamp:
    """What every product of a feed carries."""

    source: str
    as_of: datetime
    address: str = ""
    """Where the feed was fetched from: relative links start there."""
    prices: PriceStyle = field(default_factory=PriceStyle)


def build_product(entry: Entry, stamp: Stamp) -> Product:
    """The product that an entry states. Raises RowRefused."""
    fields = entry.fields
    title = plain_text(fields.get("title", ""), LONGEST_TITLE)
    if not re.search(r"\w", title):
        raise RowRefused("no_title")
    key = entry.key or next(
        filter(None, (fields.get(name, "") for name in ("id", "group", "sku", "gtin", "url"))), title
    )
    variants = tuple(unique(build_variant(part, stamp, key, title) for part in entry.variants[:MOST_VARIANTS]))
    price, was_price = read_prices(fields, stamp.prices, stamp.as_of)
    offer = Offer({}, price, was_price, availability_of(entry))
    if variants:
        offer = best_offer([Offer({}, form.price, form.was_price, form.availability) for form in variants])
    images = tuple(dict.fromkeys(filter(None, (address(link, stamp) for link in entry.images))))[:MOST_IMAGES]
    images = images or tuple(dict.fromkeys(form.image_url for form in variants if form.image_url))[:MOST_IMAGES]
    description = plain_text(fields.get("description", "") or fields.get("summary", ""), LONGEST_DESCRIPTION)
    return Product(
        id="prod_" + short_digest(stamp.source, key),
        source=stamp.source,
        title=title,
        description=description,
        url=address(fields.get("url", ""), stamp),
        as_of=stamp.as_of,
        price=offer.price,
        was_price=offer.was_price,
        availability=offer.availability,
        brand=plain_text(fields.get("brand", ""), LONGEST_TITLE),
        sku=number(fields.get("sku", "")),
        gtin=read_gtin(fields.get("gtin", "")),
        mpn=number(fields.get("mpn", "")),
        category=plain_text(fields.get("category", ""), LONGEST_TITLE),
        image_url=images[0] if images else "",
        images=images,
        attributes=named(entry.attributes | ({} if variants else entry.options)),
        variants=variants,
    )


def build_variant(entry: Entry, stamp: Stamp, parent: str, parent_title: str) -> Variant:
    """One sellable form of a product. Raises RowRefused."""
    fields, options = entry.fields, named(entry.options)
    name = plain_text(fields.get("title", ""), LONGEST_TITLE)
    short = name.removeprefix(parent_title).strip(" -–—,:()/|")
    numbers = (fields.get("id", ""), fields.get("sku", ""), fields.get("gtin", ""))
    title = ", ".join(options.values()) or short or name or next(filter(None, numbers), "")
    own = entry.key or next(filter(None, numbers), "") or "\n".join(f"{key}={value}" for key, value in options.items())
    price, was_price = read_prices(fields, stamp.prices, stamp.as_of)
    return Variant(
        id="var_" + short_digest(stamp.source, parent, own or title),
        title=title[:LONGEST_TITLE],
        price=price,
        was_price=was_price,
        availability=availability_of(entry),
        sku=number(fields.get("sku", "")),
        gtin=read_gtin(fields.get("gtin", "")),
        mpn=number(fields.get("mpn", "")),
        options=options,
        image_url=next(filter(None, (address(link, stamp) for link in entry.images)), ""),
        url=address(fields.get("url", ""), stamp),
    )


def unique(variants: Iterable[Variant]) -> list[Variant]:
    """Each variant once. Shops give several forms one number: what can be chosen then tells them apart."""
    found: dict[str, Variant] = {}
    for variant in variants:
        twin = found.get(variant.id)
        if twin is not None and twin.options != variant.options:
            chosen = "\n".join(f"{name}={value}" for name, value in sorted(variant.options.items()))
            found["var_" + short_digest(variant.id, chosen)] = replace(
                variant, id="var_" + short_digest(variant.id, chosen)
            )
        else:
            found[variant.id] = variant
    return list(found.values())


def availability_of(entry: Entry) -> Availability:
    """The state in words, else by the number of pieces."""
    if not entry.tracked:
        return "in_stock"
    words, pieces = entry.fields.get("availability", ""), entry.fields.get("stock", "")
    stated = read_availability(words) if words else "unknown"
    if stated == "unknown" and pieces:
        stated = read_stock(pieces, backorders=entry.backorders)
    return stated


def named(facts: dict[str, str]) -> dict[str, str]:
    """Facts worth showing, bounded; a private name is never among them."""
    found: dict[str, str] = {}
    for raw, value in facts.items():
        name, text = plain_text(raw, 80), plain_text(value, LONGEST_TITLE).replace("\n", ", ")
        if name and text and len(found) < MOST_ATTRIBUTES and private_column(name) is None:
            found[name] = text
    return found


def number(text: str) -> str:
    """An article number as written."""
    return plain_text(text, 100)


def address(link: str, stamp: Stamp) -> str:
    """A whole web address, or nothing."""
    text = link.strip()
    if not text or len(text) > LONGEST_URL or re.search(r"[\s<>\"\\\x00-\x1f]", text):
        return ""
    try:
        whole = urljoin(stamp.address, text) if stamp.address else text
    except ValueError:
        return ""
    return whole if whole.lower().startswith(("http://", "https://")) else ""
