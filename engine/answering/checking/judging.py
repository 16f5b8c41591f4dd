"""Whether each claim of a sentence is borne out, by a row for prices and stock and by the evidence for all else.

A value must stand where the sentence fits: a number that the evidence states of something else, or in another
unit, does not bear a claim out. Never here: what happens to the sentence; that is `deciding`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.answering.checking.addresses import host_of, normal_address
from engine.answering.checking.grounds import CLEARLY, Ground, Grounds, codes_of, near_words
from engine.answering.checking.pricing import price_holds, stock_holds
from engine.answering.checking.reading import Reading, read
from engine.answering.checking.rows import Rows
from engine.answering.checking.subjects import Subject
from engine.answering.checking.values import Claim, equal
from engine.answering.checking.words import word_places
from engine.domain.knowledge import Product

__all__ = ["Judged", "judge"]

VERBATIM = 0.7
"""A sentence of which so large a share stands in one sentence of the evidence repeats it: its codes must too."""
CONDITION = re.compile(
    r"\b(?:if|when|whenever|once|unless|whether|as soon as|until|items?|products? that|wenn|falls|sobald|si|se|quando"
    r"|cuando|lorsque)\b[^.;]{0,40}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Judged:
    """The verdict on each claim."""

    reading: Reading
    wrong: tuple[Claim, ...]
    grounds: tuple[Ground, ...]
    """Where the right ones stand."""


def judge(text: str, grounds: Grounds, rows: Rows, carried: Product | None) -> Judged:
    """Judge every claim of one sentence."""
    reading = read(text, rows, carried)
    used: set[tuple[int, int]] = set()
    wrong: list[Claim] = []
    held: list[Ground] = []
    echoes: list[Claim] = []
    for claim in reading.claims:
        where = bearer(claim, reading, grounds, rows, used)
        if where is None:
            (echoes if asked(claim, grounds) else wrong).append(claim)
        elif isinstance(where, Ground):
            held.append(where)
    right = [c for c in reading.claims if c not in wrong and c not in echoes]
    for claim in echoes:
        # A shopper's own figure may be repeated only beside one that the evidence states: "over £50" for a £62 order.
        if not any(claim.kind == other.kind and claim.unit == other.unit for other in right):
            wrong.append(claim)
    return Judged(reading, tuple(wrong), tuple(held))


def asked(claim: Claim, grounds: Grounds) -> bool:
    """Whether the shopper said it first."""
    return claim.kind in {"money", "quantity", "number", "code"} and any(
        claim.kind == other.kind and claim.unit == other.unit and equal(claim, other) for other in grounds.asked
    )


def bearer(
    claim: Claim, reading: Reading, grounds: Grounds, rows: Rows, used: set[tuple[int, int]]
) -> Ground | bool | None:
    """Where a claim stands: a ground, True for a catalogue row, None when nothing bears it out."""
    subject = reading.subjects[claim]
    match claim.kind:
        case "url":
            return True if address_holds(claim, subject, grounds) else None
        case "stock":
            if not subject.named and CONDITION.search(reading.text[: claim.start]):
                return stated_by(claim, reading, grounds, used, 0.5)
            verdict = stock_holds(claim, reading, grounds.question_text, rows)
            return (True if verdict else None) if verdict is not None else stated_by(claim, reading, grounds, used, 0.5)
        case "money":
            return price_holds(claim, reading, grounds, rows, used)
        case "free":
            return stated_by(claim, reading, grounds, set(), 0.0, subject)
        case "code":
            return code_holds(claim, reading, grounds, rows, used)
        case _:
            return fitting(claim, reading, grounds, used, subject)


def fitting(
    claim: Claim, reading: Reading, grounds: Grounds, used: set[tuple[int, int]], subject: Subject | None = None
) -> Ground | None:
    """The ground that states the claim, unless another fits the sentence clearly better and states another value."""
    near = near_words(word_places(reading.bare), claim)
    found = grounds.holders(claim, near, reading.words)
    if subject is not None and subject.named:
        ids = {product.id for product in subject.products}
        found = [item for item in found if item[1].product is None or item[1].product in ids]
    if not found:
        return None
    best = found[0][0]
    for score, where, stated in found:
        if score < CLEARLY * best - 1e-9:
            return None
        key = (id(where), where.stated.index(stated))
        if equal_or_bare(claim, stated.claim) and key not in used:
            used.add(key)
            return where
    return None


def equal_or_bare(claim: Claim, stated: Claim) -> bool:
    """Equal, where kinds that `holders` let through for equal digits count as equal."""
    return equal(claim, stated) or (claim.kind != stated.kind and "pound" not in {claim.unit, stated.unit})


def stated_by(
    claim: Claim,
    reading: Reading,
    grounds: Grounds,
    used: set[tuple[int, int]],
    least: float,
    subject: Subject | None = None,
) -> Ground | None:
    """A ground that says the same word of the same matter: it shares enough of the sentence's words."""
    where = fitting(claim, reading, grounds, used, subject)
    if where is None or not reading.words:
        return where
    shared = reading.words & (where.own | where.about)
    return where if shared and len(shared) >= least * len(reading.words) else None


def address_holds(claim: Claim, subject: Subject, grounds: Grounds) -> bool:
    """Whether an address stands in the evidence, and is not another product's."""
    value = next(iter(claim.values))
    for product in subject.products if subject.named else ():
        own = {normal_address(url) for url in (product.url, *(v.url for v in product.variants)) if url}
        if own and value in grounds.urls and value not in own and product_page(value, own):
            return False
    return value in grounds.urls or ("/" not in value and value in {host_of(url) for url in grounds.urls})


def product_page(value: str, own: set[str]) -> bool:
    """Whether an address looks like the product's: same host, same folder."""
    return any(url.rpartition("/")[0] == value.rpartition("/")[0] for url in own)


def code_holds(
    claim: Claim, reading: Reading, grounds: Grounds, rows: Rows, used: set[tuple[int, int]]
) -> Ground | bool | None:
    """Whether a code stands in the evidence; in a sentence that repeats one of the evidence, in that very sentence."""
    subject = reading.subjects[claim]
    every = {code.casefold(): product for product in rows.products for code in codes_of(product)}
    value = next(iter(claim.values))
    if subject.named and value in every and every[value] not in subject.products:
        return None
    if subject.named and value in every:
        return True
    if value not in grounds.tokens and not any(value in g.text.casefold() for g in grounds.all):
        return None
    best = max(grounds.all, key=lambda g: grounds.fit(g, reading.words), default=None)
    if best is not None and repeats(reading.words, best) and value not in best.text.casefold():
        rivals = [g for g in grounds.all if value in g.text.casefold() and repeats(reading.words, g)]
        return rivals[0] if rivals else None
    return next((g for g in grounds.all if value in g.text.casefold()), None)


def repeats(words: frozenset[str], where: Ground) -> bool:
    """Whether most words of a sentence stand in this ground."""
    return len(words) > 1 and len(words & where.own) >= VERBATIM * len(words)
