"""What a person of the shop answered a shopper, offered to the merchant as an answer of the assistant.

Never here: how the pairs are found.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["Personal", "Suggestion", "SuggestionEnd"]


@dataclass(frozen=True, slots=True)
class Personal:
    """Something in a text that may belong to one customer."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    kind: Literal["email", "phone", "number"]
    """An e-mail address, a telephone number, or a number such as that of an order."""
    text: str
    """As it stands there."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that a person answered."""

    id: str
    """That of the person's first message."""
    conversation: str
    question: str
    """As the shopper asked it."""
    answer: str
    """What the person said, their messages below each other."""
    member: str
    """E-mail address of who said it."""
    at: datetime


@dataclass(frozen=True, slots=True)
class SuggestionEnd:
    """That a suggestion is offered no more."""

    id: str
    merchant: str
    bot: str
    became: Literal["used", "dismissed"]
    by: str
    at: datetime
    schema: int = 1
