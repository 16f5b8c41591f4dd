"""Prices as shops write them, read into an amount and a currency, or not at all.

Never here: which price is meant. A price that could be read in two ways is left out: no price is better than a
false one.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.domain.money import Money

__all__ = ["read_money"]

PLAIN = re.compile(r"\d{1,12}(\.\d{1,6})?")
TOO_MUCH = Decimal(10) ** 12
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
SYMBOLS = {
    "€": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "¥": "JPY", "₹": "INR", "zł": "PLN", "Kč": "CZK", "kr": "SEK",
    "CHF": "CHF", "Fr.": "CHF", "lei": "RON", "Ft": "HUF", "₺": "TRY", "₽": "RUB", "₩": "KRW", "R$": "BRL",
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "₴": "UAH", "лв.": "BGN",
}  # fmt: skip


def read_money(value: Any, currency: str = "") -> Money | None:
    """`value` (a number or text such as `1.299,00 €`) as money, or None when it cannot be told for sure."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    text = " ".join(str(value).split())
    if not text or len(text) > 60:
        return None
    code = currency.strip().upper()
    if PLAIN.fullmatch(text):
        amount = plain_amount(text, code, exact=not isinstance(value, str))
    else:
        amount, symbol = written_amount(text)
        code = code or symbol
    if amount is None or not re.fullmatch(r"[A-Z]{3}", code) or not 0 <= amount < TOO_MUCH:
        return None
    return Money(tidy(amount), code)


def plain_amount(text: str, currency: str, *, exact: bool) -> Decimal | None:
    """A machine's number. Text with three decimals may be thousands: refused where the currency has none."""
    if not exact and re.search(r"^\d{1,3}\.\d{3}$", text) and currency not in THREE_DECIMALS:
        return None
    return Decimal(text)


def written_amount(text: str) -> tuple[Decimal | None, str]:
    """A price as people write it, with the currency that stands beside it."""
    from price_parser import Price  # noqa: PLC0415 - needed only for prices that are not plain numbers

    if len(re.findall(r"\d[\d.,'\s\u00a0]*", text)) != 1 or "%" in text:
        return None, ""
    try:
        found = Price.fromstring(text)
    except (InvalidOperation, ValueError):
        return None, ""
    symbol = found.currency or ""
    code = SYMBOLS.get(symbol, symbol.upper() if len(symbol) == 3 and symbol.isascii() else "")
    amount: Decimal | None = found.amount
    return (-amount if amount is not None and re.match(r"\s*[-−]", text) else amount), code


def tidy(amount: Decimal) -> Decimal:
    """At least two decimals, none of them idle beyond that."""
    rounded = amount.quantize(Decimal("0.01"))
    return rounded if rounded == amount else amount.normalize()
