"""How a question is looked up: slips mended, other languages glossed, talk joined."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.embedded.spelling import Spelling, words_of
from engine.answering.glossary import GLOSSED, gloss
from engine.answering.limits_in_rules import verdict
from engine.answering.scoring import in_context, rank
from tests.contracts.people import evidence

KNOWN = Spelling({"course": 3, "core": 9, "carrier": 4, "switch": 5, "account": 9, "hubs": 8, "opla": 2, "order": 9})


@pytest.mark.parametrize(
    ("text", "mended"),
    [("the corse on my acount", "the course on my account"),
     ("please swich on the carier", "please switch on the carrier"),
     ("it hums", "it hums"), ("the oplà order", "the oplà order"), ("order AB-1234x", "order AB-1234x"),
     ("why wont it switch", "why won't it switch"), ("", "")],
)  # fmt: skip
def test_slips_are_mended_and_known_words_are_not(text: str, mended: str):
    assert KNOWN.corrected(text) == mended


def test_another_language_is_no_slip():
    text = "Wann bekomme ich meine Bestellung geliefert"
    assert KNOWN.corrected(text) == text
    assert KNOWN.known(text) == 0.0
    assert KNOWN.known("order an account") == 1.0
    assert KNOWN.known("?") == 1.0


@given(st.text())
def test_mending_twice_changes_nothing_more(text: str):
    once = KNOWN.corrected(text)
    assert KNOWN.corrected(once) == once
    assert all(word == word.casefold() for word in words_of(text))


@pytest.mark.parametrize(
    ("language", "text", "english"),
    [("de", "Wie lange dauert die Lieferung?", "how long dauert the delivery?"),
     ("fr", "Combien de temps met GLS pour livrer en Italie ?", "how long GLS for deliver in italy ?"),
     ("es", "¿Qué tipo de tarjeta necesito?", "¿what type from card i need?"), ("sv", "Var är ni?", "Var är ni?")],
)  # fmt: skip
def test_shop_talk_is_glossed_and_names_stay(language: str, text: str, english: str):
    assert gloss(text, language) == english


@given(st.text(), st.sampled_from(GLOSSED))
def test_any_text_can_be_glossed(text: str, language: str):
    assert isinstance(gloss(text, language), str)


@pytest.mark.parametrize(
    ("question", "rule", "said"),
    [("is delivery free for a £62 order?", "Orders over £50 are sent free.", "yes"),
     ("do i pay postage on 28 pounds", "Delivery is £2.95, free from £30.", "yes"),
     ("do I have to pay delivery for €60", "Free delivery from €50.", "no"),
     ("is it free at £50?", "Free over £50.", "no"), ("is it free at £50?", "Free from £50.", "yes"),
     ("how much is delivery for £62?", "Free over £50.", None), ("is it free?", "Free over £50.", None),
     ("is £62 enough for free delivery", "Delivery costs £4.", None)],
)  # fmt: skip
def test_an_amount_is_held_against_the_rule(question: str, rule: str, said: str | None):
    assert verdict(question, rule) == said


def test_the_talk_lifts_what_the_message_alone_does_not_find():
    alone = rank(evidence("It is blue.", "We ship to Norway.", "We ship to Spain."))
    talk = rank([replace(item, similarity=0.95) if "Spain" in item.passage.text else item for item in alone])
    joined = in_context(alone, talk)
    assert {item.passage.id for item in joined} == {item.passage.id for item in alone}
    before = [item.passage.id for item in alone].index("d2:0")
    assert [item.passage.id for item in joined].index("d2:0") <= before
    assert in_context(alone, []) == alone
