"""Which pieces make up an answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.embedded.extractive import ExtractiveChatModel
from engine.adapters.embedded.reranker import MiniLmReranker
from engine.answering.excerpts import pieces_of
from engine.answering.scoring import judge, with_readings
from engine.answering.selection import candidates, names_pages, select, shortened
from engine.answering.stems import stems
from engine.ports import CompositionLimits, Excerpt, Reading, TextDelta
from tests.contracts.people import evidence, request

TEXT = "1. Sign in.\n2.\nPress Save. It takes 2 p.m. at most.\n```\ncode()\n```\n| a | b |\nVersion 1.8.19 is here."
PAGES = (
    "You have 60 days to send shoes back. Shoes with worn soles are sent back to you.",
    "Our own van brings bicycles to addresses near Norwich for £35. The box weighs nothing to speak of.",
    "We open at nine.",
)


def test_pieces_are_sentences_items_and_rows_without_code():
    assert pieces_of(TEXT) == [
        "1. Sign in.", "2. Press Save. It takes 2 p.m. at most.", "| a | b |", "Version 1.8.19 is here.",
    ]  # fmt: skip


@given(st.text())
def test_pieces_say_nothing_of_their_own(text: str):
    bare = "".join(text.split())
    assert all("".join(piece.split()) in bare for piece in pieces_of(text))


async def test_the_sentence_that_answers_comes_first_and_decides_how_sure_it_is():
    reranker = MiniLmReranker()

    async def judged(question: str):
        ranked = with_readings(question, evidence(*PAGES), await reranker.read(question, evidence(*PAGES)))
        pieces = candidates(question, ranked)
        readings = await reranker.read(question, [item.piece for item in pieces])
        return judge(question, ranked, select(question, pieces, readings))

    answered = await judged("how long can I think about whether I keep the shoes?")
    assert answered.excerpts[0].text == "You have 60 days to send shoes back."
    assert answered.confidence > 0.5
    assert (await judged("how heavy is the bicycle?")).confidence == 0.0, "no weight is stated"
    reranker.close()


def test_an_answer_keeps_to_its_words_and_leaves_out_what_is_far_behind():
    pieces = candidates(
        "how long can I keep shoes?", [replace(item, reading=Reading(0, 0, 0, 0)) for item in evidence(*PAGES)]
    )
    readings = [Reading(9.0 if "60 days" in item.piece.passage.text else -9.0, -1.0, 0, 0) for item in pieces]
    excerpts = select("how long can I keep shoes?", pieces, readings)
    assert [excerpt.text for excerpt in shortened(excerpts, 8)] == ["You have 60 days to send shoes back."]
    assert sum(len(excerpt.text.split()) for excerpt in shortened(excerpts, 40)) <= 40
    far = [replace(excerpts[0], reading=Reading(9, 5, 0, 0)), *(replace(e, score=-99.0) for e in excerpts[1:])]
    far = [far[0], *(replace(e, reading=Reading(-9, -9, 0, 0)) for e in far[1:])]
    assert shortened(far, 60) == far[:1]


def pieces_scoring(**scores: float) -> list[Excerpt]:
    """Pieces of one page in the order given, ten words each, best first."""
    texts = {name: " ".join([name, *["word"] * 8, "end."]) for name in scores}
    page = replace(evidence("")[0].passage, text=" ".join(texts.values()))
    found = [Excerpt(page, texts[name], score, Reading(0, 0, 0, 0)) for name, score in scores.items()]
    return sorted(found, key=lambda excerpt: -excerpt.score)


def names(chosen: Sequence[Excerpt]) -> list[str]:
    return [excerpt.text.split()[0] for excerpt in chosen]


def test_what_goes_on_is_taken_rather_than_what_stands_elsewhere():
    pieces = pieces_scoring(why=-3.0, how=0.0, then=-3.5, other=-3.1)
    assert names(shortened(pieces, 25)) == ["how", "then"]


def test_only_pieces_close_to_the_best_make_an_answer_longer_than_usual():
    close = pieces_scoring(one=0.0, two=-0.5, three=-1.0, four=-1.5, five=-1.6)
    assert names(shortened(close, 20)) == ["one", "two", "three", "four"], "twice twenty words"
    loose = pieces_scoring(one=0.0, two=-3.5, three=-4.0, four=-4.5, five=-4.6)
    assert names(shortened(loose, 20)) == ["one", "two"]


def test_an_announcement_stands_only_before_what_it_announces():
    page = evidence("Choose a size. To return it: Print the label. Send it.")[0].passage
    scores = {"Choose a size.": 0.0, "To return it:": -1.0, "Print the label.": -9.0, "Send it.": -9.5}
    pieces = [Excerpt(page, text, score, Reading(0, 0, 0, 0)) for text, score in scores.items()]
    assert [piece.text for piece in shortened(pieces, 60)] == ["Choose a size."]
    nearer = [replace(piece, score=max(piece.score, -2.0)) for piece in pieces]
    assert [piece.text for piece in shortened(nearer, 60)][:3] == [
        "Choose a size.",
        "To return it:",
        "Print the label.",
    ]


def test_a_list_of_links_is_no_answer():
    titles = {"a": stems("Returns"), "b": stems("Delivery and warranty")}
    assert names_pages("Delivery Warranty", "a", titles)
    assert not names_pages("Delivery takes 3 days.", "a", titles)
    assert not names_pages("English Italian", "a", titles)


async def test_the_composer_joins_pieces_in_their_order_and_says_yes_where_a_rule_does():
    asked = request("is delivery free for a £62 order?", "Delivery is £4. Orders over £50 are sent free. We pack well.")
    pieces = candidates(asked.question, [replace(item, reading=Reading(0, 0, 0, 0)) for item in asked.evidence])
    excerpts = select(asked.question, pieces, [Reading(float(-n), 1.0, 0, 0) for n in (1, 0, 9)])
    events = [
        event
        async for event in ExtractiveChatModel().stream(
            replace(asked, excerpts=excerpts), CompositionLimits(max_words=10)
        )
    ]
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert text == "Yes.\nDelivery is £4. Orders over £50 are sent free."
    assert events[-1].quotes[0].text in asked.evidence[0].passage.text


def test_a_short_answer_to_another_question_and_a_bare_price_are_no_pieces():
    gift = evidence("Yes.", "€5.90 – €23.50 In stock", "We wrap every gift in paper for 3 EUR.")
    asked = [replace(item, passage=replace(item.passage, headings=("Can I collect it?",))) for item in gift]
    read = [replace(item, reading=Reading(0, 0, 0, 0)) for item in asked]
    assert [item.piece.passage.text for item in candidates("do you wrap?", read)] == [
        "We wrap every gift in paper for 3 EUR."
    ]
    assert "Yes." in [item.piece.passage.text for item in candidates("is it free to collect?", read)]


async def test_a_product_is_told_by_the_fact_that_was_asked_for():
    asked = request("how heavy is the tray?", "Tray; Size: 34 cm; Weight: 1.4 kg; Material: Clay", "- Weight: 1.4 kg")
    items = [
        replace(
            item, reading=Reading(0, 0, 0, 0), passage=replace(item.passage, document="p1", product="p1", title="Tray")
        )
        for item in asked.evidence
    ]
    pieces = candidates(asked.question, items)
    excerpts = select(asked.question, pieces, [Reading(float(-n), 1.0, 0, 0) for n in range(len(pieces))])
    events = [
        event async for event in ExtractiveChatModel().stream(replace(asked, excerpts=excerpts), CompositionLimits())
    ]
    assert "".join(event.text for event in events if isinstance(event, TextDelta)) == "Tray: Weight: 1.4 kg"
