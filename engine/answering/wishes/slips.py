"""Slips of the keyboard in the words by which a wish is told, which no shop's own words mend.

Only long words that hardly any other word resembles: `stock` is one letter from `stick`, `price` from `prize`.
"""

from __future__ import annotations

import re

from rapidfuzz.distance import OSA

__all__ = ["without_slips"]

CUES = ("available", "availability")
NOT_STOCK = frozenset({"stock", "stocks", "stick", "stack", "sock", "socks", "shock", "stuck"})
IN_STOCK = re.compile(r"(?<=\b(?:in|of)\s)[a-z]{4,6}\b", re.IGNORECASE)
LONG_WORD = re.compile(r"[a-z]{7,}", re.IGNORECASE)
MOST_SLIPS = 2


def without_slips(text: str) -> str:
    """The text with cues written as they are: `availbale` is `available`."""

    def mended(found: re.Match[str]) -> str:
        word = found[0].lower()
        if word in CUES:
            return found[0]
        near = [
            cue for cue in CUES if cue[0] == word[0] and OSA.distance(word, cue, score_cutoff=MOST_SLIPS) <= MOST_SLIPS
        ]
        return near[0] if len(near) == 1 else found[0]

    def stock(found: re.Match[str]) -> str:
        word = found[0].lower()
        return "stock" if word not in NOT_STOCK and OSA.distance(word, "stock") == 1 else found[0]

    return IN_STOCK.sub(stock, LONG_WORD.sub(mended, text))
