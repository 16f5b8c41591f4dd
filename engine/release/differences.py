"""What one version has otherwise than another: words and settings, documents, products.

Never here: which answers differ; that is `comparing` and `shadow`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import asdict

from engine.answering.wording import availability_words, price_range_words
from engine.domain.bot import BotVersion
from engine.domain.knowledge import LearnedDocument, Product
from engine.domain.release import DocumentChange, ProductChange, VersionChanges, WordChange
from engine.ports import Catalogue, ProductSearch
from engine.records import Records

__all__ = ["Differences"]

MOST_SHOWN = 200
BATCH = 500


class Differences:
    """Holds two versions of a bot against each other."""

    def __init__(self, records: Records, catalogue: Catalogue) -> None:
        self.records, self.catalogue = records, catalogue

    async def between(self, before: BotVersion, after: BotVersion) -> VersionChanges:
        """All that `after` has otherwise than `before`."""
        documents = document_changes(await self.documents(before), await self.documents(after))
        products = [change async for change in self.product_changes(before, after)]
        return VersionChanges(
            version=after.number,
            against=before.number,
            words=tuple(word_changes(before, after)),
            documents=tuple(documents[:MOST_SHOWN]),
            documents_changed=len(documents),
            products=tuple(products[:MOST_SHOWN]),
            products_changed=len(products),
        )

    async def documents(self, version: BotVersion) -> dict[tuple[str, str], LearnedDocument]:
        """A version's documents by where they stand."""
        where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number}
        return {
            (document.source, document.url or document.title): document
            async for document in self.records.documents.all(version.merchant, where)
        }

    async def product_changes(self, before: BotVersion, after: BotVersion) -> AsyncIterator[ProductChange]:
        """Products that were added, that are gone, and that cost something else."""
        async for batch in self.products(after):
            earlier = {row.id: row for row in await self.catalogue.get(before.key, [row.id for row in batch])}
            for row in batch:
                for change in row_changes(earlier.get(row.id), row):
                    yield change
        async for batch in self.products(before):
            later = {row.id for row in await self.catalogue.get(after.key, [row.id for row in batch])}
            for row in batch:
                if row.id not in later:
                    yield ProductChange("removed", row.title, price_words(row), "")

    async def products(self, version: BotVersion) -> AsyncIterator[Sequence[Product]]:
        """A version's products in batches."""
        cursor: str | None = None
        while True:
            page = await self.catalogue.search(version.key, ProductSearch(limit=BATCH, cursor=cursor))
            yield page.items
            if page.cursor is None:
                return
            cursor = page.cursor


def word_changes(before: BotVersion, after: BotVersion) -> Iterator[WordChange]:
    """Persona, guardrails and settings that differ."""
    for room in ("persona", "guardrails"):
        old, new = asdict(getattr(before, room)), asdict(getattr(after, room))
        for name in new:
            if old[name] != new[name]:
                yield WordChange(f"{room}.{name}", words_of(old[name]), words_of(new[name]))
    for name in ("languages", "embedder"):
        if getattr(before, name) != getattr(after, name):
            yield WordChange(name, getattr(before, name), getattr(after, name))


def words_of(value: object) -> str:
    """A setting's value as text."""
    if isinstance(value, (list, tuple)):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)


def document_changes(
    before: dict[tuple[str, str], LearnedDocument], after: dict[tuple[str, str], LearnedDocument]
) -> list[DocumentChange]:
    """Documents that were added, changed or are gone."""
    found = [
        DocumentChange("changed" if place in before else "added", document.title, document.url)
        for place, document in after.items()
        if place not in before or before[place].digest != document.digest
    ]
    gone = [DocumentChange("removed", item.title, item.url) for place, item in before.items() if place not in after]
    return found + gone


def row_changes(before: Product | None, after: Product) -> Iterator[ProductChange]:
    """What differs in one product's row."""
    if before is None:
        yield ProductChange("added", after.title, "", price_words(after))
        return
    if price_words(before) != price_words(after):
        yield ProductChange("price", after.title, price_words(before), price_words(after))
    if before.availability != after.availability:
        old, new = availability_words(before.availability), availability_words(after.availability)
        yield ProductChange("availability", after.title, old, new)


def price_words(product: Product) -> str:
    """All its prices in words, the range where variants differ."""
    prices = [product.price, *(variant.price for variant in product.variants)]
    amounts = sorted({price for price in prices if price is not None}, key=lambda price: price.amount)
    return price_range_words(amounts[0], amounts[-1]) if amounts else ""
