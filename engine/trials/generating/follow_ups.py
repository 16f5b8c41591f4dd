"""Second questions of a conversation, which lean on the first: "How much is the teapot?", then "And is it in stock?"

Never here: a first question without a second.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from engine.answering.stems import stems
from engine.trials.generating.material import Material
from engine.trials.generating.proposal import Proposal

__all__ = ["follow_ups"]

MOST_WORDS = 12
SHARED = 2
"""Words that two matters share which one asks after in one conversation."""
LIKE_PRICE = {"price": "And how much {does} {it} cost?", "stock": "And {be} {it} in stock?"}
SWAPPED = {
    "delivery_cost": "And to {place}?",
    "delivery_time": "And to {place}?",
    "pay_with": "And with {place}?",
}
"""Matter to how a second question says only what differs."""


def follow_ups(material: Material, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Cases of two messages, made of single ones."""
    yield from of_products(proposals)
    yield from of_topics(proposals)
    yield from of_pages(material, proposals)


def of_products(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Price after stock and stock after price of the same product, or after a question of what it is."""
    by_product: dict[str, list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        if proposal.kind in {"price", "availability", "out_of_stock", "product"}:
            by_product[proposal.about].append(proposal)
    for place, (_, several) in enumerate(sorted(by_product.items())):
        plain = {item.topic: item for item in several if item.topic in LIKE_PRICE}
        about = [item for item in several if item.kind == "product"]
        if "price" not in plain or "stock" not in plain:
            continue
        second = plain["stock" if place % 2 == 0 else "price"]
        first = about[0] if about and place % 3 == 0 else plain["price" if place % 2 == 0 else "stock"]
        plural = (
            first.question.startswith(("How much do ", "Are ", "How high are ", "How big are "))
            or " do the " in first.question
        )
        words = {"does": "do" if plural else "does", "it": "they" if plural else "it", "be": "are" if plural else "is"}
        asked = LIKE_PRICE[second.topic].format(**words)
        yield second_of(first, second, asked)


def of_topics(proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """The same question of another country or another means of payment."""
    by_topic: dict[tuple[str, str], list[Proposal]] = defaultdict(list)
    for proposal in proposals:
        if proposal.topic in SWAPPED and proposal.subject:
            by_topic[proposal.topic, proposal.about].append(proposal)
    for (topic, _), several in sorted(by_topic.items()):
        for first, second in pairwise(several):
            if first.must_include != second.must_include:
                yield second_of(first, second, SWAPPED[topic].format(place=second.subject))


def of_pages(material: Material, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """How to do one thing, then how to do another with the same: the first must not lead the second astray."""
    steps = [
        item for item in proposals if item.question.startswith("How do I ") and len(item.question.split()) <= MOST_WORDS
    ]
    used: set[frozenset[str]] = set()
    for place, second in enumerate(steps):
        about = stems(second.question) - material.common
        for first in (*steps[place + 1 :], *steps[:place]):
            shared = (about & stems(first.question)) - stems(f"{verb_of(first)} {verb_of(second)}")
            pair = frozenset({first.about, second.about})
            if len(pair) > 1 and pair not in used and len(shared) >= SHARED and about - stems(first.question):
                used.add(pair)
                asked = f"And how do I {second.question.removeprefix('How do I ')}"
                # Its second question is clear by itself: a case that asks it alone asks the same.
                yield replace(second_of(first, second, asked), fact=second.fact)
                break


def verb_of(proposal: Proposal) -> str:
    """What is done in `How do I ...?`"""
    return proposal.question.split()[3]


def second_of(first: Proposal, second: Proposal, asked: str) -> Proposal:
    """The second question after the first; what an answer holds is that of the second."""
    return replace(
        second,
        kind="follow_up",
        question=asked,
        earlier=(first.question,),
        fact=f"{second.fact} after {first.fact}",
        topic="",
        standing=0,
    )
