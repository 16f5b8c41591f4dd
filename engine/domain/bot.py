"""Bots and their versions, with every legal transition of a version's life."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Literal

from engine.domain.knowledge import ItemFailure

__all__ = [
    "Bot",
    "BotVersion",
    "Guardrails",
    "IllegalTransition",
    "Palette",
    "Persona",
    "Progress",
    "ScheduledRelease",
    "Theme",
    "TrainingStage",
    "VersionKey",
    "VersionStatus",
]

VersionStatus = Literal[
    "queued",
    "training",
    "ready",
    "testing",
    "passed",
    "rejected",
    "live",
    "retired",
    "purged",
    "failed",
    "cancelled",
]
TrainingStage = Literal["waiting", "reading", "comparing", "splitting", "embedding", "writing", "sealing", "done"]


class IllegalTransition(ValueError):
    """A version was asked to move to a state that its present state does not lead to."""


@dataclass(frozen=True, slots=True)
class Persona:
    """How the assistant presents itself."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    assistant_name: str = "Shop assistant"
    """Name the assistant gives."""
    greeting: str = "Hello! Ask me about our products, delivery or returns."
    """First words of every conversation."""
    tone: Literal["friendly", "formal", "concise"] = "friendly"
    """How it speaks."""
    instructions: str = ""
    """Extra guidance for a language model; the extractive composer has no use for it."""
    example_questions: tuple[str, ...] = ()
    """Questions offered to shoppers."""


@dataclass(frozen=True, slots=True)
class Guardrails:
    """What the assistant does at the edges of its knowledge."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    refusal_text: str = "I could not find that in this shop's information."
    """What it says when it does not know."""
    contact_text: str = ""
    """Where a person can be reached; offered with every refusal."""
    fall_back_to_extractive: bool = True
    """Whether the extractive composer steps in when the connected language model cannot answer."""
    refusal_threshold: float | None = None
    """Overrides the measured default of the evidence score below which the assistant refuses, 0 to 1."""


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours as `#rrggbb`. Each `on_` colour is readable on its partner (WCAG 2.2 AA)."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    primary: str
    """Buttons and the header."""
    on_primary: str
    """Words on `primary`."""
    background: str
    """The page."""
    on_background: str
    """Words on `background`."""
    surface: str
    """Cards."""
    on_surface: str
    """Words on `surface`."""
    user_bubble: str
    """The shopper's messages."""
    on_user_bubble: str
    """Words in them."""
    bot_bubble: str
    """The assistant's messages."""
    on_bot_bubble: str
    """Words in them."""
    text: str
    """Words."""
    muted_text: str
    """Lesser words."""
    link: str
    """Links."""
    outline: str
    """Borders of controls and the focus ring: at least 3:1 on background and surface."""


@dataclass(frozen=True, slots=True)
class Theme:
    """One look in light and dark, made from a seed colour of the shop's icon."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    seed: str
    """The icon's leading colour."""
    light: Palette
    """Palette for light surroundings."""
    dark: Palette
    """Palette for dark surroundings."""


Languages = Literal["english", "many"]
"""What a bot's pages and shoppers speak: English alone, or any of sixteen languages across each other."""


@dataclass(frozen=True, slots=True)
class ScheduledRelease:
    """A version that is to go live at a chosen time, if the gate agrees then."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    number: int
    """The version."""
    at: datetime
    """When."""
    by: str
    """E-mail address of the member who chose it."""


@dataclass(frozen=True, slots=True)
class Bot:
    """A shop assistant: one mutable record that names its live version."""

    id: str
    merchant: str
    name: str
    created_at: datetime
    persona: Persona = field(default_factory=Persona)
    guardrails: Guardrails = field(default_factory=Guardrails)
    theme: Theme | None = None
    theme_overrides: dict[str, str] = field(default_factory=dict)
    """Palette field to `#rrggbb`, wished by the merchant and applied where contrast allows."""
    icon: str | None = None
    """SHA-256 of the cleaned icon, and its name in the blob store."""
    live: int | None = None
    previous: int | None = None
    paused: bool = False
    languages: Languages = "english"
    """What its pages and shoppers speak; takes effect with the next version."""
    scheduled: ScheduledRelease | None = None
    """What is to go live by itself."""
    schedule_note: str = ""
    """Why a version did not go live at its time, in a shop owner's words."""
    next_version: int = 1
    schema: int = 1

    def deploy(self, number: int) -> Bot:
        """The bot serving version `number`, remembering the one before for a rollback."""
        previous = self.live if self.live != number else self.previous
        return replace(self, live=number, previous=previous, paused=False, schedule_note="")

    def rollback(self) -> Bot:
        """The bot serving its previous version again. Raises IllegalTransition when there is none."""
        if self.previous is None:
            raise IllegalTransition("there is no earlier live version to return to")
        return replace(self, live=self.previous, previous=self.live)


@dataclass(frozen=True, slots=True)
class VersionKey:
    """Names one immutable version of one bot of one merchant: the scope of every search."""

    merchant: str
    bot: str
    number: int


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a piece of long work has come."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    stage: TrainingStage = "waiting"
    """What is being done."""
    done: int = 0
    """Items finished in this stage."""
    total: int = 0
    """Items known in this stage; grows while a website is being discovered."""
    failures: tuple[ItemFailure, ...] = ()
    """Items that could not be learned so far."""
    eta_seconds: float | None = None
    """Estimated time left in this stage, seconds."""


TRANSITIONS: dict[VersionStatus, frozenset[VersionStatus]] = {
    "queued": frozenset({"training", "cancelled", "failed"}),
    "training": frozenset({"ready", "failed", "cancelled"}),
    "ready": frozenset({"testing", "purged"}),
    "testing": frozenset({"testing", "passed", "rejected", "ready"}),
    "passed": frozenset({"testing", "live", "rejected", "purged"}),
    "rejected": frozenset({"testing", "purged", "passed"}),
    "live": frozenset({"retired", "testing"}),
    "retired": frozenset({"live", "testing", "purged"}),
    "failed": frozenset({"purged"}),
    "cancelled": frozenset({"purged"}),
    "purged": frozenset(),
}


@dataclass(frozen=True, slots=True)
class BotVersion:
    """A frozen copy of a bot's configuration and knowledge; immutable once sealed."""

    merchant: str
    bot: str
    number: int
    status: VersionStatus
    persona: Persona
    guardrails: Guardrails
    sources: tuple[str, ...]
    """Ids of the sources it was trained on."""
    created_at: datetime
    progress: Progress = field(default_factory=Progress)
    failure: str | None = None
    """Why training ended without a result, in words a shop owner can act on."""
    languages: Languages = "english"
    """Decides which embedder reads its passages."""
    embedder: str = ""
    dimensions: int = 0
    documents: int = 0
    passages: int = 0
    products: int = 0
    reused_passages: int = 0
    """Passages whose vectors came from an earlier version."""
    fingerprint: str = ""
    """SHA-256 over configuration, knowledge and embedder; evidence is bound to it."""
    sealed_at: datetime | None = None
    copies: dict[str, str] = field(default_factory=dict)
    """Source id to the digest of the words it was trained on."""
    data: dict[str, str] = field(default_factory=dict)
    """Source id to the digest of the prices and stock it tells now."""
    origin: Literal["merchant", "sync"] = "merchant"
    """Who asked for it: a person, or a source that brought new words."""
    replaces: int | None = None
    """The live version that a version made by a sync means to take the place of."""
    note: str = ""
    """What became of a version made by a sync, in a shop owner's words."""
    schema: int = 1

    @property
    def key(self) -> VersionKey:
        """The scope under which this version's passages are searched."""
        return VersionKey(self.merchant, self.bot, self.number)

    @property
    def can_answer(self) -> bool:
        """Whether this version's knowledge is complete and can be asked."""
        return self.status in {"ready", "testing", "passed", "rejected", "live", "retired"}

    def to(self, status: VersionStatus, *, failure: str | None = None) -> BotVersion:
        """This version in `status`. Raises IllegalTransition when its life does not lead there."""
        if status not in TRANSITIONS[self.status]:
            raise IllegalTransition(f"version {self.number} is {self.status!r} and cannot become {status!r}")
        return replace(self, status=status, failure=failure)
