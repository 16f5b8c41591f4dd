"""`DocumentStore` and `RateCounter` on SQLite: one file, write-ahead log, durable at every commit."""

from __future__ import annotations

import asyncio
import json
import re
import sqlite3
import threading
import uuid
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from engine.errors import AlreadyExists, NotFound, StaleWrite, Unavailable
from engine.ports import Clock, Json, Page, StoredDocument

__all__ = ["SqliteDocumentStore", "SqliteRateCounter"]

T = TypeVar("T")

SCHEMA = """
CREATE TABLE IF NOT EXISTS documents (
    sequence INTEGER PRIMARY KEY AUTOINCREMENT,
    merchant TEXT NOT NULL,
    collection TEXT NOT NULL,
    key TEXT NOT NULL,
    etag TEXT NOT NULL,
    body TEXT NOT NULL,
    UNIQUE (merchant, collection, key)
);
CREATE INDEX IF NOT EXISTS documents_bot ON documents (merchant, collection, json_extract(body, '$.bot'), sequence);
CREATE INDEX IF NOT EXISTS documents_conversation
    ON documents (merchant, collection, json_extract(body, '$.conversation'), sequence)
    WHERE json_extract(body, '$.conversation') IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_status
    ON documents (merchant, collection, json_extract(body, '$.status'), sequence)
    WHERE json_extract(body, '$.status') IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_owner
    ON documents (merchant, collection, json_extract(body, '$.owner'), sequence)
    WHERE json_extract(body, '$.owner') IS NOT NULL;
CREATE INDEX IF NOT EXISTS documents_day
    ON documents (merchant, collection, json_extract(body, '$.day'))
    WHERE json_extract(body, '$.day') IS NOT NULL;
CREATE TABLE IF NOT EXISTS counters (key TEXT NOT NULL, window INTEGER NOT NULL, hits INTEGER NOT NULL,
    PRIMARY KEY (key, window)) WITHOUT ROWID;
"""
FIELD = re.compile(r"[a-z_]+")
BUSY_SECONDS = 30.0


class SqliteConnections:
    """One connection per worker thread, and the workers themselves."""

    def __init__(self, path: Path, workers: int = 4) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        self.path = path
        self.local = threading.local()
        self.opened: list[sqlite3.Connection] = []
        self.pool = ThreadPoolExecutor(workers, thread_name_prefix="sqlite")

    def connection(self) -> sqlite3.Connection:
        """This thread's connection, opened at its first use."""
        existing: sqlite3.Connection | None = getattr(self.local, "connection", None)
        if existing is not None:
            return existing
        connection = sqlite3.connect(
            self.path, timeout=BUSY_SECONDS, isolation_level=None, check_same_thread=False, cached_statements=256
        )
        connection.execute("PRAGMA journal_mode = WAL")
        # FULL: a commit that returned survives a power cut, which the port promises.
        connection.execute("PRAGMA synchronous = FULL")
        connection.executescript(SCHEMA)
        self.local.connection = connection
        self.opened.append(connection)
        return connection

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` on a worker's connection; a full disk or a lost file becomes Unavailable."""

        def call() -> T:
            try:
                return work(self.connection())
            except (sqlite3.OperationalError, sqlite3.DatabaseError) as error:
                if isinstance(error, sqlite3.IntegrityError):
                    raise
                raise Unavailable(
                    f"the records in {str(self.path)!r} cannot be used: {error}; check the disk's free space and rights"
                ) from error

        return await asyncio.get_running_loop().run_in_executor(self.pool, call)

    def close(self) -> None:
        """Finish the work under way and close every connection."""
        self.pool.shutdown(wait=True)
        for connection in self.opened:
            connection.close()
        self.opened.clear()


def condition(where: Mapping[str, str | int | bool]) -> tuple[str, list[object]]:
    """SQL and its values for `where`. Raises ValueError for a name that is no field."""
    parts: list[str] = []
    values: list[object] = []
    for field, value in where.items():
        if not FIELD.fullmatch(field):
            raise ValueError(f"{field!r} is not the name of a record's field")
        parts.append(f"AND json_extract(body, '$.{field}') = ?")
        values.append(int(value) if isinstance(value, bool) else value)
    return " ".join(parts), values


class SqliteDocumentStore:
    """Records of all merchants in one SQLite file; every statement names the merchant."""

    def __init__(self, path: Path, workers: int = 4) -> None:
        self.connections = SqliteConnections(path, workers)

    async def add(self, merchant: str, collection: str, key: str, body: Json) -> str:
        """Create only; answers the etag. Raises AlreadyExists."""
        etag, text = uuid.uuid4().hex, json.dumps(body, ensure_ascii=False)

        def work(connection: sqlite3.Connection) -> str:
            try:
                connection.execute(
                    "INSERT INTO documents (merchant, collection, key, etag, body) VALUES (?, ?, ?, ?, ?)",
                    (merchant, collection, key, etag, text),
                )
            except sqlite3.IntegrityError as error:
                raise AlreadyExists(f"{collection} already hold {key!r}") from error
            return etag

        return await self.connections.run(work)

    async def get(self, merchant: str, collection: str, key: str) -> StoredDocument | None:
        """The record as last written, or None."""

        def work(connection: sqlite3.Connection) -> StoredDocument | None:
            row = connection.execute(
                "SELECT body, etag FROM documents WHERE merchant = ? AND collection = ? AND key = ?",
                (merchant, collection, key),
            ).fetchone()
            return None if row is None else StoredDocument(key, json.loads(row[0]), row[1])

        return await self.connections.run(work)

    async def save(self, merchant: str, collection: str, key: str, body: Json, etag: str) -> str:
        """Replace what was read at `etag`. Raises StaleWrite, NotFound."""
        new_etag, text = uuid.uuid4().hex, json.dumps(body, ensure_ascii=False)

        def work(connection: sqlite3.Connection) -> str:
            changed = connection.execute(
                "UPDATE documents SET body = ?, etag = ?"
                " WHERE merchant = ? AND collection = ? AND key = ? AND etag = ?",
                (text, new_etag, merchant, collection, key, etag),
            ).rowcount
            if changed:
                return new_etag
            exists = connection.execute(
                "SELECT 1 FROM documents WHERE merchant = ? AND collection = ? AND key = ?", (merchant, collection, key)
            ).fetchone()
            if exists is None:
                raise NotFound(f"{collection} hold no {key!r}")
            raise StaleWrite(f"{key!r} of {collection} was changed by someone else; read it again")

        return await self.connections.run(work)

    async def write_many(self, merchant: str, collection: str, bodies: Mapping[str, Json]) -> None:
        """Create or replace without condition, all or none."""
        rows = [
            (merchant, collection, key, uuid.uuid4().hex, json.dumps(body, ensure_ascii=False))
            for key, body in bodies.items()
        ]

        def work(connection: sqlite3.Connection) -> None:
            connection.execute("BEGIN IMMEDIATE")
            try:
                connection.executemany(
                    "INSERT INTO documents (merchant, collection, key, etag, body) VALUES (?, ?, ?, ?, ?)"
                    " ON CONFLICT (merchant, collection, key) DO UPDATE SET etag = excluded.etag, body = excluded.body",
                    rows,
                )
                connection.execute("COMMIT")
            except BaseException:
                connection.execute("ROLLBACK")
                raise

        await self.connections.run(work)

    async def query(
        self,
        merchant: str,
        collection: str,
        where: Mapping[str, str | int | bool],
        *,
        newest_first: bool = False,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page:
        """Records whose top-level fields equal `where`, in order of creation."""
        clause, values = condition(where)
        order, beyond = ("DESC", "<") if newest_first else ("ASC", ">")
        if cursor is not None:
            clause += f" AND sequence {beyond} ?"
            values.append(int(cursor))
        sql = (
            f"SELECT key, body, etag, sequence FROM documents WHERE merchant = ? AND collection = ? {clause}"  # noqa: S608 - field names are checked, values are bound
            f" ORDER BY sequence {order} LIMIT ?"
        )

        def work(connection: sqlite3.Connection) -> Page:
            rows = connection.execute(sql, (merchant, collection, *values, limit + 1)).fetchall()
            items = tuple(StoredDocument(key, json.loads(body), etag) for key, body, etag, _ in rows[:limit])
            return Page(items, str(rows[limit - 1][3]) if len(rows) > limit else None)

        return await self.connections.run(work)

    async def count(self, merchant: str, collection: str, where: Mapping[str, str | int | bool]) -> int:
        """How many records `query` would walk through."""
        clause, values = condition(where)
        sql = f"SELECT COUNT(*) FROM documents WHERE merchant = ? AND collection = ? {clause}"  # noqa: S608 - as above

        def work(connection: sqlite3.Connection) -> int:
            return int(connection.execute(sql, (merchant, collection, *values)).fetchone()[0])

        return await self.connections.run(work)

    async def delete(self, merchant: str, collection: str, key: str) -> bool:
        """Remove; answers whether it was there."""

        def work(connection: sqlite3.Connection) -> bool:
            return bool(
                connection.execute(
                    "DELETE FROM documents WHERE merchant = ? AND collection = ? AND key = ?",
                    (merchant, collection, key),
                ).rowcount
            )

        return await self.connections.run(work)

    async def delete_where(self, merchant: str, collection: str, where: Mapping[str, str | int | bool]) -> int:
        """Remove all that `query` would walk through; answers how many."""
        clause, values = condition(where)
        sql = f"DELETE FROM documents WHERE merchant = ? AND collection = ? {clause}"  # noqa: S608 - as above

        def work(connection: sqlite3.Connection) -> int:
            return connection.execute(sql, (merchant, collection, *values)).rowcount

        return await self.connections.run(work)

    async def ping(self) -> None:
        """Return when the store can serve; raise Unavailable when it cannot."""
        await self.connections.run(lambda connection: connection.execute("SELECT 1 FROM documents LIMIT 1").fetchone())

    def close(self) -> None:
        """Finish the work under way and close the file."""
        self.connections.close()


class SqliteRateCounter:
    """`RateCounter` in a SQLite file of its own: its writes need not wait for the records' disk."""

    def __init__(self, path: Path, clock: Clock) -> None:
        self.connections = SqliteConnections(path, workers=1)
        self.clock = clock

    async def hit(self, key: str, *, window_seconds: int, cost: int = 1) -> int:
        """Add `cost` to the current window of `key`; answers its sum."""
        now = int(self.clock.now().timestamp())
        window = now // window_seconds * window_seconds

        def work(connection: sqlite3.Connection) -> int:
            connection.execute("PRAGMA synchronous = OFF")
            if now % 50 == 0:
                connection.execute("DELETE FROM counters WHERE window < ?", (now - 172_800,))
            row = connection.execute(
                "INSERT INTO counters (key, window, hits) VALUES (?, ?, ?)"
                " ON CONFLICT (key, window) DO UPDATE SET hits = hits + excluded.hits RETURNING hits",
                (f"{window_seconds}:{key}", window, cost),
            ).fetchone()
            return int(row[0])

        return await self.connections.run(work)

    def close(self) -> None:
        """Close the file."""
        self.connections.close()
