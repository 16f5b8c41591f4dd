"""Numbers that name a product the world over, checked before they are believed.

Never here: a shop's own article numbers; those are kept as written.
"""

from __future__ import annotations

import re

__all__ = ["read_gtin"]

LENGTHS = frozenset({8, 12, 13, 14})


def read_gtin(text: str) -> str:
    """A GTIN-8, -12, -13 or -14 whose check digit is right, as digits only; else nothing.

    The rule: https://www.gs1.org/services/how-calculate-check-digit-manually. ISBN-13 is a GTIN; ISBN-10 is turned
    into one.
    """
    number = re.sub(r"[\s\-'=\"]", "", text.strip().removeprefix("ISBN"))
    if re.fullmatch(r"\d{9}[\dXx]", number):
        body = "978" + number[:9]
        return body + check_digit(body) if isbn10_holds(number) else ""
    if not re.fullmatch(r"[0-9]+", number) or len(number) not in LENGTHS or not int(number):
        return ""
    return number if check_digit(number[:-1]) == number[-1] else ""


def check_digit(body: str) -> str:
    """The last digit that belongs to `body`: weights 3 and 1 alternate from the right."""
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def isbn10_holds(number: str) -> bool:
    """Whether the check digit of an ISBN-10 is right."""
    values = [10 if digit in "Xx" else int(digit) for digit in number]
    return sum(value * weight for value, weight in zip(values, range(10, 0, -1), strict=True)) % 11 == 0
