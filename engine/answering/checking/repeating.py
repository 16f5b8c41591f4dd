"""Sentences that repeat one of the evidence: what they say must be what that one says, and as often."""

from __future__ import annotations

from engine.answering.checking.grounds import Ground, Grounds, comparable
from engine.answering.checking.reading import Reading
from engine.answering.checking.values import Claim, equal
from engine.answering.checking.words import GENERIC_STEMS

__all__ = ["VERBATIM", "equal_or_bare", "in_repeated", "repeats"]

FEWEST_REPEATED = 4
"""Fewer words in common are no repetition."""
VERBATIM = 0.7
"""A sentence of which so large a share stands in one sentence of the evidence repeats it: its codes must too."""


def repeats(words: frozenset[str], where: Ground, least: float = VERBATIM) -> bool:
    """Whether most words of a sentence stand in this ground."""
    telling = words - GENERIC_STEMS or words
    return bool(telling) and len(telling & where.own) >= least * len(telling)


def in_repeated(claim: Claim, reading: Reading, grounds: Grounds, least: float = 1.0) -> bool:
    """Whether a sentence that repeats one of the evidence says this value no more often than that one does."""
    if least == 1.0 and len(reading.words) < FEWEST_REPEATED:
        return True
    rivals = [ground for ground in grounds.all if repeats(reading.words, ground, least)]
    said = sum(claim.kind == other.kind and bool(claim.values & other.values) for other in reading.claims)
    return not rivals or any(
        sum(equal_or_bare(claim, s.claim) and comparable(claim, s.claim, ground) for s in ground.stated) >= said
        for ground in rivals
    )


def equal_or_bare(claim: Claim, stated: Claim) -> bool:
    """Equal, where kinds that `holders` let through for equal digits count as equal."""
    return equal(claim, stated) or (claim.kind != stated.kind and "pound" not in {claim.unit, stated.unit})
