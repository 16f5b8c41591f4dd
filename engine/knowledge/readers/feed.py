"""Product feeds: a catalogue by upload or by address, read into rows of products.

Never here: what is in a file; `engine/knowledge/catalogue` reads it, in a process of its own.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from pydantic import TypeAdapter

from engine.domain.knowledge import ItemFailure, Product, Source, SourceKind
from engine.knowledge.catalogue.choices import CHOICES, checked_choices
from engine.knowledge.catalogue.formats import FORMATS
from engine.knowledge.catalogue.inspection import Inspection
from engine.knowledge.catalogue.limits import FEED_BYTES, LISTED_FAILURES
from engine.knowledge.catalogue.processes import CatalogueProcesses
from engine.knowledge.catalogue.spooling import Spool, fetch_into, fill_from_blob, spooled, unpacked
from engine.knowledge.failures import Unreadable, item_failure
from engine.knowledge.fetching import Fetcher
from engine.knowledge.items import optional_text, refused, short_digest
from engine.knowledge.limits import LONGEST_URL
from engine.knowledge.reading import FormField, ReadBatch, ReadContext, is_upload
from engine.ports import BlobStore

__all__ = ["FeedReader"]

CONVERTER = "1"
"""Raised when the same file makes other products: what was unchanged is then read again."""
PRODUCTS = TypeAdapter(tuple[Product, ...])
FAILURES = TypeAdapter(tuple[ItemFailure, ...])
INSPECTION = TypeAdapter(Inspection)


class FeedReader:
    """Converts a feed once for each reading, then hands its parts over one by one."""

    kind: SourceKind = "feed"
    label = "Product feed"
    form: tuple[FormField, ...] = (
        FormField("url", "Address", "url", required=True, help="Where your shop offers its products, such as a Google "
                  "Merchant feed, or /products.json of a Shopify shop. A file is uploaded instead."),
        FormField("format", "Format", "text", help="Found out when left empty. One of: " + ", ".join(FORMATS) + "."),
        FormField("currency", "Currency", "text", help="For prices that name none, such as EUR."),
    )  # fmt: skip

    accepts = (".csv", ".tsv", ".txt", ".xlsx", ".xml", ".rss", ".atom", ".json", ".jsonl", ".ndjson", ".gz")
    most_bytes = FEED_BYTES

    def __init__(self, *, fetcher: Fetcher, processes: CatalogueProcesses | None = None) -> None:
        self.fetcher = fetcher
        self.processes = processes or CatalogueProcesses()

    def check(self, options: dict[str, object]) -> tuple[str, dict[str, object]]:
        """(title, options): an address, or the blob of an uploaded file. Raises InvalidInput naming the field."""
        checked: dict[str, object] = checked_choices(options)
        filename = optional_text(options, "filename", most=255).replace("\\", "/").rpartition("/")[2]
        if "blob" in options and filename:
            return filename, {"blob": optional_text(options, "blob", most=500), "filename": filename, **checked}
        url = optional_text(options, "url", most=LONGEST_URL)
        if not url:
            raise refused("url", "is needed; fill it in")
        try:
            location = self.fetcher.check(url if "://" in url else f"https://{url}")
        except Unreadable as error:
            raise refused("url", "is not an address that can be read; use one that begins with https://") from error
        name = PurePosixPath(urlsplit(location.url).path).name
        return f"{location.host}: {name}" if name else location.host, {"url": location.url, **checked}

    async def recognise(self, filename: str, blob: str, blobs: BlobStore) -> dict[str, object] | None:
        """The options to read an uploaded file with, or None when it is not surely a catalogue."""
        if PurePosixPath(filename.lower()).suffix not in self.accepts:
            return None
        async with spooled() as packed, spooled() as plain:
            try:
                await fill_from_blob(packed, blobs, blob)
                if not packed.size:
                    return None
                spool = await unpacked(packed, plain)
                job = {"source": "", "as_of": "2000-01-01T00:00:00+00:00"}
                answer = json.loads(await self.processes.ask("recognise", spool.path, job))
            except Unreadable:
                return None
        return {"format": answer["format"]} if answer["format"] else None

    async def inspect(
        self, source: Source, context: ReadContext, settings: Mapping[str, object] | None = None
    ) -> Inspection:
        """A look at the feed as it is now, read with `settings` or those of the source. Raises Unreadable."""
        async with self.obtained(source, context, {}) as spool:
            answer = await self.processes.ask("inspect", spool.path, self.job(source, context, spool, settings))
        return INSPECTION.validate_json(answer)

    def job(
        self, source: Source, context: ReadContext, spool: Spool, settings: Mapping[str, object] | None = None
    ) -> dict[str, Any]:
        """What the process is told."""
        stated = source.options if settings is None else settings
        return {
            "source": source.id, "as_of": context.clock.now().isoformat(), "address": spool.address,
            **{name: stated[name] for name in CHOICES if stated.get(name)},
        }  # fmt: skip

    async def read(self, source: Source, cursor: str | None, context: ReadContext) -> ReadBatch:
        """The next part of the catalogue; the first call fetches and converts all of it."""
        part = int(json.loads(cursor)["part"]) if cursor else 0
        try:
            state = await stored_state(context, context.place(source))
            if state is None:
                state = await self.convert(source, context)
        except Unreadable as error:
            return ReadBatch(failures=(item_failure(source.title, error.code, error.detail),), done=1, total=1)
        if state.get("unchanged"):
            return ReadBatch(unchanged=True, done=1, total=1)
        content = await context.blobs.get(part_name(context.place(source), part))
        found = json.loads(content or b'{"products":[],"failures":[]}')
        last = part + 1 >= state["parts"]
        return ReadBatch(
            products=PRODUCTS.validate_python(found["products"]),
            failures=FAILURES.validate_python(found["failures"])[: LISTED_FAILURES + 10],
            cursor=None if last else json.dumps({"part": part + 1}),
            done=state["products"]
            if last
            else min((part + 1) * state["products"] // state["parts"], state["products"]),
            total=state["products"],
            excluded_columns=tuple(state["excluded_columns"]),
        )

    async def convert(self, source: Source, context: ReadContext) -> dict[str, Any]:
        """Fetch the feed and write its parts; answers what is kept of the reading. Raises Unreadable."""
        before = await stored_state(context, context.previous_place(source)) or {}
        same = before.get("settings") == settings_digest(source) and not before.get("dated")
        known = before if same else {}
        async with self.obtained(source, context, known) as spool:
            if spool.unchanged or (spool.digest and spool.digest == known.get("digest")):
                state = {**known, "unchanged": True}
            else:
                state = await self.write_parts(source, context, spool)
            state |= {"etag": spool.etag, "modified": spool.modified, "settings": settings_digest(source)}
            state["digest"] = spool.digest or known.get("digest", "")
        await context.blobs.put(f"{context.place(source)}state.json", json.dumps(state).encode())
        return state

    async def write_parts(self, source: Source, context: ReadContext, spool: Spool) -> dict[str, Any]:
        """Convert the file into parts; answers the summary with their number. Raises Unreadable."""
        parts = 0
        async with self.processes.lines(
            {**self.job(source, context, spool), "job": "convert", "path": str(spool.path)}, self.processes.seconds
        ) as lines:
            async for line in lines:
                if line.kind == "S":
                    summary: dict[str, Any] = json.loads(line.content)
                    return {**summary, "parts": parts}
                await context.blobs.put(part_name(context.place(source), parts), line.content)
                parts += 1
        raise Unreadable("too_costly")

    @asynccontextmanager
    async def obtained(self, source: Source, context: ReadContext, known: Mapping[str, Any]) -> AsyncIterator[Spool]:
        """The feed in a file, unpacked; empty and `unchanged` when the server says so. Raises Unreadable."""
        blob = str(source.options.get("blob") or "")
        async with spooled() as packed, spooled() as plain:
            if blob:
                # A name is a claim: only what was uploaded for this bot is read.
                if not is_upload(source.merchant, source.bot, blob):
                    raise Unreadable("missing")
                await fill_from_blob(packed, context.blobs, blob)
            else:
                url = str(source.options["url"])
                await fetch_into(packed, self.fetcher, url, known.get("etag", ""), known.get("modified", ""))
            if packed.unchanged:
                yield packed
                return
            spool = await unpacked(packed, plain)
            spool.digest, spool.etag, spool.modified = packed.digest, packed.etag, packed.modified
            yield spool


def part_name(place: str, part: int) -> str:
    """The blob of one part."""
    return f"{place}parts/{part:06}.json"


def settings_digest(source: Source) -> str:
    """Names what a reading depends on beside the file: where it comes from and how it is read."""
    options = {name: source.options.get(name) for name in ("url", *CHOICES)}
    return short_digest(CONVERTER, json.dumps(options, sort_keys=True, default=str))


async def stored_state(context: ReadContext, place: str | None) -> dict[str, Any] | None:
    """What a reading left behind, or None."""
    content = await context.blobs.get(f"{place}state.json") if place else None
    found: dict[str, Any] | None = json.loads(content) if content else None
    return found
