"""What a metric is made of, and what it promises."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Literal, Protocol

from engine.domain.baseline import Surprises
from engine.domain.trial import CaseResult, Metric, Rating, Requirement

__all__ = ["Evidence", "GateMetric", "Limits"]


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything measured for one version's fingerprint."""

    results: tuple[CaseResult, ...]
    """Of the latest finished trial run, of cases that are still approved as they were asked; repeats included."""
    ratings: tuple[Rating, ...]
    """One a tester and answer."""
    waiting: int = 0
    """Approved cases that this run did not ask in their present wording, as often as it asks each."""
    has_products: bool = True
    """Whether the version sells anything."""
    own_words: tuple[str, ...] = ()
    """What the merchant gave the assistant to say: greeting, refusal, contact."""
    taken_out: int = 0
    """Cases that this run answered wrongly and that count no more: without a fresh run they would be forgotten."""
    surprises: Surprises | None = None
    """How far the version departs from the last proved one; None when that was not looked at."""
    confirmed: bool = False
    """Whether a member said that exactly these surprises are meant."""

    def cases(self) -> Iterator[tuple[CaseResult, ...]]:
        """The results of each case, all its repeats together."""
        ordered = sorted(self.results, key=lambda result: (result.case, result.attempt))
        for _, repeats in groupby(ordered, key=lambda result: result.case):
            yield tuple(repeats)

    def checked(self, name: str) -> Iterator[tuple[str, bool]]:
        """(question, whether it held in every repeat) of each case that a check applies to."""
        for repeats in self.cases():
            found = [held for result in repeats if (held := result.check(name)) is not None]
            if found:
                yield repeats[0].question, all(found)


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a merchant may loosen a metric: never beyond."""

    threshold: float
    needed: int
    people: int = 0


class GateMetric(Protocol):
    """One figure that decides whether a version may meet shoppers."""

    name: str
    label: str
    """In a shop owner's words."""
    direction: Literal["at_least", "at_most"]
    """Whether the threshold is a floor or a ceiling."""
    unit: Literal["share", "ms"]
    """Unit of the value."""
    default: Requirement
    limits: Limits
    automatic: bool
    """Whether it is measured without people."""

    def measure(self, evidence: Evidence, required: Requirement) -> Metric:
        """The figure with its interval and verdict; says what is missing when there is too little."""
        ...


def wrong_ones(checked: Iterable[tuple[str, bool]]) -> tuple[str, ...]:
    """Questions that went wrong, a few of them."""
    return tuple(question for question, held in checked if not held)[:5]
