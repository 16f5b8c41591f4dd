"""Whether a wrong price, duration, date or stock word was told in place of one that a person approved."""

from __future__ import annotations

from dataclasses import replace

from engine.domain.counting import counted
from engine.domain.trial import Metric, Requirement
from engine.trials.metrics.evidence import Evidence, Limits
from engine.trials.metrics.shares import ShareOfCases

__all__ = ["RightFigures"]


class RightFigures(ShareOfCases):
    """Share of the cases that name a figure in which no other one was told. None may be wrong.

    A shop without products may have nothing to say in figures: then no such case is needed.
    """

    def __init__(self) -> None:
        super().__init__(
            "right_figures",
            "No wrong price or figure",
            "figures",
            Requirement(threshold=1.0, needed=3),
            Limits(threshold=1.0, needed=3),
            wrong=lambda wrong, _: (
                f"{counted(wrong, 'answer tells', 'answers tell')} another price, duration or stock than you approved."
            ),
            missing=lambda more: f"{counted(more, 'more approved question')} needed about a price, a time or a stock.",
        )

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """The share among the cases that name a figure; Wilson interval."""
        return super().measure(evidence, required if evidence.has_products else replace(required, needed=0))
