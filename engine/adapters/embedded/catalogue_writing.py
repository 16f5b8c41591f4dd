"""One version's product file as it is written, and as its data is refreshed."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from engine.adapters.embedded.catalogue_columns import ColumnWriter
from engine.adapters.embedded.catalogue_terms import TERM_SCHEMA, TermWriter
from engine.domain.catalogue import data_digest, no_longer_listed, with_data_of
from engine.domain.knowledge import Product
from engine.ports import Refreshed
from engine.records import adapter

__all__ = ["LAYOUT", "CatalogueRefresh", "CatalogueWriter"]

SCHEMA = """
CREATE TABLE products (ordinal INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, source TEXT NOT NULL, body BLOB NOT NULL);
CREATE TABLE columns (name TEXT PRIMARY KEY, content BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE postings (name TEXT, value TEXT, offers BLOB NOT NULL, PRIMARY KEY (name, value)) WITHOUT ROWID;
"""
LAYOUT = 2
"""Of the file, as `PRAGMA user_version`; a file of another layout is made again from its rows."""
REFRESH_SECONDS = 30.0


def body_of(product: Product) -> bytes:
    """A product as it is stored."""
    return adapter(Product).dump_json(product)


class CatalogueWriter:
    """Writes one version's file, batch by batch. Ordinals follow the order of the products."""

    FILE = "catalogue.sqlite"

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self.connection = sqlite3.connect(folder / self.FILE, isolation_level=None, check_same_thread=False)
        # Nothing reads the file before it is renamed: one flush at the end is enough.
        self.connection.execute("PRAGMA journal_mode = OFF")
        self.connection.execute("PRAGMA synchronous = OFF")
        self.connection.executescript(SCHEMA + TERM_SCHEMA)
        self.connection.execute("CREATE TEMP TABLE given (id TEXT PRIMARY KEY, body BLOB) WITHOUT ROWID")
        self.connection.execute("CREATE TEMP TABLE places (place INTEGER PRIMARY KEY, id TEXT)")

    def add(self, batch: Sequence[Product]) -> None:
        """Take a batch; a product given twice keeps its first place and its last words."""
        self.connection.execute("BEGIN")
        for product in batch:
            known = self.connection.execute("SELECT 1 FROM given WHERE id = ?", (product.id,)).fetchone()
            self.connection.execute("INSERT OR REPLACE INTO given VALUES (?, ?)", (product.id, body_of(product)))
            if known is None:
                self.connection.execute("INSERT INTO places (id) VALUES (?)", (product.id,))
        self.connection.execute("COMMIT")

    def finish(self) -> int:
        """Write rows, words and columns, and flush them to the disk; answers how many products."""
        columns, terms = ColumnWriter(), TermWriter(self.connection)
        given = "SELECT given.id, given.body FROM places JOIN given USING (id) ORDER BY places.place"
        self.connection.execute("BEGIN")
        count = 0
        for key, body in self.connection.execute(given):
            product: Product = adapter(Product).validate_json(body)
            self.connection.execute("INSERT INTO products VALUES (?, ?, ?, ?)", (count, key, product.source, body))
            terms.add(product)
            columns.add(product)
            count += 1
        arrays = columns.packed() | terms.finish()
        self.connection.executemany("INSERT INTO columns VALUES (?, ?)", arrays.items())
        self.connection.executemany(
            "INSERT INTO postings VALUES (?, ?, ?)",
            ((name, value, offers.tobytes()) for (name, value), offers in columns.postings.items()),
        )
        self.connection.execute("COMMIT")
        self.connection.execute(f"PRAGMA user_version = {LAYOUT}")
        self.connection.execute("PRAGMA journal_mode = WAL")
        self.connection.close()
        handle = os.open(self.folder / self.FILE, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
        return count

    def abandon(self) -> None:
        """Let go of the file after a failure, and remove it."""
        self.connection.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class CatalogueRefresh:
    """Takes over the data of one source's products in one transaction."""

    def __init__(self, path: Path, source: str, as_of: datetime) -> None:
        self.source, self.as_of = source, as_of
        self.changed = 0
        # A connection of its own: readers notice the change by the file's data version.
        self.connection = sqlite3.connect(path, timeout=REFRESH_SECONDS, isolation_level=None, check_same_thread=False)
        self.connection.execute("PRAGMA synchronous = FULL")
        self.connection.execute("CREATE TEMP TABLE listed (ordinal INTEGER PRIMARY KEY)")
        self.connection.execute("BEGIN IMMEDIATE")

    def add(self, batch: Sequence[Product]) -> None:
        """Take over a batch; products that the version does not know are for the next version."""
        for fresh in batch:
            row = self.connection.execute(
                "SELECT ordinal, body FROM products WHERE id = ? AND source = ?", (fresh.id, self.source)
            ).fetchone()
            if row is not None:
                known: Product = adapter(Product).validate_json(row[1])
                self.replace(int(row[0]), known, with_data_of(known, fresh))
                self.connection.execute("INSERT OR IGNORE INTO listed VALUES (?)", (row[0],))

    def replace(self, ordinal: int, known: Product, product: Product) -> None:
        """Store a product again, and count it when more than its time changed."""
        self.changed += data_digest(known) != data_digest(product)
        self.connection.execute("UPDATE products SET body = ? WHERE ordinal = ?", (body_of(product), ordinal))

    def finish(self) -> Refreshed:
        """Mark what is listed no more, make the columns anew, and commit."""
        changed, self.changed = self.changed, 0
        missing = self.connection.execute(
            "SELECT ordinal FROM products WHERE source = ? AND ordinal NOT IN (SELECT ordinal FROM listed)",
            (self.source,),
        ).fetchall()
        for (ordinal,) in missing:
            row = self.connection.execute("SELECT body FROM products WHERE ordinal = ?", (ordinal,)).fetchone()
            known: Product = adapter(Product).validate_json(row[0])
            self.replace(int(ordinal), known, no_longer_listed(known, self.as_of))
        self.write_columns()
        self.connection.execute("COMMIT")
        return Refreshed(changed, self.changed)

    def write_columns(self) -> None:
        """The columns from the rows as they are now; words and options did not change."""
        columns = ColumnWriter()
        for (body,) in self.connection.execute("SELECT body FROM products ORDER BY ordinal"):
            columns.add(adapter(Product).validate_json(body))
        parts = [(content, name) for name, content in columns.packed().items()]
        self.connection.executemany("UPDATE columns SET content = ? WHERE name = ?", parts)

    def close(self) -> None:
        """Let go; what was not finished is undone."""
        self.connection.close()
