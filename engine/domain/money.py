"""Amounts of money: a decimal and an ISO 4217 currency, never a float."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

__all__ = ["UNSTATED", "Money"]

UNSTATED = "XXX"
"""ISO 4217's code for "no currency": a price from a file that does not say what it is in."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in one currency, such as 12.90 EUR."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    amount: Decimal
    """Decimal amount in the currency's major unit."""
    currency: str
    """ISO 4217 code, upper case; `XXX` when the shop's file states none."""

    def __post_init__(self) -> None:
        if not self.amount.is_finite():
            raise ValueError(f"a price must be a finite number, not {self.amount!r}")
        if len(self.currency) != 3 or not self.currency.isalpha() or not self.currency.isupper():
            raise ValueError(f"a currency is three capital letters (ISO 4217), not {self.currency!r}")

    def __str__(self) -> str:
        return f"{self.amount}" if self.currency == UNSTATED else f"{self.amount} {self.currency}"
