"""Writes one version of a bot, with all that it needs elsewhere, into a portable file.

Never here: what may leave and what stays; see `bundle_cleaning`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np

from engine.corrections import BotCorrections
from engine.domain.bot import Bot, BotVersion
from engine.domain.correction import Corrections, Pin
from engine.domain.knowledge import LearnedDocument, Passage, Product, Source
from engine.domain.trial import TestCase
from engine.errors import Conflict, NotFound
from engine.knowledge.copies import Copies
from engine.knowledge.reading import ReadBatch
from engine.ports import BlobStore, Catalogue, Clock, PassageIndex, ProductSearch
from engine.records import Records, adapter
from engine.release.bundle import (
    EVIDENCE_FOLDER,
    FORMAT,
    FORMAT_VERSION,
    PRODUCT_VERSION,
    BundledBot,
    CopiedBatch,
    Manifest,
)  # fmt: skip
from engine.release.bundle_cleaning import EVIDENCE, Addresses, Evidence, clean_case, clean_source
from engine.release.bundle_writing import BundleWriter, json_line, pieces

__all__ = ["Exporting"]

PRODUCTS_AT_ONCE = 500
Where = Mapping[str, str | int | bool]


class Exporting:
    """Writes portable files."""

    def __init__(
        self,
        records: Records,
        blobs: BlobStore,
        copies: Copies,
        index: PassageIndex,
        catalogue: Catalogue,
        corrections: BotCorrections,
        clock: Clock,
        model: str,
    ) -> None:
        self.records, self.blobs, self.copies, self.index, self.catalogue = records, blobs, copies, index, catalogue
        self.corrections, self.clock, self.model = corrections, clock, model

    async def choose(self, bot: Bot, number: int | None) -> BotVersion:
        """The version that is asked for, else the live one, else the newest that can answer.

        Raises NotFound, and Conflict when the version holds nothing to answer from.
        """
        wanted = bot.live if number is None else number
        if wanted is not None:
            found = await self.records.versions.find(bot.merchant, f"{bot.id}.{wanted}")
            if found is None:
                raise NotFound(f"there is no version {wanted} of bot {bot.id!r}")
            if not found.record.can_answer:
                raise Conflict(f"Version {wanted} is {found.record.status!r} and knows nothing.", code="not_ready")
            return found.record
        async for version in self.records.versions.all(bot.merchant, {"bot": bot.id}, newest_first=True):
            if version.can_answer:
                return version
        raise Conflict("Train the assistant first: there is nothing to take along yet.", code="not_trained")

    async def write(self, bot: Bot, version: BotVersion, path: Path) -> Manifest:
        """Write the file; `path` does not exist before, and is to be removed when this raises."""
        now = self.clock.now()
        writer = BundleWriter(path, now)
        try:
            addresses = Addresses()
            addresses.learn_words(bot.persona, bot.guardrails)
            addresses.learn_words(version.persona, version.guardrails)
            await self.write_bot(writer, bot, version)
            await self.write_knowledge(writer, version, addresses)
            await self.write_sources(writer, bot)
            await self.write_proof(writer, bot, version, addresses)
            manifest = Manifest(
                FORMAT, FORMAT_VERSION, PRODUCT_VERSION, now, bot.id, bot.name, version.number, version.fingerprint,
                version.embedder, version.dimensions, self.model, await self.index.count(version.key),
                await self.catalogue.count(version.key), tuple(writer.parts),
            )  # fmt: skip
            await writer.finish(manifest)
        finally:
            writer.abandon()
        return manifest

    async def write_bot(self, writer: BundleWriter, bot: Bot, version: BotVersion) -> None:
        """The draft with its look, and the sealed record."""
        seed = None if bot.theme is None else bot.theme.seed
        draft = BundledBot(bot.name, bot.persona, bot.guardrails, bot.languages, seed, bot.theme_overrides)
        await writer.small("bot.json", [json_line(BundledBot, draft)])
        sealed = replace(version, merchant="", bot="", progress=type(version.progress)(), failure=None, note="")
        await writer.small("version.json", [json_line(BotVersion, sealed)])
        icon = None if bot.icon is None else await self.blobs.get(f"{bot.merchant}/{bot.id}/icons/{bot.icon}.png")
        if icon is not None:
            await writer.small("icon.png", [icon])

    async def write_knowledge(self, writer: BundleWriter, version: BotVersion, addresses: Addresses) -> None:
        """Documents, passages with their vectors, and products, each in the order in which they were written."""

        async def passages() -> AsyncIterator[bytes]:
            async for batch in self.index.whole(version.key):
                for item in batch:
                    addresses.learn(item.passage.text)
                    yield json_line(Passage, item.passage)

        async def vectors() -> AsyncIterator[bytes]:
            async for batch in self.index.whole(version.key):
                yield np.asarray([item.vector for item in batch], dtype=np.float32).tobytes()

        async def documents() -> AsyncIterator[bytes]:
            where: Where = {"bot": version.bot, "version": version.number}
            async for document in self.records.documents.all(version.merchant, where):
                yield json_line(LearnedDocument, replace(document, merchant="", bot=""))

        await writer.part("documents.jsonl", pieces(documents()))
        await writer.part("passages.jsonl", pieces(passages()))
        await writer.part("vectors.f32", pieces(vectors()), packed=False)
        await writer.part("products.jsonl", pieces(self.products(version)))

    async def products(self, version: BotVersion) -> AsyncIterator[bytes]:
        """All products, as they are today, in the order of the catalogue."""
        cursor: str | None = None
        while True:
            found = await self.catalogue.search(version.key, ProductSearch(limit=PRODUCTS_AT_ONCE, cursor=cursor))
            for product in found.items:
                yield json_line(Product, product)
            cursor = found.cursor
            if cursor is None:
                return

    async def write_sources(self, writer: BundleWriter, bot: Bot) -> None:
        """Where the knowledge came from, and what was read there: the next training needs no reading."""
        sources = await self.records.sources.list(bot.merchant, {"bot": bot.id})
        await writer.small("sources.jsonl", [json_line(Source, clean_source(source)) for source in sources])

        async def batches() -> AsyncIterator[bytes]:
            for source in sources:
                for number in range(0 if source.copy is None else source.copy.batches):
                    assert source.copy is not None
                    batch = await self.copies.batch(source, source.copy.run, number)
                    told = replace(batch, failures=(), cursor=None)
                    body = adapter(ReadBatch).dump_python(told, mode="json")
                    yield json_line(CopiedBatch, CopiedBatch(source.id, number, body))

        await writer.part("copies.jsonl", pieces(batches()))

    async def write_proof(self, writer: BundleWriter, bot: Bot, version: BotVersion, addresses: Addresses) -> None:
        """What the merchant put right, the test cases, and what was measured; after all that tells `addresses`."""
        corrections = replace(await self.corrections.of(bot.merchant, bot.id), merchant="", bot="")
        await writer.small("corrections.json", [json_line(Corrections, corrections)])
        where: Where = {"bot": bot.id}

        async def pins() -> AsyncIterator[bytes]:
            async for pin in self.records.pins.all(bot.merchant, where):
                addresses.learn(pin.answer)
                yield json_line(Pin, replace(pin, merchant="", bot=""))

        async def cases() -> AsyncIterator[bytes]:
            async for case in self.records.test_cases.all(bot.merchant, where):
                yield json_line(TestCase, clean_case(replace(case, merchant="", bot=""), addresses))

        await writer.part("pins.jsonl", pieces(pins()))
        await writer.part("test_cases.jsonl", pieces(cases()))
        for kind in EVIDENCE:
            await writer.part(
                f"{EVIDENCE_FOLDER}{kind.collection}.jsonl", pieces(self.evidence(kind, version, addresses))
            )

    async def evidence(self, kind: Evidence, version: BotVersion, addresses: Addresses) -> AsyncIterator[bytes]:
        """The records of one collection that were made for the version, without people."""
        repository = kind.repository(self.records)
        where: Where = {"bot": version.bot, "version": version.number}
        async for record in repository.all(version.merchant, where):
            body = kind.clean(dict(repository.body(record)), addresses)
            if body is not None:
                yield json_line(dict[str, object], body | {"merchant": "", "bot": ""})
