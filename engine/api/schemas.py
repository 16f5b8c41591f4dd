"""Shapes of requests and answers that differ from the records behind them."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Generic, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field

from engine.domain.bot import Bot, BotVersion, Guardrails, Persona, Progress, Theme, VersionStatus
from engine.domain.conversation import Conversation, Feedback, Outcome, Reply, Turn
from engine.domain.knowledge import (
    Freshness,
    ItemFailure,
    LearnedDocument,
    PageKind,
    Passage,
    Source,
    SourceKind,
)
from engine.domain.merchant import ApiKey, KeyKind, Role
from engine.domain.trial import CaseResult, Invite, TestCase, TrialRun
from engine.records import Listing

Item = TypeVar("Item")


class View(BaseModel):
    """A shape of the API: fields are described by the text below them."""

    model_config = ConfigDict(use_attribute_docstrings=True, from_attributes=True, extra="forbid")


class Items(View, Generic[Item]):
    """One page of a list."""

    items: list[Item]
    """The items of this page."""
    next_cursor: str | None = None
    """Where to go on; null at the end."""


def page(listing: Listing[Any], shape: Any) -> dict[str, Any]:
    """A listing as the body of an answer."""
    return {"items": [shape(item) for item in listing.items], "next_cursor": listing.cursor}


# --- accounts


class SignUp(View):
    """A new shop and its owner."""

    email: str = Field(max_length=320)
    """The owner's e-mail address."""
    password: str = Field(max_length=1000)
    """At least 8 characters."""
    shop_name: str = Field(max_length=500)
    """Name of the shop."""


class MerchantView(View):
    """A shop's account."""

    id: str
    """Id of the merchant."""
    name: str
    """Name of the shop."""
    plan: str
    """The plan it is on."""
    created_at: datetime
    """When it signed up."""


class MemberView(View):
    """A person who may sign in."""

    id: str
    """Id of the member."""
    email: str
    """E-mail address, lower case."""
    role: Role
    """What the member may do."""
    created_at: datetime
    """When the member was added."""


class TokenView(View):
    """Fresh tokens."""

    access_token: str
    """JWT for the `Authorization: Bearer` header."""
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a word of RFC 6749
    """Always `bearer`."""
    expires_in: int
    """Life of the access token, seconds."""
    refresh_token: str | None = None
    """Single use: exchange it for new tokens. Null for browser sessions."""


class SignedUp(TokenView):
    """The new account with its first tokens."""

    merchant: MerchantView
    """The shop."""
    member: MemberView
    """Its owner."""


class Me(View):
    """Who is signed in."""

    member: MemberView
    """The person."""
    merchant: MerchantView
    """The shop."""
    role: Role
    """What the member may do."""
    plan: str
    """The shop's plan."""
    entitlements: dict[str, int]
    """What the plan allows."""


class BrowserSession(View):
    """A session for a browser's HttpOnly cookie."""

    session_token: str
    """Exchange it for access tokens with `grant_type=session`."""
    expires_at: datetime
    """When it ends in any case."""


class SessionToken(View):
    """Names a browser session."""

    session_token: str = Field(max_length=500)
    """The session's token."""


class ResetRequest(View):
    """Asks for a new password."""

    email: str = Field(max_length=320)
    """Address of the account."""


class ResetConfirmation(View):
    """Sets a new password."""

    token: str = Field(max_length=200)
    """The code from the mail."""
    password: str = Field(max_length=1000)
    """The new password."""


class MailView(View):
    """A message this installation wrote."""

    to: str
    """Address."""
    subject: str
    """Subject."""
    text: str
    """Body."""
    at: datetime
    """When it was written."""
    facts: dict[str, str]
    """Links and codes in it."""


# --- bots


class BotName(View):
    """A new bot."""

    name: str = Field(max_length=500)
    """Name of the shop or the assistant, shown to shoppers."""


class PersonaChange(View):
    """Parts of the persona to replace."""

    assistant_name: str | None = Field(None, min_length=1, max_length=60)
    """Name the assistant gives."""
    greeting: str | None = Field(None, min_length=1, max_length=500)
    """First words of every conversation."""
    tone: Literal["friendly", "formal", "concise"] | None = None
    """How it speaks."""
    instructions: str | None = Field(None, max_length=4000)
    """Guidance for a language model."""
    example_questions: tuple[str, ...] | None = Field(None, max_length=8)
    """Questions offered to shoppers."""


class GuardrailsChange(View):
    """Parts of the guardrails to replace."""

    refusal_text: str | None = Field(None, min_length=1, max_length=500)
    """What it says when it does not know."""
    contact_text: str | None = Field(None, max_length=500)
    """Where a person can be reached."""
    fall_back_to_extractive: bool | None = None
    """Whether the extractive composer steps in for a failing language model."""
    refusal_threshold: float | None = Field(None, ge=0, le=1)
    """Confidence below which it refuses; null for the measured default."""


class BotChange(View):
    """Parts of a bot's draft to replace."""

    name: str | None = Field(None, max_length=500)
    """Name shown to shoppers."""
    persona: PersonaChange | None = None
    """How it presents itself; takes effect with the next version."""
    guardrails: GuardrailsChange | None = None
    """What it does at the edges of its knowledge; takes effect with the next version."""
    theme_overrides: dict[str, str] | None = None
    """Palette field to `#rrggbb`; takes effect at once, as far as contrast allows."""


class BotView(View):
    """A shop assistant."""

    id: str
    """Id of the bot."""
    name: str
    """Name shown to shoppers."""
    created_at: datetime
    """When it was made."""
    persona: Persona
    """How it presents itself: the draft."""
    guardrails: Guardrails
    """What it does at the edges of its knowledge: the draft."""
    theme: Theme | None
    """Its look."""
    theme_overrides: dict[str, str]
    """Colours the merchant wished."""
    icon_url: str | None
    """Address of the icon, or null."""
    live: int | None
    """Number of the version shoppers meet, or null."""
    previous: int | None
    """Number of the version that a rollback returns to, or null."""
    paused: bool
    """Whether it is paused for shoppers."""

    @classmethod
    def of(cls, bot: Bot) -> BotView:
        """The view of a record."""
        url = None if bot.icon is None else f"/v1/bots/{bot.id}/icon.png?v={bot.icon[:12]}"
        return cls(
            id=bot.id,
            name=bot.name,
            created_at=bot.created_at,
            persona=bot.persona,
            guardrails=bot.guardrails,
            theme=bot.theme,
            theme_overrides=bot.theme_overrides,
            icon_url=url,
            live=bot.live,
            previous=bot.previous,
            paused=bot.paused,
        )


class IconView(View):
    """An icon and the look made from it."""

    icon_url: str
    """Address of the cleaned icon."""
    theme: Theme
    """Light and dark palettes that meet WCAG 2.2 AA."""


# --- knowledge


class FaqPair(View):
    """A question and its answer."""

    question: str
    """As a shopper asks it."""
    answer: str
    """What the shop says."""


class SourceRequest(BaseModel):
    """A new source: its kind, and the fields of that kind's form (see `GET /v1/source_kinds`)."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    kind: SourceKind
    """Which kind of source."""
    url: str | None = None
    """Website and feed: the address."""
    max_pages: int | None = None
    """Website: most pages to read."""
    max_depth: int | None = None
    """Website: most links away from the first page."""
    include: list[str] | str | None = None
    """Website: patterns of addresses to read; all when empty."""
    exclude: list[str] | str | None = None
    """Website: patterns of addresses to leave out."""
    title: str | None = None
    """Text: its title."""
    text: str | None = None
    """Text: what the bot shall know."""
    pairs: list[FaqPair] | None = None
    """Answers: questions with their answers."""


class SourceView(View):
    """Somewhere knowledge comes from."""

    id: str
    """Id of the source."""
    kind: SourceKind
    """Which kind."""
    title: str
    """As the merchant knows it."""
    options: dict[str, Any]
    """What it was made with."""
    created_at: datetime
    """When it was added."""
    freshness: Freshness
    """When it was last read, and with what result."""
    documents: int
    """Documents found at the last reading."""
    products: int
    """Products found at the last reading."""
    failures: tuple[ItemFailure, ...]
    """Items that could not be learned, with the reason."""

    @classmethod
    def of(cls, source: Source) -> SourceView:
        """The view of a record; where a file is kept stays inside."""
        options = {name: value for name, value in source.options.items() if name != "blob"}
        return cls(
            id=source.id,
            kind=source.kind,
            title=source.title,
            options=options,
            created_at=source.created_at,
            freshness=source.freshness,
            documents=source.documents,
            products=source.products,
            failures=source.failures,
        )


class FormFieldView(View):
    """One field of a form."""

    name: str
    """Name in the request."""
    label: str
    """Words beside it."""
    kind: str
    """How it is entered."""
    help: str
    """What to know."""
    required: bool
    """Whether it must be filled."""
    default: Any
    """Value when it is left out."""


class SourceKindView(View):
    """A kind of source, and its form."""

    kind: SourceKind
    """Name in requests."""
    label: str
    """Words for a shop owner."""
    form: list[FormFieldView]
    """Its fields."""


class DocumentView(View):
    """A page or file the bot knows."""

    id: str
    """Id of the document."""
    source: str
    """Id of its source."""
    title: str
    """Its title."""
    url: str
    """Where it can be opened."""
    fetched_at: datetime
    """When it was read."""
    language: str
    """ISO 639-1, or empty."""
    kind: PageKind
    """Which kind of page."""
    passages: int
    """How many passages it holds."""

    @classmethod
    def of(cls, document: LearnedDocument) -> DocumentView:
        """The view of a record."""
        return cls(
            id=document.id,
            source=document.source,
            title=document.title,
            url=document.url,
            fetched_at=document.fetched_at,
            language=document.language,
            kind=document.kind,
            passages=document.passages,
        )


class PassageView(View):
    """A quotable piece of a document."""

    id: str
    """Id of the passage."""
    position: int
    """Its place in the document."""
    headings: tuple[str, ...]
    """Headings above it."""
    text: str
    """Literally as in the document."""

    @classmethod
    def of(cls, passage: Passage) -> PassageView:
        """The view of a record."""
        return cls(id=passage.id, position=passage.position, headings=passage.headings, text=passage.text)


# --- versions


class VersionView(View):
    """A frozen copy of the bot with what it learned."""

    number: int
    """Number of the version."""
    status: VersionStatus
    """Where it is in its life."""
    progress: Progress
    """How far its training has come."""
    failure: str | None
    """Why training ended without a result."""
    created_at: datetime
    """When it was asked for."""
    sealed_at: datetime | None
    """When it became ready."""
    documents: int
    """Documents it knows."""
    passages: int
    """Passages it knows."""
    products: int
    """Products it knows."""
    reused_passages: int
    """Passages taken over from an earlier version."""
    embedder: str
    """Model behind the search by meaning."""
    fingerprint: str
    """SHA-256 over configuration and knowledge."""

    @classmethod
    def of(cls, version: BotVersion) -> VersionView:
        """The view of a record."""
        return cls.model_validate({name: getattr(version, name) for name in cls.model_fields})


class AskRequest(View):
    """A question to one version."""

    text: str = Field(max_length=100_000)
    """The shopper's words."""
    conversation_id: str | None = Field(None, max_length=100)
    """Continues that conversation."""
    stream: bool = False
    """Answer as server-sent events."""


# --- tests


class CaseRequest(View):
    """A test case."""

    question: str = Field(max_length=5000)
    """What is asked."""
    expects: Literal["answer", "refusal"] = "answer"
    """Whether a right reply answers or refuses."""
    must_include: tuple[str, ...] = Field((), max_length=20)
    """Each must occur in the answer."""
    must_not_include: tuple[str, ...] = Field((), max_length=20)
    """None may occur in the answer."""
    expected_source: str | None = None
    """Id, address or title of a source that must be cited."""
    expected_product: str | None = None
    """Id or title of a product that must be shown."""
    approved: bool = False
    """Only approved cases count."""


class CaseChange(View):
    """Parts of a test case to replace."""

    question: str | None = Field(None, max_length=5000)
    """What is asked."""
    expects: Literal["answer", "refusal"] | None = None
    """Whether a right reply answers or refuses."""
    must_include: tuple[str, ...] | None = Field(None, max_length=20)
    """Each must occur in the answer."""
    must_not_include: tuple[str, ...] | None = Field(None, max_length=20)
    """None may occur in the answer."""
    expected_source: str | None = None
    """Id, address or title of a source that must be cited; null for any."""
    expected_product: str | None = None
    """Id or title of a product that must be shown; null for any."""
    approved: bool | None = None
    """Only approved cases count."""


class CaseView(CaseRequest):
    """A test case as kept."""

    id: str
    """Id of the case."""
    origin: Literal["generated", "written", "conversation"]
    """Where it came from."""
    evidence: str
    """What a generated case was made from."""
    created_at: datetime | None
    """When it was made."""

    @classmethod
    def of(cls, case: TestCase) -> CaseView:
        """The view of a record."""
        return cls.model_validate({name: getattr(case, name) for name in cls.model_fields})


class GenerateRequest(View):
    """How many cases are wanted."""

    count: int = Field(30, ge=1, le=60)
    """Most cases to propose."""


class TrialView(View):
    """One run of the approved cases."""

    id: str
    """Id of the run."""
    version: int
    """The version it tests."""
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    """How far it is."""
    created_at: datetime
    """When it was asked for."""
    finished_at: datetime | None
    """When it ended."""
    done: int
    """Cases answered."""
    total: int
    """Cases in all."""
    results: tuple[CaseResult, ...]
    """How each case went."""
    failure: str | None
    """Why it stopped."""
    fingerprint: str
    """What it is evidence for."""

    @classmethod
    def of(cls, trial: TrialRun) -> TrialView:
        """The view of a record."""
        return cls.model_validate({name: getattr(trial, name) for name in cls.model_fields})


class InviteRequest(View):
    """A person to invite."""

    email: str = Field(max_length=320)
    """Where the link is sent."""
    version: int | None = Field(None, ge=1, le=10**9)
    """Which version to test; the newest trained one when left out."""


class InviteView(View):
    """A person asked to test."""

    id: str
    """Id of the invite."""
    email: str
    """Who was asked."""
    version: int
    """Which version the link opens."""
    status: Literal["open", "expired", "revoked"]
    """Whether the link works."""
    created_at: datetime
    """When it was made."""
    expires_at: datetime
    """When the link ends."""
    opened_at: datetime | None
    """When the link was first opened."""
    ratings: int
    """Answers rated."""
    link: str | None = None
    """The playground's address, shown only when the invite is made."""

    @classmethod
    def of(cls, invite: Invite, now: datetime, link: str | None = None) -> InviteView:
        """The view of a record."""
        status: Literal["open", "expired", "revoked"] = "open" if invite.is_open(now) else "expired"
        return cls(
            id=invite.id,
            email=invite.email,
            version=invite.version,
            status="revoked" if invite.revoked else status,
            created_at=invite.created_at,
            expires_at=invite.expires_at,
            opened_at=invite.opened_at,
            ratings=invite.ratings,
            link=link,
        )


class RatingRequest(View):
    """What a member thinks of an answer."""

    turn_id: str = Field(max_length=100)
    """The answer."""
    helpful: bool
    """Thumbs up or down."""
    comment: str = Field("", max_length=2000)
    """Why."""


class RatingView(View):
    """What a tester thought of an answer."""

    id: str
    """Id of the rating."""
    tester: str
    """E-mail address of the tester."""
    turn_id: str
    """The answer."""
    question: str
    """What was asked."""
    answer: str
    """What was answered."""
    helpful: bool
    """Thumbs up or down."""
    comment: str
    """Why."""
    at: datetime
    """When."""


# --- release


class KeyRequest(View):
    """A new key."""

    kind: KeyKind
    """For web pages (`publishable`) or servers (`secret`)."""
    origins: tuple[str, ...] = Field((), max_length=20)
    """Web origins a publishable key may be used from."""


class KeyView(View):
    """A key of the exported endpoints."""

    id: str
    """Id of the key."""
    kind: KeyKind
    """For web pages or servers."""
    prefix: str
    """Its first characters."""
    origins: tuple[str, ...]
    """Web origins it may be used from."""
    created_at: datetime
    """When it was made."""
    key: str | None = None
    """The key itself, shown only when it is made."""

    @classmethod
    def of(cls, key: ApiKey, text: str | None = None) -> KeyView:
        """The view of a record."""
        return cls(
            id=key.id, kind=key.kind, prefix=key.prefix, origins=key.origins, created_at=key.created_at, key=text
        )


# --- conversations


class TurnView(View):
    """One question and its reply."""

    id: str
    """Id of the turn."""
    question: str
    """What was asked."""
    reply: Reply
    """What was answered."""
    version: int
    """The version that answered."""
    at: datetime
    """When."""
    feedback: Feedback | None
    """What the shopper thought of it."""

    @classmethod
    def of(cls, turn: Turn) -> TurnView:
        """The view of a record."""
        return cls.model_validate({name: getattr(turn, name) for name in cls.model_fields})


class ConversationView(View):
    """A series of turns with one shopper."""

    id: str
    """Id of the conversation."""
    channel: str
    """Where it takes place."""
    started_at: datetime
    """When it began."""
    last_at: datetime
    """When the last turn was."""
    turn_count: int
    """How many turns."""
    first_question: str
    """What it began with."""
    last_outcome: Outcome
    """How the last turn ended."""
    test: bool
    """Whether it belongs to tests."""
    turns: list[TurnView] | None = None
    """All turns, where one conversation is asked for."""

    @classmethod
    def of(cls, conversation: Conversation, turns: list[Turn] | None = None) -> ConversationView:
        """The view of a record."""
        return cls(
            id=conversation.id,
            channel=conversation.channel,
            started_at=conversation.started_at,
            last_at=conversation.last_at,
            turn_count=conversation.turns,
            first_question=conversation.first_question,
            last_outcome=conversation.last_outcome,
            test=conversation.test,
            turns=None if turns is None else [TurnView.of(turn) for turn in turns],
        )
