"""How many approved test cases were answered rightly."""

from __future__ import annotations

from typing import Literal

from engine.domain.counting import counted
from engine.domain.trial import CaseResult, Metric, Requirement, Verdict
from engine.trials.metrics.evidence import Evidence, Limits, wrong_ones
from engine.trials.metrics.shares import more_needed, share_metric, share_verdict

__all__ = ["Accuracy", "right_at_once", "right_every_time"]


def right_every_time(repeats: tuple[CaseResult, ...]) -> bool:
    """Whether a case passed in all its repeats (pass^k)."""
    return all(result.passed for result in repeats)


def right_at_once(evidence: Evidence) -> float | None:
    """The share of single answers that were right (pass^1), or None when there is none."""
    results = evidence.results
    return sum(result.passed for result in results) / len(results) if results else None


def waiting_words(count: int) -> str:
    """How many questions the run did not see as they are."""
    are, were = ("is", "was") if count == 1 else ("are", "were")
    return f"{counted(count, 'approved test question')} {are} new or {were} changed"


def taken_out_words(count: int) -> str:
    """What to do after questions with wrong answers were taken out."""
    if count == 1:
        return "A question that was answered wrongly was taken out: run the test again."
    return f"{count} questions that were answered wrongly were taken out: run the test again."


class Accuracy:
    """Share of approved cases that passed every time they were asked (pass^k); Wilson interval."""

    name, label = "accuracy", "Right answers"
    direction: Literal["at_least", "at_most"] = "at_least"
    unit: Literal["share", "ms"] = "share"
    automatic = True
    default = Requirement(threshold=0.8, needed=10, assured=0.65)
    limits = Limits(threshold=0.7, needed=10)

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """Right answers among all approved cases, failures counted as wrong."""
        cases = [(repeats[0].question, right_every_time(repeats)) for repeats in evidence.cases()]
        n, right = len(cases), sum(passed for _, passed in cases)
        verdict: Verdict = share_verdict(right, n, required)
        detail = ""
        if verdict == "fail":
            detail = f"{n - right} of {n} test questions were answered wrongly."
        elif verdict == "not_enough_evidence":
            more = more_needed(right, n, required)
            detail = f"Run at least {counted(more, 'more approved test question')}; {n} so far."
        if evidence.waiting and verdict != "fail":
            verdict = "not_enough_evidence"
            detail = f"{waiting_words(evidence.waiting)} since: run the test again."
        if evidence.taken_out and verdict != "fail":
            verdict, detail = "not_enough_evidence", taken_out_words(evidence.taken_out)
        repeats = max((result.attempt for result in evidence.results), default=1)
        once = right_at_once(evidence)
        if repeats > 1 and once is not None:
            detail = f"{detail} Each was asked {repeats} times; single answers were right in {once:.0%}.".strip()
        return share_metric(self, right, n, required, verdict, detail, examples=wrong_ones(cases))
