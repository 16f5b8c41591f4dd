"""Prices as shops write them, read into an amount and a currency, or not at all.

Never here: which price is meant. A price that could be read in two ways is left out: no price is better than a
false one.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

from engine.domain.money import UNSTATED, Money

__all__ = ["read_money"]

PLAIN = re.compile(r"\d{1,12}(\.\d{1,6})?|\.\d{1,6}")
TOO_MUCH = Decimal(10) ** 12
THREE_DECIMALS = frozenset({"BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"})
COMMA_FOR_THOUSANDS = frozenset({"USD", "GBP", "CAD", "AUD", "NZD", "JPY", "INR", "MXN", "HKD", "SGD", "CNY", "KRW"})
"""Currencies whose shops never write a decimal comma."""
NOT_ONE_PRICE = re.compile(
    r"%|\b(from|starting|up to|min|max|per|ab|von|bis|pro|je|à partir|dès|jusqu\S*|par|desde|hasta|por|a partire"
    r"|fino)\b",
    re.I,
)
"""Words that make a number a bound, a share or the price of a part."""
SHARED_SYMBOLS = {
    "$": frozenset({"USD", "CAD", "AUD", "NZD", "MXN", "HKD", "SGD", "TWD", "ARS", "CLP", "COP", "BRL"}),
    "kr": frozenset({"SEK", "NOK", "DKK", "ISK"}),
    "¥": frozenset({"JPY", "CNY"}),
    "£": frozenset({"GBP", "EGP", "GIP"}),
}
"""Signs that several currencies use: what the shop states goes before them."""
SYMBOLS = {
    "€": "EUR", "£": "GBP", "$": "USD", "US$": "USD", "₹": "INR", "zł": "PLN", "Kč": "CZK",
    "CHF": "CHF", "Fr.": "CHF", "lei": "RON", "Ft": "HUF", "₺": "TRY", "₽": "RUB", "₩": "KRW", "R$": "BRL",
    "C$": "CAD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD", "NZ$": "NZD", "₴": "UAH", "лв.": "BGN",
}  # fmt: skip


def read_money(value: Any, currency: str = "", *, decimal: str = "") -> Money | None:
    """`value` (a number or text such as `1.299,00 €`) as money, or None when it cannot be told for sure.

    `decimal` is the sign before decimals (`.` or `,`) when the rest of the file has shown it.
    """
    if isinstance(value, bool) or not isinstance(value, (str, int, float, Decimal)):
        return None
    text = " ".join(str(value).split())
    if not text or len(text) > 60:
        return None
    code = currency.strip().upper()
    if PLAIN.fullmatch(text):
        amount = plain_amount(text, code, decimal, exact=not isinstance(value, str))
    else:
        amount, symbol = written_amount(text, code, decimal)
        if code not in {"", UNSTATED} and not fits(code, symbol, sharing(text)):
            return None
        code = code if code not in {"", UNSTATED} else symbol or code
    if amount is None or not re.fullmatch(r"[A-Z]{3}", code) or not 0 <= amount < TOO_MUCH:
        return None
    return Money(tidy(amount), code)


def fits(code: str, symbol: str, shared: frozenset[str]) -> bool:
    """Whether a stated currency can be the one whose sign stands beside the price."""
    return code in shared if shared else symbol in {"", code}


def sharing(text: str) -> frozenset[str]:
    """The currencies that use the sign beside a price."""
    return SHARED_SYMBOLS.get(re.sub(r"[\d.,'’\s-]", "", text).lower(), frozenset())


def plain_amount(text: str, currency: str, decimal: str, *, exact: bool) -> Decimal | None:
    """A machine's number. Text with three decimals may be thousands: refused unless the file has shown which."""
    if not exact and re.search(r"^\d{1,3}\.\d{3}$", text) and currency not in THREE_DECIMALS:
        return Decimal(text.replace(".", "")) if decimal == "," else None
    return Decimal(text)


def written_amount(text: str, currency: str, decimal: str) -> tuple[Decimal | None, str]:
    """A price as people write it, with the currency that stands beside it."""
    from price_parser import Price  # noqa: PLC0415 - needed only for prices that are not plain numbers

    numbers = re.findall(r"\d[\d.,'’\s\u00a0]*", text)
    if len(numbers) != 1 or NOT_ONE_PRICE.search(text):
        return None, ""
    try:
        found = Price.fromstring(text)
    except (InvalidOperation, ValueError):
        return None, ""
    symbol = found.currency or ""
    code = SYMBOLS.get(symbol, symbol.upper() if len(symbol) == 3 and symbol.isascii() else "")
    amount: Decimal | None = found.amount
    doubtful = re.fullmatch(r"(\d{1,3})([.,])(\d{3})", numbers[0].strip())
    if doubtful and (currency or code) not in THREE_DECIMALS:
        thousands = {",": ".", ".": ","}.get(decimal, "," if (currency or code) in COMMA_FOR_THOUSANDS else "")
        amount = Decimal(doubtful.group(1) + doubtful.group(3)) if doubtful.group(2) == thousands else None
    return (-amount if amount is not None and re.match(r"\s*[^\d\s]{0,3}\s*[-−]\s*\d", text) else amount), code


def tidy(amount: Decimal) -> Decimal:
    """At least two decimals, none of them idle beyond that."""
    rounded = amount.quantize(Decimal("0.01"))
    return rounded if rounded == amount else amount.normalize()
