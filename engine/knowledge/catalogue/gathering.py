"""Rows that belong together brought together, wherever in the file they stand, without holding them in memory.

Never here: what makes rows belong together; formats say so.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from types import TracebackType

from engine.knowledge.catalogue.entries import Row

__all__ = ["Gathering"]

CACHE_KILOBYTES = 16_000


class Gathering:
    """Groups of rows in a temporary database, which SQLite removes when it is closed."""

    def __init__(self) -> None:
        self.rows = sqlite3.connect("", isolation_level=None)
        self.rows.execute(f"PRAGMA cache_size = -{CACHE_KILOBYTES}")
        self.rows.execute("PRAGMA journal_mode = OFF")
        self.rows.execute("PRAGMA synchronous = OFF")
        self.rows.execute("PRAGMA temp_store = FILE")
        self.rows.execute("CREATE TABLE rows (key TEXT, line INTEGER, cells TEXT)")
        self.rows.execute("CREATE TABLE names (name TEXT PRIMARY KEY, key TEXT) WITHOUT ROWID")
        self.rows.execute("BEGIN")

    def __enter__(self) -> Gathering:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.rows.close()

    def add(self, key: str, row: Row) -> None:
        """Put a row into the group `key`."""
        cells = json.dumps(row.cells, ensure_ascii=False)
        self.rows.execute("INSERT INTO rows VALUES (?, ?, ?)", (key, row.line, cells))

    def call(self, name: str, key: str) -> None:
        """Let a group be found by another name; the first to be called so keeps it."""
        self.rows.execute("INSERT OR IGNORE INTO names VALUES (?, ?)", (name, key))

    def groups(self) -> Iterator[tuple[str, list[Row]]]:
        """(key, rows) in the order in which groups began; rows in the order of their lines."""
        self.resolve()
        self.rows.execute("CREATE INDEX by_key ON rows (key, line)")
        keys = "SELECT key, min(line) AS first FROM rows GROUP BY key ORDER BY first"
        with closing(self.rows.execute(keys)) as found:
            for key, _ in found:
                stored = self.rows.execute("SELECT line, cells FROM rows WHERE key = ? ORDER BY line", (key,))
                yield key, [Row(line, json.loads(cells)) for line, cells in stored]

    def resolve(self) -> None:
        """Rows that named their group by its other name join it."""
        self.rows.execute(
            "UPDATE rows SET key = (SELECT names.key FROM names WHERE names.name = rows.key) "
            "WHERE EXISTS (SELECT 1 FROM names WHERE names.name = rows.key)"
        )
