"""One version's products as they are searched: words by their terms, filters by the columns, rows by id."""

from __future__ import annotations

import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.adapters.embedded.catalogue_columns import Array, Columns
from engine.adapters.embedded.catalogue_conditions import Conditions
from engine.adapters.embedded.catalogue_text import CatalogueText, Ranked
from engine.domain.knowledge import Product
from engine.domain.money import UNSTATED
from engine.ports import FoundProducts, ProductMatch, ProductSearch, Vocabulary
from engine.records import adapter

__all__ = ["CatalogueFile"]

AT_ONCE = 500
MOST_VALUES = 2_000
"""Values. A fact with more of them is no choice."""


class CatalogueFile:
    """One open file. Calls wait for each other: SQLite answers in milliseconds."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.lock = threading.Lock()
        self.columns: Columns | None = None
        self.text: CatalogueText | None = None
        self.seen_at = -1

    def close(self) -> None:
        """Close the file."""
        with self.lock:
            self.connection.close()

    def count(self) -> int:
        """How many products."""
        with self.lock:
            return int(self.connection.execute("SELECT COUNT(*) FROM products").fetchone()[0])

    def get(self, ids: Sequence[str]) -> list[Product]:
        """Those of the products that are there, in the order asked for."""
        found: dict[str, Product] = {}
        with self.lock:
            for start in range(0, len(ids), AT_ONCE):
                some = ids[start : start + AT_ONCE]
                marks = ", ".join("?" * len(some))
                sql = f"SELECT id, body FROM products WHERE id IN ({marks})"  # noqa: S608 - only question marks
                found |= {key: adapter(Product).validate_json(body) for key, body in self.connection.execute(sql, some)}
        return [found[key] for key in dict.fromkeys(ids) if key in found]

    def search(self, wanted: ProductSearch) -> FoundProducts:
        """The products that fit, a page of them."""
        with self.lock:
            columns, text = self.current_columns(), self.current_text()
            conditions = Conditions(self.connection, columns, text)
            offers = conditions.offers(wanted)
            fits = conditions.products(wanted, offers)
            start = int(wanted.cursor or 0)
            more = start + wanted.limit
            ranked = self.ranked(wanted, fits, text, more)
            ordinals = ranked.ordinals
            if wanted.order != "relevance":
                ordinals = columns.by_price(np.sort(ordinals), offers, descending=wanted.order == "price_descending")
            page = ordinals[start:more]
            items = self.rows(page)
            return FoundProducts(
                items,
                ranked.total,
                str(more) if more < ranked.total else None,
                matches(page, items, offers, columns, ranked),
                ranked.corrected,
            )

    def ranked(self, wanted: ProductSearch, fits: Array, text: CatalogueText, most: int) -> Ranked:
        """The products that hold the words, best first: as many as are needed for the order that is wanted."""
        if not wanted.text.strip() and not wanted.near:
            every = np.flatnonzero(fits)
            noughts = np.zeros(len(every), dtype=np.float32)
            return Ranked(every, len(every), noughts, noughts, noughts, {})
        near = {self.ordinal(key): cosine for key, cosine in wanted.near.items()}
        near.pop(-1, None)
        if wanted.order != "relevance":
            most = len(fits)
        return text.rank(wanted.text, fits, near, whole=wanted.match == "all", most=most)

    def ordinal(self, key: str) -> int:
        """The place of a product; -1 when it is not there."""
        row = self.connection.execute("SELECT ordinal FROM products WHERE id = ?", (key,)).fetchone()
        return -1 if row is None else int(row[0])

    def vocabulary(self) -> Vocabulary:
        """What this catalogue calls its things."""
        with self.lock:
            columns = self.current_columns()
            options: dict[str, list[str]] = {}
            for name, value in self.connection.execute("SELECT name, value FROM postings"):
                options.setdefault(name, []).append(value)
            codes = {number: currency for currency, number in columns.codes["currency"].items() if currency}
            used, uses = np.unique(columns.offers["currency"], return_counts=True)
            currencies = [codes[int(code)] for _, code in sorted(zip(-uses, used, strict=True)) if int(code) in codes]
            return Vocabulary(
                tuple(filter(None, columns.codes["brand"])),
                tuple(filter(None, columns.codes["category"])),
                {name: tuple(values) for name, values in options.items() if len(values) <= MOST_VALUES},
                tuple(currency or UNSTATED for currency in currencies),
            )

    def current_columns(self) -> Columns:
        """The columns, read again when a refresh has changed the file."""
        changed = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        if self.columns is None or changed != self.seen_at:
            parts: dict[str, bytes] = dict(self.connection.execute("SELECT name, content FROM columns").fetchall())
            self.columns, self.seen_at = Columns.unpacked(parts), changed
        return self.columns

    def current_text(self) -> CatalogueText:
        """The words; a refresh never changes them."""
        if self.text is None:
            self.text = CatalogueText(self.connection)
        return self.text

    def rows(self, ordinals: Array) -> tuple[Product, ...]:
        """The products with those ordinals, in that order."""
        sql = "SELECT body FROM products WHERE ordinal = ?"
        bodies: list[Any] = [self.connection.execute(sql, (int(ordinal),)).fetchone()[0] for ordinal in ordinals]
        return tuple(adapter(Product).validate_json(body) for body in bodies)


def matches(
    page: Array, items: Sequence[Product], offers: Array, columns: Columns, ranked: Ranked
) -> tuple[ProductMatch, ...]:
    """Why each product of a page was found, with its variants that fit."""
    owners = columns.offers["product"]
    places = {int(ordinal): place for place, ordinal in enumerate(ranked.ordinals)} if len(page) else {}
    found = []
    for ordinal, product in zip(page, items, strict=True):
        first, end = np.searchsorted(owners, (ordinal, ordinal + 1))
        own = offers[np.searchsorted(offers, first) : np.searchsorted(offers, end)]
        variants = tuple(product.variants[offer - first].id for offer in own) if product.variants else ()
        place = places[int(ordinal)]
        words, titles = min(1.0, float(ranked.words[place])), min(1.0, float(ranked.titles[place]))
        found.append(ProductMatch(variants, float(ranked.scores[place]), words, titles))
    return tuple(found)
