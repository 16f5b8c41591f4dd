"""What in a text may belong to one customer, so that nobody gives it to all.

It rather finds too much: a shop's own telephone number is found too. Never here: what follows from it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.checking.addresses import EMAIL, PHONE
from engine.domain.suggestion import Personal

__all__ = ["personal_in"]

NUMBER = re.compile(
    r"(?<![\w.,])(?:#\s?)?(?=[A-Z0-9-]{0,60}\d{3})[A-Z0-9]{1,60}(?:-[A-Z0-9]{1,60}){0,6}(?![\w])|(?<!\w)\w{61,}",
    re.IGNORECASE,
)
"""Signs that name something, with three digits in a row: 10472, #1042, RT-2026-0017, JD014600003SE; and what is too
long for a word.

Bounded, as shoppers write it: a pattern that looks ahead as far as it likes takes a minute for their longest message.
"""
DATE = re.compile(r"\b(?:\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})|\d{4}-\d{2}-\d{2})\b")
FEWEST_DIGITS = 7
"""Of a telephone number."""
LONGEST_AMOUNT = 4
"""Digits of a bare number that is rather a year, a price or a size."""


def personal_in(*texts: str) -> tuple[Personal, ...]:
    """E-mail addresses, telephone numbers and numbers of orders, parcels and accounts; each once."""
    return tuple(dict.fromkeys(found for text in texts for found in found_in(text)))


def found_in(text: str) -> Iterator[Personal]:
    """The same in one text."""
    for found in EMAIL.finditer(text):
        yield Personal("email", found[0].rstrip("."))
    rest = DATE.sub(" ", EMAIL.sub(" ", text))
    for found in PHONE.finditer(rest):
        if len(re.sub(r"\D", "", found[0])) >= FEWEST_DIGITS:
            yield Personal("phone", found[0].strip())
            rest = rest.replace(found[0], " ")
    for found in NUMBER.finditer(rest):
        if not found[0].isdigit() or len(found[0]) > LONGEST_AMOUNT:
            yield Personal("number", found[0])
