"""A product as its file states it: text under the names of our fields, before anything is understood.

Never here: a file format, or what the text means. Formats make entries, `building` makes products of them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, get_args

__all__ = ["FIELDS", "SINGLE_FIELDS", "Entry", "Field", "Row"]

Field = Literal[
    "id", "group", "sku", "gtin", "mpn", "title", "description", "summary", "url", "price", "price_cents", "was_price",
    "sale_price", "sale_dates", "currency", "availability", "stock", "brand", "category", "image", "option",
    "attribute", "",
]  # fmt: skip
"""What a column can hold; empty: it is left out."""
FIELDS: tuple[Field, ...] = get_args(Field)
SINGLE_FIELDS = frozenset(FIELDS) - {"image", "option", "attribute", "", "category"}
"""Fields that one column at most can hold."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row or item of a file with its place in it."""

    line: int
    cells: dict[str, str]
    """Column name to text; columns without text are absent."""
    parts: tuple[Row, ...] = ()
    """Rows that the file nests in this one: its variants."""


@dataclass(slots=True)
class Entry:
    """A product, or one form of it, as its file states it."""

    line: int
    fields: dict[Field, str] = field(default_factory=dict)
    key: str = ""
    """What names it in the file for good; made of its numbers when empty."""
    options: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    images: list[str] = field(default_factory=list)
    variants: list[Entry] = field(default_factory=list)
    backorders: bool = False
    """Whether it can be ordered when none is left."""
    tracked: bool = True
    """Whether the shop counts its stock at all."""
