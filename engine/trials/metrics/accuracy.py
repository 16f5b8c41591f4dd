"""How many approved test cases were answered rightly."""

from __future__ import annotations

from engine.domain.trial import Metric, Verdict
from engine.trials.intervals import wilson
from engine.trials.metrics.evidence import Evidence

__all__ = ["Accuracy"]


class Accuracy:
    """Share of approved cases that passed; Wilson interval."""

    name = "accuracy"
    threshold = 0.8
    needed = 10
    automatic = True

    def measure(self, evidence: Evidence) -> Metric:
        """Right answers among all approved cases, failures counted as wrong."""
        n = len(evidence.results)
        right = sum(result.passed for result in evidence.results)
        value = right / n if n else None
        verdict: Verdict = "pass"
        detail = ""
        if n < self.needed:
            verdict = "not_enough_evidence"
            detail = f"Run at least {self.needed} approved test questions; {n} so far."
        elif right / n < self.threshold:
            verdict = "fail"
            detail = f"{n - right} of {n} test questions were answered wrongly."
        return Metric(
            self.name,
            "Right answers",
            value,
            wilson(right, n) if n else None,
            self.threshold,
            "at_least",
            "share",
            n,
            self.needed,
            verdict,
            detail,
        )
