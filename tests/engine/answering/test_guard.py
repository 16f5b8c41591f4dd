"""No sentence leaves whose numbers, stock words or addresses are not borne out where it stands."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.answering.guard import AnswerGuard
from engine.domain.knowledge import Product, Variant
from engine.domain.money import Money
from tests.contracts.people import request

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def euros(amount: str) -> Money:
    """An amount."""
    return Money(Decimal(amount), "EUR")


MUG = Product(
    "p1", "s1", "Blue mug", "Holds 300 ml.", "https://shop.example/mug", NOW, price=euros("12.90"), sku="M-1",
    variants=(Variant("v1", "Large", Money(Decimal("1299"), "EUR"), options={"size": "XL 42"}),),
)  # fmt: skip
CUP = Product(
    "p2", "s1", "White cup", "Holds 200 ml.", "https://shop.example/cup", NOW, price=euros("9.50"), sku="C-7",
    availability="in_stock", was_price=euros("11.00"),
)  # fmt: skip
BOWL = Product(
    "p3", "s1", "Red bowl", "Holds 500 ml.", "https://shop.example/bowl", NOW, price=euros("20.00"), sku="B-2",
    availability="out_of_stock",
)  # fmt: skip
SHIRT = Product(
    "p4", "s1", "Linen shirt", "Woven in Ghent.", "https://shop.example/shirt", NOW, price=euros("40"),
    variants=(
        Variant("v1", "Small", euros("40"), "in_stock", sku="S-S", options={"Size": "Small"}),
        Variant("v2", "Large", euros("45"), "out_of_stock", sku="S-L", options={"Size": "Large"}),
    ),
)  # fmt: skip
TEXTS = (
    "Returns are accepted within 30 days. Refunds take 14 days. Write to help@shop.example or see "
    "https://shop.example/returns. Parcels may weigh up to 20 kg.",
    "Standard delivery to Germany costs 6.90 EUR and takes 2 to 4 working days. Delivery to France costs 7.90 EUR and "
    "takes 3-5 working days. Call us at +32 9 555 01 23.",
    "Our ceramics have a warranty of 24 months. Gift wrapping costs 2.50 EUR an order. Orders over £50 ship free. "
    "We are closed from 14 June to 20 June. The workshop is open Monday to Friday from 9:00.",
)
ROWS = (CUP, BOWL, SHIRT)


def left(text: str, question: str = "", step: int = 3, products: tuple[Product, ...] = ROWS) -> tuple[str, AnswerGuard]:
    """What leaves of a text that arrives in small pieces."""
    guard = AnswerGuard(request(question, *TEXTS, products=products))
    out = "".join(guard.feed(text[place : place + step]) for place in range(0, len(text), step))
    return out + guard.finish(), guard


def passed(guard: AnswerGuard, name: str) -> bool:
    """Whether a check held."""
    return next(check.passed for check in guard.checks() if check.name == name)


RIGHT = [
    "You have 30 days.",
    "You can return an item within thirty days.",
    "Our ceramics have a two-year warranty.",
    "Delivery to Germany costs €6.90 and takes 2–4 working days.",
    "Delivery to France costs 7,90 € and takes 3 to 5 working days.",
    "The White cup costs EUR 9.50 and is in stock.",
    "The White cup costs €9.50 (was €11.00).",
    "The White cup and the Red bowl cost €9.50 and €20.00.",
    "The White cup holds 200 ml.",
    "The Red bowl is not in stock.",
    "Delivery of the Red bowl to Germany costs €6.90.",
    "The Linen shirt costs €40.00 to €45.00.",
    "The Linen shirt in Large costs €45.00.",
    "The Linen shirt in Small is in stock.",
    "The SKU of the White cup is C-7.",
    "We are closed from June 14 to June 20.",
    "The workshop is open Monday to Friday from 9 am.",
    "Write to help@shop.example or call +32 9 555 01 23.",
    "See https://shop.example/returns for returns.",
    "Happy to help! Is there anything else you would like to know?",
]


@pytest.mark.parametrize("step", [3, 10_000])
@pytest.mark.parametrize("text", RIGHT)
def test_what_the_sources_say_leaves_unchanged(text: str, step: int):
    out, guard = left(text, step=step)
    assert out == text
    assert passed(guard, "numbers")
    assert passed(guard, "grounded")


@pytest.mark.parametrize(
    ("wrong", "token"),
    [("You have 31 days.", "31"), ("You have 14 days to return an item.", "14"),
     ("Returns are accepted within 20 days.", "20"), ("Refunds take 30 days.", "30"),
     ("Delivery to Germany costs 7.90 EUR.", "costs 7.90"),
     ("Delivery to Germany takes 2 to 5 working days.", "2 to 5"),
     ("Delivery to France takes 3-3 working days.", "3-3"), ("Our ceramics have a warranty of two months.", "two"),
     ("Our ceramics have a warranty of 24 days.", "24 days"), ("We are closed from 14 June to 21 June.", "21"),
     ("The workshop is open Monday to Saturday from 9:00.", "Saturday"), ("Call us at +32 9 555 01 24.", "24"),
     ("Write to evil@other.example.", "evil"), ("See https://evil.example/r.", "evil"),
     ("See https://shop.example/ret for returns.", "ret "), ("Take 50 % off with code MUG50.", "MUG50"),
     ("The White cup holds 500 ml.", "500"), ("The SKU of the White cup is B-2.", "is B-2"),
     ("The article number of the White cup is SKU 4.", "SKU 4"),
     ("The White cup is free.", "is free")],
)  # fmt: skip
@pytest.mark.parametrize("step", [3, 10_000])
def test_what_is_not_borne_out_is_withdrawn_and_the_rest_stays(wrong: str, token: str, step: int):
    out, guard = left(f"Happy to help. {wrong} Anything else?", step=step)
    assert token not in out
    assert out.startswith("Happy to help. ")
    assert "Anything else?" in out
    assert not passed(guard, "numbers")


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("The White cup costs €20.00 and is in stock.", "The White cup costs €9.50 and is in stock."),
     ("The White cup costs €11.00.", "The White cup costs €9.50."),
     ("The Red bowl costs €9.50, the White cup €20.00.", "The Red bowl costs €20.00, the White cup €9.50."),
     ("Yes, the Red bowl is in stock.", "The Red bowl is out of stock."),
     ("The White cup is sold out.", "The White cup is in stock."),
     ("The Linen shirt in Large costs €40.00.", "The Linen shirt in Large costs €45.00."),
     ("The Linen shirt in Large is in stock.", "The Linen shirt in Large is out of stock."),
     ("Die Red bowl ist auf Lager.", "Die Red bowl ist derzeit nicht auf Lager.")],
)  # fmt: skip
def test_a_wrong_price_or_stock_of_one_product_is_put_right_from_its_row(wrong: str, right: str):
    out, guard = left(wrong)
    assert out == right
    assert not passed(guard, "numbers")


def test_it_means_the_product_that_was_asked_about_or_named_before():
    assert left("It costs €20.00.", "How much is the white cup?")[0] == "It costs €9.50."
    assert left("It costs €6.90.", "How much is delivery to Germany?")[0] == "It costs €6.90."
    assert left("The Red bowl is lovely and red. It costs €9.50.")[0].endswith("It costs €20.00.")


def test_what_is_certain_is_said_in_the_place_of_what_was_withdrawn():
    out, _ = left("Returns are accepted within 14 days.")
    assert out.endswith("What is certain: “Returns are accepted within 30 days.”")
    out, _ = left("We have the Red bowl in stock.")
    assert out == "What is certain: Red bowl: €20.00, out of stock (as of 2026-01-01 00:00 UTC)."
    assert left("We ship to the moon for €1.00.")[0] == ""


def test_a_figure_of_the_shoppers_own_stands_only_beside_one_of_the_shop():
    question = "Is delivery free for an order of £62, and can I return within 90 days?"
    right = "Yes, your order of £62 ships free, since orders over £50 ship free."
    assert left(right, question)[0] == right
    assert "90" not in left("Yes, you can return within 90 days.", question)[0]


def test_the_beginning_of_a_long_sentence_leaves_before_its_number_is_there():
    guard = AnswerGuard(request("", *TEXTS, products=ROWS))
    early = "".join(
        guard.feed(f"{word} ")
        for word in ["Standard", "delivery", "to", "Germany", "usually", "costs", "only", "about"]
    )
    assert early.startswith("Standard delivery to")
    late = guard.feed("9.90 EUR. ") + guard.finish()
    assert "9.90" not in early + late
    assert "“Standard delivery to Germany costs 6.90 EUR and takes 2 to 4 working days.”" in late


def test_statements_without_a_source_are_withdrawn_and_counted():
    out, guard = left("Returns are accepted within 30 days. Monks in Tibet bless every parcel by hand.")
    assert out.strip() == "Returns are accepted within 30 days."
    grounded = next(check for check in guard.checks() if check.name == "grounded")
    assert (grounded.passed, grounded.detail) == (False, "1 of 2 sentences rest on a source. 1 withdrawn.")


def test_each_sentence_is_quoted_from_the_passage_it_rests_on():
    _, guard = left("Returns are accepted within 30 days. Our ceramics have a warranty of 24 months.")
    assert [quote.passage for quote in guard.quotes(())] == ["d0:0", "d2:0"]


@settings(deadline=None)
@given(st.integers(1, 10**6), st.integers(1, 7))
def test_a_duration_leaves_only_when_it_is_the_one_of_the_source(number: int, step: int):
    out, _ = left(f"Returns are accepted within {number} days.", step=step)
    assert (f" {number} days" in out) == (number == 30)


@settings(deadline=None)
@given(st.decimals(Decimal("0.01"), Decimal("9999"), places=2), st.sampled_from(("€{}", "{} €", "EUR {}", "{} EUR")))
def test_no_other_price_is_ever_said_of_a_product(amount: Decimal, form: str):
    out, _ = left(f"The White cup costs {form.format(amount)}.")
    assert (form.format(amount) in out) == (amount == Decimal("9.50"))
    assert "9.50" in out
