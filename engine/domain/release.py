"""What a version changes, how two versions compare, and when one is to go live."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from engine.domain.conversation import Outcome

__all__ = [
    "DocumentChange",
    "ProductChange",
    "ShadowResult",
    "ShadowRun",
    "VersionChanges",
    "WordChange",
]


@dataclass(frozen=True, slots=True)
class WordChange:
    """A setting or a sentence that differs."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    field: str
    """Such as `persona.greeting` or `embedder`."""
    before: str
    """What the earlier version says."""
    after: str
    """What this version says."""


@dataclass(frozen=True, slots=True)
class DocumentChange:
    """A document that one of two versions knows otherwise, or alone."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    kind: Literal["added", "removed", "changed"]
    """What happened to it."""
    title: str
    """Its title."""
    url: str
    """Where it stands; empty for a text."""


@dataclass(frozen=True, slots=True)
class ProductChange:
    """A product that one of two versions knows otherwise, or alone."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    kind: Literal["added", "removed", "price", "availability"]
    """What differs."""
    title: str
    """Its title."""
    before: str
    """Price or stock in the earlier version, in words."""
    after: str
    """Price or stock in this version, in words."""


@dataclass(frozen=True, slots=True)
class VersionChanges:
    """What one version has otherwise than an earlier one."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    version: int
    """The version looked at."""
    against: int
    """The version it is held against."""
    words: tuple[WordChange, ...]
    """Persona, guardrails and settings."""
    documents: tuple[DocumentChange, ...]
    """The first documents that differ."""
    documents_changed: int
    """How many documents differ in all."""
    products: tuple[ProductChange, ...]
    """The first products that differ."""
    products_changed: int
    """How many differences of products there are in all."""


@dataclass(frozen=True, slots=True)
class ShadowRun:
    """A candidate answers shoppers' real questions of the last days, beside the version that answered them."""

    id: str
    merchant: str
    bot: str
    version: int
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    created_at: datetime
    since: datetime
    """Questions asked from then on."""
    turns: tuple[str, ...] = ()
    """The recorded answers that are held against."""
    done: int = 0
    failure: str | None = None
    finished_at: datetime | None = None
    schema: int = 1


@dataclass(frozen=True, slots=True)
class ShadowResult:
    """One real question, what was answered, and what the candidate answers. Kept create-only, once a turn."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    id: str
    """Id of the result."""
    merchant: str
    """Whose it is."""
    bot: str
    """Of which bot."""
    run: str
    """Of which run."""
    turn: str
    """The recorded answer."""
    question: str
    """What the shopper asked."""
    told: str
    """What was answered then."""
    told_outcome: Outcome
    """How that ended."""
    answer: str
    """What the candidate answers; empty when it could not."""
    outcome: Outcome | Literal["failed"]
    """How that ends."""
    same: bool
    """Whether both say the same words."""
    wrong_figures: tuple[str, ...] = ()
    """Figures of the candidate's answer that the earlier answer has otherwise."""
    helpful: bool | None = None
    """What the shopper thought of the earlier answer."""
    total_ms: float = 0.0
    """Time of the candidate's whole answer, milliseconds."""
    schema: int = 1
    """Version of the record."""
