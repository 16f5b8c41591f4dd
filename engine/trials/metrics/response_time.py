"""How long shoppers wait for a whole answer."""

from __future__ import annotations

from typing import Literal

from engine.domain.trial import Metric, Requirement, Verdict
from engine.trials.intervals import bootstrap_percentile, percentile
from engine.trials.metrics.evidence import Evidence, Limits

__all__ = ["ResponseTime"]


class ResponseTime:
    """95th percentile of the whole answer's time, milliseconds; bootstrap interval."""

    name, label = "response_time_p95", "Response time (slowest 5 %)"
    direction: Literal["at_least", "at_most"] = "at_most"
    unit: Literal["share", "ms"] = "ms"
    automatic = True
    default = Requirement(threshold=5000.0, needed=10)
    limits = Limits(threshold=10_000.0, needed=10)

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """Only answers count: a failure has no time."""
        times = [result.total_ms for result in evidence.results if not result.failed]
        n = len(times)
        value = percentile(times, 0.95) if n else None
        verdict: Verdict = "pass"
        detail = ""
        if value is None or n < required.needed:
            verdict = "not_enough_evidence"
            detail = f"Run at least {required.needed} approved test questions; {n} were timed so far."
        elif value > required.threshold:
            verdict = "fail"
            detail = f"One answer in twenty took {value / 1000:.1f} s or longer."
        slow = sorted((result for result in evidence.results if not result.failed), key=lambda r: -r.total_ms)
        return Metric(
            name=self.name,
            label=self.label,
            value=value,
            interval=bootstrap_percentile(times, 0.95) if n else None,
            threshold=required.threshold,
            direction="at_most",
            unit="ms",
            n=n,
            needed=required.needed,
            verdict=verdict,
            detail=detail,
            method="bootstrap",
            examples=tuple(result.question for result in slow[:5] if result.total_ms > required.threshold),
        )
