"""The parts of a portable file as they are written into this installation, each under its new ids.

Never here: the order of the parts, or what happens when one cannot be used; see `importing`.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.domain.bot import BotVersion, Persona, Progress, VersionKey
from engine.domain.correction import Corrections, Pin
from engine.domain.knowledge import LearnedDocument, Passage, Product, Variant
from engine.domain.trial import TestCase
from engine.knowledge.training import Training, mark_of
from engine.ports import Catalogue, EmbeddedPassage, PassageIndex
from engine.records import Records
from engine.release.bundle import EVIDENCE_FOLDER, broken
from engine.release.bundle_cleaning import EVIDENCE, Addresses, Evidence, clean_case
from engine.release.bundle_reading import BundleReader
from engine.release.bundle_renaming import Renaming

__all__ = ["IMPORTED", "Arrival"]

NUMBER = 1
"""Every bot that arrives begins with its first version."""
IMPORTED = "imported:"
"""Before the fingerprint of evidence that was collected elsewhere: the gate never takes it for its own."""
NOTE = "Brought in from another installation. Tests and ratings from there can be seen, but only those made here count."
WEB = ("http://", "https://")
LONGEST_WORDS = 5_000


def check_address(*addresses: str) -> None:
    """Return when each leads to the web, or nowhere: a citation must not run anything. Raises InvalidInput."""
    for address in addresses:
        if address and not address.lower().startswith(WEB):
            raise broken(f"{address[:100]!r} in it is not a web address.")


def check_words(persona: Persona, *more: str) -> None:
    """Return when what the assistant says of itself is of a readable length. Raises InvalidInput."""
    told = (persona.assistant_name, persona.greeting, persona.instructions, *persona.example_questions, *more)
    if any(len(words) > LONGEST_WORDS for words in told) or len(persona.example_questions) > 50:
        raise broken("the assistant's words in it are too long.")


@dataclass(frozen=True)
class Arrival:
    """One bot on its way in."""

    reader: BundleReader
    merchant: str
    bot: str
    renaming: Renaming
    records: Records
    addresses: Addresses = field(default_factory=Addresses)
    """Those that the shop itself tells; they are known once everything before the cases is written."""

    @property
    def key(self) -> VersionKey:
        """The version as it will be searched."""
        return VersionKey(self.merchant, self.bot, NUMBER)

    def source(self, old: str) -> str:
        """The id here of a source there."""
        return self.renaming.new("source", old)

    # --- knowledge ----------------------------------------------------------------------------

    async def knowledge(self, index: PassageIndex, catalogue: Catalogue) -> str:
        """Write passages and products; answers the SHA-256 over the passages that the fingerprint takes."""
        total = hashlib.sha256()
        await index.write(self.key, self.passages(total))
        await catalogue.write(self.key, self.products())
        return total.hexdigest()

    async def passages(self, total: hashlib._Hash) -> AsyncIterator[Sequence[EmbeddedPassage]]:
        """All passages with their vectors; each is added to the digest."""
        async for batch in self.reader.embedded():
            yield await asyncio.to_thread(self.renamed_passages, batch, total)

    def renamed_passages(self, batch: Sequence[EmbeddedPassage], total: hashlib._Hash) -> list[EmbeddedPassage]:
        """A batch under the ids of this installation."""
        made = []
        for item in batch:
            passage: Passage = item.passage
            check_address(passage.url)
            self.addresses.learn(passage.text)
            total.update(mark_of(passage))
            made.append(replace(item, passage=replace(passage, source=self.source(passage.source))))
        return made

    async def products(self) -> AsyncIterator[Sequence[Product]]:
        """All products."""
        async for batch in self.reader.many(Product, "products.jsonl"):
            yield [self.product(product) for product in batch]

    def product(self, product: Product) -> Product:
        """A product under the ids of this installation."""
        offers: tuple[Product | Variant, ...] = (product, *product.variants)
        check_address(*(address for offer in offers for address in (offer.url, offer.image_url)), *product.images)
        return replace(product, source=self.source(product.source))

    async def documents(self) -> None:
        """What is kept of documents beside their passages."""
        async for batch in self.reader.many(LearnedDocument, "documents.jsonl"):
            for document in batch:
                check_address(document.url)
            here = {
                f"{self.bot}.{NUMBER}.{document.id}": replace(
                    document, merchant=self.merchant, bot=self.bot, version=NUMBER, source=self.source(document.source)
                )
                for document in batch
            }
            await self.records.documents.write_many(self.merchant, here)

    def version(self, sealed: BotVersion, digest: str, now: datetime, products: int) -> BotVersion:
        """The sealed record here. Its fingerprint is made from what arrived, not taken from what was claimed."""
        check_words(sealed.persona, sealed.guardrails.refusal_text, sealed.guardrails.contact_text)
        self.addresses.learn_words(sealed.persona, sealed.guardrails)
        manifest = self.reader.manifest
        if (sealed.embedder, sealed.dimensions) != (manifest.embedder, manifest.dimensions):
            raise broken("'manifest.json' and 'version.json' name different embedders.")
        made = replace(
            sealed,
            merchant=self.merchant,
            bot=self.bot,
            number=NUMBER,
            status="ready",
            created_at=now,
            sources=tuple(self.source(old) for old in sealed.sources),
            copies={self.source(old): words for old, words in sealed.copies.items()},
            data={self.source(old): data for old, data in sealed.data.items()},
            progress=Progress("done", manifest.passages, manifest.passages, (), 0.0),
            passages=manifest.passages,
            products=products,
            failure=None,
            origin="merchant",
            replaces=None,
            note=NOTE,
        )
        return replace(made, fingerprint=Training.fingerprint(made, digest))

    # --- what the merchant put right, and proof -----------------------------------------------

    async def corrections(self) -> None:
        """Corrections and pinned answers."""
        told = await self.reader.one(Corrections, "corrections.json")
        removed = tuple(self.source(old) for old in told.removed_sources)
        here = replace(told, merchant=self.merchant, bot=self.bot, removed_sources=removed)
        await self.records.corrections.add(self.merchant, self.bot, here)
        async for batch in self.reader.many(Pin, "pins.jsonl"):
            for pin in batch:
                self.addresses.learn(pin.answer)
                made = replace(pin, id=self.renaming.new("pin", pin.id), merchant=self.merchant, bot=self.bot)
                await self.records.pins.add(self.merchant, made.id, made)

    async def cases(self, catalogue: Catalogue) -> None:
        """Test cases. A product is expected by its title: another reading of the source gives it another id."""
        async for batch in self.reader.many(TestCase, "test_cases.jsonl"):
            wanted = [case.expected_product for case in batch if case.expected_product is not None]
            titles = {product.id: product.title for product in await catalogue.get(self.key, wanted)}
            made = {}
            for case in batch:
                source, product = case.expected_source, case.expected_product
                ident = self.renaming.new("case", case.id)
                made[ident] = replace(
                    clean_case(case, self.addresses),
                    id=ident,
                    merchant=self.merchant,
                    bot=self.bot,
                    approved=case.counts,
                    expected_source=None if source is None else self.renaming.known.get(source, source),
                    expected_product=None if product is None else titles.get(product, product),
                )
            await self.records.test_cases.write_many(self.merchant, made)

    async def evidence(self) -> None:
        """What was measured elsewhere, to be looked at; it proves nothing here."""
        for kind in EVIDENCE:
            async for batch in self.reader.many(dict, f"{EVIDENCE_FOLDER}{kind.collection}.jsonl"):
                for told in batch:
                    await self.measured(kind, told)

    async def measured(self, kind: Evidence, told: dict[str, object]) -> None:
        """One record of evidence, cleaned again: a file may say anything."""
        repository = kind.repository(self.records)
        try:
            record = repository.adapter.validate_python(told)
            body = kind.clean(dict(repository.body(record)), self.addresses)
        except (ValueError, TypeError, KeyError) as error:
            raise broken(f"the evidence in it ({kind.collection}) is not understood by this release.") from error
        if body is None:
            return
        ident = self.renaming.new(kind.prefix, str(body["id"]))
        here = {"merchant": self.merchant, "bot": self.bot, "id": ident, "version": NUMBER}
        if "fingerprint" in body:
            here["fingerprint"] = IMPORTED + str(body["fingerprint"]).removeprefix(IMPORTED)
        moved = repository.adapter.validate_python(self.renaming.walk(body) | here)
        await repository.write_many(self.merchant, {ident: moved})
