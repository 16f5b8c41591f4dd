"""Good questions as they are typed in haste: a letter swapped, dropped or doubled, no capitals, no question mark.

Never here: a slip in a figure, a code or a short word; nobody could read it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from engine.trials.generating.material import Material
from engine.trials.generating.proposal import Proposal

__all__ = ["misspelt"]

SHORTEST = 5
"""Letters of a word that may hold a slip."""
WORD = re.compile(r"[^\W\d_]+")
IDENTIFIER = re.compile(r"\S*(?:\d|@|[._/]\w|[a-z][A-Z]|[A-Z]{2})\S*")
FOR_SLIPS = frozenset({"policy", "product", "price", "availability", "out_of_stock"})


def misspelt(material: Material, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Each plain question of the shop's knowledge with one slip, or two in a long one."""
    for proposal in proposals:
        if proposal.kind in FOR_SLIPS and not proposal.earlier and len(proposal.question.split()) <= 14:
            typed = slipped(proposal.question, material.random("slip", proposal.question))
            if typed is not None:
                yield replace(proposal, kind="misspelt", question=typed, topic="", fact=proposal.fact)


def slipped(asked: str, chance: random.Random) -> str | None:
    """The question with slips; None where no word can hold one."""
    kept = [found.span() for found in IDENTIFIER.finditer(asked)]
    fit = [
        found
        for found in WORD.finditer(asked)
        if len(found[0]) >= SHORTEST and not any(start <= found.start() < end for start, end in kept)
    ]
    if not fit:
        return None
    chosen = chance.sample(fit, min(len(fit), 2 if len(fit) >= 4 else 1))
    typed = asked
    for found in sorted(chosen, key=lambda found: -found.start()):
        typed = typed[: found.start()] + slip(found[0], chance) + typed[found.end() :]
    # Names of models stay as they are: a shopper copies them.
    typed = typed if kept else typed.lower()
    return typed.rstrip("?") if chance.random() < 0.5 else typed


def slip(word: str, chance: random.Random) -> str:
    """The word with one slip behind its first letter."""
    places = [at for at in range(1, len(word) - 1) if word[at] != word[at + 1]]
    at = chance.choice(places or [1])
    match chance.choice(("swap", "drop", "double")):
        case "swap":
            return word[:at] + word[at + 1] + word[at] + word[at + 2 :]
        case "drop":
            return word[:at] + word[at + 1 :]
        case _:
            return word[: at + 1] + word[at] + word[at + 1 :]
