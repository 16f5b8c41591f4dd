"""Shares of cases or ratings: the verdict that a count of right ones out of all deserves.

A share passes when there are enough observations, when it reaches its threshold, and when the lower end of its 95 %
Wilson interval reaches what has to be assured: nine right out of ten may be luck, ninety out of a hundred are not.
"""

from __future__ import annotations

from collections.abc import Callable
from itertools import count
from typing import Literal

from engine.domain.trial import Metric, Requirement, Verdict
from engine.trials.intervals import wilson
from engine.trials.metrics.evidence import Evidence, GateMetric, Limits, wrong_ones

__all__ = ["ShareOfCases", "more_needed", "share_metric", "share_verdict"]

MOST_MORE = 1_000


def share_verdict(right: int, n: int, required: Requirement) -> Verdict:
    """Pass, fail or not enough evidence; one more right observation, or a wrong one turned right, never worsens it."""
    if n >= required.needed and n and right / n < required.threshold:
        return "fail"
    if n < required.needed or (required.assured is not None and wilson(right, n)[0] < required.assured):
        return "not_enough_evidence"
    return "pass"


def more_needed(right: int, n: int, required: Requirement) -> int:
    """How many more right observations would make it pass, were all that follow right."""
    passing = (m for m in count() if m >= MOST_MORE or share_verdict(right + m, n + m, required) == "pass")
    return next(passing)


def share_metric(
    measured: GateMetric,
    right: int,
    n: int,
    required: Requirement,
    verdict: Verdict,
    detail: str,
    *,
    people: int = 0,
    examples: tuple[str, ...] = (),
) -> Metric:
    """A share as it is reported: value and Wilson interval, None where there is no observation."""
    return Metric(
        name=measured.name,
        label=measured.label,
        value=right / n if n else None,
        interval=wilson(right, n) if n else None,
        threshold=required.threshold,
        direction="at_least",
        unit="share",
        n=n,
        needed=required.needed,
        verdict=verdict,
        detail=detail,
        assured=required.assured,
        people=people,
        examples=examples,
    )


class ShareOfCases:
    """The share of cases in which one check held, in every repeat."""

    direction: Literal["at_least", "at_most"] = "at_least"
    unit: Literal["share", "ms"] = "share"
    automatic = True

    def __init__(
        self,
        name: str,
        label: str,
        check: str,
        default: Requirement,
        limits: Limits,
        wrong: Callable[[int, int], str],
        missing: Callable[[int], str],
    ) -> None:
        self.name, self.label, self.check, self.default, self.limits = name, label, check, default, limits
        self.wrong, self.missing = wrong, missing

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """The share among the cases that the check applies to; Wilson interval."""
        checked = list(evidence.checked(self.check))
        n, right = len(checked), sum(held for _, held in checked)
        verdict = share_verdict(right, n, required)
        details = {
            "pass": "",
            "fail": self.wrong(n - right, n),
            "not_enough_evidence": self.missing(more_needed(right, n, required)),
        }
        return share_metric(self, right, n, required, verdict, details[verdict], examples=wrong_ones(checked))
