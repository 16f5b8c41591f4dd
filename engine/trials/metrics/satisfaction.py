"""What the people who tried it thought."""

from __future__ import annotations

from typing import Literal

from engine.domain.trial import Metric, Requirement, Verdict
from engine.trials.metrics.evidence import Evidence, Limits
from engine.trials.metrics.shares import more_needed, share_metric, share_verdict

__all__ = ["Satisfaction"]


class Satisfaction:
    """Share of rated answers that testers found helpful; Wilson interval."""

    name, label = "tester_satisfaction", "Happy testers"
    direction: Literal["at_least", "at_most"] = "at_least"
    unit: Literal["share", "ms"] = "share"
    automatic = False
    default = Requirement(threshold=0.7, needed=10, assured=0.35, people=2)
    limits = Limits(threshold=0.6, needed=5, people=1)

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """Thumbs up among all rated answers, from enough different people."""
        n = len(evidence.ratings)
        helpful = sum(rating.helpful for rating in evidence.ratings)
        people = len({rating.person or rating.tester for rating in evidence.ratings})
        verdict: Verdict = share_verdict(helpful, n, required)
        if verdict == "pass" and people < required.people:
            verdict = "not_enough_evidence"
        details = {
            "pass": "",
            "fail": f"{n - helpful} of {n} rated answers were not helpful.",
            "not_enough_evidence": missing(more_needed(helpful, n, required), required.people - people),
        }
        return share_metric(self, helpful, n, required, verdict, details[verdict], people=people)


def missing(answers: int, people: int) -> str:
    """What is still to be collected."""
    rated = f"{max(answers, 1)} more rated answer{'s' if max(answers, 1) != 1 else ''}"
    if people <= 0:
        return f"{rated} needed from people who try it."
    return f"{rated} needed, from at least {people} more {'person' if people == 1 else 'people'}."
