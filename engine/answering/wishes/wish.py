"""A wish as it was read: what is asked of the catalogue, and under which conditions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from engine.domain.knowledge import Availability

__all__ = ["Asked", "Limits", "Wish"]

Asked = Literal["search", "price", "stock", "compare", "nothing"]
SMALLEST = Decimal("0.0001")
"""No currency has more than four decimals (ISO 4217)."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of a price, in the words' own currency."""

    least: Decimal | None = None
    most: Decimal | None = None
    least_open: bool = False
    """Whether the bound itself is left out: `over 20` is not 20."""
    most_open: bool = False
    currencies: tuple[str, ...] = ()
    """ISO 4217 codes that the words may mean, such as three for `$`; empty when they name none."""

    @property
    def given(self) -> bool:
        """Whether there is any bound."""
        return self.least is not None or self.most is not None

    @property
    def lowest(self) -> Decimal | None:
        """The least price that is within."""
        return None if self.least is None else self.least + (SMALLEST if self.least_open else 0)

    @property
    def highest(self) -> Decimal | None:
        """The greatest price that is within."""
        return None if self.most is None else self.most - (SMALLEST if self.most_open else 0)


@dataclass(frozen=True, slots=True)
class Wish:
    """What a shopper's words ask of the catalogue. Every condition is one that was said."""

    asked: Asked = "nothing"
    """`search`: which products there are; `price`, `stock`: of a product that is named; `nothing`: something else."""
    words: str = ""
    """What is left to look for when the conditions are taken out."""
    limits: Limits = field(default_factory=Limits)
    options: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Option name to the values that are welcome."""
    without: tuple[str, ...] = ()
    without_options: tuple[tuple[str, str], ...] = ()
    brand: str = ""
    availability: Availability | None = None
    age: int | None = None
    order: Literal["relevance", "price", "price_descending"] = "relevance"
    only_first: bool = False
    """Whether the cheapest or dearest alone is asked for."""
    cue: bool = False
    """Whether the words ask for products in so many words, such as `show me`."""
    rules: bool = False
    """Whether the words are of the shop's rules, such as returns, or ask how and why."""
    names: tuple[str, ...] = ()
    """The products to compare, as they were named."""

    @property
    def conditions(self) -> int:
        """How many conditions there are."""
        given = (self.limits.given, self.brand, self.availability is not None, self.age is not None)
        return sum(map(bool, given)) + len(self.options) + len(self.without) + len(self.without_options)

    @property
    def of_products(self) -> bool:
        """Whether anything in it speaks of products."""
        return bool(self.asked != "nothing" or self.cue or self.conditions or self.order != "relevance")
