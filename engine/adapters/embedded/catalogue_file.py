"""One version's products as they are searched: words by FTS5, filters by the columns, rows by id."""

from __future__ import annotations

import re
import sqlite3
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.adapters.embedded.catalogue_columns import Array, Columns
from engine.domain.catalogue import option_value
from engine.domain.knowledge import Product
from engine.ports import FoundProducts, ProductSearch
from engine.records import adapter

__all__ = ["CatalogueFile"]

WORD = re.compile(r"\w+")
MOST_WORDS = 12
AT_ONCE = 500
WEIGHTS = "4.0, 2.0, 1.0"
"""Of a word in the title, in brand, category and article numbers, and elsewhere."""


class CatalogueFile:
    """One open file. Calls wait for each other: SQLite answers in milliseconds."""

    def __init__(self, path: Path) -> None:
        self.connection = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.lock = threading.Lock()
        self.columns: Columns | None = None
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
            columns = self.current_columns()
            offers = columns.offers_that_fit(wanted, self.postings(wanted))
            fits = columns.products_that_fit(wanted, offers)
            words = WORD.findall(wanted.text)[:MOST_WORDS]
            if words:
                matching = self.by_words(words)
                ordinals = matching[fits[matching]]
            else:
                ordinals = np.flatnonzero(fits) if not wanted.text.strip() else np.zeros(0, dtype=np.int64)
            if wanted.order != "relevance":
                ordinals = columns.by_price(ordinals, offers, descending=wanted.order == "price_descending")
            start = int(wanted.cursor or 0)
            page = ordinals[start : start + wanted.limit]
            more = start + wanted.limit
            return FoundProducts(self.rows(page), len(ordinals), str(more) if more < len(ordinals) else None)

    def current_columns(self) -> Columns:
        """The columns, read again when a refresh has changed the file."""
        changed = int(self.connection.execute("PRAGMA data_version").fetchone()[0])
        if self.columns is None or changed != self.seen_at:
            parts: dict[str, bytes] = dict(self.connection.execute("SELECT name, content FROM columns").fetchall())
            self.columns, self.seen_at = Columns.unpacked(parts), changed
        return self.columns

    def postings(self, wanted: ProductSearch) -> list[Array]:
        """For each wanted option, the offers that have it. `blue` also fits `navy blue`."""
        found: list[Array] = []
        for name, value in wanted.options.items():
            asked = option_value(name, value)
            rows = self.connection.execute("SELECT value, offers FROM postings WHERE name = ?", (name,))
            fitting = [np.frombuffer(offers, dtype="i") for has, offers in rows if fits_option(asked, has)]
            found.append(np.concatenate(fitting) if fitting else np.zeros(0, dtype="i"))
        return found

    def by_words(self, words: Sequence[str]) -> Array:
        """Ordinals of the products that hold every word, best first; when none does, those that hold some."""
        quoted = [f'"{word}"' for word in words]
        for expression in (" AND ".join([*quoted[:-1], f"{quoted[-1]} *"]), " OR ".join(quoted)):
            sql = f"SELECT rowid FROM words WHERE words MATCH ? ORDER BY bm25(words, {WEIGHTS})"  # noqa: S608 - a constant
            found = self.connection.execute(sql, (expression,)).fetchall()
            if found:
                return np.fromiter((row[0] for row in found), dtype=np.int64, count=len(found))
        return np.zeros(0, dtype=np.int64)

    def rows(self, ordinals: Array) -> tuple[Product, ...]:
        """The products with those ordinals, in that order."""
        sql = "SELECT body FROM products WHERE ordinal = ?"
        bodies: list[Any] = [self.connection.execute(sql, (int(ordinal),)).fetchone()[0] for ordinal in ordinals]
        return tuple(adapter(Product).validate_json(body) for body in bodies)


def fits_option(asked: str, has: str) -> bool:
    """Whether a value is the one asked for, or holds it as whole words."""
    return asked == has or f" {asked} " in f" {has.replace('/', ' ').replace('-', ' ').replace(',', ' ')} "
