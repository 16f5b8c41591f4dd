"""Test questions proposed from what a version of a bot has learned, by rule and without a language model.

Only the shop's pages and rows are read, never an answer of the assistant: choosing what it answers well would make
the test worthless. Never here: keeping cases, and deciding about them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from engine.domain.bot import Languages
from engine.domain.trial import TestCase
from engine.trials.generating.agreeing import agreed
from engine.trials.generating.choosing import chosen
from engine.trials.generating.comparisons import from_comparisons
from engine.trials.generating.follow_ups import follow_ups
from engine.trials.generating.headings import from_headings
from engine.trials.generating.lists import from_lists
from engine.trials.generating.material import Material, read_material
from engine.trials.generating.misspelt import misspelt
from engine.trials.generating.other_languages import in_other_languages
from engine.trials.generating.prices import from_prices
from engine.trials.generating.products import from_products
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.refusals import from_refusals
from engine.trials.generating.small_talk import from_small_talk
from engine.trials.generating.statements import from_statements
from engine.trials.generating.tables import from_tables

__all__ = ["GENERATORS", "Material", "Proposal", "proposals", "propose", "read_material"]

GENERATORS: tuple[Callable[[Material], Iterator[Proposal]], ...] = (
    from_headings,
    from_statements,
    from_lists,
    from_tables,
    from_products,
    from_prices,
    from_comparisons,
    from_refusals,
    from_small_talk,
)
"""What makes questions of a shop's knowledge. Follow-ups, slips and other languages are made of their questions."""


def proposals(material: Material, languages: Languages) -> list[Proposal]:
    """Every question that the shop's knowledge makes, each matter from the page that tells it first hand."""
    first = agreed(material, [proposal for generator in GENERATORS for proposal in generator(material)])
    return [
        *first,
        *follow_ups(material, first),
        *misspelt(material, first),
        *in_other_languages(material, languages, first),
    ]


def propose(material: Material, languages: Languages, known: Iterable[TestCase], most: int) -> list[Proposal]:
    """At most `most` new questions: deterministic, and never one that a known case asks, were it rejected."""
    return chosen(material, proposals(material, languages), known, most)
