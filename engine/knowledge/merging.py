"""Products that two sources know: a page of the shop and a row of its feed are one product, and the feed speaks.

Never here: products of one source; a source decides itself what is one product.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from engine.domain.knowledge import Product
from engine.knowledge.crawling.addresses import normal_url

__all__ = ["SameProducts"]


def names_of(product: Product) -> Iterator[bytes]:
    """What a product may be known again by, the surest first, as short digests: there may be many."""
    address = normal_url(product.url) or ""
    address = address.partition("://")[2].removeprefix("www.").rstrip("/")
    numbers = [product.gtin, *(variant.gtin for variant in product.variants)]
    articles = [product.sku, *(variant.sku for variant in product.variants)]
    marks = [f"url {address}" if address else "", *(f"gtin {number}" for number in numbers if number)]
    marks += [f"sku {article.casefold()} {product.title.casefold()}" for article in articles if article]
    for mark in filter(None, marks):
        yield hashlib.blake2b(mark.encode(), digest_size=8).digest()


@dataclass
class SameProducts:
    """Finds the feed's row of a product that a page offers."""

    rows: dict[bytes, str] = field(default_factory=dict)

    def add(self, products: Iterable[Product]) -> None:
        """Remember a feed's products."""
        for product in products:
            for name in names_of(product):
                self.rows.setdefault(name, product.id)

    def row_of(self, product: Product) -> str | None:
        """Id of the feed's product that is the same as a page's, or None."""
        if not self.rows:
            return None
        return next((self.rows[name] for name in names_of(product) if name in self.rows), None)
