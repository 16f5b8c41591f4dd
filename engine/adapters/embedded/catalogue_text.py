"""One version's products found and ranked by words: field-weighted full text, with slips and article numbers.

The rank is a sum of what a product holds of the wish: BM25F over title, names and facts (Robertson and Zaragoza,
"The Probabilistic Relevance Framework", 2009), how much of the wish stands in the title, whether the words stand there
beside each other, and nearness in meaning where the caller knows it. `python -m bench.product_search` measures it.
Never here: filters; the products that fit are given.
"""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from engine.adapters.embedded.catalogue_spelling import Spelling
from engine.adapters.embedded.catalogue_terms import CHUNK, EMPTY, Stems
from engine.domain.product_words import CODE, code_of, folded, product_tokens

__all__ = ["CatalogueText", "Ranked", "Weights"]

MOST_WORDS = 16
LOOKED_AT_CLOSELY = 400
BEARERS_MOST = 20
"""Products. What more of them bear in their titles is no article number."""
Array = np.ndarray[Any, np.dtype[Any]]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each part counts."""

    title: float = 3.0
    names: float = 2.0
    facts: float = 1.0
    saturation: float = 1.2
    title_length: float = 0.8
    names_length: float = 0.3
    facts_length: float = 0.5
    empty: float = 0.25
    """A word such as `for` counts so much of its rarity."""
    in_title: float = 0.35
    anywhere: float = 0.35
    every: float = 0.2
    """Of a product that holds every word, those aside that say nothing."""
    covered: float = 0.1
    beside: float = 0.2
    near: float = 0.6
    code: float = 4.0
    """An article number goes before everything else."""


@dataclass
class Word:
    """One word of the wish, with the terms that stand for it and their weights; the first is its own."""

    text: str
    terms: dict[str, float]
    empty: bool
    corrected: str = ""


@dataclass(frozen=True, slots=True)
class Ranked:
    """Products by rank, with what they hold of the words."""

    ordinals: Array
    """Best first."""
    total: int
    scores: Array
    words: Array
    """Share of the words' weight that a product holds anywhere, for each of `ordinals`."""
    titles: Array
    """The same of its title and names."""
    corrected: Mapping[str, str]


@dataclass
class Holdings:
    """What the products hold of a wish: one figure a product."""

    score: Array
    words: Array
    titles: Array
    count: Array
    """How many of the words a product holds, those aside that say nothing."""
    weight: float = 0.0
    """Of all words together."""
    asked: int = 0
    """How many words there are that some product holds, those aside that say nothing."""


@dataclass
class CatalogueText:
    """The searchable words of one open file. Its owner lets one thread in at a time."""

    connection: sqlite3.Connection
    weights: Weights = field(default_factory=Weights)
    stems: Stems = field(default_factory=Stems)

    def __post_init__(self) -> None:
        parts = dict(self.connection.execute("SELECT name, content FROM columns").fetchall())
        self.ages = {name: np.frombuffer(parts[name], dtype=np.int8) for name in ("age_least", "age_most")}
        self.title_length = np.frombuffer(parts["length_title"], dtype=np.uint8).astype(np.float32)
        self.count = len(self.title_length)
        self.relative = {
            name: relative_length(np.frombuffer(parts[f"length_{name}"], dtype=kind), share)
            for name, kind, share in (
                ("title", np.uint8, self.weights.title_length),
                ("names", np.uint8, self.weights.names_length),
                ("facts", np.uint16, self.weights.facts_length),
            )
        }
        self.title_terms = np.frombuffer(parts["title_terms"], dtype=np.uint32)
        self.title_ends = np.frombuffer(parts["title_ends"], dtype=np.uint32)
        self.spelling = Spelling(self.connection)

    def term(self, term: str) -> tuple[int, int, int] | None:
        """(number, products that hold it, titles that hold it), or None."""
        row = self.connection.execute("SELECT number, holders, titles FROM terms WHERE term = ?", (term,)).fetchone()
        return None if row is None else (int(row[0]), int(row[1]), int(row[2]))

    def rarity(self, holders: int) -> float:
        """Inverse document frequency, as BM25 has it."""
        return math.log(1 + (self.count - holders + 0.5) / (holders + 0.5))

    def postings(self, number: int) -> tuple[Array, Array]:
        """(ordinals, postings) of a term."""
        rows = self.connection.execute(
            "SELECT chunk, content FROM term_products WHERE number = ? ORDER BY chunk", (number,)
        ).fetchall()
        chunks = [(int(chunk), np.frombuffer(content, dtype=np.uint32)) for chunk, content in rows]
        ordinals = [(content >> 16).astype(np.int64) + chunk * CHUNK for chunk, content in chunks]
        return np.concatenate(ordinals), np.concatenate([content for _, content in chunks])

    def read(self, text: str) -> list[Word]:
        """The words of a wish, misspelt ones with what may have been meant."""
        tokens = product_tokens(text)[:MOST_WORDS]
        words: list[Word] = []
        for place, token in enumerate(tokens):
            stem = self.stems.of(token)
            if self.term(stem) is not None:
                words.append(Word(token, {stem: 1.0}, token in EMPTY))
            else:
                words += self.meant(token, last=place == len(tokens) - 1)
        for first, second in pairwise(words):
            joined = self.stems.of(first.text + second.text)
            if first.text.isalpha() and second.text.isalpha() and (known := self.term(joined)) and known[2]:
                for word in (first, second):
                    word.terms.setdefault(joined, 0.5)
        return words

    def meant(self, token: str, *, last: bool) -> list[Word]:
        """What an unknown word stands for; itself, and so nothing, when nobody can tell."""
        terms: dict[str, float] = {}
        corrected = ""
        if last:
            for form in self.spelling.longer(token):
                terms.setdefault(self.stems.of(form), 0.9)
        near = self.spelling.nearest(token)
        if near and not terms:
            corrected = near[0][0]
        for form, weight in near:
            terms.setdefault(self.stems.of(form), weight)
        if not terms and (apart := self.spelling.apart(token)) is not None:
            return [Word(part, {self.stems.of(part): 1.0}, False, " ".join(apart)) for part in apart]
        return [Word(token, terms, False, corrected)]

    def stands_in_title(self, text: str) -> Array:
        """Ordinals of the products whose title holds every word of a text."""
        found: Array | None = None
        for token in product_tokens(text):
            known = self.term(self.stems.of(token))
            if known is None or not known[2]:
                return np.zeros(0, dtype=np.int64)
            ordinals, content = self.postings(known[0])
            holding = ordinals[(content >> 8 & 15) > 0]
            found = holding if found is None else np.intersect1d(found, holding, assume_unique=True)
        return np.zeros(0, dtype=np.int64) if found is None else found

    def stands_anywhere(self, text: str) -> Array:
        """Ordinals of the products that hold every word of a text, wherever."""
        found: Array | None = None
        for token in product_tokens(text):
            known = self.term(self.stems.of(token))
            ordinals = np.zeros(0, dtype=np.int64) if known is None else self.postings(known[0])[0]
            found = ordinals if found is None else np.intersect1d(found, ordinals, assume_unique=True)
        return np.zeros(0, dtype=np.int64) if found is None else found

    def of_codes(self, text: str) -> tuple[Array, str]:
        """(ordinals of the products that bear an article number of the text, the text without it)."""
        found: list[int] = []
        rest = text
        for written in dict.fromkeys(CODE.findall(text)):
            sql = "SELECT ordinal FROM codes WHERE code = ? LIMIT ?"
            rows = self.connection.execute(sql, (code_of(written), BEARERS_MOST + 1)).fetchall()
            if 0 < len(rows) <= BEARERS_MOST:
                found += [row[0] for row in rows]
                rest = rest.replace(written, " ")
        return np.unique(np.asarray(found, dtype=np.int64)), rest

    def holdings(self, words: Sequence[Word]) -> Holdings:
        """What each product holds of the words."""
        total = Holdings(self.noughts(), self.noughts(), self.noughts(), self.noughts())
        weights = self.weights
        for word in words:
            score, held, titled = self.noughts(), self.noughts(), self.noughts()
            most = 0.0
            for term, share in word.terms.items():
                known = self.term(term)
                if known is None:
                    continue
                ordinals, content = self.postings(known[0])
                rarity = self.rarity(known[1]) * (weights.empty if word.empty else 1.0)
                title, names = content >> 8 & 15, content >> 4 & 15
                often = (
                    weights.title * title / self.relative["title"][ordinals]
                    + weights.names * names / self.relative["names"][ordinals]
                    + weights.facts * (content & 15) / self.relative["facts"][ordinals]
                )
                gained = rarity * share * often / (weights.saturation + often)
                score[ordinals] = np.maximum(score[ordinals], gained)
                held[ordinals] = 1.0
                titled[ordinals] = np.maximum(titled[ordinals], (title > 0) | (names > 0))
                most = max(most, rarity)
            if not word.terms:
                # A word that nobody knows still counts among those that are not held.
                most = self.rarity(0) * 0.5
            total.score += score
            total.words += most * held
            total.titles += most * titled
            total.weight += most
            if word.terms and not word.empty:
                total.count += held > 0
                total.asked += 1
        return total

    def noughts(self) -> Array:
        """A figure for each product."""
        return np.zeros(self.count, dtype=np.float32)

    def rank(self, text: str, fits: Array, near: Mapping[int, float], *, whole: bool, most: int) -> Ranked:
        """The products among `fits` by rank, the first `most` of them in their final order.

        `whole`: only those that hold every word, when there are any. `near`: cosine by ordinal.
        """
        codes, rest = self.of_codes(folded(text))
        words = self.read(rest)
        total = self.holdings(words)
        scale = 1.0 / total.weight if total.weight else 0.0
        words_share, titles_share = total.words * scale, total.titles * scale
        if len(codes):
            total.asked += 1
            total.count[codes] += 1
            words_share[codes] = titles_share[codes] = 1.0
        matching = fits & (words_share > 0)
        if whole and total.asked and (holds := matching & (total.count >= total.asked)).any():
            matching = holds
        nearness = self.noughts()
        if near:
            least = min(near.values())
            places = np.fromiter(near, dtype=np.int64, count=len(near))
            nearness[places] = np.fromiter(near.values(), dtype=np.float32, count=len(near)) - least
            if not whole:
                matching[places] |= fits[places]
        weights = self.weights
        rank = total.score * scale + weights.in_title * titles_share + weights.anywhere * words_share
        rank += weights.near * nearness
        if total.asked:
            rank += weights.every * (total.count >= total.asked)
        rank[codes] += weights.code
        candidates = np.flatnonzero(matching)
        close = best(candidates, rank, most + LOOKED_AT_CLOSELY)
        rank[close] += self.closely(words, close)
        ordinals = best(close, rank, most)
        corrected = {word.text: word.corrected for word in words if word.corrected}
        return Ranked(
            ordinals, len(candidates), rank[ordinals], words_share[ordinals], titles_share[ordinals], corrected
        )

    def closely(self, words: Sequence[Word], ordinals: Array) -> Array:
        """What the order of the words in each title adds."""
        numbers = [{known[0] for term in word.terms if (known := self.term(term)) is not None} for word in words]
        wanted = [group for group in numbers if group]
        every = set().union(*wanted) if wanted else set()
        added = np.zeros(len(ordinals), dtype=np.float32)
        if not every:
            return added
        for place, ordinal in enumerate(ordinals):
            end = int(self.title_ends[ordinal])
            start = int(self.title_ends[ordinal - 1]) if ordinal else 0
            title = self.title_terms[start:end].tolist()
            held = [term in every for term in title]
            pairs = set(pairwise(title))
            beside = sum(
                any((first, second) in pairs for first in one for second in other) for one, other in pairwise(wanted)
            )
            added[place] = self.weights.covered * sum(held) / max(1, len(title))
            if len(wanted) > 1:
                added[place] += self.weights.beside * beside / (len(wanted) - 1)
        return added


def best(candidates: Array, rank: Array, most: int) -> Array:
    """At most `most` of the candidates, best first; equals in the order of the feed."""
    if len(candidates) > most:
        candidates = np.sort(candidates[np.argpartition(-rank[candidates], most)[:most]])
    return candidates[np.argsort(-rank[candidates], kind="stable")]


def relative_length(lengths: Array, share: float) -> Array:
    """How much longer than the mean each text is, by the given share (BM25's b)."""
    values = lengths.astype(np.float32)
    mean = float(values.mean()) if len(values) and values.any() else 1.0
    return 1.0 - share + share * values / mean
