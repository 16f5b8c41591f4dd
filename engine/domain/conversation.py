"""Conversations between a shopper and a bot: what is asked, what is answered, and how it was received."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain.knowledge import Availability
from engine.domain.money import Money

__all__ = [
    "Ask",
    "Check",
    "Citation",
    "Conversation",
    "Feedback",
    "Outcome",
    "ProductCard",
    "Reply",
    "Timings",
    "Turn",
]

Outcome = Literal["answered", "refused", "handed_off"]


@dataclass(frozen=True, slots=True)
class Ask:
    """A shopper's message to one bot."""

    text: str
    conversation_id: str | None = None
    """Continues that conversation; a new one begins when absent."""
    channel: str = "api"
    """Where it came from: `widget`, `playground`, `openai`, `studio`, `trial`, ..."""
    shopper: str = ""
    """Opaque id of the shopper on that channel."""
    history: tuple[tuple[str, str], ...] = ()
    """Earlier (question, answer) pairs when the caller keeps the conversation itself."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from."""

    title: str
    url: str
    quote: str
    """Stands literally in the source."""
    source_id: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as shown to a shopper, from its catalogue row."""

    id: str
    title: str
    price: Money | None
    was_price: Money | None
    availability: Availability
    url: str
    image_url: str
    variant: str
    as_of: datetime


@dataclass(frozen=True, slots=True)
class Check:
    """One check an answer went through before it left."""

    name: str
    passed: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the start of the work."""

    understand: float = 0.0
    retrieve: float = 0.0
    first_token: float = 0.0
    total: float = 0.0


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, with all that shows where it comes from."""

    conversation_id: str
    turn_id: str
    text: str
    language: str
    outcome: Outcome
    citations: tuple[Citation, ...] = ()
    products: tuple[ProductCard, ...] = ()
    checks: tuple[Check, ...] = ()
    timings_ms: Timings = field(default_factory=Timings)
    model: str = ""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a shopper or tester thought of one answer."""

    helpful: bool
    comment: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Turn:
    """One question and its reply, as recorded."""

    id: str
    merchant: str
    bot: str
    conversation: str
    version: int
    channel: str
    question: str
    reply: Reply
    at: datetime
    feedback: Feedback | None = None
    invite: str = ""
    """The tester's invite when the turn was made in the playground."""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Conversation:
    """A series of turns with one shopper on one channel."""

    id: str
    merchant: str
    bot: str
    channel: str
    shopper: str
    started_at: datetime
    last_at: datetime
    turns: int = 0
    first_question: str = ""
    last_outcome: Outcome = "answered"
    test: bool = False
    """True for the studio, the playground and trials: not counted as shoppers."""
    schema: int = 1
