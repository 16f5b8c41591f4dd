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
    "PageShown",
    "ProductCard",
    "Reply",
    "Timings",
    "Turn",
]

Outcome = Literal["answered", "refused", "handed_off"]


@dataclass(frozen=True, slots=True)
class PageShown:
    """The page of the shop that a shopper looks at while they ask, as their browser says."""

    url: str
    title: str


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
    may_opt_out: bool = False
    """Whether the shopper can stop the assistant by a word, as messengers ask for."""
    page: PageShown | None = None
    """What is before the shopper: `this` may mean the product on it."""
    turn_id: str | None = None
    """Names the turn, where the same message may be asked again after a crash; a fresh one otherwise."""


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a statement comes from."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    title: str
    """Title."""
    url: str
    """Where a shopper can open it."""
    quote: str
    """Stands literally in the source."""
    source_id: str
    """Id of the source."""
    as_of: datetime
    """When this was read from the shop."""
    page: int | None = None
    """Page on which it stands, when the source has pages."""


@dataclass(frozen=True, slots=True)
class ProductCard:
    """A product as shown to a shopper, from its catalogue row."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    id: str
    """Id."""
    title: str
    """Title."""
    price: Money | None
    """Present price, or null when the shop states none."""
    was_price: Money | None
    """Price before a reduction, or null."""
    availability: Availability
    """Stock, as the shop states it."""
    url: str
    """Where a shopper can open it."""
    image_url: str
    """Address of a picture."""
    variant: str
    """Which variant is shown, or empty."""
    as_of: datetime
    """When this was read from the shop."""


@dataclass(frozen=True, slots=True)
class Check:
    """One check an answer went through before it left."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    name: str
    """Name."""
    passed: bool
    """Whether it held."""
    detail: str = ""
    """In words."""


@dataclass(frozen=True, slots=True)
class Timings:
    """Milliseconds from the start of the work."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    understand: float = 0.0
    """When the message was understood."""
    retrieve: float = 0.0
    """When passages were found."""
    first_token: float = 0.0
    """When the first words left."""
    total: float = 0.0
    """When the whole answer was there."""


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer, with all that shows where it comes from."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    conversation_id: str
    """Continue the conversation with it."""
    turn_id: str
    """Names this answer, for feedback."""
    text: str
    """The words."""
    language: str
    """ISO 639-1 code, or empty."""
    outcome: Outcome
    """`answered`, `refused` or `handed_off`."""
    citations: tuple[Citation, ...] = ()
    """Where the statements come from."""
    products: tuple[ProductCard, ...] = ()
    """Products shown with the answer."""
    checks: tuple[Check, ...] = ()
    """What was checked before it left."""
    timings_ms: Timings = field(default_factory=Timings)
    """Milliseconds from the start of the work."""
    model: str = ""
    """What composed the answer."""
    notice: str = ""
    """That an AI answers, in the shopper's language: to be shown above the first answer and after a day's silence."""


@dataclass(frozen=True, slots=True)
class Feedback:
    """What a shopper or tester thought of one answer."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    helpful: bool
    """Thumbs up or down."""
    comment: str = ""
    """Why, in the person's own words."""
    at: datetime | None = None
    """When."""


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
    owner: Literal["bot", "waiting", "person"] = "bot"
    """Who answers: the bot; the bot until a person has time; a person alone."""
    member: str = ""
    """Who took it over: a member's e-mail address, or a name from elsewhere such as `Ann (Slack)`."""
    member_key: str = ""
    """Tells people from elsewhere apart, whose names may be alike; empty for members."""
    reason: str = ""
    """Why a person was asked for: `asked`, `keyword`, `refused` or `upset`."""
    asked_at: datetime | None = None
    """When a person was asked for."""
    person_at: datetime | None = None
    """When the person took over, or wrote last."""
    refusals: int = 0
    """Answers in a row that were not found."""
    returned: bool = False
    """The bot took over again, and has not said so yet."""
    opted_out: bool = False
    """The shopper wants nothing of the bot in this messenger, until they say otherwise."""
    schema: int = 1
