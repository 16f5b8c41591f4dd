"""Sentences and names that stand in the evidence letter by letter, except for their digits.

Whoever repeats a sentence or a product's name and changes a number in it is wrong, even where that number stands
elsewhere in the evidence.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

__all__ = ["misnamed", "misquoted", "same_words"]

DIGITS = re.compile(r"\d+(?:[.,]\d+)*")
FEWEST_LETTERS = 12
"""Shorter texts are too alike to be the same sentence."""


@lru_cache(maxsize=4096)
def with_any_digits(text: str) -> re.Pattern[str]:
    """A pattern that finds the text with any numbers in the place of its own."""
    parts = [r"\s+".join(map(re.escape, part.split(" "))) for part in DIGITS.split(text)]
    return re.compile(f"({DIGITS.pattern})".join(parts), re.IGNORECASE)


def misquoted(text: str, sentences: Iterable[str]) -> list[tuple[int, int]]:
    """Where a text has other numbers than the sentence it repeats; nothing when one sentence has the same."""
    core = text.strip().strip("-*• ").rstrip(".!?")
    numbers = list(DIGITS.finditer(core))
    if not numbers or sum(sign.isalpha() for sign in core) < FEWEST_LETTERS:
        return []
    pattern, offset = with_any_digits(core), text.index(core)
    wrong: list[tuple[int, int]] = []
    for sentence in sentences:
        for found in pattern.finditer(sentence):
            differing = [n for n, own in zip(numbers, found.groups(), strict=True) if n[0] != own]
            if not differing:
                return []
            wrong = wrong or [(offset + number.start(), offset + number.end()) for number in differing]
    return wrong


@lru_cache(maxsize=20_000)
def same_words(text: str) -> str:
    """A sentence as it is compared letter by letter: without its list mark, its last stop, case and spaces."""
    return " ".join(text.replace("\u2019", "'").strip().strip("-*• ").rstrip(".!?").casefold().split())


def misnamed(text: str, titles: Sequence[str]) -> list[tuple[int, int, str]]:
    """(start, end, title) of each product's name that has other numbers than the catalogue's."""
    known = {title.casefold() for title in titles}
    found = []
    for title in titles:
        if DIGITS.search(title) and sum(sign.isalpha() for sign in title) >= FEWEST_LETTERS:
            for one in with_any_digits(title).finditer(text):
                if one[0].casefold() not in known:
                    found.append((one.start(), one.end(), title))
    return found
