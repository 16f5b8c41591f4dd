"""Product search: known items against baselines over the same texts, and conditions in plain words over variants.

Run: `.venv/bin/python -m bench.product_search`. Known-item queries are made by rule from 8,000 toys; the weights were
looked at on the tuning half only. Conditions are checked by this module's own reading of the rows.
"""

from __future__ import annotations

import asyncio
import random
import statistics
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import tantivy

from bench.product_conditions import Conditions, card_fits, catalogue_with_variants, holds, questions
from bench.product_queries import KINDS, KnownItem, known_items
from bench.product_texts import NOW, Matrix, embedded, plain_text, toys
from bench.site import DATA
from engine.adapters.embedded.catalogue import SqliteCatalogue
from engine.adapters.embedded.embedder import MiniLmEmbedder
from engine.adapters.embedded.passage_index import HybridPassageIndex
from engine.answering.shopping import Shopping
from engine.domain.bot import BotVersion, Guardrails, Persona, VersionKey
from engine.domain.knowledge import Product
from engine.embedders import Embedders
from engine.ports import EmbeddedPassage, ProductSearch

__all__ = ["main"]

KEY = VersionKey("m", "b", 1)
EACH = 80
SEED = 11
WORDS_SHARED_BY = {1: 11, 5: 12}
"""Titles that must share a word of a query, to the seed of its queries."""
DEPTH = 100
TOP = 10
FUSION_K = 60
QUESTIONS = 200
TOYS_WITH_VARIANTS = 600
Ranking = list[int]


async def batches(items: Sequence[Product]) -> AsyncIterator[Sequence[Product]]:
    """In batches of 500."""
    for start in range(0, len(items), 500):
        yield items[start : start + 500]


async def no_passages() -> AsyncIterator[Sequence[EmbeddedPassage]]:
    """An index without passages: conditions are held by rows alone."""
    for nothing in ():
        yield nothing


class Bm25:
    """Tantivy's BM25 over all fields joined, with English stems: single letters and figures are kept."""

    def __init__(self, texts: Sequence[str]) -> None:
        schema = tantivy.SchemaBuilder()
        schema.add_unsigned_field("place", stored=True)
        schema.add_text_field("text", tokenizer_name="stemmed")
        self.index = tantivy.Index(schema.build())
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        self.analyzer = builder.filter(tantivy.Filter.stemmer("english")).build()
        self.index.register_tokenizer("stemmed", self.analyzer)
        writer = self.index.writer(50_000_000, 1)
        for place, text in enumerate(texts):
            writer.add_document(tantivy.Document(place=place, text=text))
        writer.commit()
        writer.wait_merging_threads()
        self.index.reload()
        self.searcher = self.index.searcher()

    def search(self, query: str) -> Ranking:
        """Places of the best texts."""
        words = dict.fromkeys(self.analyzer.analyze(query))
        parts = [(tantivy.Occur.Should, tantivy.Query.term_query(self.index.schema, "text", word)) for word in words]
        hits = self.searcher.search(tantivy.Query.boolean_query(parts), DEPTH).hits
        return [int(self.searcher.doc(address)["place"][0]) for _, address in hits]


def nearest(matrix: Matrix, vector: Matrix) -> tuple[Ranking, dict[int, float]]:
    """Places of the nearest texts, and their cosines."""
    cosines = matrix @ vector
    order = np.argsort(-cosines)[:DEPTH]
    return order.tolist(), {int(place): float(cosines[place]) for place in order}


def fused(*rankings: Ranking) -> Ranking:
    """Reciprocal rank fusion."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, place in enumerate(ranking):
            scores[place] = scores.get(place, 0.0) + 1.0 / (FUSION_K + rank + 1)
    return sorted(scores, key=lambda place: -scores[place])


def reciprocal(ranking: Ranking, gold: int) -> float:
    """1 / rank of the product meant, 0 beyond the first ten."""
    return 1.0 / (ranking.index(gold) + 1) if gold in ranking[:TOP] else 0.0


async def known_item_scores(
    products: Sequence[Product], queries: Sequence[KnownItem], matrix: Matrix, vectors: Matrix, folder: Path
) -> dict[str, list[float]]:
    """System -> reciprocal rank of each query."""
    places = {product.id: place for place, product in enumerate(products)}
    bm25 = Bm25([plain_text(product) for product in products])
    catalogue = SqliteCatalogue(folder)
    await catalogue.write(KEY, batches(products))
    scores: dict[str, list[float]] = {name: [] for name in ("BM25", "dense", "fusion", "ours, words only", "ours")}
    times = []
    for query, vector in zip(queries, vectors, strict=True):
        gold = places[query.product]
        words, (dense, cosines) = bm25.search(query.query), nearest(matrix, vector)
        near = {products[place].id: cosine for place, cosine in cosines.items()}
        alone = await catalogue.search(KEY, ProductSearch(query.query, match="some", limit=TOP))
        started = time.perf_counter()
        ours = await catalogue.search(KEY, ProductSearch(query.query, match="some", near=near, limit=TOP))
        times.append((time.perf_counter() - started) * 1000)
        found = {
            "BM25": words, "dense": dense, "fusion": fused(words, dense),
            "ours, words only": [places[product.id] for product in alone.items],
            "ours": [places[product.id] for product in ours.items],
        }  # fmt: skip
        for name, ranking in found.items():
            scores[name].append(reciprocal(ranking, gold))
    catalogue.close()
    print(f"our search: p50 {statistics.median(times):.1f} ms, p95 {statistics.quantiles(times, n=20)[18]:.1f} ms")
    return scores


def show_known_items(queries: Sequence[KnownItem], scores: dict[str, list[float]]) -> dict[str, float]:
    """MRR@10 by half and by kind; answers that of the held-out half."""
    halves = {"tuning half": 0, "held-out half": 1}
    print(f"\nMRR@10, {len(queries)} known-item queries\n{'':22}" + "".join(f"{name:>18}" for name in scores))
    for title, half in halves.items():
        rows = [place for place in range(len(queries)) if place // len(KINDS) % 2 == half]
        figures = {name: statistics.fmean(values[place] for place in rows) for name, values in scores.items()}
        best = max(figures["BM25"], figures["fusion"])
        print(
            f"{title:22}"
            + "".join(f"{value:18.3f}" for value in figures.values())
            + f"   {figures['ours'] / best - 1:+.1%}"
        )
        for kind in KINDS:
            own = [place for place in rows if queries[place].kind == kind]
            print(
                f"  {kind:20}"
                + "".join(f"{statistics.fmean(values[place] for place in own):18.3f}" for values in scores.values())
            )
    return figures


@dataclass
class Judged:
    """How the answers to questions with conditions were."""

    cards: int = 0
    wrong: list[str] = field(default_factory=list)
    findable: int = 0
    found: int = 0
    recalls: list[float] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    missed: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)


async def condition_scores(
    products: Sequence[Product], asked: Sequence[tuple[str, Conditions]], folder: Path
) -> Judged:
    """Ask each question and judge its cards by the rows."""
    catalogue, index, embedder = (
        SqliteCatalogue(folder / "catalogue"),
        HybridPassageIndex(folder / "index"),
        MiniLmEmbedder(),
    )
    await catalogue.write(KEY, batches(products))
    await index.write(KEY, no_passages())
    shopping = Shopping(catalogue, index, Embedders(embedder, embedder))
    version = BotVersion(
        "m", "b", 1, "ready", Persona(), Guardrails(), (), NOW, embedder=embedder.name, products=len(products)
    )
    rows = {product.id: product for product in products}
    judged = Judged()
    for text, wanted in asked:
        started = time.perf_counter()
        shelf = await shopping.shelf(version, text)
        judged.times.append((time.perf_counter() - started) * 1000)
        cards = shelf.cards if shelf is not None else ()
        judged.cards += len(cards)
        judged.wrong += [f"{text!r}: {card}" for card in cards if not card_fits(card, rows[card.id], wanted)]
        gold = {product.id for product in products if holds(product, wanted)}
        if shelf is None and gold:
            judged.unanswered.append(text)
        if 0 < len(gold) <= TOP:
            hit = gold & {card.id for card in cards[:TOP]}
            judged.findable += len(gold)
            judged.found += len(hit)
            judged.recalls.append(len(hit) / len(gold))
            if hit != gold:
                judged.missed.append(f"{text!r}: {sorted(gold - hit)} {shelf.text if shelf else None}")
    embedder.close()
    index.close()
    catalogue.close()
    return judged


def show_conditions(count: int, judged: Judged) -> None:
    """What held and what was found."""
    print(f"\n{count} questions with conditions: {judged.cards} cards, {len(judged.wrong)} of them break a condition")
    few, recall = len(judged.recalls), statistics.fmean(judged.recalls)
    print(f"at most {TOP} products satisfy {few} questions: recall {recall:.3f} a question")
    print(f"{judged.found} of {judged.findable} products; {len(judged.unanswered)} questions not taken for products")
    print(f"whole answer: p50 {statistics.median(judged.times):.1f} ms, max {max(judged.times):.1f} ms")
    for line in (*judged.wrong, *judged.unanswered, *judged.missed):
        print(f"  {line[:300]}")


async def conditions() -> None:
    """Questions with conditions over a catalogue with variants."""
    chance = random.Random(SEED)
    products = await catalogue_with_variants(DATA / "catalog", TOYS_WITH_VARIANTS, chance)
    asked = questions(products, QUESTIONS, chance)
    with tempfile.TemporaryDirectory(prefix="storeclerk-bench-") as folder:
        judged = await condition_scores(products, asked, Path(folder))
    print(f"{len(products)} products, {sum(max(1, len(product.variants)) for product in products)} to buy")
    show_conditions(len(asked), judged)


async def main() -> None:
    """Measure and print."""
    await conditions()
    products = toys()
    matrix = await embedded([plain_text(product) for product in products], "toys")
    held_out: list[dict[str, float]] = []
    for shared_by, seed in WORDS_SHARED_BY.items():
        queries = known_items(products, EACH, seed, shared_by)
        vectors = await embedded([query.query for query in queries], f"toy-queries-{shared_by}")
        with tempfile.TemporaryDirectory(prefix="storeclerk-bench-") as folder:
            scores = await known_item_scores(products, queries, matrix, vectors, Path(folder))
        print(f"words that at least {shared_by} title(s) have")
        held_out.append(show_known_items(queries, scores))
    both = {name: statistics.fmean(figures[name] for figures in held_out) for name in held_out[0]}
    best = max(both["BM25"], both["fusion"])
    print(f"\nheld-out halves of both: ours {both['ours']:.3f}, {both['ours'] / best - 1:+.1%}")


if __name__ == "__main__":
    asyncio.run(main())
