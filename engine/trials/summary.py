"""A trial run in figures: how many held at once and every time, how fast, by what was tried, and the second opinion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from engine.domain.trial import CaseKind, CaseResult
from engine.trials.intervals import percentile
from engine.trials.judging import Agreement, agreement
from engine.trials.metrics.accuracy import right_at_once, right_every_time
from engine.trials.metrics.evidence import Evidence

__all__ = ["KindCount", "Summary", "Times", "summary"]


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds; answers that failed have no time."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    p50: float | None
    """Half of all answers took at most this."""
    p95: float | None
    """Nineteen of twenty answers took at most this."""


@dataclass(frozen=True, slots=True)
class KindCount:
    """How the cases of one kind went."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    kind: CaseKind
    """What the cases try."""
    right: int
    """Cases that passed every time."""
    all: int
    """Cases asked."""


@dataclass(frozen=True, slots=True)
class Summary:
    """The run in figures."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    cases: int
    """Cases asked, each counted once."""
    right_every_time: int
    """Cases that passed in all their repeats (pass^k)."""
    right_at_once: float | None
    """Share of single answers that were right (pass^1)."""
    failed: int
    """Answers that could not be made at all; they count as wrong and have no time."""
    first_token_ms: Times
    """Time to the first words."""
    total_ms: Times
    """Time of the whole answer."""
    kinds: tuple[KindCount, ...]
    """By what was tried."""
    second_opinion: Agreement
    """How often the language model's opinion is a person's."""


def summary(results: Sequence[CaseResult]) -> Summary:
    """The figures of some results."""
    evidence = Evidence(tuple(results), ())
    cases = list(evidence.cases())
    kinds: dict[CaseKind, list[bool]] = {}
    for repeats in cases:
        kinds.setdefault(repeats[0].kind, []).append(right_every_time(repeats))
    timed = [result for result in results if not result.failed]
    return Summary(
        cases=len(cases),
        right_every_time=sum(map(right_every_time, cases)),
        right_at_once=right_at_once(evidence),
        failed=len(results) - len(timed),
        first_token_ms=times([result.first_token_ms for result in timed]),
        total_ms=times([result.total_ms for result in timed]),
        kinds=tuple(KindCount(kind, sum(held), len(held)) for kind, held in sorted(kinds.items())),
        second_opinion=agreement(results),
    )


def times(values: Sequence[float]) -> Times:
    """The percentiles of some times."""
    return Times(percentile(values, 0.5), percentile(values, 0.95)) if values else Times(None, None)
