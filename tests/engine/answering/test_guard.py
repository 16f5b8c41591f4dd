"""No sentence leaves whose numbers have no source."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answering.guard import NumberGuard
from engine.domain.knowledge import Product, Variant
from engine.domain.money import Money
from tests.contracts.people import evidence

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MUG = Product(
    "p1", "s1", "Blue mug", "Holds 300 ml.", "https://shop.example/mug", NOW,
    price=Money(Decimal("12.90"), "EUR"), sku="M-1",
    variants=(Variant("v1", "Large", Money(Decimal("1299"), "EUR"), options={"size": "XL 42"}),),
)  # fmt: skip
EVIDENCE = evidence("Returns are accepted within 30 days. Write to help@shop.example or see https://shop.example/r.")


def left(text: str, step: int = 3) -> tuple[str, NumberGuard]:
    """What leaves of a text that arrives in small pieces."""
    guard = NumberGuard(EVIDENCE, (MUG,))
    out = "".join(guard.feed(text[place : place + step]) for place in range(0, len(text), step))
    return out + guard.finish(), guard


@pytest.mark.parametrize(
    "text",
    ["You have 30 days.", "The mug costs €12.90.", "It costs 12,90 € today.", "It holds 300 ml [1].",
     "XL is €1,299.00.", "Write to help@shop.example.", "See https://shop.example/r.", "No numbers here!"],
)  # fmt: skip
def test_what_the_sources_say_leaves_unchanged(text: str):
    out, guard = left(text)
    assert out == text
    assert guard.check().passed


@pytest.mark.parametrize(
    "wrong",
    ["You have 31 days.", "The mug costs €12.80.", "It costs 1,290 €.", "Write to evil@other.example.",
     "See https://evil.example/r.", "It holds 3000 ml.", "Take 50 % off with code MUG50."],
)  # fmt: skip
def test_what_no_source_says_is_withdrawn_and_the_rest_stays(wrong: str):
    out, guard = left(f"Happy to help. {wrong} Anything else?")
    assert out.replace("  ", " ") == "Happy to help. Anything else?"
    assert guard.withdrawn == [wrong]
    assert not guard.check().passed


@given(st.integers(1, 10**6), st.integers(1, 7))
def test_a_number_leaves_only_when_it_has_a_source(number: int, step: int):
    out, _ = left(f"It is {number} here.", step)
    assert bool(out.strip()) == (number in {30, 300, 1299, 42, 1})
