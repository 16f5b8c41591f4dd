"""Shapes of trial runs, the gate's rules and the audit log."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Literal

from pydantic import Field

from engine.api.schemas.shared import View
from engine.domain.audit import AuditEntry
from engine.domain.baseline import Confirmation, Loss, PriceJump, Surprises
from engine.domain.trial import CaseResult, Requirement, TrialRun
from engine.trials.metrics import METRICS
from engine.trials.summary import Summary, summary

__all__ = [
    "AuditView",
    "ConfirmRequest",
    "MarkRequest",
    "QuestionnaireView",
    "RuleChange",
    "RuleView",
    "RulesChange",
    "SurprisesView",
    "TrialView",
]


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
    """Answers that are in, repeats counted."""
    total: int
    """Answers wanted, repeats counted."""
    attempts: int
    """How often each case is asked."""
    results: tuple[CaseResult, ...]
    """How each case went, each repeat by itself; empty until the run has ended."""
    summary: Summary
    """The run in figures; without any until the run has ended."""
    failure: str | None
    """Why it stopped."""
    fingerprint: str
    """What it is evidence for."""

    @classmethod
    def of(cls, trial: TrialRun, results: Sequence[CaseResult]) -> TrialView:
        """The view of a record and its results."""
        own = {name: getattr(trial, name) for name in cls.model_fields if hasattr(trial, name)}
        return cls.model_validate(own | {"results": tuple(results), "summary": summary(results)})


class SurprisesView(View):
    """How a version departs from the last proved one, where that is more than a shop changes in a while."""

    version: int
    """The version."""
    against: int | None
    """The proved version it is held against; null when there is none."""
    compared: int
    """Products and pages of the proved version."""
    jumped: int
    """Products whose price is more than double, or less than half, of what was proved, or in another currency."""
    jumps: tuple[PriceJump, ...]
    """The first 50 of them."""
    losses: tuple[Loss, ...]
    """Where more than 30 % of the pages, products or prices are gone."""
    digest: str
    """Names exactly these surprises, for confirming them; empty when nothing is surprising."""
    confirmed_by: str | None
    """Who said that this is meant."""
    confirmed_at: datetime | None
    """When."""

    @classmethod
    def of(cls, surprises: Surprises, said: Confirmation | None) -> SurprisesView:
        """The view of a comparison and of what a person said of it."""
        own = {name: getattr(surprises, name) for name in cls.model_fields if hasattr(surprises, name)}
        by, at = (None, None) if said is None else (said.by, said.at)
        return cls.model_validate(own | {"confirmed_by": by, "confirmed_at": at})


class ConfirmRequest(View):
    """What a person says is meant."""

    digest: str = Field(min_length=64, max_length=64)
    """`digest` of the surprises that were looked at."""


class MarkRequest(View):
    """What a person says of one answer of a run."""

    case: str = Field(max_length=100)
    """Id of the test case."""
    attempt: int = Field(1, ge=1, le=10)
    """Which of the repeats."""
    right: bool | None
    """Whether the answer is right; null takes the mark back."""


class RuleView(View):
    """What one metric has to show for a bot."""

    name: str
    """Name of the metric."""
    label: str
    """In a shop owner's words."""
    unit: Literal["share", "ms"]
    """Unit of the thresholds."""
    direction: Literal["at_least", "at_most"]
    """Whether the threshold is a floor or a ceiling."""
    automatic: bool
    """Whether it is measured without people."""
    required: Requirement
    """What it has to show now."""
    default: Requirement
    """What it has to show unless the merchant changes it."""
    loosest_threshold: float
    """Beyond this the threshold cannot be loosened."""
    fewest_observations: int
    """The fewest observations that may be asked for."""
    fewest_people: int
    """The fewest people that may be asked for; 0 where people are not asked."""

    @classmethod
    def all_of(cls, requirements: Mapping[str, Requirement]) -> list[RuleView]:
        """The views of all metrics, in their order."""
        return [
            cls(
                name=metric.name,
                label=metric.label,
                unit=metric.unit,
                direction=metric.direction,
                automatic=metric.automatic,
                required=requirements[metric.name],
                default=metric.default,
                loosest_threshold=metric.limits.threshold,
                fewest_observations=metric.limits.needed,
                fewest_people=metric.limits.people,
            )
            for metric in METRICS
        ]


class RuleChange(View):
    """Parts of one requirement to replace."""

    threshold: float | None = None
    """What the value has to reach, or stay under."""
    needed: int | None = None
    """Observations needed."""
    people: int | None = None
    """Different people needed."""


class RulesChange(View):
    """Requirements to replace, by metric."""

    metrics: dict[str, RuleChange] = Field(max_length=20)
    """Name of the metric to its changes; what is left out stays."""


class AuditView(View):
    """One entry of the audit log."""

    id: str
    """Id of the entry."""
    at: datetime
    """When."""
    by: str
    """E-mail address of the member, or `storeclerk`."""
    action: str
    """Such as `deploy` or `gate_changed`."""
    detail: str
    """In words."""

    @classmethod
    def of(cls, entry: AuditEntry) -> AuditView:
        """The view of a record."""
        return cls.model_validate({name: getattr(entry, name) for name in cls.model_fields})


class QuestionnaireView(View):
    """What a tester said of the whole assistant."""

    tester: str
    """E-mail address of the tester."""
    would_use: int
    """Whether they would use it in the shop, one to five."""
    trusts: int
    """Whether they believed the answers, one to five."""
    missing: str
    """What was missing."""
    at: datetime
    """When."""
