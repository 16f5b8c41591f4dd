"""Feeds of schema.org products as JSON-LD.

Never here: what schema.org's properties mean; that is `engine/knowledge/pages`, which reads them in web pages.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import urljoin

from engine.knowledge.catalogue.columns import Guess
from engine.knowledge.catalogue.entries import Field
from engine.knowledge.catalogue.formats.format import Found, Plan, Refused
from engine.knowledge.catalogue.formats.known import known_guesses
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.objects import Numbered
from engine.knowledge.catalogue.reasons import RowRefused
from engine.knowledge.pages.products import PRODUCT_TYPES, Listing, product_row
from engine.knowledge.pages.structured import Item, first_text, items_of, types_of

__all__ = ["entries", "guesses"]

FIELDS: dict[str, Field] = {
    "name": "title", "description": "description", "url": "url", "sku": "sku", "mpn": "mpn", "brand": "brand",
    "category": "category", "image": "image", "gtin": "gtin", "gtin13": "gtin", "offers": "price",
}  # fmt: skip


def guesses(names: Iterable[str]) -> dict[str, Guess]:
    """The properties of schema.org that are read."""
    heads = {normal_name(name): field for name, field in FIELDS.items()}
    found = known_guesses(heads)([*names])
    return {name: Guess(heads.get(normal_name(name.split(".")[0]), ""), guess.private, guess.certain)
            for name, guess in found.items()}  # fmt: skip


def entries(objects: Iterable[Any], plan: Plan) -> Iterator[Found]:
    """A product for each item of a product type; other items of the feed are passed over."""
    stamp = plan.stamp
    for found in objects:
        if not isinstance(found, Numbered):
            yield Refused(found[0], "", found[1])
            continue
        for item in opened(found.value):
            title = first_text(item.get("name"))
            if not title:
                yield Refused(found.line, "", RowRefused("no_title"))
                continue
            own = first_text(item.get("url")) or first_text(item.get("@id"))
            link = urljoin(stamp.address, own) if own else ""
            url = link if link.startswith(("http://", "https://")) else ""
            row = product_row(item, Listing(stamp.source, url, stamp.as_of), "", single=bool(url))
            yield row


def opened(value: Item) -> list[Item]:
    """The products in an item: itself, or those in a list that wraps them."""
    if types_of(value) & PRODUCT_TYPES:
        return [value]
    return [item for item in items_of(value.get("item")) if types_of(item) & PRODUCT_TYPES]
