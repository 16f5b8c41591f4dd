"""What may belong to one customer is found before it becomes an answer for everybody."""

from __future__ import annotations

import time

import pytest

from engine.answering.personal import personal_in

FOUND = {
    "Write to anna.doe@people.example, please.": [("email", "anna.doe@people.example")],
    "I call you at +32 470 12 34 56 tomorrow.": [("phone", "+32 470 12 34 56")],
    "Ruf mich an: 0301 234567.": [("number", "234567")],
    "Your order 10472 left today.": [("number", "10472")],
    "Order #1042 is packed.": [("number", "#1042")],
    "Parcel JD014600003SE arrives on Monday.": [("number", "JD014600003SE")],
    "Your return RT-2026-0017 is booked.": [("number", "RT-2026-0017")],
    "It goes to BE68539007547034.": [("number", "BE68539007547034")],
    f"Your key is {'a1' * 32}.": [("number", "a1" * 32)],
}


@pytest.mark.parametrize("text", list(FOUND))
def test_what_belongs_to_one_customer_is_found(text: str):
    assert [(one.kind, one.text) for one in personal_in(text)] == FOUND[text]


@pytest.mark.parametrize(
    "text",
    ["Yes, we ship to Norway for 12.90 EUR within 3 to 5 days.", "Since 2019 we sell mugs of 350 ml.", "1,290.00 EUR",
     "Size 42, 100 % cotton, 60 degrees.", "Open 09:00-17:00 on weekdays.", "Until 24/12/2026", "",
     "A4 paper, 500 sheets", "From 2026-12-24 on, 01.02.27"],
)  # fmt: skip
def test_prices_sizes_and_dates_belong_to_all(text: str):
    assert personal_in(text) == ()


def test_each_is_named_once():
    assert len(personal_in("Order 10472?", "Order 10472 is packed, 10472!")) == 1


@pytest.mark.parametrize("piece", ["a-", "1", "A1-", "a.", "a@", "+1 ", "(1) ", "#"])
def test_no_message_takes_long(piece: str):
    began = time.monotonic()
    personal_in(piece * (20_000 // len(piece)))
    assert time.monotonic() - began < 2
