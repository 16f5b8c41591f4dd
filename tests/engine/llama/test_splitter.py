"""Passages stand literally in their document and know their headings."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.llama.splitter import LONGEST_UNIT, WindowSplitter

TEXT = """# Delivery

We ship on weekdays, e.g. on Monday. Parcels leave at 3 p.m. Is it urgent? Call us.

## Costs

| Country | Cost |
|---|---|
| France | 7.90 |
| Spain | 8.90 |

* Free above 50 EUR.
* Gift wrap 2.50 EUR.
"""


def test_headings_sentences_rows_and_items():
    found = WindowSplitter(8).split(TEXT)
    assert found[0] == (("Delivery",), "We ship on weekdays, e.g. on Monday.")
    assert (("Delivery", "Costs", "Country · Cost"), "| France | 7.90 |\n| Spain | 8.90 |") in found
    assert any("* Free above 50 EUR." in text for _, text in found)


def test_windows_overlap_by_one_sentence():
    texts = [text for _, text in WindowSplitter(6).split("One two three. Four five six. Seven eight nine.")]
    assert texts == ["One two three. Four five six.", "Four five six. Seven eight nine."]


def test_a_sentence_longer_than_any_is_cut_at_spaces():
    found = WindowSplitter().split("word " * 2000)
    assert len(found) > 3
    assert all(len(text) <= LONGEST_UNIT for _, text in found)


@settings(max_examples=200)
@given(st.text(alphabet="ab .!?\n#|-*1é。", max_size=400), st.integers(1, 30))
def test_every_passage_stands_literally_in_the_text(text: str, most: int):
    for headings, passage in WindowSplitter(most).split(text):
        assert passage.strip()
        assert passage in text
        assert all(headings)
