"""Proof before shoppers: test cases, trial runs, metrics with intervals, and the verdict."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain.conversation import Check

__all__ = [
    "CaseKind",
    "CaseResult",
    "GateReport",
    "GateRules",
    "Invite",
    "KeptResult",
    "Metric",
    "Questionnaire",
    "Rating",
    "RatingText",
    "Requirement",
    "TestCase",
    "TrialRun",
    "Verdict",
]

Verdict = Literal["pass", "fail", "not_enough_evidence"]
CaseKind = Literal[
    "own",
    "policy",
    "product",
    "price",
    "availability",
    "comparison",
    "out_of_stock",
    "out_of_scope",
    "other_shop",
    "private_data",
    "injection",
    "follow_up",
    "misspelt",
    "other_language",
    "small_talk",
]
"""What a test case tries; `own` for one that a person wrote or that a shopper asked."""


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
    origin: Literal["generated", "written", "conversation", "imported"] = "written"
    evidence: str = ""
    """The passage that a generated case was made from."""
    created_at: datetime | None = None
    kind: CaseKind = "own"
    earlier: tuple[str, ...] = ()
    """What the shopper says before in the same conversation, in this order."""
    language: str = ""
    """ISO 639-1 code of the language a right answer speaks; empty for any."""
    goal: str = ""
    """What the shopper wants in the end: a connected language model plays on after the question until it is reached."""
    rejected: bool = False
    """A person does not want it: it is kept so that it is not proposed again."""
    schema: int = 1

    @property
    def counts(self) -> bool:
        """Whether it is asked in trial runs, and its results are evidence."""
        return self.approved and not self.rejected

    @property
    def digest(self) -> str:
        """SHA-256 over all that decides whether an answer is right: a result counts for this very wording only."""
        parts = (
            self.question,
            self.expects,
            *("+" + text for text in self.must_include),
            *("-" + text for text in self.must_not_include),
            self.expected_source or "",
            self.expected_product or "",
            self.language,
            self.goal,
            *("<" + text for text in self.earlier),
        )
        return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class CaseResult:
    """How one case went, once."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    case: str
    """Id of the test case."""
    question: str
    """What was asked."""
    answer: str
    """What was answered."""
    outcome: str
    """`answered`, `refused` or `handed_off`; `failed` when the answer could not be made at all."""
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
    attempt: int = 1
    """Which of the repeats it is, from 1."""
    kind: CaseKind = "own"
    """What the case tries."""
    expects: Literal["answer", "refusal"] = "answer"
    """Whether a right reply answers or refuses."""
    checks: tuple[Check, ...] = ()
    """What was looked at, each with its result; a check that does not apply is left out."""
    digest: str = ""
    """Of the wording of the case that was run."""
    citations: tuple[str, ...] = ()
    """Addresses or titles of what was cited."""
    judged_right: bool | None = None
    """A language model's second opinion; null when none was asked. It decides nothing."""
    judged_why: str = ""
    """The second opinion's reason."""
    person_says_right: bool | None = None
    """What a person marked it as; null when nobody did."""
    turn: str = ""
    """The recorded answer."""

    def check(self, name: str) -> bool | None:
        """How one check went, or None when it did not apply."""
        return next((check.passed for check in self.checks if check.name == name), None)


@dataclass(frozen=True, slots=True)
class KeptResult:
    """A case's result as kept: create-only under trial, case and attempt, so that none counts twice."""

    id: str
    merchant: str
    bot: str
    version: int
    trial: str
    result: CaseResult
    schema: int = 1


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
    """Answers that are in, repeats counted."""
    total: int = 0
    """Answers wanted, repeats counted."""
    failure: str | None = None
    finished_at: datetime | None = None
    attempts: int = 1
    """How often each case is asked."""
    has_results: bool = True
    """False once the answers of an old run were removed."""
    schema: int = 1

    @property
    def under_way(self) -> bool:
        """Whether it has not ended."""
        return self.status in {"queued", "running"}


@dataclass(frozen=True, slots=True)
class Requirement:
    """What a metric has to show."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    threshold: float
    """What the value has to reach, or stay under."""
    needed: int
    """Observations needed before there is a verdict."""
    assured: float | None = None
    """What the lower end of the interval has to reach too; null when the value alone decides."""
    people: int = 0
    """Different people the observations have to come from."""


@dataclass(frozen=True, slots=True)
class GateRules:
    """What a merchant changed of the gate's requirements for one bot."""

    merchant: str
    bot: str
    requirements: dict[str, Requirement] = field(default_factory=dict)
    """Metric to its requirement; the default holds for a metric that is not named."""
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
    method: Literal["wilson", "bootstrap", "count"] = "wilson"
    """How the interval was made; `count` where nothing is estimated and there is none."""
    assured: float | None = None
    """What the interval's lower end had to reach; null when the value alone decides."""
    people: int = 0
    """How many people the observations come from; 0 where people are not asked."""
    examples: tuple[str, ...] = ()
    """What went wrong, a few of them."""


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
    mailed: bool = False
    """Whether a mail server took the invitation."""
    mail_problem: str = ""
    """Why it was not mailed, in words for the shop owner."""
    schema: int = 1

    def is_open(self, now: datetime) -> bool:
        """Whether the link still opens the playground."""
        return not self.revoked and now < self.expires_at


@dataclass(frozen=True, slots=True)
class RatingText:
    """What a rating says."""

    helpful: bool
    comment: str = ""
    stars: int | None = None
    """One to five; None when only a thumb was given."""
    by_thumb: bool = True
    """False when only stars were given, and `helpful` follows from them."""


@dataclass(frozen=True, slots=True)
class Rating:
    """A tester's opinion of one answer of one version."""

    id: str
    merchant: str
    bot: str
    version: int
    fingerprint: str
    """Of what answered; requirements of the gate do not make an opinion stale."""
    tester: str
    """Id of the invite or of the member who rated."""
    turn: str
    helpful: bool
    comment: str
    at: datetime
    stars: int | None = None
    """One to five; None when only a thumb was given."""
    by_thumb: bool = True
    """False when only stars were given, and `helpful` follows from them."""
    person: str = ""
    """SHA-256 of the e-mail address: two links to one mailbox are one person."""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What a tester says of the whole assistant at the end."""

    id: str
    """The invite."""
    merchant: str
    bot: str
    version: int
    tester: str
    would_use: int
    """Whether they would use it in the shop, one to five."""
    trusts: int
    """Whether they believed the answers, one to five."""
    missing: str
    """What was missing, in their own words."""
    at: datetime
    schema: int = 1
