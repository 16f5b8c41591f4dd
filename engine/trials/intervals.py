"""Intervals around estimated figures."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Sequence

__all__ = ["bootstrap_percentile", "percentile", "wilson"]

Z95 = 1.959963984540054


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
    """95 % interval of a percentile: Efron's percentile bootstrap without its resamples.

    The percentile of a resample is one of the values, and its distribution is known exactly (Efron, Annals of
    Statistics 1979, section 3; Maritz and Jarrett, JASA 1978): the percentile of rank r stays at or below the i-th
    smallest of n values when at least r of n draws do, each with the chance i/n. So the interval is that of endlessly
    many resamples, is the same for the same values, and costs next to nothing.
    """
    ordered = sorted(values)
    n = len(ordered)
    rank = max(1, math.ceil(share * n))
    low, high = (
        bisect_left(range(1, n), wanted, key=lambda place: at_least(rank, n, place / n)) for wanted in (0.025, 0.975)
    )
    return ordered[low], ordered[high]


def at_least(least: int, n: int, chance: float) -> float:
    """The chance that at least so many of n draws succeed, each with this chance below one (binomial)."""
    success, failure = math.log(chance), math.log1p(-chance)
    return math.fsum(
        math.exp(math.lgamma(n + 1) - math.lgamma(k + 1) - math.lgamma(n - k + 1) + k * success + (n - k) * failure)
        for k in range(least, n + 1)
    )
