"""Legal transitions and values that cannot be wrong."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answering.wording import money_words, product_sentence
from engine.domain.bot import TRANSITIONS, Bot, BotVersion, Guardrails, IllegalTransition, Persona
from engine.domain.knowledge import Product, Variant
from engine.domain.merchant import Session
from engine.domain.money import Money

NOW = datetime(2026, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    ("amount", "currency"), [("NaN", "EUR"), ("Infinity", "EUR"), ("1", "eur"), ("1", "EU"), ("1", "E1R")]
)
def test_money_cannot_be_wrong(amount: str, currency: str):
    with pytest.raises(ValueError, match=r"must be|three capital"):
        Money(Decimal(amount), currency)


@pytest.mark.parametrize(
    ("amount", "currency", "words"),
    [("12.9", "EUR", "€12.90"), ("1299", "GBP", "£1,299.00"), ("12.90", "SEK", "12.90 SEK"), ("1500", "JPY", "¥1,500")],
)
def test_money_in_words(amount: str, currency: str, words: str):
    assert money_words(Money(Decimal(amount), currency)) == words
    assert str(Money(Decimal(amount), currency)) == f"{amount} {currency}"


@pytest.mark.parametrize(
    ("more", "sentence"),
    [
        ({}, ""),
        ({"availability": "preorder"}, "Mug is available for pre-order."),
        ({"price": Money(Decimal(5), "EUR")}, "Mug costs €5.00."),
        ({"price": Money(Decimal(5), "EUR"), "was_price": Money(Decimal(8), "EUR"), "availability": "in_stock"},
         "Mug costs €5.00 (was €8.00) and is in stock."),
        ({"variants": (Variant("a", "A", Money(Decimal(5), "EUR")), Variant("b", "B", Money(Decimal(7), "EUR"))),
          "availability": "out_of_stock"}, "Mug costs €5.00 to €7.00 and is out of stock at the moment."),
        ({"variants": (Variant("a", "A", Money(Decimal(5), "EUR")),)}, "Mug costs €5.00."),
    ],
)  # fmt: skip
def test_a_products_sentence_says_only_what_its_row_says(more: dict[str, object], sentence: str):
    assert product_sentence(Product("p", "s", "Mug", "", "", NOW, **more)) == sentence  # type: ignore[arg-type]


@given(st.lists(st.sampled_from(sorted(TRANSITIONS)), max_size=12))
def test_a_version_only_moves_along_its_life(moves: list[str]):
    version = BotVersion("m", "b", 1, "queued", Persona(), Guardrails(), (), NOW)
    for target in moves:
        if target in TRANSITIONS[version.status]:
            version = version.to(target)  # type: ignore[arg-type]
            assert version.status == target
        else:
            with pytest.raises(IllegalTransition, match="cannot become"):
                version.to(target)  # type: ignore[arg-type]


def test_deploy_and_rollback_swap():
    bot = Bot("b", "m", "Bot", NOW)
    with pytest.raises(IllegalTransition):
        bot.rollback()
    bot = bot.deploy(1)
    assert (bot.live, bot.previous) == (1, None)
    bot = bot.deploy(2)
    assert (bot.live, bot.previous) == (2, 1)
    assert bot.deploy(2) == bot
    back = bot.rollback()
    assert (back.live, back.previous) == (1, 2)
    assert back.rollback() == bot


def test_a_deploy_ends_the_word_about_a_release_that_was_refused():
    bot = Bot("b", "m", "Bot", NOW, schedule_note="Version 2 did not go live at its time.")
    assert bot.deploy(2).schedule_note == ""


def test_a_session_ends_idle_absolutely_or_revoked():
    session = Session("s", "m", "p", "h", NOW, NOW)
    hour, day = timedelta(hours=1), timedelta(days=1)
    assert session.is_live(NOW + hour, hour, day)
    assert not session.is_live(NOW + hour * 2, hour, day)
    assert not session.is_live(NOW + day * 2, day * 9, day)
    assert not session.revoke().is_live(NOW, hour, day)
