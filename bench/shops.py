"""Real shops as the guard sees them: rows of public catalogues, passages of a help centre."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from bench.site import DATA, pages, read_lines
from engine.domain.bot import Guardrails, Persona
from engine.domain.knowledge import Document, Passage, Product
from engine.domain.money import Money
from engine.knowledge.catalogue.processes import CatalogueProcesses
from engine.knowledge.pages.page import parse_page
from engine.knowledge.passages import passages_of, passages_of_product
from engine.llama.splitter import WindowSplitter
from engine.ports import CompositionRequest, ScoredPassage

PRODUCTS = TypeAdapter(tuple[Product, ...])
CATALOGUES = {
    "vendure_products.csv": "USD", "woocommerce_sample_products.csv": "GBP", "shopify_apparel.csv": "EUR",
    "shopify_jewelery.csv": "CAD", "toys_products.jsonl": "EUR",
}  # fmt: skip
"""Public files and the currency a merchant would name for them."""
NOW = datetime(2026, 6, 1, 9, 30, tzinfo=UTC)
SPLITTER = WindowSplitter()


async def rows(path: Path, currency: str) -> list[Product]:
    """The products of one file, as the catalogue reads them."""
    job: dict[str, Any] = {"source": path.stem, "as_of": NOW.isoformat(), "currency": currency}
    found: list[Product] = []
    async for line in CatalogueProcesses().convert(path, job):
        if line.kind == "P":
            found += PRODUCTS.validate_python(json.loads(line.content)["products"])
    return [in_units(product) for product in found] if path.suffix == ".jsonl" else found


def in_units(product: Product) -> Product:
    """The toys' file states hundredths."""
    if product.price is None:
        return product
    return replace(product, price=Money(product.price.amount / 100, product.price.currency))


def scored(passages: Sequence[Passage]) -> tuple[ScoredPassage, ...]:
    """Passages as retrieval gives them."""
    return tuple(ScoredPassage(p, 1.0 - place / 100, 0.7, 0.5) for place, p in enumerate(passages))


def product_passages(product: Product) -> list[Passage]:
    """What is learned of a product's words."""
    return list(passages_of_product(product, SPLITTER))


def help_centre(folder: str = "arduino_store_hardware") -> dict[str, list[Passage]]:
    """Passages of every article, by its name."""
    found = {}
    records = read_lines(DATA / "kb" / folder / "docs.jsonl")
    served = pages(records)
    for record in records:
        page = parse_page(served[f"/articles/{record['doc_id']}"].encode(), record["url"])
        document = Document(record["doc_id"], "kb", record["title"], page.text, record["url"], "d", NOW, "en")
        found[record["doc_id"]] = list(passages_of(document, SPLITTER))
    return found


def request(question: str, passages: Sequence[Passage], products: Sequence[Product] = ()) -> CompositionRequest:
    """All that an answer may be made of."""
    return CompositionRequest(
        question, (), "en", "Bench", Persona(), Guardrails(), scored(passages), tuple(products), "fence-of-the-bench"
    )


def without_stock_unknown(product: Product) -> Product:
    """A row that knows its stock, so that a stock word can be right or wrong."""
    return product if product.availability != "unknown" else replace(product, availability="in_stock")
