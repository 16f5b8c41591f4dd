"""For which ages something is, as its maker says it: `Ages 3+`, `3-6 years`, `ab 3 Jahren`.

Never here: what a shopper wants.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

__all__ = ["OLDEST", "Ages", "stated_ages", "stated_ages_of"]

OLDEST = 99
YEARS = r"(?:years?|yrs?|jahre?n?|ans|a[nñ]os|anni)"
MONTHS = r"(?:months?|mos?|monate?n?|mois|meses|mesi)"
TO = r"\s?(?:-|–|to|bis|à|a|y|e|through)\s?"
N = r"(\d{1,2})(?:\.\d)?"
BEFORE = r"\b(?:ages?|aged|kids|children|alter|age|edad|et[aà])\b:?\s?(?:of|von|de|da)?\s?"
RANGES = (
    re.compile(rf"{BEFORE}{N}{TO}{N}\b(?!\s?(?:{MONTHS}|in\b|inch|cm|pcs|pieces))"),
    re.compile(rf"\b{N}{TO}{N}\s?-?\s?{YEARS}"),
)
FROM = (
    re.compile(rf"{BEFORE}{N}\s?(?:{YEARS}\s?)?(?:\+|(?:and|&|or|und)\s?(?:up|older|above|over|älter))"),
    re.compile(rf"\b{N}\s?\+?\s?{YEARS}\s?(?:old\s?)?(?:\+|(?:and|&|or|und)\s?(?:up|older|above|over|älter))"),
    re.compile(rf"\b{N}\s?\+\s?{YEARS}"),
    re.compile(rf"\b(?:ab|from|dès|à partir de|a partir de|da|dai|desde)\s{N}\s{YEARS}"),
    re.compile(rf"\b{N}\s?years? old and"),
)
IN_FIELD = re.compile(rf"^\D{{0,25}}{N}(?:{TO}{N})?\s?(\+)?")
FIELDS = {"age", "ages", "age range", "age group", "recommended age", "minimum age", "alter", "altersempfehlung",
          "manufacturer minimum age", "manufacturer recommended age", "âge", "edad", "età"}  # fmt: skip
HINT = re.compile(
    r"(?:\bage[sd]?|kids|children|alter|edad|et[aà])\b\D{0,7}\d|\d\D{0,6}(?:ye?a?rs?|jahre?n?|ans|a[nñ]os|anni)\b"
)
"""Without any of these no pattern can match: most texts are done with one look."""
IN_MONTHS = re.compile(MONTHS)


@dataclass(frozen=True, slots=True)
class Ages:
    """From one age to another in whole years, both included."""

    least: int
    most: int = OLDEST


def stated_ages(text: str) -> Ages | None:
    """The ages that a title or description states in years, or None when it states none."""
    plain = " ".join(text.casefold().split())
    if HINT.search(plain) is None:
        return None
    for pattern in RANGES:
        if (found := pattern.search(plain)) is not None and int(found[1]) < int(found[2]):
            return Ages(int(found[1]), int(found[2]))
    for pattern in FROM:
        if (found := pattern.search(plain)) is not None:
            return Ages(int(found[1]))
    return None


def stated_ages_of(attributes: Iterable[tuple[str, str]], texts: Iterable[str]) -> Ages | None:
    """The ages of a product: from a fact about its age, or else from the first of its texts that states some."""
    for name, value in attributes:
        plain = value.casefold()
        if name.casefold().strip() in FIELDS and (found := IN_FIELD.match(plain)) is not None:
            parts = 12 if IN_MONTHS.search(plain) else 1
            open_end = bool(found[3]) or found[2] is None
            return Ages(int(found[1]) // parts, OLDEST if open_end else int(found[2]) // parts)
    return next((ages for text in texts if (ages := stated_ages(text)) is not None), None)
