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


def wrong_figures(answer: str, expected: Iterable[str], evidence: str) -> list[str]:
    """Figures of the answer that stand in place of an expected one; empty when the expected one is there.

    A figure that the case's evidence holds too is another true figure of the same passage, not a wrong one. Beside the
    expected figure others may stand: a table is often told with the rows around the one that was asked for.
    """
    told = figures_in([answer])
    known = figures_in([evidence])
    found = [claim.text for wanted in figures_in(expected) for claim in contradictions(wanted, told, known)]
    return list(dict.fromkeys(found))


def contradictions(wanted: Claim, told: list[Claim], known: list[Claim]) -> Iterator[Claim]:
    """What the answer says instead of `wanted`."""
    others = [claim for claim in told if alike(claim, wanted)]
    if any(equal(claim, wanted) for claim in others):
        return
    for claim in others:
        if not any(equal(claim, other) for other in known if same_kind(claim, other)):
            yield claim


def alike(one: Claim, other: Claim) -> bool:
    """Whether one may stand in place of the other."""
    return same_kind(one, other) or both_prices(one, other)


def both_prices(one: Claim, other: Claim) -> bool:
    """Whether one is an amount and the other says that it costs nothing, or in another currency."""
    kinds = {one.kind, other.kind}
    return kinds <= {"money", "free"} and "money" in kinds
