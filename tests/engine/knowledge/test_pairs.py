"""Questions and answers out of text, and into CSV and back."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.knowledge.pairs import QuestionAndAnswer, pairs_as_csv, read_pairs

WORDS = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40).map(str.strip).filter(bool)


@pytest.mark.parametrize(
    "text",
    [
        "question,answer\nOpen on Sunday?,No.\nParking?,Yes.",
        "Answer;Question\nNo.;Open on Sunday?\nYes.;Parking?",
        "Frage\tAntwort\nOpen on Sunday?\tNo.\nParking?\tYes.",
        "Open on Sunday?\tNo.\nParking?\tYes.",
        "Q: Open on Sunday?\nA: No.\nQ: Parking?\nA: Yes.",
        "question 1: Open on Sunday?\nanswer 1: No.\n\nquestion 2) Parking?\nanswer 2) Yes.",
        "Open on Sunday?\nNo.\n\n\nParking?\r\nYes.\n",
        "\ufeffquestion,answer\r\n\"Open on Sunday?\",\"No.\"\r\nParking?,Yes.\r\n",
    ],
)  # fmt: skip
def test_every_usual_way_of_writing_pairs_is_understood(text: str):
    read = read_pairs(text)
    assert read.pairs == (QuestionAndAnswer("Open on Sunday?", "No."), QuestionAndAnswer("Parking?", "Yes."))
    assert read.failures == ()


def test_an_answer_may_have_several_lines():
    text = "Q: Returns?\nA: Within 30 days.\n\nSend it back to us.\nQ: Gifts?\nA: Yes."
    assert read_pairs(text).pairs[0].answer == "Within 30 days.\n\nSend it back to us."


def test_blocks_may_be_written_each_in_its_own_way():
    text = "Parking?\nBehind the house.\n\nQ: Gifts?\nA: Wrapped.\n\nAlso in paper.\n\nBikes?\nYes.\n\nAn orphan?\n"
    read = read_pairs(text)
    assert [(pair.question, pair.answer) for pair in read.pairs] == [
        ("Parking?", "Behind the house."), ("Gifts?", "Wrapped.\n\nAlso in paper."), ("Bikes?", "Yes."),
    ]  # fmt: skip
    assert [failure.item for failure in read.failures] == ["line 12: An orphan?"]


def test_what_is_incomplete_is_named_by_line():
    read = read_pairs("question,answer\nOpen on Sunday?,\n,Yes.\nParking?,Yes.")
    assert [failure.item for failure in read.failures] == ["line 2: Open on Sunday?", "line 3: Yes."]
    assert len(read.pairs) == 1


def test_a_sentence_with_commas_is_no_table():
    assert read_pairs("Do you ship, wrap and insure?\nYes, yes, and yes.").pairs == (
        QuestionAndAnswer("Do you ship, wrap and insure?", "Yes, yes, and yes."),
    )


def test_nothing_gives_nothing_and_too_much_is_said():
    assert read_pairs("").pairs == ()
    assert read_pairs("a\n" * 30_000).failures[0].code == "too_large"


@pytest.mark.parametrize("text", ["=1", "'=1", "''=1", "'tis", "'-"])
def test_a_quote_before_a_formula_comes_back_as_it_was(text: str):
    pair = QuestionAndAnswer("What?", text)
    assert read_pairs(pairs_as_csv([pair])).pairs == (pair,)


@given(st.lists(st.builds(QuestionAndAnswer, WORDS, WORDS), min_size=1, unique_by=lambda pair: pair.question))
def test_csv_brings_back_what_was_put_in(pairs: list[QuestionAndAnswer]):
    assert read_pairs(pairs_as_csv(pairs)).pairs == tuple(pairs)


@given(st.text())
def test_no_text_breaks_it(text: str):
    read = read_pairs(text)
    assert all(pair.question and pair.answer for pair in read.pairs)
