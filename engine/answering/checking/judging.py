"""Whether each claim of a sentence is borne out, by a row for prices and stock and by the evidence for all else.

A value must stand where the sentence fits: a number that the evidence states of something else, or in another
unit, does not bear a claim out. Never here: what happens to the sentence; that is the guard's.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.answering.checking.coding import IDENTIFIED, code_holds, code_of, option_of
from engine.answering.checking.grounds import CLEARLY, Ground, Grounds, near_words, repeating
from engine.answering.checking.locating import address_holds, stands_near
from engine.answering.checking.pricing import price_holds, stock_holds
from engine.answering.checking.reading import Reading, read
from engine.answering.checking.repeating import VERBATIM, equal_or_bare, in_repeated, repeats
from engine.answering.checking.rows import Rows
from engine.answering.checking.subjects import Subject
from engine.answering.checking.values import Claim, equal
from engine.answering.checking.verbatim import misnamed, misquoted, same_words
from engine.answering.checking.words import word_places
from engine.domain.knowledge import Product

__all__ = ["Judged", "judge"]

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
    if (quoted := quotation(reading, grounds)) is not None:
        return Judged(reading, (), (quoted,))
    used: set[tuple[int, int]] = set()
    wrong: list[Claim] = []
    held: list[Ground] = []
    echoes: list[Claim] = []
    own = not any(repeats(reading.words, ground) for ground in grounds.all)
    for claim in reading.claims:
        where = bearer(claim, reading, grounds, rows, used)
        if where is None:
            (echoes if own and asked(claim, grounds) else wrong).append(claim)
        elif isinstance(where, Ground):
            held.append(where)
    right = [c for c in reading.claims if c not in wrong and c not in echoes]
    for claim in echoes:
        # A shopper's own figure may be repeated only beside one that the evidence states: "over £50" for a £62 order.
        of_time = claim.kind in {"weekday", "date"} and any(
            other.kind in {"time", "weekday", "date"} for other in right
        )
        if not of_time and not any(claim.kind == other.kind and claim.unit == other.unit for other in right):
            wrong.append(claim)
    spans = misquoted(text, (ground.text for ground in grounds.all))
    spans += [(start, end) for start, end, _ in misnamed(text, [product.title for product in rows.products])]
    for start, end in spans:
        inside = [claim for claim in reading.claims if claim.start < end and start < claim.end]
        wrong += [claim for claim in inside if claim not in wrong]
        if not inside:
            wrong.append(Claim("code", frozenset({text[start:end]}), "", start, end, text[start:end]))
    return Judged(reading, tuple(wrong), tuple(held))


def quotation(reading: Reading, grounds: Grounds) -> Ground | None:
    """The sentence of a page that is said here letter by letter, and so is as true as the page.

    Not one of a product's page, which may be said of another product, nor one that names a product beside a price
    or a stock word: of those the rows know better.
    """
    if any(reading.subjects[claim].named for claim in reading.claims):
        return None
    said = same_words(reading.text)
    return next(
        (g for g in grounds.all if g.product is None and g.passage is not None and same_words(g.text) == said), None
    )


def asked(claim: Claim, grounds: Grounds) -> bool:
    """Whether the shopper said it first."""
    return claim.kind in {"money", "quantity", "number", "code", "weekday", "date"} and any(
        claim.kind == other.kind and claim.unit == other.unit and equal(claim, other) for other in grounds.asked
    )


def bearer(
    claim: Claim, reading: Reading, grounds: Grounds, rows: Rows, used: set[tuple[int, int]]
) -> Ground | bool | None:
    """Where a claim stands: a ground, True for a catalogue row, None when nothing bears it out."""
    subject = reading.subjects[claim]
    match claim.kind:
        case "url":
            return address_holds(claim, reading, grounds) or None
        case "email" | "phone":
            return stands_near(claim, reading, grounds) or None
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
            return option_of(claim, subject) or code_holds(claim, reading, grounds, rows)
        case "size" | "quantity" | "number":
            return measure_holds(claim, reading, grounds, used)
        case _:
            where = fitting(claim, reading, grounds, used, subject)
            return where if where is None or in_repeated(claim, reading, grounds) else None


def measure_holds(claim: Claim, reading: Reading, grounds: Grounds, used: set[tuple[int, int]]) -> Ground | bool | None:
    """Whether a size, quantity or bare number is an option, a number or a fact of what it is said of."""
    subject = reading.subjects[claim]
    if subject.named and any(product.variants for product in subject.products) and claim.kind == "size":
        return option_of(claim, subject) or None
    if claim.kind == "number" and subject.named:
        codes = any(code_of(claim.text.casefold(), p, reading, grounds) for p in subject.products)
        if codes or IDENTIFIED.search(reading.text[: claim.start]):
            return codes or None
    where = option_of(claim, subject) or fitting(claim, reading, grounds, used, subject)
    if isinstance(where, Ground):
        least = VERBATIM if claim.kind == "number" else 1.0
        return where if in_repeated(claim, reading, grounds, least) else None
    return where


def fitting(
    claim: Claim, reading: Reading, grounds: Grounds, used: set[tuple[int, int]], subject: Subject | None = None
) -> Ground | None:
    """The ground that states the claim, unless another fits the sentence clearly better and states another value."""
    near = near_words(word_places(reading.bare), claim)
    found = grounds.holders(claim, near, reading.words, reading.claims)
    if subject is not None and subject.named:
        ids = {product.id for product in subject.products}
        found = [item for item in found if item[1].product is None or item[1].product in ids]
    found = repeating(found, reading.words)
    if not found:
        return None
    best = found[0][0]
    for score, where, stated in found:
        if score < CLEARLY * best - 1e-9:
            return None
        key = (id(where), where.stated.index(stated))
        again = key in used and repeats(reading.words, where, 1.0)  # a repeated sentence says each thing once
        if equal_or_bare(claim, stated.claim) and not again:
            used.add(key)
            return where
    return None


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
