"""What the engine's API answers about a release: what changes, which answers differ, and whether it stays good.

Never here: behaviour beyond reading a figure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from engine.domain.conversation import Outcome
from engine.domain.release import DocumentChange, ProductChange, WordChange
from engine.domain.trial import Metric
from studio.records import Record, Reply

__all__ = ["Changes", "Compared", "Drift", "RealQuestion", "Shadow"]


class Changes(Record):
    """What a version has otherwise than another."""

    version: int
    against: int
    words: tuple[WordChange, ...] = ()
    documents: tuple[DocumentChange, ...] = ()
    documents_changed: int = 0
    products: tuple[ProductChange, ...] = ()
    products_changed: int = 0

    @property
    def total(self) -> int:
        """How many differences there are in all."""
        return len(self.words) + self.documents_changed + self.products_changed


class Compared(Record):
    """One question, and what two versions answer."""

    question: str
    before: Reply
    after: Reply
    same: bool


class RealQuestion(Record):
    """A shopper's question, what was answered then, and what the candidate answers."""

    question: str
    told: str
    told_outcome: Outcome
    answer: str
    outcome: Outcome | Literal["failed"]
    same: bool
    wrong_figures: tuple[str, ...] = ()
    helpful: bool | None = None


class Shadow(Record):
    """A run of a version over shoppers' real questions."""

    version: int
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    created_at: datetime | None = None
    finished_at: datetime | None = None
    since: datetime | None = None
    done: int = 0
    total: int = 0
    same: int = 0
    newly_answered: int = 0
    newly_refused: int = 0
    wrong_figures: int = 0
    results: tuple[RealQuestion, ...] = ()
    failure: str | None = None

    @property
    def is_busy(self) -> bool:
        """Whether it still runs."""
        return self.status in {"queued", "running"}


class Drift(Record):
    """How the live version does with shoppers."""

    version: int | None = None
    questions: int = 0
    since: datetime | None = None
    metrics: tuple[Metric, ...] = ()
    warnings: tuple[str, ...] = ()
