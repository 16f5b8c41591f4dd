"""A page's price is no evidence once the catalogue's row was read later and says another."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from engine.answering.prices import amounts_in, without_old_prices
from engine.domain.knowledge import Passage, Product
from engine.domain.money import Money
from engine.ports import ScoredPassage

PAGE, LATER = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 1, 2, tzinfo=UTC)
MILL = Product(
    "mill", "site", "Pepper Mill", "", "", LATER, price=Money(Decimal("44.00"), "GBP"),
    was_price=Money(Decimal("39.00"), "GBP"),
)  # fmt: skip


def passage(text: str, product: str | None = "mill") -> ScoredPassage:
    """A passage read with the page."""
    return ScoredPassage(Passage("d:0", "site", "d", 0, "T", (), text, "", "x", PAGE, product=product), 1, 1, 1)


def told(text: str, product: str | None = "mill", row: Product = MILL) -> str:
    """What is left of a passage."""
    return "".join(item.passage.text for item in without_old_prices([passage(text, product)], [row]))


def test_the_pages_own_old_price_is_dropped_and_the_rest_stays():
    assert told("Lifetime guarantee on the grinder.\nPrice: £39.00\nMade of walnut.") == (
        "Lifetime guarantee on the grinder.\nMade of walnut."
    )
    assert told("It costs £39.00. It grinds 3 sizes.").strip() == "It grinds 3 sizes."
    assert told("Price: £39.00") == ""


def test_the_price_of_now_stays():
    assert told("Price: £44.00") == "Price: £44.00"
    assert told("Price: 44 GBP") == "Price: 44 GBP"


def test_other_pages_lose_only_what_they_say_of_that_product():
    listing = "Pepper Mill £39.00\nOak Board £29.00\nDelivery is free over £50."
    assert told(listing, None) == "Oak Board £29.00\nDelivery is free over £50."


def test_a_row_as_old_as_the_page_changes_nothing():
    same = replace(MILL, as_of=PAGE)
    assert told("Price: £39.00", row=same) == "Price: £39.00"


@pytest.mark.parametrize(
    ("text", "amount"),
    [("£1,290.00", "1290"), ("1.290,00 €", "1290"), ("$12", "12"), ("12,90 EUR", "12.9"), ("1 290 SEK", "1290")],
)
def test_amounts_are_read_as_people_write_them(text: str, amount: str):
    assert amounts_in(f"It is {text} today.") == {Decimal(amount).normalize()}


def test_numbers_without_currency_are_no_prices():
    assert amounts_in("It holds 300 ml, model 44-9.") == set()
