"""What kind of value is asked for, and whether a text states one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.answering.expectations import KINDS, STRICT, expected_kinds, lacks, states, valued


@pytest.mark.parametrize(
    ("question", "kind"),
    [("how heavy is the wardrobe?", "weight"), ("How much does it weigh in grams", "weight"),
     ("how much is delivery", "money"), ("what does a tin of cream cost", "money"),
     ("was kostet der Versand?", "money"),
     ("how long does delivery take", "duration"), ("fedex to hawaii how long", "duration"),
     ("for how many years is it valid", "duration"), ("how long is the cable", "length"),
     ("bluetooth range in meters", "length"), ("how tall is the shaft", "length"),
     ("what is the phone number of your service?", "phone"), ("how many people fit in", "count"),
     ("Is it sold with 2 or 4 GB of memory?", "storage"), ("Combien de temps pour livrer ?", "duration")],
)  # fmt: skip
def test_the_kind_of_value_asked_for_is_told(question: str, kind: str):
    assert expected_kinds(question)[0] == kind


@pytest.mark.parametrize("question", ["can I return it?", "where are you", "new email address, where do I put it", ""])
def test_a_question_for_no_value_expects_none(question: str):
    assert not set(expected_kinds(question)) & STRICT


def test_a_text_without_such_a_value_is_no_answer():
    assert lacks("how heavy is it?", ["The board is small.", "It costs 5 EUR."])
    assert not lacks("how heavy is it?", ["It weighs 20 g."])
    assert not lacks("is it heavy?", ["It is small."])


def test_yes_or_no_needs_no_value_unless_one_of_two_is_asked_for():
    assert not lacks("is VAT in the price for someone in Norway?", ["Prices for Norway include VAT."])
    assert lacks("should the milk be at 60 or 65 degrees", ["Warm the milk."])
    assert lacks("do you know how heavy it is?", ["The board is small."])
    assert not lacks("mini lost power mid print", ["Press Resume."])


def test_a_value_counts_as_far_as_its_text_speaks_of_what_is_asked():
    texts = ["Delivery takes three days.", "Creams keep twelve months."]
    assert valued("how long do creams keep?", texts, lambda text: 1.0 if "Creams" in text else 0.25) == 1.0
    assert valued("how long do creams keep?", texts[:1], lambda _: 0.25) == 0.25
    assert valued("how many students per box?", ["At most 24 students."], lambda _: 1.0) == 1.0
    assert valued("how many questions are there?", ["It has 24 students."], lambda _: 1.0) == 0.0
    assert valued("is it open?", [], lambda _: 0.0) == 1.0


@pytest.mark.parametrize(
    ("kind", "text"),
    [("money", "£3.95"), ("money", "costs 12 euros"), ("money", "is sent free of charge"),
     ("duration", "2–5 business days"),
     ("duration", "two to three working days"), ("duration", "thirty (30) days"), ("length", "ten metres"),
     ("weight", "0.4 kg"), ("temperature", "70 to 80 °C"), ("clock", "9 am"), ("phone", "+44 20 7946 0018")],
)  # fmt: skip
def test_values_are_recognised_as_shops_write_them(kind: str, text: str):
    assert states(text, kind)


@given(st.text())
def test_any_text_can_be_asked_about(text: str):
    assert set(expected_kinds(text)) <= set(KINDS)
    lacks(text, [text])
