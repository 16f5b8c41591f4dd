"""Prices of a feed: which of the stated ones counts now, and how this file writes numbers.

Never here: reading one written price; that is `engine/knowledge/pages/prices.py`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal

from engine.domain.money import UNSTATED, Money
from engine.knowledge.catalogue.entries import Field
from engine.knowledge.catalogue.reasons import RowRefused
from engine.knowledge.pages.prices import read_money

__all__ = ["PriceStyle", "decimal_sign", "read_prices", "seems_cents"]


@dataclass(frozen=True, slots=True)
class PriceStyle:
    """How a file writes prices."""

    currency: str = ""
    """What prices are in that state no currency themselves; empty: unknown."""
    decimal: str = ""
    """The sign before decimals when the file has shown it."""


def decimal_sign(prices: Iterable[str]) -> str:
    """`.` or `,` when some prices show it and none contradicts, else nothing."""
    signs = {
        found.group(1) for text in prices if (found := re.search(r"([.,])(\d{1,2}|\d{4,6})(?![\d.,])", text.strip()))
    }
    return signs.pop() if len(signs) == 1 else ""


def seems_cents(prices: Iterable[object]) -> bool:
    """Whether prices may count cents: several, all of them whole numbers, four in five of three figures or more."""
    found = [str(price) for price in prices if price not in {None, "", "0"}]
    whole = [int(price) for price in found if re.fullmatch(r"\d{1,12}", price)]
    return len(found) >= 3 and len(whole) == len(found) and sum(price >= 100 for price in whole) >= 0.8 * len(whole)


def read_prices(fields: Mapping[Field, str], style: PriceStyle, now: datetime) -> tuple[Money | None, Money | None]:
    """(price, earlier price) as they are at `now`. Text without a number is no price; raises RowRefused otherwise."""
    stated = fields.get("currency", "")
    if "price_cents" in fields:
        return in_cents(fields["price_cents"], stated, style), None
    regular = one_price(fields.get("price", ""), stated, style)
    sale = one_price(fields.get("sale_price", ""), stated, style)
    if sale is not None and not on_sale(fields.get("sale_dates", ""), now):
        sale = None
    was = one_price(fields.get("was_price", ""), stated, style, optional=True)
    price = regular
    if sale is not None and (regular is None or (sale.currency == regular.currency and sale.amount < regular.amount)):
        price, was = sale, regular or was
    if price is None or was is None or was.currency != price.currency or was.amount <= price.amount:
        was = None
    return price, was


def one_price(text: str, stated: str, style: PriceStyle, *, optional: bool = False) -> Money | None:
    """A written price, or None when there is no number in it. Raises RowRefused when it is not clear."""
    if not re.search(r"\d", text):
        return None
    code = stated.strip().upper() or style.currency
    money = read_money(text, code or UNSTATED, decimal=style.decimal)
    if money is None and not stated.strip() and style.currency:
        money = read_money(text, decimal=style.decimal)  # it names a currency of its own
    if money is None and not optional:
        raise RowRefused("unclear_price", repr(text[:60]))
    return money


def in_cents(text: str, stated: str, style: PriceStyle) -> Money | None:
    """A price that counts hundredths. Raises RowRefused."""
    if not text.strip():
        return None
    if not re.fullmatch(r"\s*\d{1,12}(\.0+)?\s*", text):
        raise RowRefused("unclear_price", repr(text[:60]))
    amount = (Decimal(text.strip()) / 100).quantize(Decimal("0.01"))
    code = stated.strip().upper() or style.currency or UNSTATED
    return Money(amount, code if re.fullmatch(r"[A-Z]{3}", code) else UNSTATED)


def on_sale(dates: str, now: datetime) -> bool:
    """Whether `now` lies within `start/end`, either of which may be missing."""
    start, _, end = dates.partition("/")
    begins, ends = moment(start), moment(end)
    return not ((begins and now < begins) or (ends and now > ends))


def moment(text: str) -> datetime | None:
    """An ISO 8601 moment or date, taken as UTC when it names no zone."""
    try:
        found = datetime.fromisoformat(re.sub(r"([+-]\d\d)(\d\d)$", r"\1:\2", text.strip()))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)
