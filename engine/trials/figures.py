"""Whether an answer tells another figure than the one that a person approved.

Never here: whether figures stand in the shop's sources; the number guard sees to that before an answer leaves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.answering.checking.claims import claims_in
from engine.answering.checking.values import Claim, equal, same_kind

__all__ = ["figures_in", "wrong_figures"]

FIGURES = frozenset({"money", "quantity", "date", "stock", "free"})
"""What misleads a shopper when it is wrong. A bare number says too little of what it counts."""


def figures_in(texts: Iterable[str]) -> list[Claim]:
    """The figures of some texts."""
    return [claim for text in texts for claim in claims_in(text) if claim.kind in FIGURES]


def wrong_figures(
    answer: str, expected: Iterable[str], evidence: str, *, right: str = "", elsewhere: str = ""
) -> list[str]:
    """Figures of the answer that stand in place of an expected one.

    A figure that the case's evidence holds too is another true figure of the same passage, not a wrong one. Where the
    expected figure is there, another one before it is wrong only when it was taken from `elsewhere`, the quotes of
    other sources, and not from the `right` one's too: what is read first is believed.
    """
    told = figures_in([answer])
    known, own, foreign = figures_in([evidence]), figures_in([right]), figures_in([elsewhere])
    found: list[str] = []
    for wanted in figures_in(expected):
        others = list(contradictions(wanted, told, known))
        if any(equal(claim, wanted) for claim in told if alike(claim, wanted)):
            others = [claim for claim in others if stands_in(claim, foreign) and not stands_in(claim, own)]
        found += [claim.text for claim in others]
    return list(dict.fromkeys(found))


def stands_in(claim: Claim, others: list[Claim]) -> bool:
    """Whether some text says the same figure."""
    return any(alike(claim, other) and equal(claim, other) for other in others)


def contradictions(wanted: Claim, told: list[Claim], known: list[Claim]) -> Iterator[Claim]:
    """What the answer says instead of `wanted`, up to where it says it."""
    for claim in told:
        if not alike(claim, wanted):
            continue
        if equal(claim, wanted):
            return
        if not any(equal(claim, other) for other in known if same_kind(claim, other)):
            yield claim


def alike(one: Claim, other: Claim) -> bool:
    """Whether one may stand in place of the other."""
    return same_kind(one, other) or both_prices(one, other)


def both_prices(one: Claim, other: Claim) -> bool:
    """Whether one is an amount and the other says that it costs nothing, or in another currency."""
    kinds = {one.kind, other.kind}
    return kinds <= {"money", "free"} and "money" in kinds
