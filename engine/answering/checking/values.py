"""Claims: the checkable tokens of a text in a form in which they can be compared.

Never here: finding them in a text; that is `claims`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

__all__ = ["Claim", "Kind", "equal", "read_number", "same_kind"]

Kind = Literal[
    "money", "quantity", "number", "date", "weekday", "time", "code", "size", "url", "email", "phone", "stock", "free"
]


@dataclass(frozen=True, slots=True)
class Claim:
    """One checkable token, such as a price, a duration or an article number."""

    kind: Kind
    values: frozenset[str]
    """Its normal form; more than one where the writing is ambiguous (`1.290`)."""
    unit: str
    """Currency or what is measured; empty for a plain number."""
    start: int
    end: int
    text: str


def read_number(text: str) -> frozenset[str]:
    """The amounts a written number may mean: `1.290,00` is 1290, `12,90` is 12.9, `1.290` may be either."""
    plain = re.sub(r"['’\u00a0\u202f\u2009 ]", "", text)
    if re.fullmatch(r"0\d+", plain):
        return frozenset({plain})  # a label such as 01, not an amount
    if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", plain) or re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", plain):
        readings = {re.sub(r"[.,](?=\d{3}(?!\d))", "", plain)}
        if re.fullmatch(r"\d{1,3}[.,]\d{3}", plain):
            readings.add(plain)
    elif re.fullmatch(r"\d+(?:[.,]\d+)?", plain):
        readings = {plain}
    else:
        return frozenset({plain})
    return frozenset(format(Decimal(reading.replace(",", ".")).normalize(), "f") for reading in readings)


def same_kind(one: Claim, other: Claim) -> bool:
    """Whether both say the same sort of thing, so that one may contradict the other."""
    if one.kind == "date" and other.kind == "date":
        return True
    if {one.unit, other.unit} == {"GBP", "pound"}:  # "five pounds" may be either; "5 lbs" is never money
        return all("lb" not in claim.text for claim in (one, other))
    if one.kind == other.kind == "money" and "" in {one.unit, other.unit}:
        return True
    return one.kind == other.kind and one.unit == other.unit


def equal(one: Claim, other: Claim) -> bool:
    """Whether `other`, from the evidence, says what `one` says; a date may leave out what it does not need."""
    if one.kind == "date" and other.kind == "date":
        return any(covers(full, stated) for stated in one.values for full in other.values)
    if one.kind == "weekday" and (spans := {value for value in one.values if "-" in value}):
        return bool(spans & other.values)
    return bool(one.values & other.values)


def covers(full: str, stated: str) -> bool:
    """Whether a date `yyyy-mm-dd` with gaps is part of another."""
    pairs = list(zip(full.split("-"), stated.split("-"), strict=True))
    return all(part in {"", whole} for whole, part in pairs)
