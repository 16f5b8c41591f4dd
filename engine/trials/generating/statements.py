"""Questions made from sentences by rule: "Orders over 50 euros ship free" asks "From what amount is delivery free?"

A rule fires only on a sentence that says one thing in a known form; most sentences make no question, and that is
right: a question that nobody would ask costs a person's time. Never here: headings, tables, products.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.stems import stems
from engine.trials.generating.figures import DURATION, MONEY, TIME, amount_in, figure_in
from engine.trials.generating.material import Material, Page, Section, Statement
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.rules import RULES, Made
from engine.trials.generating.voice import has_vague_words

__all__ = ["from_statements"]

FEWEST_WORDS, MOST_WORDS = 4, 26
MOST_ASKED_WORDS = 18
SHOP_PAGES = frozenset({"policy", "faq", "help"})


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
                    yield from proposals(page, section, statement, made)


def asked_of(text: str) -> Iterator[Made]:
    """What one sentence is asked for by the first rule that knows its form."""
    told = re.sub(r"\s*\([^)]*\)", "", text).rstrip(" .!")
    if not FEWEST_WORDS <= len(told.split()) <= MOST_WORDS or told.endswith((":", "?")):
        return
    for rule in RULES:
        made = list(rule(told))
        if made:
            yield from made
            return


def proposals(page: Page, section: Section, statement: Statement, made: Made) -> Iterator[Proposal]:
    """The question, when it is clear by itself and belongs to the page."""
    if has_vague_words(made.question) or len(made.question.split()) > MOST_ASKED_WORDS:
        return
    if len(stems(made.question)) < made.least_words or not belongs(made, page, section):
        return
    yield Proposal(
        "policy",
        made.question,
        page.evidence(section.heading, statement.text),
        page.id,
        f"{page.id} {statement.text}",
        must_include=made.must_include,
        expected_source=page.place,
        topic=made.topic,
        subject=made.subject,
        standing=made.standing,
    )


def belongs(made: Made, page: Page, section: Section) -> bool:
    """Whether a shopper would know what is meant: pages of policy speak of the whole shop, others of one matter."""
    if page.kind in SHOP_PAGES or made.topic:
        return True
    matter = stems(f"{page.title} {section.heading}")
    return len(stems(made.question) & matter) >= (1 if figures(made) else 2)


def figures(made: Made) -> bool:
    """Whether a figure is asked for: that is rarely asked in vain."""
    return any(character.isdigit() for fact in made.must_include for character in fact)
