"""Words of a text without their endings, to compare texts by."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import Any

from engine.domain.words import EMPTY_WORDS

__all__ = ["stems"]

WORD = re.compile(r"\w+")
EMPTY = frozenset(EMPTY_WORDS)


@cache
def stemmer() -> Any:
    """The English Snowball stemmer; other languages lose little by it."""
    import snowballstemmer  # noqa: PLC0415 - loaded at first use

    return snowballstemmer.stemmer("english")


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """A word without its ending."""
    return str(stemmer().stemWord(word))


def stems(text: str) -> frozenset[str]:
    """The stems of the words that say something."""
    return frozenset(stem(word) for word in WORD.findall(text.lower()) if word not in EMPTY)
