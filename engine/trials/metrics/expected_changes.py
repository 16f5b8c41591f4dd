"""Whether a version tells what the last proved one told, but for what a shop changes in a while."""

from __future__ import annotations

from typing import Literal

from engine.domain.baseline import Surprises
from engine.domain.counting import counted
from engine.domain.trial import Metric, Requirement, Verdict
from engine.trials.metrics.evidence import Evidence, Limits

__all__ = ["ExpectedChanges"]

SHOWN = 5


class ExpectedChanges:
    """Share of the last proved version's products and pages without a price jump or a large loss; counted whole.

    Nothing is estimated, so there is no interval. What a member confirmed counts as expected.
    """

    name, label = "expected_changes", "No surprising changes"
    direction: Literal["at_least", "at_most"] = "at_least"
    unit: Literal["share", "ms"] = "share"
    automatic = True
    default = Requirement(threshold=1.0, needed=0)
    limits = Limits(threshold=1.0, needed=0)

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """Expected ones among all that was proved; passes where nothing was proved before."""
        surprises = evidence.surprises
        verdict: Verdict = "pass"
        detail, value, n = "", None, 0
        examples: tuple[str, ...] = ()
        if surprises is None:
            verdict, detail = "not_enough_evidence", "It was not compared with the last proved version yet."
        elif surprises.compared:
            n = surprises.compared
            surprising = 0 if evidence.confirmed else surprises.count
            value = max(0.0, 1 - surprising / n)
            if surprising:
                verdict, detail = "fail", told(surprises)
                examples = tuple(f"{jump.title}: {jump.before} → {jump.after}" for jump in surprises.jumps[:SHOWN])
        return Metric(
            name=self.name,
            label=self.label,
            value=value,
            interval=None,
            threshold=required.threshold,
            direction="at_least",
            unit="share",
            n=n,
            needed=required.needed,
            verdict=verdict,
            detail=detail,
            method="count",
            examples=examples,
        )


def told(surprises: Surprises) -> str:
    """What is surprising, and what to do about it."""
    parts = []
    if surprises.jumps:
        first = surprises.jumps[0]
        parts.append(f"the price of “{first.title}” went from {first.before} to {first.after}")
    if surprises.jumped > 1:
        parts.append(f"{counted(surprises.jumped - 1, 'more price')} jumped as well")
    for loss in surprises.losses:
        such = ", ".join(f"“{title}”" for title in loss.examples[:3])
        parts.append(f"{loss.lost} of {loss.of} {loss.kind} are gone, such as {such}")
    changes = "; ".join(parts)
    return f"Since version {surprises.against} was proved, {changes}. Mend it and train again, or say that it is meant."
