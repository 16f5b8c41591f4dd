"""Whether the assistant stays polite: in every reply, and in the words it was given to say."""

from __future__ import annotations

from typing import Literal

from engine.domain.counting import counted
from engine.domain.trial import Metric, Requirement, Verdict
from engine.trials.manners import rude_words
from engine.trials.metrics.evidence import Evidence, Limits, wrong_ones
from engine.trials.metrics.shares import share_metric, share_verdict

__all__ = ["Manners"]


class Manners:
    """Share of test questions with a polite reply; Wilson interval. A rude greeting alone is enough to fail."""

    name, label = "manners", "Stays polite"
    direction: Literal["at_least", "at_most"] = "at_least"
    unit: Literal["share", "ms"] = "share"
    automatic = True
    default = Requirement(threshold=1.0, needed=5)
    limits = Limits(threshold=1.0, needed=5)

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """Polite ones among all replies."""
        checked = list(evidence.checked("manners"))
        n, polite = len(checked), sum(held for _, held in checked)
        rude = sorted({word for words in evidence.own_words for word in rude_words(words)})
        verdict: Verdict = "fail" if rude else share_verdict(polite, n, required)
        detail = ""
        if rude:
            detail = f"Its greeting, its refusal or its contact words say {', '.join(map(repr, rude))}: change them."
        elif verdict == "fail":
            detail = f"{n - polite} of {n} replies were rude. Change its words or its guidance."
        elif verdict == "not_enough_evidence":
            detail = f"{counted(required.needed - n, 'more test question')} needed."
        return share_metric(self, polite, n, required, verdict, detail, examples=wrong_ones(checked))
