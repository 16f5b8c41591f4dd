"""One sealed version's folder as it is searched, memory-mapped."""

from __future__ import annotations

import json
import math
import mmap
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import tantivy

from engine.adapters.embedded.index_writing import DIGEST, FIELD_WEIGHTS
from engine.adapters.embedded.spelling import Spelling
from engine.domain.knowledge import Passage
from engine.domain.words import EMPTY_WORDS
from engine.ports import EmbeddedPassage, ScoredPassage, SearchRequest, Vector
from engine.records import adapter

__all__ = ["OpenVersion"]

FUSION_K = 60
"""Reciprocal rank fusion's constant (Cormack, Clarke and Buettcher, SIGIR 2009)."""
BM25_MOST = 2.2
"""What one word can add to a BM25 score at most, in units of its rarity: k1 + 1, with k1 = 1.2."""
MOST_WORDS = 64
LEAST_CANDIDATES = 60


@dataclass
class OpenVersion:
    """A sealed version's files, memory-mapped."""

    folder: Path

    @cached_property
    def meta(self) -> dict[str, Any]:
        """Counts and the names of the sources."""
        return json.loads((self.folder / "meta.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]

    @property
    def count(self) -> int:
        """How many passages."""
        return int(self.meta["count"])

    @cached_property
    def matrix(self) -> np.ndarray[Any, np.dtype[np.float32]]:
        """All vectors, one a row."""
        if not self.count:
            return np.zeros((0, 1), dtype=np.float32)
        shape = (self.count, int(self.meta["dimensions"]))
        return np.memmap(self.folder / "vectors.f32", dtype=np.float32, mode="r", shape=shape)

    def array(self, name: str) -> np.ndarray[Any, Any]:
        """One of the version's arrays, memory-mapped where there is anything to map."""
        return np.load(self.folder / f"{name}.npy", mmap_mode="r" if self.count else None)  # type: ignore[no-any-return]

    @cached_property
    def text(self) -> tantivy.Index:
        """The full-text index."""
        return tantivy.Index.open(str(self.folder / "text"))

    @cached_property
    def searcher(self) -> tantivy.Searcher:
        """A view of the full-text index; the version never changes, so one is enough."""
        return self.text.searcher()

    @cached_property
    def words(self) -> tantivy.TextAnalyzer:
        """Cuts text as the index does, without words that carry no meaning."""
        builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple()).filter(tantivy.Filter.lowercase())
        builder = builder.filter(tantivy.Filter.custom_stopword(EMPTY_WORDS))
        return builder.filter(tantivy.Filter.stemmer("english")).build()

    @cached_property
    def spelling(self) -> Spelling:
        """The words of all passages; none for a version that was written before they were kept."""
        path = self.folder / "words.json"
        return Spelling(json.loads(path.read_text(encoding="utf-8")) if path.exists() else {})

    def rarity(self, word: str) -> float:
        """Inverse document frequency of a stemmed word, as BM25 has it."""
        frequency = max(self.searcher.doc_freq(field, word) for field in FIELD_WEIGHTS)
        return math.log(1 + (self.count - frequency + 0.5) / (frequency + 0.5))

    @cached_property
    def offsets(self) -> np.ndarray[Any, Any]:
        """Where each passage begins in the passages file."""
        return self.array("offsets")

    @cached_property
    def lines(self) -> mmap.mmap:
        """The passages file."""
        with (self.folder / "passages.jsonl").open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)

    def passage(self, ordinal: int) -> Passage:
        """The passage with that ordinal."""
        start, end = int(self.offsets[ordinal]), int(self.offsets[ordinal + 1])
        return adapter(Passage).validate_json(self.lines[start:end])  # type: ignore[no-any-return]

    def allowed(self, request: SearchRequest) -> np.ndarray[Any, np.dtype[np.bool_]] | None:
        """Which ordinals the request's filters admit; None when all."""
        mask: np.ndarray[Any, np.dtype[np.bool_]] | None = None
        if request.sources:
            codes = [code for code, name in enumerate(self.meta["sources"]) if name in request.sources]
            mask = np.isin(self.array("source_codes"), codes)
        if without := [code for code, name in enumerate(self.meta["sources"]) if name in request.without_sources]:
            others = ~np.isin(self.array("source_codes"), without)
            mask = others if mask is None else mask & others
        if request.products_only:
            products = np.asarray(self.array("products"))
            mask = products if mask is None else mask & products
        return mask

    def by_words(self, words: Sequence[str], limit: int) -> dict[int, float]:
        """Ordinal to BM25 score of the best matches of stemmed words, best first."""
        if not words:
            return {}
        terms = [
            (tantivy.Occur.Should, tantivy.Query.boost_query(self.term(field, word), weight))
            for word in words
            for field, weight in FIELD_WEIGHTS.items()
        ]
        hits = self.searcher.search(tantivy.Query.boolean_query(terms), limit, count=False).hits
        return {int(self.searcher.doc(address)["ordinal"][0]): float(score) for score, address in hits}

    def term(self, field: str, word: str) -> tantivy.Query:
        """Passages that hold the stemmed word in a field."""
        return tantivy.Query.term_query(self.text.schema, field, word, index_option="freq")

    def coverage(self, passage: Passage, rarities: dict[str, float]) -> float:
        """Share of the question's words, by rarity, that the passage holds."""
        total = sum(rarities.values())
        if not total:
            return 0.0
        held = set(self.words.analyze(" ".join((passage.title, *passage.headings, passage.text))))
        return sum(weight for word, weight in rarities.items() if word in held) / total

    def similarities(self, request: SearchRequest) -> np.ndarray[Any, np.dtype[np.float32]]:
        """Each passage's cosine with the query; 0 where there is none."""
        if request.vector is None:
            return np.zeros(self.count, dtype=np.float32)
        # Row by row on this thread: `@` wakes BLAS's threads, which spin and wait for each other on a busy machine.
        return np.vecdot(self.matrix, np.asarray(request.vector, dtype=np.float32))  # type: ignore[no-any-return]

    def search(self, request: SearchRequest) -> list[ScoredPassage]:
        """Words and meaning, fused by reciprocal rank."""
        if not self.count:
            return []
        rarities = {word: self.rarity(word) for word in self.words.analyze(request.text)[:MOST_WORDS]}
        highest = sum(rarities.values()) * BM25_MOST * sum(FIELD_WEIGHTS.values()) or 1.0
        depth = min(self.count, max(LEAST_CANDIDATES, request.limit))
        mask = self.allowed(request)
        similarity = self.similarities(request)
        if mask is not None:
            similarity = np.where(mask, similarity, -np.inf)
        nearest = np.argpartition(-similarity, depth - 1)[: 0 if request.vector is None else depth]
        nearest = nearest[np.lexsort((nearest, -similarity[nearest]))]
        words = self.by_words(list(rarities), depth if mask is None else self.count)
        if mask is not None:
            words = {ordinal: score for ordinal, score in words.items() if mask[ordinal]}
        fused: dict[int, float] = {}
        for ranking in (nearest.tolist(), list(words)[:depth]):
            for rank, ordinal in enumerate(ranking):
                if np.isfinite(similarity[ordinal]):
                    fused[ordinal] = fused.get(ordinal, 0.0) + 1.0 / (FUSION_K + rank + 1)
        best = sorted(fused, key=lambda ordinal: (-fused[ordinal], ordinal))[: request.limit]
        found = []
        for ordinal in best:
            passage = self.passage(ordinal)
            text_score = min(1.0, words.get(ordinal, 0.0) / highest)
            coverage = self.coverage(passage, rarities)
            found.append(ScoredPassage(passage, fused[ordinal], float(similarity[ordinal]), text_score, coverage))
        return found

    def of_document(self, document: str, start: int, limit: int) -> list[Passage]:
        """Passages of one document in order, from position `start`."""
        query = tantivy.Query.term_query(self.text.schema, "document", document)
        hits = self.searcher.search(query, max(1, self.count), count=False).hits
        ordinals = sorted(int(self.searcher.doc(address)["ordinal"][0]) for _, address in hits)
        passages = (self.passage(ordinal) for ordinal in ordinals[start : start + limit])
        return list(passages)

    def rows(self, start: int, limit: int) -> list[EmbeddedPassage]:
        """Passages with their vectors, as they were written, from an ordinal on."""
        ordinals = range(start, min(start + limit, self.count))
        return [EmbeddedPassage(self.passage(n), np.array(self.matrix[n])) for n in ordinals]  # type: ignore[arg-type]

    def vectors(self, digests: Sequence[str]) -> dict[str, Vector]:
        """Vectors of the passages with those digests."""
        if not self.count:
            return {}
        known, order = self.array("digests"), self.array("digest_order")
        wanted = np.asarray([digest[:16].encode() for digest in digests], dtype=DIGEST)
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return {
            digest: np.asarray(self.matrix[int(order[place])])  # type: ignore[misc]
            for digest, place, key in zip(digests, places, wanted, strict=True)
            if known[place] == key
        }
