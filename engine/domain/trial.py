"""Proof before shoppers: test cases, trial runs, metrics with intervals, and the verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = [
    "CaseResult",
    "GateReport",
    "Invite",
    "Metric",
    "Rating",
    "TestCase",
    "TrialRun",
    "Verdict",
]

Verdict = Literal["pass", "fail", "not_enough_evidence"]


@dataclass(frozen=True, slots=True)
class TestCase:
    """A question with what a right answer must and must not say."""

    __test__ = False

    id: str
    merchant: str
    bot: str
    question: str
    expects: Literal["answer", "refusal"]
    must_include: tuple[str, ...] = ()
    """Every one of these occurs in a right answer, ignoring case and spacing."""
    must_not_include: tuple[str, ...] = ()
    expected_source: str | None = None
    """Id or address of a source that a right answer cites."""
    expected_product: str | None = None
    approved: bool = False
    origin: Literal["generated", "written", "conversation"] = "written"
    evidence: str = ""
    """The passage that a generated case was made from."""
    created_at: datetime | None = None
    schema: int = 1


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    case: str
    """Id of the test case."""
    question: str
    """What was asked."""
    answer: str
    """What was answered."""
    outcome: str
    """`answered`, `refused` or `handed_off`."""
    passed: bool
    """Whether it held."""
    reasons: tuple[str, ...]
    """What was wrong, empty when the case passed."""
    total_ms: float
    """Time of the whole answer, milliseconds."""
    first_token_ms: float
    """Time to the first words, milliseconds."""
    failed: bool = False
    """The answer could not be made at all; such a case has no time."""


@dataclass(frozen=True, slots=True)
class TrialRun:
    """One run of the approved cases against one version."""

    id: str
    merchant: str
    bot: str
    version: int
    fingerprint: str
    """Of the version and the gate definition: evidence counts for nothing else."""
    status: Literal["queued", "running", "done", "failed", "cancelled"]
    created_at: datetime
    done: int = 0
    total: int = 0
    results: tuple[CaseResult, ...] = ()
    failure: str | None = None
    finished_at: datetime | None = None
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Metric:
    """A measured figure, how sure it is, and what it had to be."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    name: str
    """Name."""
    label: str
    """In a shop owner's words."""
    value: float | None
    """None when nothing was measured yet."""
    interval: tuple[float, float] | None
    """95 % interval of the value."""
    threshold: float
    """What the value had to reach, or stay under."""
    direction: Literal["at_least", "at_most"]
    """Whether the threshold is a floor or a ceiling."""
    unit: Literal["share", "ms"]
    """Unit of the value."""
    n: int
    """Number of observations."""
    needed: int
    """Observations needed before there is a verdict."""
    verdict: Verdict
    """`pass`, `fail` or `not_enough_evidence`."""
    detail: str = ""
    """What is missing or what went wrong."""


@dataclass(frozen=True, slots=True)
class GateReport:
    """The verdict on one version, with every metric behind it."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    verdict: Verdict
    """`pass`, `fail` or `not_enough_evidence`."""
    metrics: tuple[Metric, ...]
    """Every figure behind the verdict."""
    fingerprint: str
    """What the evidence was collected for."""


@dataclass(frozen=True, slots=True)
class Invite:
    """A person asked to test a version in the playground. Only the SHA-256 of the link's token is kept."""

    id: str
    merchant: str
    bot: str
    version: int
    email: str
    token_hash: str
    created_at: datetime
    expires_at: datetime
    revoked: bool = False
    opened_at: datetime | None = None
    ratings: int = 0
    schema: int = 1

    def is_open(self, now: datetime) -> bool:
        """Whether the link still opens the playground."""
        return not self.revoked and now < self.expires_at


@dataclass(frozen=True, slots=True)
class Rating:
    """A tester's opinion of one answer of one version."""

    id: str
    merchant: str
    bot: str
    version: int
    fingerprint: str
    tester: str
    """Id of the invite or of the member who rated."""
    turn: str
    helpful: bool
    comment: str
    at: datetime
    schema: int = 1
