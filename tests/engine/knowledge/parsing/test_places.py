"""Passages know their page, their headings and the address that opens there."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.domain.knowledge import Document
from engine.knowledge.items import make_document
from engine.knowledge.pages.page import parse_page
from engine.knowledge.parsing.content import paged
from engine.knowledge.parsing.documents import parse_file
from engine.knowledge.passages import passages_of
from engine.llama.splitter import WindowSplitter
from tests.engine.knowledge.parsing.files import lines, pdf

NOW = datetime(2026, 11, 1, tzinfo=UTC)
PAGE = b"""<title>Delivery</title><main><h1>Delivery</h1><p>We send parcels every day, all year round, everywhere.</p>
<h2 id="cost">Costs</h2><p>Delivery is free of charge above fifty euro.</p>
<section id="when"><h2>Times</h2><p>It takes two days.</p></section>
<h2><a name="rule/1"></a>Rules</h2><p>A parcel weighs thirty kilos at most.</p>
<h3 id="one">Twice</h3><p>First of the two.</p><h3 id="two">Twice</h3><p>Second of the two.</p></main>"""


def document(text: str, **fields: object) -> Document:
    return make_document(source="s", item="i", title="T", text=text, now=NOW, **fields)  # type: ignore[arg-type]


def test_passage_of_a_pdf_knows_its_page_and_opens_there() -> None:
    pages = [lines(f"This is what page {n} says about parcels.") for n in "abc"]
    found = parse_file(pdf(*pages), "a.pdf")
    made = document(found.text, page_starts=found.page_starts, url="https://shop.example/terms.pdf")
    passages = list(passages_of(made, WindowSplitter(8)))
    assert [(passage.page, passage.url[-7:]) for passage in passages] == [
        (1, "#page=1"),
        (2, "#page=2"),
        (3, "#page=3"),
    ]
    assert made.url == "https://shop.example/terms.pdf"
    without = list(passages_of(document(found.text, page_starts=found.page_starts), WindowSplitter(8)))
    assert [(passage.page, passage.url) for passage in without] == [(1, ""), (2, ""), (3, "")]


def test_equal_sentences_on_two_pages_have_their_own_page() -> None:
    found = paged("", ["Same words here.", "", "Same words here."])
    passages = list(passages_of(document(found.text, page_starts=found.page_starts), WindowSplitter(3)))
    assert [passage.page for passage in passages] == [1, 3]


@pytest.mark.parametrize(
    ("words", "end"),
    [("every day", "/delivery"), ("free of charge", "#cost"), ("two days", "#when"), ("thirty kilos", "#rule/1"),
     ("First of", "#rule/1"), ("Second of", "#rule/1")],
)  # fmt: skip
def test_passage_of_a_page_opens_at_the_nearest_heading(words: str, end: str) -> None:
    page = parse_page(PAGE, "https://shop.example/delivery")
    made = document(page.text, anchors=page.anchors, url="https://shop.example/delivery")
    passage = next(found for found in passages_of(made, WindowSplitter(10)) if words in found.text)
    assert passage.url.endswith(end)
    assert passage.page is None


def test_anchors_are_written_safely_into_the_address() -> None:
    page = parse_page(
        '<main><h1>Hemd</h1><h2 id="größe">Größe</h2><p>Sie fällt klein aus.</p></main>'.encode(), "https://a.example/"
    )
    made = document(page.text, anchors=page.anchors, url="https://a.example/x")
    assert [found.url for found in passages_of(made, WindowSplitter())] == ["https://a.example/x#gr%C3%B6%C3%9Fe"]
    kept = document(page.text, anchors=page.anchors, url="https://a.example/x#own")
    assert [found.url for found in passages_of(kept, WindowSplitter())] == ["https://a.example/x#own"]


def test_heading_that_stands_twice_opens_nowhere() -> None:
    assert "Twice" not in parse_page(PAGE, "https://shop.example/delivery").anchors
