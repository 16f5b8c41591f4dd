"""What the engine's API answers, as the studio reads it.

Never here: behaviour. Unknown fields are ignored, so that the engine may grow without breaking the studio.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from engine.domain.bot import Guardrails, Languages, Persona, Progress, ScheduledRelease, Theme, VersionStatus
from engine.domain.conversation import Check, Citation, Feedback, Outcome, ProductCard
from engine.domain.knowledge import Freshness, ItemFailure, SourceKind
from engine.domain.trial import CaseResult, GateReport, Metric

__all__ = [
    "AccessToken",
    "ApiKey",
    "Bot",
    "CaseResult",
    "Conversation",
    "FormField",
    "GateReport",
    "HeldReading",
    "Icon",
    "Insights",
    "Invite",
    "Mail",
    "Me",
    "Metric",
    "Page",
    "Rating",
    "Reply",
    "ResetAsked",
    "SessionToken",
    "Source",
    "SourceKindForm",
    "TestCase",
    "TrialRun",
    "Turn",
    "Version",
]

Item = TypeVar("Item")


class Record(BaseModel):
    """An answer of the API: read-only, and tolerant of fields it does not know."""

    model_config = ConfigDict(frozen=True, extra="ignore")


class Page(Record, Generic[Item]):
    """One page of a list."""

    items: tuple[Item, ...] = ()
    next_cursor: str | None = None


class AccessToken(Record):
    """A short-lived right to call the API."""

    access_token: str
    expires_in: float = 300


class SessionToken(Record):
    """What the session cookie holds."""

    session_token: str
    expires_at: datetime | None = None


class ResetAsked(Record):
    """What becomes of the wish for a new password."""

    delivers: bool
    detail: str


class Named(Record):
    """A shop or a member: something with an id, and a name or an e-mail."""

    id: str = ""
    name: str = ""
    email: str = ""
    role: str = ""
    plan: str = ""
    address: str = ""


class Me(Record):
    """Who is signed in, and to which shop."""

    member: Named = Named()
    merchant: Named = Named()
    role: str = ""
    plan: Any = ""


class Bot(Record):
    """A shop assistant as the merchant edits it."""

    id: str
    name: str
    created_at: datetime | None = None
    persona: Persona = Persona()
    guardrails: Guardrails = Guardrails()
    theme: Theme | None = None
    theme_overrides: dict[str, str] = Field(default_factory=dict)
    icon: str | None = None
    icon_url: str | None = None
    live: int | None = None
    previous: int | None = None
    paused: bool = False
    languages: Languages = "english"
    scheduled: ScheduledRelease | None = None
    schedule_note: str = ""

    @property
    def has_icon(self) -> bool:
        """Whether an icon was uploaded."""
        return bool(self.icon or self.icon_url)


class Icon(Record):
    """The answer to an uploaded icon."""

    icon_url: str = ""
    theme: Theme


class HeldReading(Record):
    """A reading that brought suspiciously less and waits for the merchant's word."""

    at: datetime
    documents: int = 0
    products: int = 0


class Source(Record):
    """Somewhere the bot's knowledge comes from."""

    id: str
    kind: SourceKind
    title: str = ""
    options: dict[str, Any] = Field(default_factory=dict)
    created_at: datetime | None = None
    freshness: Freshness = Freshness()
    documents: int = 0
    products: int = 0
    failures: tuple[ItemFailure, ...] = ()
    excluded_columns: tuple[str, ...] = ()
    schedule_minutes: int = 0
    is_reading: bool = False
    done: int = 0
    total: int = 0
    limit: int = 0
    asks_currency: bool = False
    held: HeldReading | None = None


class FormField(Record):
    """One field of the form that makes a source."""

    name: str
    label: str
    kind: Literal["url", "text", "long_text", "number", "pairs", "patterns"]
    help: str = ""
    required: bool = False
    default: Any = None


class SourceKindForm(Record):
    """A kind of source and the form that makes one."""

    kind: SourceKind
    label: str
    form: tuple[FormField, ...] = ()
    accepts: tuple[str, ...] = ()
    """Endings of files that can be uploaded for it."""


class Version(Record):
    """A trained copy of the bot."""

    number: int
    status: VersionStatus
    progress: Progress = Progress()
    failure: str | None = None
    created_at: datetime | None = None
    sealed_at: datetime | None = None
    documents: int = 0
    passages: int = 0
    products: int = 0
    languages: Languages = "english"
    fingerprint: str = ""
    origin: Literal["merchant", "sync"] = "merchant"
    replaces: int | None = None
    note: str = ""

    @property
    def is_busy(self) -> bool:
        """Whether it is being trained right now."""
        return self.status in {"queued", "training"}

    @property
    def can_answer(self) -> bool:
        """Whether its knowledge is complete and can be asked."""
        return self.status in {"ready", "testing", "passed", "rejected", "live", "retired"}


class Reply(Record):
    """An answer with all that shows where it comes from."""

    conversation_id: str = ""
    turn_id: str = ""
    text: str = ""
    language: str = ""
    outcome: Outcome = "answered"
    citations: tuple[Citation, ...] = ()
    products: tuple[ProductCard, ...] = ()
    checks: tuple[Check, ...] = ()
    timings_ms: dict[str, float] = Field(default_factory=dict)
    model: str = ""
    notice: str = ""


class TestCase(Record):
    """A question with what a right answer must and must not say."""

    __test__ = False

    id: str
    question: str
    expects: Literal["answer", "refusal"] = "answer"
    must_include: tuple[str, ...] = ()
    must_not_include: tuple[str, ...] = ()
    expected_source: str | None = None
    expected_product: str | None = None
    approved: bool = False
    origin: str = "written"
    evidence: str = ""
    kind: str = "own"
    earlier: tuple[str, ...] = ()
    language: str = ""


class TrialRun(Record):
    """One run of the approved cases."""

    id: str = ""
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    done: int = 0
    total: int = 0
    results: tuple[CaseResult, ...] = ()
    failure: str | None = None
    attempts: int = 1
    created_at: datetime | None = None
    finished_at: datetime | None = None
    summary: dict[str, Any] = Field(default_factory=dict)
    """Read by `studio.proof_records.Counts`."""

    @property
    def is_busy(self) -> bool:
        """Whether it still runs."""
        return self.status in {"queued", "running"}


class Invite(Record):
    """A person asked to try a version."""

    id: str
    email: str
    version: int | None = None
    status: Literal["open", "expired", "revoked"] = "open"
    link: str | None = None
    """Where the playground opens; known only right after the invite was made."""
    created_at: datetime | None = None
    expires_at: datetime | None = None
    opened_at: datetime | None = None
    ratings: int = 0
    questions: int = 0
    finished: bool = False
    """Whether the closing questions were answered."""
    mailed: bool = False
    """Whether a mail server took it; else the link is to be handed over."""
    mail_problem: str = ""


class Rating(Record):
    """A tester's opinion of one answer."""

    id: str = ""
    helpful: bool
    stars: int | None = None
    comment: str = ""
    question: str = ""
    answer: str = ""
    turn_id: str = ""
    tester: str = ""
    person: str = ""
    """The same in all ratings of one person."""
    brought_in: bool = False
    """Whether it came in a portable file, without what was asked."""
    at: datetime | None = None


class ApiKey(Record):
    """A key of the exported endpoints; `key` is present only right after it was made."""

    id: str
    kind: Literal["publishable", "secret"]
    prefix: str = ""
    origins: tuple[str, ...] = ()
    created_at: datetime | None = None
    key: str | None = None


class Turn(Record):
    """One question and its reply."""

    id: str
    question: str
    reply: Reply
    version: int | None = None
    at: datetime | None = None
    feedback: Feedback | None = None


class Conversation(Record):
    """A series of turns with one shopper."""

    id: str
    channel: str = ""
    started_at: datetime | None = None
    last_at: datetime | None = None
    first_question: str = ""
    last_outcome: str = "answered"
    test: bool = False
    turn_count: int = 0
    turns: tuple[Turn, ...] | None = None
    """Only in the detail."""


class Totals(Record):
    """Counts over the chosen time."""

    conversations: int = 0
    questions: int = 0
    answered: int = 0
    refused: int = 0
    helpful: int = 0
    unhelpful: int = 0
    p95_ms: float | None = None


class InsightPoint(Record):
    """Counts within one step of the series."""

    at: datetime
    questions: int = 0
    answered: int = 0
    refused: int = 0


class Unanswered(Record):
    """A question the bot had to refuse."""

    question: str
    at: datetime | None = None


class Insights(Record):
    """The dashboard's figures."""

    totals: Totals = Totals()
    series: tuple[InsightPoint, ...] = ()
    unanswered: tuple[Unanswered, ...] = ()


class Subscription(Record):
    """What the shop has subscribed to, as the payments vendor last said."""

    status: str
    period_end: datetime | None = None
    ends: bool = False
    as_of: datetime | None = None


class Billing(Record):
    """Whether this installation takes payments, and what the shop has."""

    connected: bool = False
    subscription: Subscription | None = None


class Mail(Record):
    """A mail this installation would have sent."""

    to: str = ""
    subject: str = ""
    text: str = ""
    at: datetime | None = None
