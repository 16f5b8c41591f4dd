"""A sentence taken apart: its claims, the words around them, and the product each claim is said of."""

from __future__ import annotations

from dataclasses import dataclass

from engine.answering.checking.claims import claims_in
from engine.answering.checking.grounds import without_claims
from engine.answering.checking.rows import Rows
from engine.answering.checking.subjects import Subject, subjects
from engine.answering.checking.values import Claim
from engine.answering.checking.words import content_words
from engine.domain.knowledge import Product

__all__ = ["Reading", "read"]


@dataclass(frozen=True, slots=True)
class Reading:
    """A sentence as it is judged."""

    text: str
    bare: str
    """The text with its claims blanked."""
    claims: tuple[Claim, ...]
    words: frozenset[str]
    subjects: dict[Claim, Subject]

    @property
    def options(self) -> str:
        """The text without amounts of money, in which a variant's size may be named."""
        return without_claims(self.text, [claim for claim in self.claims if claim.kind == "money"])


def read(text: str, rows: Rows, carried: Product | None) -> Reading:
    """Take a sentence apart. Numbers that are part of a product's name are no claims."""
    names = [(m.start, m.end) for m in rows.mentions(text)]
    exact = [(s, e) for s, e in names if any(text[s:e].casefold() == p.title.casefold() for p in rows.products)]
    claims = tuple(c for c in claims_in(text) if not any(s <= c.start and c.end <= e for s, e in exact))
    bare = without_claims(text, claims)
    return Reading(text, bare, claims, content_words(bare), subjects(text, bare, claims, rows, carried))
