"""What the engine's API answers about proof: requirements of the gate, the audit log, what testers said at the end.

Never here: behaviour beyond reading a figure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from engine.domain.trial import Requirement
from studio.records import Record

__all__ = [
    "Agreement",
    "AuditEntry",
    "Counts",
    "ImportedCases",
    "KindCount",
    "Loss",
    "PriceJump",
    "Questionnaire",
    "RowProblem",
    "Rule",
    "Surprises",
    "Times",
]


class Rule(Record):
    """What one metric has to show, and how far that may be changed."""

    name: str
    label: str
    unit: Literal["share", "ms"]
    direction: Literal["at_least", "at_most"]
    automatic: bool = True
    required: Requirement
    default: Requirement
    loosest_threshold: float
    fewest_observations: int
    fewest_people: int = 0


class PriceJump(Record):
    """A product whose price is far from the one that was proved."""

    title: str
    before: str
    after: str


class Loss(Record):
    """Many pages, products or prices that are gone."""

    kind: str
    lost: int
    of: int
    examples: tuple[str, ...] = ()


class Surprises(Record):
    """What changed more than a shop changes in a while."""

    against: int | None = None
    jumped: int = 0
    jumps: tuple[PriceJump, ...] = ()
    losses: tuple[Loss, ...] = ()
    digest: str = ""
    confirmed_by: str | None = None


class AuditEntry(Record):
    """Something that was decided about a bot."""

    id: str
    at: datetime
    by: str
    action: str
    detail: str


class Times(Record):
    """Milliseconds, as most and as nearly all answers took."""

    p50: float | None = None
    p95: float | None = None


class KindCount(Record):
    """How the questions of one kind went."""

    kind: str
    right: int
    all: int


class Agreement(Record):
    """How often the language model's opinion is a person's."""

    both: int = 0
    same: int = 0
    kappa: float | None = None


class Counts(Record):
    """A test run in figures."""

    cases: int = 0
    right_every_time: int = 0
    right_at_once: float | None = None
    failed: int = 0
    first_token_ms: Times = Times()
    total_ms: Times = Times()
    kinds: tuple[KindCount, ...] = ()
    second_opinion: Agreement = Agreement()


class RowProblem(Record):
    """A row of a file that could not be used."""

    line: int = 0
    column: str = ""
    message: str = ""


class ImportedCases(Record):
    """What came of a file of questions."""

    added: int = 0
    known: int = 0
    problems: tuple[RowProblem, ...] = ()


class Questionnaire(Record):
    """What a tester said at the end."""

    tester: str
    would_use: int
    trusts: int
    missing: str = ""
    at: datetime | None = None
