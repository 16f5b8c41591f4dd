"""Which of the proposals are kept: each fact once, nothing twice, all kinds, spread over pages and products.

No answer of the assistant is looked at: a test that only asks what is answered well would prove nothing.
Never here: making questions.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence

from rapidfuzz import fuzz, process

from engine.domain.trial import CaseKind, TestCase
from engine.trials.generating.material import Material
from engine.trials.generating.proposal import Proposal

__all__ = ["chosen", "plain"]

SHARES: Mapping[CaseKind, int] = {
    "policy": 30,
    "product": 13,
    "price": 8,
    "availability": 5,
    "out_of_stock": 3,
    "comparison": 5,
    "out_of_scope": 5,
    "other_shop": 4,
    "private_data": 4,
    "injection": 5,
    "follow_up": 6,
    "misspelt": 6,
    "other_language": 5,
    "small_talk": 1,
}
"""Of a hundred cases; what one kind lacks goes to the kinds about the shop's own knowledge."""
FILLS: tuple[CaseKind, ...] = ("policy", "product", "price", "comparison", "follow_up", "availability", "misspelt")
"""Kinds that take what others lack, in turn."""
DERIVED = frozenset({"misspelt", "other_language"})
"""Kinds that ask again after a fact in other words: of one that another case asks after only where all are."""
ALIKE = 93.0
"""Likeness of two questions, 0 to 100, from which on they are one; product names alone differ by more."""
FORM_WORDS = 3
"""Words by which questions begin alike."""
WAITS = 3
"""Rounds over all pages that a further question of the same form is put off."""
NOT_WORDS = re.compile(r"[^\w]+")


def plain(question: str) -> str:
    """A question for comparison: its words in lower case."""
    return NOT_WORDS.sub(" ", question.casefold()).strip()


class Kept:
    """What is there already, and what was chosen."""

    def __init__(self, known: Iterable[TestCase]) -> None:
        cases = list(known)
        self.questions: dict[bool, list[str]] = {True: [], False: []}
        for case in cases:
            self.questions[case.kind in DERIVED].append(plain(" ".join((*case.earlier, case.question))))
        self.evidence = {
            (case.kind in DERIVED, case.kind == "follow_up", case.evidence, case.must_include)
            for case in cases
            if case.evidence
        }
        self.facts: set[str] = set()

    def takes(self, proposal: Proposal, *, again: bool) -> bool:
        """Take a proposal, unless the like is there. `again` allows a derived kind to ask after a known fact."""
        asked = plain(" ".join((*proposal.earlier, proposal.question)))
        fact = f"{proposal.kind} {proposal.fact}" if again and proposal.kind in DERIVED else proposal.fact
        told = (proposal.kind in DERIVED, proposal.kind == "follow_up", proposal.evidence, proposal.must_include)
        shared = proposal.expects == "refusal" or proposal.kind == "small_talk"
        if fact in self.facts or (told in self.evidence and not shared):
            return False
        # A slip is meant to be like the question without it; of two slips of one question one is enough.
        alike = self.questions[proposal.kind in DERIVED]
        if process.extractOne(asked, alike, scorer=fuzz.ratio, score_cutoff=ALIKE) is not None:
            return False
        alike.append(asked)
        self.facts |= {fact, proposal.fact}
        return True


def chosen(material: Material, proposals: Sequence[Proposal], known: Iterable[TestCase], most: int) -> list[Proposal]:
    """At most `most` of the proposals, none of which a known case asks after already."""
    kept = Kept(known)
    waiting = {kind: spread(material, [item for item in proposals if item.kind == kind]) for kind in SHARES}
    wanted = quotas(most)
    found: list[Proposal] = []
    for kind in sorted(SHARES, key=lambda kind: kind in DERIVED):
        some = taken(waiting[kind], kept, wanted[kind], again=False)
        found += some
        if kind in DERIVED:
            found += taken(waiting[kind], kept, wanted[kind] - len(some), again=True)
    for again in (False, True):
        while len(found) < most:
            more = [item for kind in FILLS for item in taken(waiting[kind], kept, 1, again=again)]
            if not more:
                break
            found += more[: most - len(found)]
    order = list(SHARES)
    return sorted(found, key=lambda item: order.index(item.kind))


def quotas(most: int) -> dict[CaseKind, int]:
    """How many of each kind, at least one of each where there is room."""
    exact = {kind: most * share / sum(SHARES.values()) for kind, share in SHARES.items()}
    counts = {kind: int(wanted) for kind, wanted in exact.items()}
    rest = sorted(SHARES, key=lambda kind: (counts[kind] > 0, counts[kind] - exact[kind]))
    for kind in rest[: most - sum(counts.values())]:
        counts[kind] += 1
    return counts


def spread(material: Material, proposals: Sequence[Proposal]) -> list[Proposal]:
    """In an order that takes one from each page or product before a second, those the shop itself asks first."""
    chance = material.random("spread", proposals[0].kind if proposals else "")
    piles: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        piles[proposal.about].append(proposal)
    names = sorted(piles)
    chance.shuffle(names)
    ordered: list[tuple[int, int, Proposal]] = []
    for place, name in enumerate(names):
        pile = piles[name]
        chance.shuffle(pile)
        pile.sort(key=lambda item: (item.standing, not item.must_include))
        forms: Counter[str] = Counter()
        for depth, item in enumerate(pile):
            form = " ".join(item.question.split()[:FORM_WORDS])
            # A second question of a form waits: one table is not the whole shop.
            ordered.append((depth + WAITS * forms[form], place, item))
            forms[form] += 1
    return [item for *_, item in sorted(ordered, key=lambda entry: entry[:2])]


def taken(waiting: list[Proposal], kept: Kept, count: int, *, again: bool) -> list[Proposal]:
    """The next `count` that are new; what is passed over is passed over for good, but for derived kinds."""
    found: list[Proposal] = []
    passed: list[Proposal] = []
    while waiting and len(found) < count:
        proposal = waiting.pop(0)
        if kept.takes(proposal, again=again):
            found.append(proposal)
        elif not again:
            passed.append(proposal)
    waiting[:0] = passed
    return found
