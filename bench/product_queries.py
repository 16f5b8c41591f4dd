"""Known-item queries made by rule: what a shopper who remembers some of a product might type, and the product meant.

Never here: searching.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from engine.domain.knowledge import Product
from engine.domain.words import EMPTY_WORDS

__all__ = ["KINDS", "KnownItem", "known_items"]

WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+")
"""Figures stay whole: nobody types the 5 of 2.5 alone."""
EMPTY = frozenset(EMPTY_WORDS)
Words = Callable[[str], list[str]]
NEARBY = dict(zip("qwertyuiopasdfghjklzxcvbnm", "wertyuioiasdfghjkklxcvbnmn", strict=True))


@dataclass(frozen=True, slots=True)
class KnownItem:
    """A query, how it was made, and the one product that it means."""

    kind: str
    query: str
    product: str


def words_of(text: str) -> list[str]:
    """Words that say something, in order, each once."""
    return [word for word in dict.fromkeys(WORD.findall(text.lower())) if word not in EMPTY]


def some(words: Sequence[str], count: int, chance: random.Random) -> list[str]:
    """So many of the words, in their order."""
    places = sorted(chance.sample(range(len(words)), min(count, len(words))))
    return [words[place] for place in places]


def slipped(word: str, chance: random.Random) -> str:
    """A word with one slip of the keyboard."""
    place = chance.randrange(1, len(word) - 1)
    match chance.choice(("left out", "twice", "swapped", "neighbour")):
        case "left out":
            return word[:place] + word[place + 1 :]
        case "twice":
            return word[:place] + word[place] + word[place:]
        case "swapped":
            return word[:place] + word[place + 1] + word[place] + word[place + 2 :]
        case _:
            return word[:place] + NEARBY.get(word[place], "e") + word[place + 1 :]


def reordered(words: list[str], chance: random.Random) -> list[str]:
    """The words in any order."""
    return chance.sample(words, len(words))


def misspelt(words: list[str], chance: random.Random) -> list[str]:
    """One or two of the long words with a slip."""
    changed = list(words)
    long = [place for place, word in enumerate(words) if len(word) >= 5 and word.isalpha()]
    for place in chance.sample(long, min(len(long), chance.choice((1, 1, 2)))):
        changed[place] = slipped(changed[place], chance)
    return changed


def from_title(product: Product, words: Words, chance: random.Random) -> list[str]:
    """Two to four words of the title."""
    return some(words(product.title), chance.choice((2, 3, 4)), chance)


def from_description(product: Product, words: Words, chance: random.Random) -> list[str]:
    """A word or two of the title, and two or three that only the description has."""
    title = words(product.title)
    more = [word for word in words(product.description) if word not in title and len(word) > 3]
    return [*some(title, chance.choice((1, 2)), chance), *some(more, chance.choice((2, 3)), chance)]


def from_category(product: Product, words: Words, chance: random.Random) -> list[str]:
    """Two words and a figure of the title, a word of the description, and one of the category."""
    title = words(product.title)
    figures = [word for word in title if any(map(str.isdigit, word))][:1]
    others = [word for word in title if word not in figures]
    more = [word for word in words(product.description) if word not in title and len(word) > 4]
    return [*some(others, 2, chance), *figures, *some(more, 1, chance), *some(words(product.category), 1, chance)]


SOURCES: dict[str, Callable[[Product, Words, random.Random], list[str]]] = {
    "title": from_title, "description": from_description, "category": from_category,
}  # fmt: skip
CHANGES: dict[str, Callable[[list[str], random.Random], list[str]]] = {
    "as it stands": lambda words, _: words, "reordered": reordered, "misspelt": misspelt,
}  # fmt: skip
KINDS = tuple(f"{source}, {change}" for source in SOURCES for change in CHANGES)


def known_items(products: Sequence[Product], each: int, seed: int, shared_by: int = 1) -> list[KnownItem]:
    """So many queries of each kind: words from a source, some of them dropped, then changed. Each means one product.

    `shared_by`: only words that so many titles have, as somebody knows them who did not copy a part's number.
    """
    chance = random.Random(seed)
    titles = Counter(word for product in products for word in words_of(product.title))

    def words(text: str) -> list[str]:
        return [word for word in words_of(text) if shared_by == 1 or titles[word] >= shared_by]

    fit = [product for product in products if len(words(product.title)) >= 4 and len(product.description) > 80]
    chosen = chance.sample(fit, each * len(KINDS))
    made = []
    for number, product in enumerate(chosen):
        kind = KINDS[number % len(KINDS)]
        source, change = kind.split(", ")
        query = CHANGES[change](SOURCES[source](product, words, chance), chance)
        made.append(KnownItem(kind, " ".join(query), product.id))
    return made
