"""A small run of `bench.guard` on rows and passages of our own: right answers leave, changed ones do not."""

from __future__ import annotations

import random

import pytest

from bench.drafts import changed, passage_drafts, product_drafts
from bench.guard import leaves_wrong, through
from tests.contracts.people import evidence, request
from tests.engine.answering.test_guard import ROWS, TEXTS

ASKED = request("What can you tell me?", *TEXTS, products=ROWS)
DRAFTS = [draft for product in ROWS for draft in product_drafts(product, ASKED)]
DRAFTS += [draft for item in evidence(*TEXTS) for draft in passage_drafts(item.passage, ASKED)]


def test_there_are_drafts_of_rows_and_of_passages():
    assert sum(draft.product is not None for draft in DRAFTS) >= 12
    assert sum(draft.product is None for draft in DRAFTS) >= 12


@pytest.mark.parametrize("size", [0, 4])
def test_no_right_answer_is_touched(size: int):
    assert [draft.text for draft in DRAFTS if through(draft.text, draft, size)[0] != draft.text] == []


@pytest.mark.parametrize("size", [0, 4])
def test_no_answer_with_one_changed_token_leaves(size: int):
    chance = random.Random(5)
    made = [one for _ in range(4) for draft in DRAFTS if (one := changed(draft, chance)) is not None]
    assert len(made) >= 100
    assert {one.kind for one in made} >= {"number", "stock", "url", "date"}
    assert [one.text for one in made if leaves_wrong(one, through(one.text, one.draft, size)[0])] == []
