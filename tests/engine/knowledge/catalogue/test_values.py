"""Prices, states, numbers and descriptions as shops write them."""

# ruff: noqa: E501 - lists read best as they stand

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.money import Money
from engine.knowledge.catalogue.availability import IN_STOCK, OUT_OF_STOCK, PREORDER, read_availability, read_stock
from engine.knowledge.catalogue.descriptions import plain_text
from engine.knowledge.catalogue.identifiers import read_gtin
from engine.knowledge.catalogue.money import PriceStyle, decimal_sign, read_prices, seems_cents
from engine.knowledge.catalogue.reasons import RowRefused
from engine.knowledge.pages.prices import read_money

NOW = datetime(2026, 11, 1, tzinfo=UTC)
amounts = st.decimals(min_value=0, max_value=10**9, places=2)


def german(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


@pytest.mark.parametrize(
    ("text", "currency", "decimal", "amount", "code"),
    [
        ("1.299,00 €", "", "", "1299.00", "EUR"),
        ("£12", "", "", "12.00", "GBP"),
        ("12.90 USD", "", "", "12.90", "USD"),
        ("USD 1,299", "", "", "1299.00", "USD"),
        ("1.299", "EUR", ",", "1299.00", "EUR"),
        ("1,299", "EUR", ".", "1299.00", "EUR"),
        ("CHF 1'299.50", "", "", "1299.50", "CHF"),
        ("1 299,50 €", "", "", "1299.50", "EUR"),
        ("$12", "CAD", "", "12.00", "CAD"),
        ("129 kr", "NOK", "", "129.00", "NOK"),
        (".99", "EUR", "", "0.99", "EUR"),
        ("12.90", "XXX", "", "12.90", "XXX"),
        ("12,90 €", "XXX", "", "12.90", "EUR"),
        ("1.234", "KWD", "", "1.234", "KWD"),
    ],
)
def test_price_is_read(text: str, currency: str, decimal: str, amount: str, code: str) -> None:
    assert read_money(text, currency, decimal=decimal) == Money(Decimal(amount), code)


@pytest.mark.parametrize(
    ("text", "currency"),
    [
        ("1.299", "EUR"),
        ("1,299 €", ""),
        ("12 €", "USD"),
        ("129 kr", ""),
        ("129 kr", "EUR"),
        ("ab 12,90 €", ""),
        ("from 12.90 USD", ""),
        ("12.90 € per kg", ""),
        ("5 - 9 €", ""),
        ("€ -5", ""),
        ("on request", "EUR"),
        ("nan", "EUR"),
    ],
)
def test_price_that_is_not_sure_is_left_out(text: str, currency: str) -> None:
    assert read_money(text, currency) is None


@given(amounts, st.sampled_from(["EUR", "CHF", "USD"]))
def test_prices_of_both_conventions_are_read_back(amount: Decimal, code: str) -> None:
    for text in (f"{german(amount)} {code}", f"{code} {german(amount)}", f"{amount:,.2f} {code}", f"{amount} {code}"):
        assert read_money(text) == Money(amount, code)
    assert read_money(german(amount), code) == Money(amount, code)


@given(st.integers(min_value=1, max_value=999), st.integers(min_value=0, max_value=999))
def test_a_lone_group_of_three_figures_is_never_guessed(front: int, rest: int) -> None:
    for sign in ".,":
        assert read_money(f"{front}{sign}{rest:03}", "EUR") is None
        for decimal in ".,":
            found = read_money(f"{front}{sign}{rest:03}", "EUR", decimal=decimal)
            assert found == (
                None if sign == decimal else Money(Decimal(front * 1000 + rest).quantize(Decimal("0.01")), "EUR")
            )


@given(st.text(max_size=80), st.sampled_from(["", "EUR", "XXX", "KWD"]), st.sampled_from(["", ".", ","]))
def test_any_text_is_a_price_or_nothing(text: str, currency: str, decimal: str) -> None:
    found = read_money(text, currency, decimal=decimal)
    assert found is None or found.amount >= 0


@given(st.lists(amounts, min_size=1, max_size=20))
def test_a_file_shows_its_decimal_sign(prices: list[Decimal]) -> None:
    assert decimal_sign([german(price) for price in prices]) == ","
    assert decimal_sign([f"{price:,.2f}" for price in prices]) == "."
    assert decimal_sign(["1.299", "12"]) == ""
    assert decimal_sign(["1,50", "1.50"]) == ""


def test_the_price_that_counts_today() -> None:
    style = PriceStyle("EUR")

    def read(**fields: str) -> tuple[str, str]:
        price, was = read_prices(fields, style, NOW)  # type: ignore[arg-type]
        return str(price), str(was)

    assert read(price="12", sale_price="9") == ("9.00 EUR", "12.00 EUR")
    assert read(price="12", sale_price="15") == ("12.00 EUR", "None")
    assert read(price="12", sale_price="9", sale_dates="2026-12-01/2026-12-24") == ("12.00 EUR", "None")
    assert read(price="12", sale_price="9", sale_dates="/2026-10-01") == ("12.00 EUR", "None")
    assert read(price="12", was_price="9") == ("12.00 EUR", "None")
    assert read(price="12", was_price="15 - 20") == ("12.00 EUR", "None")
    assert read(price="Preis auf Anfrage") == ("None", "None")
    assert read(price="12 USD") == ("12.00 USD", "None")
    assert read(price_cents="1290", currency="usd") == ("12.90 USD", "None")
    with pytest.raises(RowRefused):
        read(price="12", currency="euros")
    with pytest.raises(RowRefused):
        read(price_cents="12.90")


def test_whole_numbers_without_currency_may_be_cents() -> None:
    assert seems_cents([1290, 999, 45000])
    assert not seems_cents(["12.90", 999, 1000])
    assert not seems_cents([5, 12, 299, 8])
    assert not seems_cents([1290, 999])


def dressed(text: str) -> st.SearchStrategy[str]:
    forms = [text, text.upper(), text.title(), f" {text} ", text.replace(" ", "_"), text.replace(" ", "-"), f"{text}!"]
    return st.sampled_from([*forms, text.replace("ä", "ae").replace("ü", "ue")])


@pytest.mark.parametrize(
    ("phrases", "state"), [(IN_STOCK, "in_stock"), (OUT_OF_STOCK, "out_of_stock"), (PREORDER, "preorder")]
)
@given(data=st.data())
def test_words_for_stock_in_any_dress(phrases: tuple[str, ...], state: str, data: st.DataObject) -> None:
    assert read_availability(data.draw(st.sampled_from(phrases).flatmap(dressed))) == state


@pytest.mark.parametrize(
    ("text", "state"),
    [
        ("https://schema.org/LimitedAvailability", "in_stock"),
        ("http://schema.org/OutOfStock/", "out_of_stock"),
        ("Nur noch 3 auf Lager", "in_stock"),
        ("nicht mehr lieferbar", "out_of_stock"),
        ("no longer available", "out_of_stock"),
        ("plus disponible", "out_of_stock"),
        ("bald wieder verfügbar", "unknown"),
        ("back in stock soon", "unknown"),
        ("0 in stock", "out_of_stock"),
        ("sí", "in_stock"),
        ("Vrai", "in_stock"),
        ("True", "in_stock"),
        ("falso", "out_of_stock"),
        ("ask us", "unknown"),
        ("", "unknown"),
    ],
)
def test_words_for_stock(text: str, state: str) -> None:
    assert read_availability(text) == state


def test_pieces_in_stock() -> None:
    assert [read_stock(text) for text in ("3", "0", "-2", ">10", "1,5", "10+", "many", "NaN", "auf Lager")] == [
        "in_stock", "out_of_stock", "out_of_stock", "in_stock", "in_stock", "in_stock", "unknown", "unknown", "in_stock",
    ]  # fmt: skip
    assert read_stock("0", backorders=True) == "preorder"


@given(st.text(max_size=100))
def test_any_text_is_a_state(text: str) -> None:
    assert read_availability(text) in {"in_stock", "out_of_stock", "preorder", "unknown"}
    assert read_stock(text) in {"in_stock", "out_of_stock", "preorder", "unknown"}


@given(st.sampled_from([7, 11, 12, 13]).flatmap(lambda size: st.text("0123456789", min_size=size, max_size=size)))
def test_one_check_digit_of_ten_is_right(body: str) -> None:
    right = [digit for digit in "0123456789" if read_gtin(body + digit)]
    assert len(right) == (1 if int(body) else 0)


def test_numbers_of_other_kinds_are_no_gtin() -> None:
    assert read_gtin("4006381-333931") == "4006381333931"
    assert read_gtin("0-306-40615-2") == "9780306406157"
    assert [read_gtin(text) for text in ("", "123", "4006381333932", "4.00638E+12", "abc")] == [""] * 5


def test_descriptions_become_plain_text() -> None:
    html = (
        "<p>A &amp; B</p><script>x()</script><ul><li>one<li>two</ul><!-- c --><p style='display:none'>ignore all</p>z"
    )
    assert plain_text(html, 100) == "A & B\none\ntwo\nz"
    assert plain_text("5 < 6 & 7 > 2", 100) == "5 < 6 & 7 > 2"
    assert plain_text("a\u200bb\u202ec", 100) == "abc"
    assert len(plain_text("word " * 1000, 100)) <= 100
    assert plain_text("<div>" * 3000 + "deep", 100) == "deep"


@given(st.text(max_size=300))
def test_any_description_is_bounded(text: str) -> None:
    assert len(plain_text(text, 50)) <= 50
