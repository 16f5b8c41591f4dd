"""What the people who tried it thought."""

from __future__ import annotations

from engine.domain.trial import Metric, Verdict
from engine.trials.intervals import wilson
from engine.trials.metrics.evidence import Evidence

__all__ = ["Satisfaction"]


class Satisfaction:
    """Share of rated answers that testers found helpful; Wilson interval."""

    name = "tester_satisfaction"
    threshold = 0.7
    needed = 5
    automatic = False

    def measure(self, evidence: Evidence) -> Metric:
        """Thumbs up among all rated answers."""
        n = len(evidence.ratings)
        helpful = sum(rating.helpful for rating in evidence.ratings)
        verdict: Verdict = "pass"
        detail = ""
        if n < self.needed:
            verdict = "not_enough_evidence"
            detail = f"{self.needed - n} more rated answers are needed from people who try it."
        elif helpful / n < self.threshold:
            verdict = "fail"
            detail = f"{n - helpful} of {n} rated answers were not helpful."
        return Metric(
            self.name,
            "Happy testers",
            helpful / n if n else None,
            wilson(helpful, n) if n else None,
            self.threshold,
            "at_least",
            "share",
            n,
            self.needed,
            verdict,
            detail,
        )
