"""Products of a page, from its schema.org data, as rows for the catalogue.

Never here: reading the data out of the page. Rows are built from what the shop states, never from prose.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urljoin

from engine.domain.knowledge import Product, Variant
from engine.knowledge.catalogue.descriptions import plain_text
from engine.knowledge.catalogue.identifiers import read_gtin
from engine.knowledge.catalogue.limits import LONGEST_DESCRIPTION, MOST_IMAGES
from engine.knowledge.catalogue.privacy import private_column
from engine.knowledge.pages.offers import Offer, best_offer, offers_of
from engine.knowledge.pages.structured import Item, first_text, items_of, texts, types_of

__all__ = ["Listing", "page_products"]

PRODUCT_TYPES = {"Product", "ProductGroup", "ProductModel", "IndividualProduct", "Vehicle", "Book"}
GTINS = ("gtin13", "gtin", "gtin14", "gtin12", "gtin8", "isbn", "ean")
DETAILS = ("color", "size", "material", "pattern", "weight", "width", "height", "depth")
MOST_VARIANTS = 250


@dataclass(frozen=True, slots=True)
class Listing:
    """Where rows come from: they are stamped with it."""

    source: str
    url: str
    as_of: datetime


def page_products(items: list[Item], listing: Listing) -> list[Product]:
    """The rows of a page. A list of products that have pages of their own gives none: those pages are read."""
    found = list(
        {id(item): item for item in items if types_of(item) & PRODUCT_TYPES and first_text(item.get("name"))}.values()
    )
    single = len(found) == 1
    kept = [item for item in found if single or belongs_here(item, listing.url)]
    crumbs = breadcrumbs(items)
    rows = [product_row(item, listing, crumbs, single=len(kept) == 1) for item in kept]
    return list({row.id: row for row in rows}.values())


def belongs_here(item: Item, url: str) -> bool:
    """Whether this page is the product's own, or the only one it has."""
    own = first_text(item.get("url")) or first_text(next(iter(items_of(item.get("offers"))), {}).get("url"))
    return not own or same_page(urljoin(url, own), url)


def same_page(first: str, second: str) -> bool:
    """Whether two addresses differ in their query and fragment at most."""
    return re.split(r"[?#]", first)[0].rstrip("/") == re.split(r"[?#]", second)[0].rstrip("/")


def product_row(item: Item, listing: Listing, category: str, *, single: bool) -> Product:
    """One product as a row."""
    title = first_text(item.get("name"))
    sku = first_text(item.get("sku")) or first_text(item.get("productID")) or first_text(item.get("productGroupID"))
    variants = tuple(variants_of(item, listing, title))
    offer = best_offer([as_offer(variant) for variant in variants] or offers_of(item))
    images = images_of(item, listing.url)
    key = listing.url if single else f"{listing.url}#{sku or title}"
    return Product(
        id="prod_" + digest(listing.source, key),
        source=listing.source,
        title=title[:300],
        description=plain_text(first_text(item.get("description")), LONGEST_DESCRIPTION),
        url=listing.url,
        as_of=listing.as_of,
        price=offer.price,
        was_price=offer.was_price,
        availability=offer.availability,
        brand=first_text(item.get("brand")) or first_text(item.get("manufacturer")),
        sku=sku,
        gtin=gtin_of(item),
        mpn=first_text(item.get("mpn")),
        category=first_text(item.get("category")) or category,
        image_url=images[0] if images else "",
        images=images,
        attributes=attributes_of(item),
        variants=variants,
    )


def variants_of(item: Item, listing: Listing, parent: str) -> Iterator[Variant]:
    """The sellable forms of a product: its variants, or offers that differ in name or number."""
    members = items_of(item.get("hasVariant"))[:MOST_VARIANTS]
    names = [first_text(name).rstrip("/").rpartition("/")[2] for name in texts(item.get("variesBy"))]
    if members:
        for member in members:
            options = {
                name: first_text(member.get(name)) for name in (*names, *DETAILS) if first_text(member.get(name))
            }
            options = {name: value for name, value in options.items() if name in names or not names}
            options |= {} if options else additional(member)
            offer = best_offer(offers_of(member) or offers_of(item))
            yield variant_row(member, offer, listing, parent, options)
        return
    offers = [offer for offer in offers_of(item) if offer.name or offer.sku]
    if len({(offer.name, offer.sku) for offer in offers}) > 1:
        for offer in offers[:MOST_VARIANTS]:
            yield variant_row(offer.item, offer, listing, parent, {})


def variant_row(item: Item, offer: Offer, listing: Listing, parent: str, options: dict[str, str]) -> Variant:
    """One variant as a row."""
    name = first_text(item.get("name")) or offer.name
    short = name.removeprefix(parent).strip(" -–—,:()/|")
    title = ", ".join(options.values()) or short or name or offer.sku
    sku = first_text(item.get("sku")) or offer.sku
    link = first_text(item.get("url")) or offer.url
    return Variant(
        id="var_" + digest(listing.source, listing.url, sku or title),
        title=title[:200],
        price=offer.price,
        was_price=offer.was_price,
        availability=offer.availability,
        sku=sku,
        gtin=gtin_of(item),
        mpn=first_text(item.get("mpn")),
        options=options,
        image_url=next(iter(images_of(item, listing.url)), ""),
        url=urljoin(listing.url, link) if link else "",
    )


def as_offer(variant: Variant) -> Offer:
    """What a variant offers, for finding the price that stands for the product."""
    return Offer({}, variant.price, variant.was_price, variant.availability)


def attributes_of(item: Item) -> dict[str, str]:
    """Facts about a product by name."""
    facts = {name: measure(item.get(name)) for name in DETAILS}
    return {name: value for name, value in (facts | additional(item)).items() if value}


def additional(item: Item) -> dict[str, str]:
    """The `additionalProperty` pairs of an item."""
    pairs = items_of(item.get("additionalProperty"))[:60]
    facts = ((first_text(pair.get("name")), measure(pair)[:300]) for pair in pairs)
    return {name: fact for name, fact in facts if name and fact and private_column(name) is None}


def measure(value: Any) -> str:
    """A value with its unit."""
    if isinstance(value, dict) and value.get("value") is not None:
        unit = first_text(value.get("unitText")) or {"CMT": "cm", "MMT": "mm", "GRM": "g", "KGM": "kg", "MLT": "ml",
                "LTR": "l"}.get(first_text(value.get("unitCode")), first_text(value.get("unitCode")))  # fmt: skip
        return f"{first_text(value.get('value'))} {unit}".strip()
    return ", ".join(texts(value))


def gtin_of(item: Item) -> str:
    """The trade number, digits only, when its check digit is right."""
    return next(filter(None, (read_gtin(first_text(item.get(name))) for name in GTINS)), "")


def images_of(item: Item, base: str) -> tuple[str, ...]:
    """The pictures, as whole addresses."""
    found: dict[str, None] = {}
    images = item.get("image")
    for image in images if isinstance(images, list) else [images]:
        link = first_text(image.get("url") or image.get("contentUrl")) if isinstance(image, dict) else first_text(image)
        try:
            whole = urljoin(base, link) if link else ""
        except ValueError:
            continue
        if whole.startswith(("http://", "https://")):
            found[whole] = None
    return tuple(found)[:MOST_IMAGES]


def breadcrumbs(items: list[Item]) -> str:
    """The categories above this page, from its breadcrumb list."""
    for item in items:
        if "BreadcrumbList" in types_of(item):
            names = [
                first_text(entry.get("name")) or first_text(entry.get("item"))
                for entry in items_of(item.get("itemListElement"))
            ]
            return " > ".join(name for name in names[1:-1] if name)
    return ""


def plain(text: str) -> str:
    """Text without tags and entities, on one line."""
    return " ".join(plain_text(text, LONGEST_DESCRIPTION).split())


def digest(*parts: str) -> str:
    """A short stable name made of `parts`."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]
