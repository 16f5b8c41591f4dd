"""The extractive composer picks, joins and quotes; it says nothing of its own."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.adapters.embedded.extractive import (
    ExtractiveChatModel,
    join_neighbour,
    quote,
    relevant_facts,
    relevant_rows,
    shorten,
)  # fmt: skip
from engine.answering.markup import plain_text
from engine.ports import CompositionLimits, TextDelta
from tests.contracts.people import composed, evidence, request
from tests.engine.answering.test_guard import MUG


async def test_close_passages_are_shown_far_ones_are_not():
    asked = request("returns", "Returns take 30 days.", "Refunds take 5 days.", "We like tea.")
    far = replace(asked.evidence[2], score=0.1)
    text, finish = await composed(ExtractiveChatModel(), replace(asked, evidence=(*asked.evidence[:2], far)))
    assert text == "Returns take 30 days.\nRefunds take 5 days."
    assert [quote.passage for quote in finish.quotes] == ["d0:0", "d1:0"]


async def test_a_product_is_told_from_its_row():
    asked = request("price of the mug", "A mug for tea.", products=(MUG,))
    one = asked.evidence[0]
    asked = replace(asked, evidence=(replace(one, passage=replace(one.passage, product="p1")),))
    text, _ = await composed(ExtractiveChatModel(), asked)
    assert text.startswith("Blue mug costs €12.90.")


async def test_a_question_for_the_price_gets_the_price_and_no_more():
    tin = replace(MUG, variants=(), availability="in_stock")
    asked = request("How much is the blue mug?", "A mug for tea and coffee.", "Another passage.", products=(tin,))
    first = asked.evidence[0]
    asked = replace(asked, evidence=(replace(first, passage=replace(first.passage, product="p1")), asked.evidence[1]))
    text, finish = await composed(ExtractiveChatModel(), asked)
    assert text == "Blue mug costs €12.90 and is in stock."
    assert [quote.passage for quote in finish.quotes] == ["d0:0"]
    text, _ = await composed(ExtractiveChatModel(), replace(asked, question="What is the mug for?"))
    assert "tea and coffee" in text


async def test_an_answer_stays_within_its_words():
    long = " ".join(f"word{n}" for n in range(300))
    events = [e async for e in ExtractiveChatModel().stream(request("x", long), CompositionLimits(max_words=50))]
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert len(text.split()) == 51
    assert text.endswith("…")


def test_neighbours_are_joined_without_saying_anything_twice():
    first, second = (item.passage for item in evidence("One two. Three four.", "Three four. Five six."))
    second = replace(second, document=first.document, position=1)
    place, joined = join_neighbour([first], second)
    assert (place, joined.text) == (0, "One two. Three four. Five six.")
    assert join_neighbour([first], replace(second, document="other")) is None
    assert join_neighbour([first], replace(second, text="Nothing shared.")) is None


def test_only_the_rows_that_are_asked_for_are_kept():
    table = "| Germany | 6.90 |\n| France | 7.90 |\n| Spain | 8.90 |"
    assert relevant_rows(table, "delivery to France?") == "| France | 7.90 |"
    assert relevant_rows(table, "delivery?") == table


@pytest.mark.parametrize(
    ("markdown", "plain"),
    [("**Bold** and [a link](https://x.example) `code`", "Bold and a link code"),
     ("* item\n2. second", "- item\n- second"), ("# Heading\n---\ntext", "Heading\ntext"), ("2 * 3 * 4", "2 * 3 * 4")],
)  # fmt: skip
def test_markup_is_not_shown(markdown: str, plain: str):
    assert plain_text(markdown) == plain


def test_table_rows_become_words():
    assert plain_text("| France | 7.90 |", ("Country · Cost",)) == "Country: France, Cost: 7.90"
    assert plain_text("| France | 7.90 |", ()) == "France, 7.90"


def test_shorten_keeps_whole_sentences():
    assert shorten("One two three. Four five six. Seven.", 6) == "One two three. Four five six."


def test_a_rows_facts_are_told_by_what_is_asked():
    summary = "Blue mug; Kiln; Ceramics; Volume: 300 ml; Height: 9 cm; Material: Stoneware"
    assert relevant_facts(summary, "What material is it?") == "Material: Stoneware"
    assert relevant_facts(summary, "Tell me more") == "Volume: 300 ml, Height: 9 cm, Material: Stoneware"


def test_a_quote_is_the_line_that_was_asked_for_as_it_stands():
    item = evidence("We are happy to help you.\n* Returns take **30** days.")[0].passage
    assert quote(item, "How long do returns take?") == "Returns take **30** days."
    assert quote(replace(item, url="https://x.example"), "How long do returns take?") == "Returns take 30 days."
    rows = replace(item, text="| Germany | 6.90 |\n| France | 7.90 |")
    assert quote(rows, "delivery to France") == "| France | 7.90 |"
    assert quote(replace(rows, url="https://x.example"), "delivery to France") == "France 7.90"
    fact = replace(item, text="Blue mug; Kiln; Volume: 300 ml", product="d0", document="d0", title="Blue mug")
    assert quote(fact, "volume?") == "Blue mug"
