"""What was proved last, kept; and how much a newer version departs from it.

A test asks only so many questions. A price that lost its point, or a help centre that was read half, may meet none of
them; so each version is also held, whole, against the last one that was proved, and what departs too far waits until a
person says that it is meant.
"""

from __future__ import annotations

import asyncio
import gzip
import hashlib
from contextlib import suppress

import structlog

from engine.answering.wording import price_range_words
from engine.audit import Audit
from engine.domain.baseline import (
    Baseline,
    BaselineContent,
    Confirmation,
    KnownPage,
    KnownProduct,
    PriceJump,
    Surprises,
    held_against,
)
from engine.domain.bot import BotVersion
from engine.domain.money import Money
from engine.errors import AlreadyExists, Conflict
from engine.ports import BlobStore, Catalogue, Clock, ProductSearch
from engine.records import Records, adapter

__all__ = ["Baselines"]

log = structlog.get_logger("storeclerk.trials")
PRODUCTS_AT_ONCE = 500
SHOWN_JUMPS = 50


class Baselines:
    """Keeps what proved versions told, and holds others against it."""

    def __init__(self, records: Records, catalogue: Catalogue, blobs: BlobStore, audit: Audit, clock: Clock) -> None:
        self.records, self.catalogue, self.blobs, self.audit, self.clock = records, catalogue, blobs, audit, clock

    async def keep(self, version: BotVersion) -> None:
        """Keep what a version tells at the moment it is proved; what is kept of it already stays.

        First the content, then the record that says it is there: killed between, it is kept again.
        """
        key = f"{version.bot}.{version.number}"
        if await self.records.baselines.find(version.merchant, key) is not None:
            return
        content = await self.content(version)
        packed = await asyncio.to_thread(lambda: gzip.compress(adapter(BaselineContent).dump_json(content)))
        await self.blobs.put(blob_name(version.merchant, version.bot, version.number), packed)
        kept = Baseline(key, version.merchant, version.bot, version.number, self.clock.now())
        with suppress(AlreadyExists):
            await self.records.baselines.add(version.merchant, key, kept)

    async def surprises(self, version: BotVersion) -> Surprises:
        """How far a version departs from the last one that was proved, itself or one before it."""
        proved = await self.proved(version)
        if proved is None:
            return Surprises(version.merchant, version.bot, version.number, None)
        state = state_of(version, proved)
        key = f"{version.bot}.{version.number}"
        found = await self.records.surprises.find(version.merchant, key)
        if found is not None and found.record.state == state:
            return found.record
        compared = await self.compared(version, proved, state)
        await self.records.surprises.write_many(version.merchant, {key: compared})
        return compared

    async def compared(self, version: BotVersion, proved: Baseline, state: str) -> Surprises:
        """A version held against a proved one, product by product and page by page."""
        packed = await self.blobs.get(blob_name(proved.merchant, proved.bot, proved.version))
        if packed is None:
            # Somebody emptied the blob store: what cannot be compared any more must not block every later version.
            log.error("baseline.lost", bot=version.bot, version=proved.version)
            await self.records.baselines.delete(proved.merchant, proved.id)
            return await self.surprises(version)
        before = await asyncio.to_thread(lambda: adapter(BaselineContent).validate_json(gzip.decompress(packed)))
        after = await self.content(version)
        departure = await asyncio.to_thread(held_against, before, after)
        return Surprises(
            merchant=version.merchant,
            bot=version.bot,
            version=version.number,
            against=proved.version,
            compared=len(before.products) + len(before.pages),
            jumped=len(departure.jumps),
            jumps=tuple(PriceJump(old.title, cost(old), cost(new)) for old, new in departure.jumps[:SHOWN_JUMPS]),
            losses=departure.losses,
            digest=departure.digest,
            state=state,
        )

    async def proved(self, version: BotVersion) -> Baseline | None:
        """The newest proved version that is not newer than this one."""
        async for kept in self.records.baselines.all(version.merchant, {"bot": version.bot}, newest_first=True):
            if kept.version <= version.number:
                return kept
        return None

    async def content(self, version: BotVersion) -> BaselineContent:
        """What a version tells at this moment."""
        products: list[KnownProduct] = []
        cursor: str | None = None
        while True:
            page = await self.catalogue.search(version.key, ProductSearch(limit=PRODUCTS_AT_ONCE, cursor=cursor))
            products += map(KnownProduct.of, page.items)
            cursor = page.cursor
            if cursor is None:
                break
        where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number}
        pages = [KnownPage.of(document) async for document in self.records.documents.all(version.merchant, where)]
        return BaselineContent(tuple(products), tuple(pages))

    async def confirmation(self, surprises: Surprises) -> Confirmation | None:
        """Who said that exactly these surprises are meant."""
        key = f"{surprises.bot}.{surprises.version}"
        found = await self.records.confirmations.find(surprises.merchant, key)
        return found.record if found is not None and found.record.digest == surprises.digest else None

    async def confirm(self, version: BotVersion, digest: str, *, by: str) -> Confirmation:
        """Note that the surprises with this digest are meant. Raises Conflict when they are not those of now."""
        surprises = await self.surprises(version)
        if not surprises.digest:
            raise Conflict("Nothing about this version has to be confirmed.", code="nothing_to_confirm")
        if surprises.digest != digest:
            raise Conflict("What changed is not what you looked at: look at it again.", code="changed_meanwhile")
        key = f"{version.bot}.{version.number}"
        said = Confirmation(key, version.merchant, version.bot, version.number, digest, by, self.clock.now())
        # The log first: a confirmation that is not in it must not be possible.
        detail = f"Version {version.number}: {told(surprises)}"
        await self.audit.note(version.merchant, version.bot, by=by, action="changes_confirmed", detail=detail)
        await self.records.confirmations.write_many(version.merchant, {key: said})
        return said


def cost(product: KnownProduct) -> str:
    """What a product costs, in words; empty when it states no price."""
    if product.low is None or product.high is None:
        return ""
    return price_range_words(Money(product.low, product.currency), Money(product.high, product.currency))


def told(surprises: Surprises) -> str:
    """Surprises in one line, for the log."""
    parts = [f"{jump.title}: {jump.before} -> {jump.after}" for jump in surprises.jumps[:5]]
    if surprises.jumped > len(parts):
        parts.append(f"{surprises.jumped - len(parts)} more prices")
    parts += [f"{loss.lost} of {loss.of} {loss.kind} gone" for loss in surprises.losses]
    return "; ".join(parts)


def blob_name(merchant: str, bot: str, number: int) -> str:
    """Where the content of a proved version is kept."""
    return f"{merchant}/{bot}/baselines/{number}.json.gz"


def state_of(version: BotVersion, proved: Baseline) -> str:
    """SHA-256 over what a comparison depends on: the version's words and data, and what it is held against."""
    data = sorted(version.data.items())
    return hashlib.sha256(f"{version.fingerprint}|{data}|{proved.id}|{proved.at}".encode()).hexdigest()
