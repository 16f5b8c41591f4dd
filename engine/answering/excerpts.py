"""Sentences, list items and table rows of passages: the smallest pieces an extractive answer is made of."""

from __future__ import annotations

import re
from collections.abc import Iterator

__all__ = ["is_bare_fact", "pieces_of"]

MARKER = re.compile(r"\s*(?:>\s*)*(?:[-*+•]|\d{1,3}[.)])\s*$")
LIST_ITEM = re.compile(r"\s*(?:>\s*)*(?:[-*+•]|\d{1,3}[.)])\s+(?=\S)")
NOTE = re.compile(r"\s*>\s*(?:\[!\w+\]\s*)?$")
FENCE = re.compile(r"\s*(?:```|~~~)")
SENTENCE_END = re.compile(
    r"(?<![ .(][A-Za-z])(?<!e\.g)(?<!i\.e)(?<!etc)(?<!approx)(?<!\bNo)(?<!\bno)"
    r"[.!?…]+[\"'”’)\]*_]*\s+(?=[^\sa-z])"
)
BARE_FACT = re.compile(
    r"(?:[\d.,]+|[^\w\n]"
    r"|instead of|statt"
    r"|\b(?:eur|usd|gbp|chf|sek|nok|dkk|pln|in stock|out of stock|sold out|pre-?order|was|now|from)\b)+",
    re.IGNORECASE,
)
LONGEST_ITEM = 30
"""Words. A longer list item is taken apart into its sentences."""


def is_bare_fact(text: str) -> bool:
    """Whether a line only states a price or stock: a catalogue row says that, of what, and fresher."""
    return BARE_FACT.fullmatch(text.strip()) is not None


def pieces_of(text: str) -> list[str]:
    """The pieces in order, each literally as it stands in the text; lines of code are left out."""
    return [piece for piece in split(text) if any(character.isalnum() for character in MARKER.sub("", piece))]


def split(text: str) -> Iterator[str]:
    """Lines and their sentences; a list's mark stays with what it marks."""
    held, coding = "", False
    for line in text.splitlines():
        if FENCE.match(line):
            coding = not coding
            continue
        if coding or not line.strip() or NOTE.fullmatch(line):
            continue
        if MARKER.fullmatch(line):
            held = line.strip() + " "
            continue
        whole, held = held + line.strip(), ""
        mark = LIST_ITEM.match(whole)
        if whole.startswith("|") or (mark is not None and len(whole.split()) <= LONGEST_ITEM):
            yield whole
            continue
        start = 0
        for found in SENTENCE_END.finditer(whole, mark.end() if mark is not None else 0):
            yield whole[start : found.end()].strip()
            start = found.end()
        if whole[start:].strip():
            yield whole[start:].strip()
