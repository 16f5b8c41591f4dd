"""Shapes of what people of the shop answered, offered as answers of the assistant."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from engine.answering.personal import personal_in
from engine.api.schemas.shared import View
from engine.domain.suggestion import Personal, Suggestion

__all__ = ["SuggestionUse", "SuggestionView"]


class SuggestionView(View):
    """A question that a person answered."""

    id: str
    """Id."""
    conversation: str
    """Id of the conversation."""
    question: str
    """As the shopper asked it."""
    answer: str
    """What the person said."""
    member: str
    """Who said it."""
    at: datetime
    """When."""
    personal: tuple[Personal, ...]
    """What in both may belong to one customer: take it out before everybody reads it."""

    @classmethod
    def of(cls, suggestion: Suggestion) -> SuggestionView:
        """The view of the record."""
        names = ("id", "conversation", "question", "answer", "member", "at")
        shown = {name: getattr(suggestion, name) for name in names}
        return cls(**shown, personal=personal_in(suggestion.question, suggestion.answer))


class SuggestionUse(View):
    """A suggestion as it was edited."""

    questions: list[str] = Field(max_length=100)
    """The question in one or more wordings."""
    answer: str = Field(max_length=100_000)
    """What is answered, word for word."""
    checked: bool = False
    """That a person has checked: no number or address in it belongs to one customer."""
