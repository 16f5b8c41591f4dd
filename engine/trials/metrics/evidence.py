"""What a metric is made of, and what it promises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from engine.domain.trial import CaseResult, Metric, Rating

__all__ = ["Evidence", "GateMetric"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything measured for one version's fingerprint."""

    results: tuple[CaseResult, ...]
    """Of the latest finished trial run; empty when there is none."""
    ratings: tuple[Rating, ...]
    """One a tester and answer."""


class GateMetric(Protocol):
    """One figure that decides whether a version may meet shoppers."""

    name: str
    threshold: float
    automatic: bool
    """Whether it is measured without people."""

    def measure(self, evidence: Evidence) -> Metric:
        """The figure with its interval and verdict; says what is missing when there is too little."""
        ...
