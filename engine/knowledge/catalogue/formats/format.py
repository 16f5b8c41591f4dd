"""What a format of catalogue is: the seam between reading a file and making products.

Never here: a format itself; those are the modules beside this one, listed in `formats/__init__.py`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.domain.knowledge import Product
from engine.knowledge.catalogue.building import Stamp
from engine.knowledge.catalogue.columns import Guess
from engine.knowledge.catalogue.entries import Entry, Field, Row
from engine.knowledge.catalogue.reasons import RowRefused

__all__ = ["Format", "Found", "Plan", "Raw", "Refused"]

Raw = Row | tuple[int, RowRefused]
"""A row, or the line of one that could not be read."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A row that makes no product."""

    line: int
    title: str
    error: RowRefused


Found = Entry | Product | Refused


@dataclass(frozen=True, slots=True)
class Plan:
    """How one file is to be read."""

    stamp: Stamp
    fields: Mapping[str, Field] = field(default_factory=dict)
    """Column to field, for formats whose columns can be chosen."""


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of catalogue file."""

    name: str
    """In options and answers, such as `shopify_csv`."""
    label: str
    """In a shop owner's words."""
    rows: Callable[[Path], Iterable[Any]]
    """The rows of a file. Raises Unreadable."""
    entries: Callable[[Iterable[Any], Plan], Iterator[Found]]
    """What the rows state."""
    guesses: Callable[[Iterable[str]], dict[str, Guess]]
    """What the columns hold."""
    editable: bool = False
    """Whether the shop owner can say what the columns hold."""
