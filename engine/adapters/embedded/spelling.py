"""Slips of the keyboard in a shopper's words, mended by the words that a version's passages hold.

Never changed: a word that any passage holds, an ordinary English word, and anything with a figure in it.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from functools import cache

from rapidfuzz import process
from rapidfuzz.distance import OSA
from tokenizers import Tokenizer

from engine.adapters.embedded.embedder import TOKENIZER, TOKENIZER_SHA256, package_file
from engine.domain.words import EMPTY_WORDS

__all__ = ["Spelling", "words_of"]

WORD = re.compile(r"[^\W\d_]+")
SHORTEST = 4
"""Letters. A shorter word has too many neighbours."""
TWO_SLIPS = 8
"""Letters from which on two slips are believed."""
MOST_MENDED = 6
FEWEST_USES = 2
"""A word that stands in one passage only may be a slip itself."""
SURE_SUBSTITUTION = 5
"""Letters from which on another letter in place of one is believed: `hums` is no slip for `hubs`."""
MISSING, EXTRA, OTHER_LETTER, OTHER_START = 0.8, 0.9, 1.0, 1.0
"""What a slip costs: letters are left out or doubled more often than exchanged, and the first is seldom wrong."""
SHORTENED = {
    "dont": "don't", "doesnt": "doesn't", "dosnt": "doesn't", "didnt": "didn't", "isnt": "isn't", "arent": "aren't",
    "wasnt": "wasn't", "cant": "can't", "couldnt": "couldn't", "wont": "won't", "wouldnt": "wouldn't",
    "havent": "haven't", "hasnt": "hasn't", "whats": "what's", "wheres": "where's", "thats": "that's",
    "theres": "there's",
}  # fmt: skip


def bare(text: str) -> str:
    """Text in lower case and without accents: shoppers leave them out."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(mark for mark in plain if not unicodedata.combining(mark)).casefold()


def words_of(text: str) -> set[str]:
    """The words of a text that spelling is about."""
    return {word for word in WORD.findall(bare(text)) if len(word) >= SHORTEST - 1}


@cache
def ordinary_words() -> frozenset[str]:
    """Common English words: those that the embedding model's tokenizer knows whole."""
    known = Tokenizer.from_str(package_file(*TOKENIZER, TOKENIZER_SHA256).decode("utf-8")).get_vocab()
    return frozenset(word for word in known if word.isalpha()) | frozenset(EMPTY_WORDS)


class Spelling:
    """The words of one version, and how many passages hold each."""

    def __init__(self, uses: Mapping[str, int]) -> None:
        self.uses = uses
        self.by_length: dict[int, list[str]] = {}
        for word, count in uses.items():
            if count >= FEWEST_USES:
                self.by_length.setdefault(len(word), []).append(word)

    def known(self, text: str) -> float:
        """Which share of the words any passage holds."""
        words = words_of(text)
        return sum(word in self.uses for word in words) / len(words) if words else 1.0

    def corrected(self, text: str) -> str:
        """The text with each slip replaced by the word that is most likely meant; as it was when nothing is unknown."""
        words = WORD.findall(bare(text))
        if 2 * sum(word in self.uses or word in ordinary_words() for word in words) < len(words):
            # Mostly unknown words are no slips but another language.
            return text
        mended = 0

        def word(found: re.Match[str]) -> str:
            nonlocal mended
            if (whole := SHORTENED.get(found[0].casefold())) is not None:
                return whole
            if mended == MOST_MENDED or (better := self.nearest(bare(found[0]))) is None:
                return found[0]
            mended += 1
            return better

        return WORD.sub(word, text)

    def nearest(self, word: str) -> str | None:
        """The known word a slip or two away, the most used of them; None when the word needs no mending."""
        if len(word) < SHORTEST or word in self.uses or word in ordinary_words():
            return None
        allowed = 2 if len(word) >= TWO_SLIPS else 1
        near: list[tuple[float, int, str]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            for other, slips, _ in process.extract(
                word, self.by_length.get(length, ()), scorer=OSA.distance, score_cutoff=allowed, limit=8
            ):
                cost = slips * letter_cost(word, other) + (OTHER_START if other[0] != word[0] else 0.0)
                near.append((cost, -self.uses[other], other))
        best = min(near, default=None)
        return best[2] if best is not None and best[0] <= allowed else None


def letter_cost(word: str, meant: str) -> float:
    """What one slip between two words costs; more than is believed when a short word would change a letter."""
    if len(meant) > len(word):
        return MISSING
    if len(meant) < len(word):
        return EXTRA
    if Counter(word) == Counter(meant):
        return MISSING
    return OTHER_LETTER if len(word) >= SURE_SUBSTITUTION else 2.0
