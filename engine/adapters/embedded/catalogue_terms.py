"""The words of a version's products as they are stored: for each term, the products that hold it, and how often where.

Postings are written in chunks of products, so that memory stays bounded however large the catalogue is.
Never here: queries.
"""

from __future__ import annotations

import re
import sqlite3
from array import array
from collections import Counter
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
import snowballstemmer

from engine.domain.ages import OLDEST, stated_ages_of
from engine.domain.knowledge import Product
from engine.domain.product_words import UNIT_OF, code_of, codes_in, folded, product_tokens
from engine.domain.words import EMPTY_WORDS

__all__ = ["CHUNK", "EMPTY", "NO_AGE", "TERM_SCHEMA", "Stems", "TermWriter"]

Array = np.ndarray[Any, np.dtype[Any]]

TERM_SCHEMA = """
CREATE TABLE terms (
    term TEXT PRIMARY KEY, number INTEGER NOT NULL, holders INTEGER NOT NULL, titles INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE term_products (number INTEGER, chunk INTEGER, content BLOB NOT NULL, PRIMARY KEY (number, chunk));
CREATE TABLE forms (form TEXT PRIMARY KEY, term TEXT NOT NULL, uses INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE codes (code TEXT, ordinal INTEGER, PRIMARY KEY (code, ordinal)) WITHOUT ROWID;
"""
CHUNK = 1 << 16
"""Products a chunk. A posting is 32 bits: 16 of the product's place in its chunk, 4 each of its counts."""
MOST_COUNTED = 15
FACT_CHARACTERS = 2_000
AGE_CHARACTERS = 600
NO_AGE = -1
LONGEST_NAME = 60
"""Characters. A longer value of a fact is prose."""
LONGEST_WORD = 40
EMPTY = frozenset(EMPTY_WORDS)
HYPHENATED = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)+")
COUNTED = re.compile(r"\d+([a-z]+)")


class Stems:
    """English stems, each worked out once. Not to be shared between threads: the stemmer keeps state."""

    def __init__(self) -> None:
        self.stemmer = snowballstemmer.stemmer("english")
        self.known: dict[str, str] = {}

    def of(self, word: str) -> str:
        """The stem of a word that `product_tokens` gave."""
        stem = self.known.get(word)
        if stem is None:
            stem = self.known[word] = self.stemmer.stemWord(word[:LONGEST_WORD])
        return stem


def joined_words(text: str) -> list[str]:
    """`tshirt` for `t-shirt`: shoppers write such words together."""
    return [found.replace("-", "") for found in HYPHENATED.findall(folded(text))] if "-" in text else []


def texts_of(product: Product) -> tuple[str, str, str]:
    """(title, names, facts) as they are searched; names are all that is short."""
    values = dict.fromkeys(value for variant in product.variants for value in variant.options.values())
    facts = [value for value in (*values, *product.attributes.values()) if value]
    names = [product.brand, product.category, *(fact for fact in facts if len(fact) <= LONGEST_NAME)]
    prose = [fact for fact in facts if len(fact) > LONGEST_NAME]
    return product.title, " . ".join(names), " ".join((*prose, product.description[:FACT_CHARACTERS]))


def codes_of(product: Product) -> set[str]:
    """Every article number of a product, and what looks like a model's number in its title."""
    given = [product.sku, product.gtin, product.mpn]
    for variant in product.variants:
        given += [variant.sku, variant.gtin, variant.mpn]
    return {code_of(text) for text in given if text} | {
        code for code in codes_in(product.title) if not code.isdigit() and not counts_something(code)
    }


def counts_something(code: str) -> bool:
    """Whether it is a number with its unit, such as `500ml`."""
    found = COUNTED.fullmatch(code)
    return found is not None and found[1] in UNIT_OF


class WordNumbers(dict[str, int]):
    """Word -> the number of its term; a new word gets one when it is first asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.stems = Stems()
        self.terms: dict[str, int] = {}

    def __missing__(self, word: str) -> int:
        number = self.terms.setdefault(self.stems.of(word), len(self.terms))
        self[word] = number
        return number


@dataclass
class TermWriter:
    """Collects terms while products are written, in order of their ordinals."""

    connection: sqlite3.Connection
    words: WordNumbers = field(default_factory=WordNumbers)
    forms: Counter[str] = field(default_factory=Counter)
    numbers: array[int] = field(default_factory=lambda: array("I"))
    """Of the chunk under way: a term's number for each posting."""
    postings: array[int] = field(default_factory=lambda: array("I"))
    holders: Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    titles: Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    lengths: dict[str, array[int]] = field(
        default_factory=lambda: {"title": array("B"), "names": array("B"), "facts": array("H")}
    )
    title_terms: array[int] = field(default_factory=lambda: array("I"))
    title_ends: array[int] = field(default_factory=lambda: array("I"))
    ages: dict[str, array[int]] = field(default_factory=lambda: {"age_least": array("b"), "age_most": array("b")})
    count: int = 0

    def add(self, product: Product) -> None:
        """Append a product."""
        if self.count and self.count % CHUNK == 0:
            self.flush()
        title, names, facts = texts_of(product)
        title_tokens, name_tokens = product_tokens(title), product_tokens(names)
        fact_tokens = [token for token in product_tokens(facts) if token not in EMPTY]
        in_title = self.numbered("title", title_tokens, 255)
        self.title_terms.extend(in_title)
        self.title_ends.append(len(self.title_terms))
        self.forms.update(token for token in {*title_tokens, *name_tokens} if token.isalpha())
        in_names, in_facts = self.numbered("names", name_tokens, 255), self.numbered("facts", fact_tokens, 65_535)
        local = (self.count % CHUNK) << 16
        found: dict[int, int] = {}
        for shift, numbers, text in ((8, in_title, title), (4, in_names, names), (0, in_facts, facts)):
            numbers += [self.words[word] for word in joined_words(text)]
            for number, times in Counter(numbers).items():
                found[number] = found.get(number, local) | min(times, MOST_COUNTED) << shift
        self.numbers.extend(found)
        self.postings.extend(found.values())
        self.add_facts(product)
        self.count += 1

    def numbered(self, name: str, tokens: list[str], most: int) -> list[int]:
        """Numbers of the terms of a text, whose length is noted."""
        self.lengths[name].append(min(len(tokens), most))
        words = self.words
        return [words[token] for token in tokens]

    def add_facts(self, product: Product) -> None:
        """Note the ages that a product is for, and its article numbers."""
        ages = stated_ages_of(product.attributes.items(), (product.title, product.description[:AGE_CHARACTERS]))
        self.ages["age_least"].append(NO_AGE if ages is None else min(ages.least, OLDEST))
        self.ages["age_most"].append(NO_AGE if ages is None else min(ages.most, OLDEST))
        self.connection.executemany(
            "INSERT OR IGNORE INTO codes VALUES (?, ?)", ((code, self.count) for code in codes_of(product) if code)
        )

    def flush(self) -> None:
        """Write the chunk that is full, term by term."""
        numbers = np.frombuffer(self.numbers, dtype=np.uint32)
        order = np.argsort(numbers, kind="stable")
        numbers, postings = numbers[order], np.frombuffer(self.postings, dtype=np.uint32)[order]
        known = len(self.words.terms)
        self.holders = padded(self.holders, known) + np.bincount(numbers, minlength=known)
        self.titles = padded(self.titles, known) + np.bincount(numbers[(postings >> 8 & 15) > 0], minlength=known)
        starts = np.flatnonzero(np.diff(numbers, prepend=-1)) if len(numbers) else np.zeros(0, dtype=np.int64)
        chunk = max(0, self.count - 1) // CHUNK
        self.connection.executemany(
            "INSERT INTO term_products VALUES (?, ?, ?)",
            (
                (int(numbers[start]), chunk, postings[start:end].tobytes())
                for start, end in pairwise([*starts.tolist(), len(numbers)])
            ),
        )
        self.numbers, self.postings = array("I"), array("I")

    def finish(self) -> dict[str, bytes]:
        """Write what is left; answers the arrays that are read whole."""
        self.flush()
        self.connection.executemany(
            "INSERT INTO terms VALUES (?, ?, ?, ?)",
            (
                (term, number, int(self.holders[number]), int(self.titles[number]))
                for term, number in self.words.terms.items()
            ),
        )
        stems = self.words.stems
        self.connection.executemany(
            "INSERT INTO forms VALUES (?, ?, ?)", ((form, stems.of(form), uses) for form, uses in self.forms.items())
        )
        arrays = {f"length_{name}": values.tobytes() for name, values in self.lengths.items()}
        arrays |= {name: values.tobytes() for name, values in self.ages.items()}
        return arrays | {"title_terms": self.title_terms.tobytes(), "title_ends": self.title_ends.tobytes()}


def padded(array: Array, length: int) -> Array:
    """The array with noughts up to a length."""
    return np.concatenate([array, np.zeros(length - len(array), dtype=array.dtype)])
