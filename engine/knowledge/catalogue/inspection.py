"""A look at a catalogue file before it is learned: its columns, what they seem to hold, the first products.

Never here: the values of private columns.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from engine.domain.knowledge import ItemFailure, Product
from engine.knowledge.catalogue.columns import Guess
from engine.knowledge.catalogue.conversion import Conversion, Job, cells_of, prepare
from engine.knowledge.catalogue.limits import PREVIEW_PRODUCTS, PREVIEW_ROWS

__all__ = ["Column", "Inspection", "inspect_file"]

SAMPLES = 3
SAMPLE_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a file."""

    name: str
    field: str
    """What it is read as; empty: it is left out."""
    guess: str
    """What it seems to hold."""
    samples: tuple[str, ...]
    """Some of its values; none when it is private."""
    private: bool
    """Whether it is the shop's own business and left out."""
    reason: str
    """Why it is private."""
    certain: bool
    """Whether it can never be used."""


@dataclass(frozen=True, slots=True)
class Inspection:
    """What a file holds, as far as its first rows tell."""

    format: str
    label: str
    """The format in a shop owner's words."""
    editable: bool
    """Whether the columns can be chosen."""
    columns: tuple[Column, ...]
    products: tuple[Product, ...]
    """The first products."""
    failures: tuple[ItemFailure, ...]
    """Rows refused among the first ones."""
    rows: int
    """How many rows were looked at."""
    currency: str
    """What prices are in that name no currency; empty: unknown."""
    asks_currency: bool
    """Whether there are prices whose currency nobody stated."""
    asks_price_unit: bool
    """Whether prices may be in cents: choose `price` or `price_cents` for their column."""


def inspect_file(job: Job) -> Inspection:
    """Look at the first rows. Raises Unreadable."""
    conversion = prepare(job)
    products = tuple(itertools.islice(conversion.read(rows=PREVIEW_ROWS), PREVIEW_PRODUCTS))
    return Inspection(
        format=conversion.form.name,
        label=conversion.form.label,
        editable=conversion.form.editable,
        columns=tuple(column_of(name, guess, conversion) for name, guess in conversion.guesses.items()),
        products=products,
        failures=tuple(conversion.all_failures()),
        rows=len(conversion.head),
        currency=conversion.plan.stamp.prices.currency,
        asks_currency=conversion.unstated > 0,
        asks_price_unit=conversion.asks_price_unit,
    )


def column_of(name: str, guess: Guess, conversion: Conversion) -> Column:
    """One column; what is private shows no values, unless the shop owner chose to use it."""
    field = conversion.fields.get(name, "") if conversion.form.editable else guess.field
    private = bool(guess.private) and not field
    values = (cells_of(row).get(name, "") for row in conversion.head)
    samples = () if guess.private else tuple(itertools.islice(dict.fromkeys(filter(None, values)), SAMPLES))
    return Column(
        name, field, guess.field, tuple(sample[:SAMPLE_CHARACTERS] for sample in samples), private, guess.private,
        guess.certain,
    )  # fmt: skip
