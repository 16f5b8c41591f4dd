"""A proposed test question, before it is chosen and kept."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from engine.domain.trial import CaseKind

__all__ = ["Proposal"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A question with what a right answer holds, and the words it was made from."""

    kind: CaseKind
    question: str
    evidence: str
    about: str
    """Page, product or table of words that it draws on: questions are spread over these."""
    fact: str
    """What it asks after: of two questions with the same fact one is enough."""
    expects: Literal["answer", "refusal"] = "answer"
    must_include: tuple[str, ...] = ()
    must_not_include: tuple[str, ...] = ()
    expected_source: str | None = None
    expected_product: str | None = None
    earlier: tuple[str, ...] = ()
    language: str = ""
    topic: str = ""
    """Name of a matter that every shop knows, where it is one: such a question can be said in other languages."""
    subject: str = ""
    """What the topic is asked of, such as a country."""
    standing: int = 0
    """0 where the shop itself asks the question; the more was guessed, the higher."""
