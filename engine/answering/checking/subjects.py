"""Which product each price or stock word of a sentence is said of.

Never here: whether it is right; that is `pricing`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.answering.checking.rows import Mention, Rows, unique
from engine.answering.checking.values import Claim
from engine.answering.checking.words import GENERIC_STEMS, word_places
from engine.domain.knowledge import Product

__all__ = ["Subject", "subjects"]

BOTH = re.compile(r"\b(?:both|each|all|every|alle|beide|tous|toutes|ambos|todos|entrambi|tutti)\b", re.IGNORECASE)
JOINED = re.compile(r"\s*(?:,|and|und|et|y|e|&|or|,\s*and|,\s*or)\s*(?:the|a|an|our|der|die|das|le|la|el|il)?\s*", re.I)


@dataclass(frozen=True, slots=True)
class Subject:
    """What a claim is said of."""

    products: tuple[Product, ...]
    """All of them must bear the claim out; none when it is not known."""
    named: bool
    """Whether the sentence itself names it."""
    before: frozenset[str]
    """Telling words of the claim's clause that stand before it and are not the product's name."""
    around: frozenset[str]
    """The same on both sides."""


def subjects(
    text: str, bare: str, claims: Sequence[Claim], rows: Rows, carried: Product | None
) -> dict[Claim, Subject]:
    """The subject of each claim; `bare` is the text with its claims blanked."""
    mentions = [m for m in rows.mentions(text) if m.products]
    found: dict[Claim, Subject] = {}
    for claim in claims:
        products = named_for(text, claim, claims, mentions)
        before, around = topics(bare, claim, claims, mentions)
        if products:
            found[claim] = Subject(narrowed(products, carried), True, before, around)
        else:
            found[claim] = Subject((carried,) if carried else (), False, before, around)
    return found


def narrowed(products: tuple[Product, ...], carried: Product | None) -> tuple[Product, ...]:
    """When words fit several products, the one that was spoken of."""
    return (carried,) if carried is not None and carried in products else products


def named_for(text: str, claim: Claim, claims: Sequence[Claim], mentions: Sequence[Mention]) -> tuple[Product, ...]:
    """The products named for a claim: the last before it, with those joined to it; else the first after it."""
    before = [m for m in mentions if m.end <= claim.start]
    if not before:
        after = [m for m in mentions if m.start >= claim.end]
        return after[0].products if after else ()
    group = [before[-1]]
    for mention in reversed(before[:-1]):
        if not JOINED.fullmatch(text[mention.end : group[0].start]):
            break
        group.insert(0, mention)
    following = [m.start for m in mentions if m.start > group[-1].end]
    limit = following[0] if following else len(text)
    same = [c for c in claims if c.kind == claim.kind and group[-1].end <= c.start < limit]
    if len(group) > 1 and len(same) == len(group):
        return group[same.index(claim)].products
    if len(group) > 1:
        return unique(product for mention in group for product in mention.products)
    if BOTH.search(text) and len(before) > 1:
        return unique(product for mention in before for product in mention.products)
    return group[0].products


def topics(
    bare: str, claim: Claim, claims: Sequence[Claim], mentions: Sequence[Mention]
) -> tuple[frozenset[str], frozenset[str]]:
    """(words before the claim, words around it) that tell what it is about, without names of products."""
    start = max((c.end for c in claims if c.end <= claim.start and c.kind == claim.kind), default=0)
    end = min((c.start for c in claims if c.start >= claim.end and c.kind == claim.kind), default=len(bare))
    before, after = set(), set()
    for place, word in word_places(bare):
        if word in GENERIC_STEMS or any(m.start <= place < m.end for m in mentions):
            continue
        if start <= place < claim.start:
            before.add(word)
        elif claim.end <= place < end:
            after.add(word)
    return frozenset(before), frozenset(before | after)
