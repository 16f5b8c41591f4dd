"""Shapes of what would answer a question, and of what was put right."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from engine.answering.finding import LookUp
from engine.api.schemas.knowledge import PassageView
from engine.api.schemas.shared import View
from engine.domain.words import content_words
from engine.ports import ScoredPassage

__all__ = ["CorrectionRequest", "FoundPassage", "LookUpRequest", "LookUpView", "PinRequest", "PinView"]


class CorrectionRequest(View):
    """Which passage is to be left out or worded anew."""

    document: str = Field(max_length=100)
    """Id of its document."""
    position: int = Field(ge=0)
    """Its place in the document."""
    text: str | None = Field(None, max_length=100_000)
    """What it shall say; null to leave it out."""


class PinRequest(View):
    """A question and the shop's own answer."""

    questions: list[str] = Field(max_length=100)
    """The question in one or more wordings; other questions with the same telling words count too."""
    answer: str = Field(max_length=100_000)
    """What is answered, word for word."""


class PinView(View):
    """An answer that is given word for word."""

    id: str
    """Id of the pinned answer."""
    questions: tuple[str, ...]
    """The question in its wordings."""
    answer: str
    """What is answered."""
    created_at: datetime
    """When it was pinned."""


class LookUpRequest(View):
    """A question to look up."""

    question: str = Field(min_length=1, max_length=10_000)
    """As a shopper would ask it."""
    limit: int = Field(8, ge=1, le=50)
    """Most passages to answer."""


class FoundPassage(View):
    """A passage that was found for a question, and why."""

    passage: PassageView
    """The passage, as it was corrected."""
    score: float
    """By what the order is decided; comparable between questions."""
    similarity: float
    """How close it is in meaning, -1 to 1."""
    words: list[str]
    """Words of the question that it holds."""
    coverage: float
    """Share of the question's words that it holds, rare words counting more, 0 to 1."""

    @classmethod
    def of(cls, question: str, scored: ScoredPassage) -> FoundPassage:
        """The view of what was found."""
        passage = scored.passage
        held = content_words(" ".join((passage.title, *passage.headings, passage.text)))
        return cls(
            passage=PassageView.of(passage),
            score=round(scored.score, 4),
            similarity=round(scored.similarity, 4),
            words=sorted(content_words(question) & held),
            coverage=round(scored.coverage, 4),
        )


class LookUpView(View):
    """What would answer a question."""

    confidence: float
    """How sure it is that the passages hold the answer, 0 to 1."""
    least_confidence: float
    """Below it the assistant says that it does not know."""
    would_answer: bool
    """Whether it would answer at all."""
    pin: PinView | None
    """The shop's own answer, which is given whatever was found, or null."""
    passages: list[FoundPassage]
    """Best first."""
    left_out: list[FoundPassage]
    """What would have been found if it were not left out by a correction."""

    @classmethod
    def of(cls, question: str, found: LookUp) -> LookUpView:
        """The view of a look-up."""
        sure = bool(found.passages) and found.confidence >= found.least_confidence
        return cls(
            confidence=found.confidence,
            least_confidence=found.least_confidence,
            would_answer=found.pin is not None or sure,
            pin=None if found.pin is None else PinView.model_validate(found.pin),
            passages=[FoundPassage.of(question, scored) for scored in found.passages],
            left_out=[FoundPassage.of(question, scored) for scored in found.left_out],
        )
