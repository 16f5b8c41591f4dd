"""Questions made from sentences by rule: "Orders over 50 euros ship free" asks "From what amount is delivery free?"

A rule fires only on a sentence that says one thing in a known form; most sentences make no question, and that is
right: a question that nobody would ask costs a person's time. Never here: headings, tables, products.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.stems import stems
from engine.trials.generating.clearness import is_clear
from engine.trials.generating.figure_rules import FIGURE_RULES
from engine.trials.generating.made import Made
from engine.trials.generating.material import Material, Page, Section, Statement
from engine.trials.generating.promise_rules import PROMISE_RULES
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.voice import has_vague_words

__all__ = ["from_statements"]

FEWEST_WORDS, MOST_WORDS = 4, 26
MOST_ASKED_WORDS = 18


def from_statements(material: Material) -> Iterator[Proposal]:
    """Cases from single sentences of pages that are not a product's own."""
    for page in material.pages:
        if page.product:
            continue
        for section in page.sections:
            if section.heading.endswith("?"):
                continue  # its sentences answer that question, and mean little without it
            for statement in section.statements:
                for made in asked_of(statement.text):
                    yield from proposals(material, page, section, statement, made)


def asked_of(text: str) -> Iterator[Made]:
    """What one sentence is asked for by the first rule that knows its form."""
    told = re.sub(r"\s*\([^)]*\)", "", text).rstrip(" .!")
    if not FEWEST_WORDS <= len(told.split()) <= MOST_WORDS or told.endswith((":", "?")):
        return
    for rule in (*FIGURE_RULES, *PROMISE_RULES):
        made = list(rule(told))
        if made:
            yield from made
            return


def proposals(material: Material, page: Page, section: Section, statement: Statement, made: Made) -> Iterator[Proposal]:
    """The question, when it is clear by itself and belongs to the page."""
    if has_vague_words(made.question) or len(made.question.split()) > MOST_ASKED_WORDS:
        return
    if len(stems(made.question)) < made.least_words or not (made.topic or is_clear(material, made.question, page)):
        return
    yield Proposal(
        "policy",
        made.question,
        page.evidence(section.heading, statement.text),
        page.id,
        f"{page.id} {statement.text}",
        must_include=made.must_include,
        must_not_include=made.must_not_include,
        expected_source=page.place,
        topic=made.topic,
        subject=made.subject,
        standing=made.standing,
    )
