"""Intervals around estimated figures."""

from __future__ import annotations

import math
import random
from collections.abc import Sequence

__all__ = ["bootstrap_percentile", "percentile", "wilson"]

Z95 = 1.959963984540054
RESAMPLES = 1000


def wilson(successes: int, n: int) -> tuple[float, float]:
    """95 % interval of a share (Wilson, JASA 1927): honest for small numbers, also at 0 and at all."""
    if n == 0:
        return 0.0, 1.0
    share, z2 = successes / n, Z95 * Z95
    centre = share + z2 / (2 * n)
    spread = Z95 * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n))
    low, high = (centre - spread) / (1 + z2 / n), (centre + spread) / (1 + z2 / n)
    return (0.0 if successes == 0 else max(0.0, low), 1.0 if successes == n else min(1.0, high))


def percentile(values: Sequence[float], share: float) -> float:
    """The smallest value that at least `share` of all do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]


def bootstrap_percentile(values: Sequence[float], share: float) -> tuple[float, float]:
    """95 % interval of a percentile (Efron's percentile bootstrap), the same for the same values."""
    chance = random.Random(len(values))  # noqa: S311 - resampling, not secrecy; a fixed seed repeats
    estimates = [percentile(chance.choices(values, k=len(values)), share) for _ in range(RESAMPLES)]
    return percentile(estimates, 0.025), percentile(estimates, 0.975)
