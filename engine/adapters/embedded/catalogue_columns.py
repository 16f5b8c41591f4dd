"""The columns that products are filtered by: one row an offer (a variant, or a product without variants).

Arrays in memory, a few bytes an offer, so that any combination of filters is one pass over them.
Never here: SQL.
"""

from __future__ import annotations

import json
from array import array
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import numpy as np

from engine.domain.catalogue import option_name, option_value
from engine.domain.knowledge import Availability, Product, Variant
from engine.domain.money import Money
from engine.ports import ProductSearch

__all__ = ["PRICE_SCALE", "ColumnWriter", "Columns", "plain"]

PRICE_SCALE = 10_000
"""Prices are compared as whole ten-thousandths: no currency has more than four decimals (ISO 4217)."""
HIGHEST = Decimal(10) ** 14
NO_PRICE = -1
STOCK: dict[Availability, int] = {"unknown": 0, "in_stock": 1, "out_of_stock": 2, "preorder": 3}
OFFER_TYPES = {"product": "i", "price": "q", "currency": "h", "stock": "b"}
PRODUCT_TYPES = {"brand": "i", "category": "i", "source": "h"}
Array = np.ndarray[Any, np.dtype[Any]]


def plain(text: str) -> str:
    """Text as it is compared: without case and superfluous spaces."""
    return " ".join(text.casefold().split())


def scaled(amount: Decimal) -> int:
    """An amount as a whole number."""
    return int(min(amount, HIGHEST) * PRICE_SCALE)


def offers_of(product: Product) -> Iterator[tuple[Money | None, Availability, dict[str, str]]]:
    """(price, stock, options) of each sellable form."""
    common = {option_name(name): value for name, value in product.attributes.items()}
    forms: tuple[Product, ...] | tuple[Variant, ...] = product.variants or (product,)
    for form in forms:
        own = {option_name(name): value for name, value in form.options.items()} if isinstance(form, Variant) else {}
        yield form.price, form.availability, common | own


@dataclass
class ColumnWriter:
    """Collects the columns while products are written, in order of their ordinals."""

    offers: dict[str, array[int]] = field(default_factory=lambda: {name: array(t) for name, t in OFFER_TYPES.items()})
    products: dict[str, array[int]] = field(
        default_factory=lambda: {name: array(t) for name, t in PRODUCT_TYPES.items()}
    )
    codes: dict[str, dict[str, int]] = field(
        default_factory=lambda: {name: {"": 0} for name in ("brand", "category", "source", "currency")}
    )
    postings: dict[tuple[str, str], array[int]] = field(default_factory=dict)

    def code(self, kind: str, value: str) -> int:
        """The number that stands for a value."""
        known = self.codes[kind]
        return known.setdefault(value, len(known))

    def add(self, product: Product) -> None:
        """Append a product and its offers."""
        ordinal = len(self.products["brand"])
        self.products["brand"].append(self.code("brand", plain(product.brand)))
        self.products["category"].append(self.code("category", plain(product.category)))
        self.products["source"].append(self.code("source", product.source))
        for price, availability, options in offers_of(product):
            offer = len(self.offers["product"])
            self.offers["product"].append(ordinal)
            self.offers["price"].append(NO_PRICE if price is None else scaled(price.amount))
            self.offers["currency"].append(self.code("currency", "" if price is None else price.currency))
            self.offers["stock"].append(STOCK[availability])
            for name, value in options.items():
                if value:
                    self.postings.setdefault((name, option_value(name, value)), array("i")).append(offer)

    def packed(self) -> dict[str, bytes]:
        """The columns as they are stored."""
        parts = {f"offer_{name}": values.tobytes() for name, values in self.offers.items()}
        parts |= {f"product_{name}": values.tobytes() for name, values in self.products.items()}
        return parts | {"codes": json.dumps(self.codes, ensure_ascii=False).encode()}


@dataclass(frozen=True, slots=True)
class Columns:
    """The columns of a version as they are searched."""

    offers: Mapping[str, Array]
    products: Mapping[str, Array]
    codes: Mapping[str, Mapping[str, int]]

    @classmethod
    def unpacked(cls, parts: Mapping[str, bytes]) -> Columns:
        """From what `ColumnWriter.packed` stored."""
        offers = {name: np.frombuffer(parts[f"offer_{name}"], dtype=kind) for name, kind in OFFER_TYPES.items()}
        products = {name: np.frombuffer(parts[f"product_{name}"], dtype=kind) for name, kind in PRODUCT_TYPES.items()}
        return cls(offers, products, json.loads(parts["codes"]))

    def offers_that_fit(self, wanted: ProductSearch) -> Array:
        """For each offer, whether it holds the conditions on price and stock."""
        fits = np.ones(len(self.offers["product"]), dtype=np.bool_)
        price = self.offers["price"]
        if wanted.least_price is not None:
            fits &= price >= scaled(wanted.least_price)
        if wanted.most_price is not None:
            fits &= (price <= scaled(wanted.most_price)) & (price != NO_PRICE)
        if wanted.currency:
            fits &= self.offers["currency"] == self.codes["currency"].get(wanted.currency, -1)
        if wanted.availability is not None:
            fits &= self.offers["stock"] == STOCK[wanted.availability]
        return fits

    def products_that_fit(self, wanted: ProductSearch, offers: Array) -> Array:
        """For each product, whether one of `offers` is its own and its brand, category and source are wanted."""
        fits = np.zeros(len(self.products["brand"]), dtype=np.bool_)
        fits[self.offers["product"][offers]] = True
        for name, value in (("brand", plain(wanted.brand)), ("category", plain(wanted.category))):
            if value:
                fits &= self.products[name] == self.codes[name].get(value, -1)
        if wanted.source:
            fits &= self.products["source"] == self.codes["source"].get(wanted.source, -1)
        without = [self.codes["source"].get(source, -1) for source in wanted.without_sources]
        return fits & ~np.isin(self.products["source"], without) if without else fits

    def by_price(self, ordinals: Array, offers: Array, *, descending: bool) -> Array:
        """`ordinals` by the lowest price among `offers`; what has none comes last."""
        far = np.iinfo(np.int64).max
        lowest = np.full(len(self.products["brand"]), far, dtype=np.int64)
        priced = offers[self.offers["price"][offers] != NO_PRICE]
        np.minimum.at(lowest, self.offers["product"][priced], self.offers["price"][priced])
        keys = lowest[ordinals]
        return ordinals[np.argsort(np.where(keys == far, far, -keys) if descending else keys, kind="stable")]
