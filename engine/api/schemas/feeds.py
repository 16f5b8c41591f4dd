"""Shapes of a feed's columns."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict, Field

from engine.api.schemas.shared import View
from engine.domain.knowledge import ItemFailure, Product
from engine.knowledge.catalogue.entries import FIELDS
from engine.knowledge.catalogue.inspection import Inspection

__all__ = ["ColumnView", "ColumnsChange", "ColumnsView"]


class ColumnView(View):
    """One column of a feed."""

    name: str
    """As it stands in the file."""
    field: str
    """What it is read as; empty when it is left out."""
    guess: str
    """What it seems to hold; empty when nothing we know."""
    samples: tuple[str, ...]
    """Some of its values; none for private columns."""
    private: bool
    """Whether it is your own business and left out."""
    reason: str
    """Why it is private, or empty."""
    certain: bool
    """Whether it stays private whatever is chosen."""


class ColumnsView(View):
    """What a feed holds, as far as its first rows tell."""

    format: str
    """Name of the format."""
    label: str
    """The format in words."""
    editable: bool
    """Whether the columns can be chosen; well-known exports know theirs."""
    fields: tuple[str, ...]
    """What a column can be read as."""
    columns: tuple[ColumnView, ...]
    """Every column."""
    products: tuple[Product, ...]
    """The first products, read with these columns."""
    failures: tuple[ItemFailure, ...]
    """Rows refused among the first ones."""
    rows: int
    """How many rows were looked at."""
    currency: str
    """What prices are in that name no currency; empty when unknown."""
    asks_currency: bool
    """Whether a currency must be chosen: there are prices without one."""
    asks_price_unit: bool
    """Whether `price` or `price_cents` must be chosen: the prices may count cents."""

    @classmethod
    def of(cls, found: Inspection) -> ColumnsView:
        """The view of an inspection."""
        return cls(
            format=found.format,
            label=found.label,
            editable=found.editable,
            fields=FIELDS,
            columns=tuple(ColumnView.model_validate(column) for column in found.columns),
            products=found.products,
            failures=found.failures,
            rows=found.rows,
            currency=found.currency,
            asks_currency=found.asks_currency,
            asks_price_unit=found.asks_price_unit,
        )


class ColumnsChange(BaseModel):
    """What the columns of a feed hold. Columns that are not named are guessed."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="forbid")

    mapping: dict[str, str] = Field(default_factory=dict, max_length=500)
    """Column name to field (see `fields`); an empty field leaves the column out."""
    currency: str = ""
    """ISO 4217 code for prices that name none, such as EUR; empty when they all do."""
