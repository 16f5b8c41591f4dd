"""A catalogue file read into products, batch by batch. Runs inside a process of its own.

Never here: the process, or where batches go.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.domain.knowledge import ItemFailure, Product
from engine.knowledge.catalogue.building import Stamp, build_product
from engine.knowledge.catalogue.columns import Guess, chosen_fields, stated_currency
from engine.knowledge.catalogue.entries import SINGLE_FIELDS, Entry, Field, Row
from engine.knowledge.catalogue.formats import FORMATS, Format, Found, Plan, Refused
from engine.knowledge.catalogue.limits import LISTED_FAILURES, PREVIEW_ROWS
from engine.knowledge.catalogue.money import PriceStyle, decimal_sign, seems_cents
from engine.knowledge.catalogue.nested import row_of
from engine.knowledge.catalogue.objects import Numbered
from engine.knowledge.catalogue.reasons import RowRefused, row_failure
from engine.knowledge.catalogue.recognition import format_of

__all__ = ["Conversion", "Job", "prepare"]


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be read, and how."""

    path: Path
    source: str
    as_of: datetime
    format: str = ""
    """A name in FORMATS; empty: found out."""
    mapping: Mapping[str, str] = field(default_factory=dict)
    """The shop owner's choices: column to field."""
    currency: str = ""
    address: str = ""


@dataclass(slots=True)
class Conversion:
    """Reads one file; its counts grow while it does."""

    form: Format
    plan: Plan
    path: Path
    guesses: dict[str, Guess]
    fields: dict[str, Field]
    """What the plan reads by; grows with the columns."""
    head: list[Any]
    """The first rows."""
    asks_price_unit: bool = False
    failures: list[ItemFailure] = field(default_factory=list)
    refused: int = 0
    skipped: int = 0
    products: int = 0
    variants: int = 0
    unstated: int = 0
    """Prices whose currency the file does not state."""
    dated: bool = False
    """Whether prices depend on the day."""
    seen: set[int] = field(default_factory=set)

    def read(self, *, rows: int | None = None) -> Iterator[Product]:
        """Every product, at most from the first `rows` rows. Raises Unreadable when the file cannot go on."""
        source: Iterable[Any] = self.form.rows(self.path)
        for found in self.form.entries(itertools.islice(self.watched(source), rows), self.plan):
            product = self.product_of(found)
            if product is not None:
                yield product

    def watched(self, rows: Iterable[Any]) -> Iterator[Any]:
        """The rows, while columns that only later rows have are noted."""
        for row in rows:
            cells = cells_of(row)
            if not cells.keys() <= self.guesses.keys():
                self.meet([name for name in cells if name not in self.guesses])
            yield row

    def meet(self, names: list[str]) -> None:
        """Take up columns that the first rows did not have; a field that has its column keeps it."""
        met = self.form.guesses(names)
        self.guesses |= met
        taken = set(self.fields.values())
        for name, meaning in chosen_fields(met, {}).items():
            self.fields[name] = "" if meaning in SINGLE_FIELDS and meaning in taken else meaning

    def product_of(self, found: Found) -> Product | None:
        """What was found as a product, or None when it is refused, which is noted."""
        line, title = 0, ""
        try:
            if isinstance(found, Refused):
                line, title = found.line, found.title
                raise found.error
            if isinstance(found, Entry):
                line, title = found.line, found.fields.get("title", "")
                self.dated = self.dated or any(
                    len(part.fields.get("sale_dates", "")) > 1 for part in (found, *found.variants)
                )
                product = build_product(found, self.plan.stamp)
            else:
                product = found
            self.count(product)
        except RowRefused as error:
            self.refuse(line, title, error)
            return None
        return product

    def count(self, product: Product) -> None:
        """Count a product. Raises RowRefused when its number came before."""
        mark = hash(product.id)
        if mark in self.seen:
            raise RowRefused("twice", product.sku or product.title[:60])
        self.seen.add(mark)
        self.products += 1
        self.variants += len(product.variants)
        prices = [product.price, *(form.price for form in product.variants)]
        self.unstated += any(price is not None and price.currency == "XXX" for price in prices)

    def refuse(self, line: int, title: str, error: RowRefused) -> None:
        """Note a row that makes no product; what is not for sale is counted only."""
        if error.code == "not_for_sale":
            self.skipped += 1
            return
        self.refused += 1
        if len(self.failures) < LISTED_FAILURES:
            name = " ".join(title.split())[:80]
            self.failures.append(
                row_failure(f"line {line}: {name}" if name else f"line {line}", error.code, error.detail)
            )

    def all_failures(self) -> list[ItemFailure]:
        """What the shop owner should know, at the end."""
        found = list(self.failures)
        if self.refused > len(found):
            found.append(row_failure(f"{self.refused - len(found):,} more rows", "more_rows"))
        if self.skipped:
            found.append(row_failure(f"{self.skipped:,} products", "not_for_sale"))
        if self.asks_price_unit:
            found.append(row_failure("prices", "price_unit"))
        return found

    def excluded(self) -> list[str]:
        """Columns that are the shop's own business."""
        return [name for name, guess in self.guesses.items() if guess.private and not self.fields.get(name)]


def prepare(job: Job) -> Conversion:
    """A conversion that has looked at the first rows. Raises Unreadable."""
    name = job.format or format_of(job.path)
    form = FORMATS[name]
    source = form.rows(job.path)
    head = list(itertools.islice(source, PREVIEW_ROWS))
    names = list(dict.fromkeys([*getattr(source, "names", ()), *(key for row in head for key in cells_of(row))]))
    guesses = form.guesses([key for key in names if key])
    fields = chosen_fields(guesses, job.mapping) if form.editable else {}
    prices = texts_of_prices(head, guesses, fields)
    asks = asks_price_unit(name, head, fields, job)
    if asks:
        fields = {
            key: "" if chosen in {"price", "sale_price", "was_price"} else chosen for key, chosen in fields.items()
        }
    stated = next((code for key, chosen in fields.items() if chosen == "price" and (code := stated_currency(key))), "")
    style = PriceStyle(job.currency or stated, decimal_sign(prices))
    plan = Plan(Stamp(job.source, job.as_of, job.address, style), fields)
    return Conversion(form, plan, job.path, guesses, fields, head, asks)


def asks_price_unit(name: str, head: list[Any], fields: Mapping[str, str], job: Job) -> bool:
    """Whether nobody can tell if a list of objects has its prices in cents."""
    columns = [key for key, chosen in fields.items() if chosen == "price"]
    if name != "json" or job.currency or "currency" in fields.values() or any(key in job.mapping for key in columns):
        return False
    rows = [part for row in head if isinstance(row, Row) for part in (row, *row.parts)]
    return any(seems_cents([row.cells.get(key) for row in rows]) for key in columns)


def texts_of_prices(head: list[Any], guesses: Mapping[str, Guess], fields: Mapping[str, str]) -> list[str]:
    """The prices in the first rows."""
    meanings = {key: fields.get(key, guess.field) for key, guess in guesses.items()}
    columns = [key for key, meaning in meanings.items() if meaning in {"price", "sale_price", "was_price"}]
    return [text for row in head if (cells := cells_of(row)) for key in columns if (text := cells.get(key))]


def cells_of(row: Any) -> dict[str, str]:
    """The cells of a row or object, with those of its parts; nothing of a row that could not be read."""
    if isinstance(row, Numbered):
        row = row_of(row)
    if not isinstance(row, Row):
        return {}
    cells = dict(row.cells)
    for part in row.parts:
        cells |= {name: text for name, text in part.cells.items() if name not in cells}
    return cells
