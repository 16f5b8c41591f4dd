"""Card numbers never reach a model, the records or a person; other numbers stay."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.answering.redaction import passes_luhn, without_card_numbers


@pytest.mark.parametrize(
    ("text", "cleaned", "count"),
    [("pay with 4242 4242 4242 4242 please", "pay with [card] please", 1),
     ("4242-4242-4242-4242", "[card]", 1), ("4242424242424242 and 378282246310005", "[card] and [card]", 2),
     ("4242 4242 4242 4241", "4242 4242 4242 4241", 0), ("order 123456", "order 123456", 0),
     ("call +32 9 555 01 23", "call +32 9 555 01 23", 0)],
)  # fmt: skip
def test_only_numbers_with_a_right_check_digit_are_cards(text: str, cleaned: str, count: int):
    assert without_card_numbers(text) == (cleaned, count)


@settings(deadline=None)
@given(st.integers(10**11, 10**18 - 1), st.sampled_from(("", " ", "-")))
def test_every_number_with_its_check_digit_is_found_in_any_grouping(body: int, gap: str):
    digit = next(d for d in range(10) if passes_luhn(f"{body}{d}"))
    number = f"{body}{digit}"
    grouped = gap.join(number[place : place + 4] for place in range(0, len(number), 4))
    cleaned, count = without_card_numbers(f"My card: {grouped}.")
    assert (cleaned, count) == (("My card: [card].", 1) if len(set(number)) > 1 else (f"My card: {grouped}.", 0))
