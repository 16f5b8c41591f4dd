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

import snowballstemmer

from engine.domain.ages import OLDEST, stated_ages_of
from engine.domain.knowledge import Product
from engine.domain.product_words import UNIT_OF, code_of, codes_in, folded, product_tokens
from engine.domain.words import EMPTY_WORDS

__all__ = ["CHUNK", "EMPTY", "FACTS_MOST", "NAMES_MOST", "TERM_SCHEMA", "TITLE_MOST", "Stems", "TermWriter"]

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
TITLE_MOST = NAMES_MOST = FACTS_MOST = 15
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


@dataclass
class TermWriter:
    """Collects terms while products are written, in order of their ordinals."""

    connection: sqlite3.Connection
    stems: Stems = field(default_factory=Stems)
    numbers: dict[str, int] = field(default_factory=dict)
    words: dict[str, int] = field(default_factory=dict)
    holders: array[int] = field(default_factory=lambda: array("I"))
    titles: array[int] = field(default_factory=lambda: array("I"))
    forms: Counter[str] = field(default_factory=Counter)
    chunk: dict[int, array[int]] = field(default_factory=dict)
    lengths: dict[str, array[int]] = field(
        default_factory=lambda: {"title": array("B"), "names": array("B"), "facts": array("H")}
    )
    title_terms: array[int] = field(default_factory=lambda: array("I"))
    title_ends: array[int] = field(default_factory=lambda: array("I"))
    ages: dict[str, array[int]] = field(default_factory=lambda: {"age_least": array("b"), "age_most": array("b")})
    count: int = 0

    def number(self, term: str) -> int:
        """The number that stands for a term."""
        known = self.numbers.get(term)
        if known is None:
            known = self.numbers[term] = len(self.numbers)
            self.holders.append(0)
            self.titles.append(0)
        return known

    def of_word(self, word: str) -> int:
        """The number of a word's term."""
        known = self.words.get(word)
        if known is None:
            known = self.words[word] = self.number(self.stems.of(word))
        return known

    def add(self, product: Product) -> None:
        """Append a product."""
        if self.count and self.count % CHUNK == 0:
            self.flush()
        counts: dict[int, list[int]] = {}
        for place, (name, text) in enumerate(zip(self.lengths, texts_of(product), strict=True)):
            tokens = product_tokens(text)
            if place == 2:
                tokens = [token for token in tokens if token not in EMPTY]
            numbers = [self.of_word(token) for token in tokens]
            self.lengths[name].append(min(len(numbers), 255 if name != "facts" else 65_535))
            if place == 0:
                self.title_terms.extend(numbers)
                self.title_ends.append(len(self.title_terms))
            if place < 2:
                self.forms.update(token for token in set(tokens) if token.isalpha())
            joined = joined_words(text)
            for number in (*numbers, *map(self.of_word, joined)):
                counts.setdefault(number, [0, 0, 0])[place] += 1
        local = (self.count % CHUNK) << 16
        for number, (title, names, facts) in counts.items():
            posting = local | min(title, TITLE_MOST) << 8 | min(names, NAMES_MOST) << 4 | min(facts, FACTS_MOST)
            self.chunk.setdefault(number, array("I")).append(posting)
            self.holders[number] += 1
            self.titles[number] += title > 0
        ages = stated_ages_of(product.attributes.items(), (product.title, product.description[:AGE_CHARACTERS]))
        self.ages["age_least"].append(NO_AGE if ages is None else min(ages.least, OLDEST))
        self.ages["age_most"].append(NO_AGE if ages is None else min(ages.most, OLDEST))
        self.connection.executemany(
            "INSERT OR IGNORE INTO codes VALUES (?, ?)", ((code, self.count) for code in codes_of(product) if code)
        )
        self.count += 1

    def flush(self) -> None:
        """Write the chunk that is full."""
        number = (self.count - 1) // CHUNK
        self.connection.executemany(
            "INSERT INTO term_products VALUES (?, ?, ?)",
            ((term, number, postings.tobytes()) for term, postings in self.chunk.items()),
        )
        self.chunk.clear()

    def finish(self) -> dict[str, bytes]:
        """Write what is left; answers the arrays that are read whole."""
        self.flush()
        self.connection.executemany(
            "INSERT INTO terms VALUES (?, ?, ?, ?)",
            ((term, number, self.holders[number], self.titles[number]) for term, number in self.numbers.items()),
        )
        self.connection.executemany(
            "INSERT INTO forms VALUES (?, ?, ?)",
            ((form, self.stems.of(form), uses) for form, uses in self.forms.items()),
        )
        arrays = {f"length_{name}": values.tobytes() for name, values in self.lengths.items()}
        arrays |= {name: values.tobytes() for name, values in self.ages.items()}
        return arrays | {"title_terms": self.title_terms.tobytes(), "title_ends": self.title_ends.tobytes()}
