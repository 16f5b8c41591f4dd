"""Words of a text without their endings, to compare texts by."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from engine.domain.words import EMPTY_WORDS

__all__ = ["stems"]

WORD = re.compile(r"\w+")
EMPTY = frozenset(EMPTY_WORDS)


SAME = {
    "ship": "deliver", "shipment": "deliver", "deliveri": "deliver", "dispatch": "deliver", "postag": "deliver",
    "cost": "price", "fee": "price", "charg": "price", "damag": "broken", "defect": "broken", "faulti": "broken",
    "reimburs": "refund", "telephon": "phone", "mail": "email", "cancell": "cancel",
    "colour": "color", "purchas": "buy", "bought": "buy", "guarante": "warranti",
}  # fmt: skip
"""Stems that shoppers and shops use for each other."""


@cache
def stemmer() -> Any:
    """The English Snowball stemmer; other languages lose little by it."""
    import snowballstemmer  # noqa: PLC0415 - loaded at first use

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending; of words that mean the same in a shop, one for all."""
    found = str(stemmer().stemWord(word))
    return SAME.get(found, found)


def stems(text: str) -> frozenset[str]:
    """The stems of the words that say something."""
    return frozenset(stem(word) for word in WORD.findall(text.lower()) if word not in EMPTY)
