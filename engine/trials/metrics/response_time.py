"""How long shoppers wait for a whole answer."""

from __future__ import annotations

from engine.domain.trial import Metric, Verdict
from engine.trials.intervals import bootstrap_percentile, percentile
from engine.trials.metrics.evidence import Evidence

__all__ = ["ResponseTime"]


class ResponseTime:
    """95th percentile of the whole answer's time, milliseconds; bootstrap interval."""

    name = "response_time_p95"
    threshold = 5000.0
    needed = 10
    automatic = True

    def measure(self, evidence: Evidence) -> Metric:
        """Only answers count: a failure has no time."""
        times = [result.total_ms for result in evidence.results if not result.failed]
        n = len(times)
        value = percentile(times, 0.95) if n else None
        verdict: Verdict = "pass"
        detail = ""
        if value is None or n < self.needed:
            verdict = "not_enough_evidence"
            detail = f"Run at least {self.needed} approved test questions; {n} were timed so far."
        elif value > self.threshold:
            verdict = "fail"
            detail = f"One answer in twenty took {value / 1000:.1f} s or longer."
        return Metric(
            self.name,
            "Response time (slowest 5 %)",
            value,
            bootstrap_percentile(times, 0.95) if n else None,
            self.threshold,
            "at_most",
            "ms",
            n,
            self.needed,
            verdict,
            detail,
        )
