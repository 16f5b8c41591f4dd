"""Whether each claim of a sentence is borne out, by a row for prices and stock and by the evidence for all else.

A value must stand where the sentence fits: a number that the evidence states of something else, or in another
unit, does not bear a claim out. Never here: what happens to the sentence; that is `deciding`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from engine.answering.checking.addresses import normal_address
from engine.answering.checking.grounds import CLEARLY, Ground, Grounds, codes_of, comparable, near_words, repeating
from engine.answering.checking.pricing import price_holds, stock_holds
from engine.answering.checking.reading import Reading, read
from engine.answering.checking.rows import Rows, variants_meant
from engine.answering.checking.subjects import Subject
from engine.answering.checking.values import Claim, equal
from engine.answering.checking.verbatim import misnamed, misquoted
from engine.answering.checking.words import GENERIC_STEMS, word_places
from engine.domain.catalogue import option_value
from engine.domain.knowledge import Product

__all__ = ["Judged", "judge"]

ADDRESS_CLEARLY = 0.9
"""As `CLEARLY`, for addresses that sentences of the evidence state."""
ADDRESS_FITS = 0.6
"""An address may stand in a passage that fits so much of what the best fitting one with an address does."""
SINCE = re.compile(r"(?:pre|post|mid|since)-((?:19|20)\d\d)")
FEWEST_REPEATED = 4
"""Fewer words in common are no repetition."""
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
            if subject.named and any(product.variants for product in subject.products) and claim.kind == "size":
                return option_of(claim, subject) or None
            if (
                claim.kind == "number"
                and subject.named
                and any(code_of(claim.text.casefold(), product, reading, grounds) for product in subject.products)
            ):
                return True
            where = option_of(claim, subject) or fitting(claim, reading, grounds, used, subject)
            if isinstance(where, Ground):
                least = VERBATIM if claim.kind == "number" else 1.0
                return where if in_repeated(claim, reading, grounds, least) else None
            return where
        case _:
            where = fitting(claim, reading, grounds, used, subject)
            return where if where is None or in_repeated(claim, reading, grounds) else None


def option_of(claim: Claim, subject: Subject) -> bool:
    """Whether it is an option that the named product comes in, such as `8GB` or size 44."""
    if not subject.named:
        return False
    value = claim.text.casefold()
    stated = {text.casefold() for p in subject.products for v in p.variants for text in (*v.options.values(), v.title)}
    sizes = {option_value("size", text) for text in stated}
    return (claim.kind == "size" and bool(claim.values & sizes)) or any(
        re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text) for text in stated
    )


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


def address_holds(claim: Claim, reading: Reading, grounds: Grounds) -> bool:
    """Whether an address stands in the evidence, and where the sentence fits: not another page's or product's."""
    value, subject = next(iter(claim.values)), reading.subjects[claim]
    if value not in grounds.urls:
        return value in grounds.own_hosts
    for product in subject.products if subject.named else ():
        own = {normal_address(url) for url in (product.url, *(v.url for v in product.variants)) if url}
        if value in own:
            return True
        if own and any(url.rpartition("/")[0] == value.rpartition("/")[0] for url in own):
            return False
    return stands_near(claim, reading, grounds)


def stands_near(claim: Claim, reading: Reading, grounds: Grounds) -> bool:
    """Whether a passage or row that speaks of the sentence's matter has this address, or opens at it."""
    value = next(iter(claim.values))
    same = [ground for ground in grounds.all if reading.words and reading.words <= ground.own]
    stated = [s.claim.values for ground in same for s in ground.stated if s.claim.kind in {"url", "email", "phone"}]
    if stated:  # the sentence repeats one of the evidence
        return any(value in values for values in stated)
    near = near_words(word_places(reading.bare), claim)
    stating = grounds.holders(claim, near, reading.words)
    if any(value in stated.claim.values for _, _, stated in stating):
        right = max(score for score, _, stated in stating if value in stated.claim.values)
        return right >= ADDRESS_CLEARLY * stating[0][0]
    fits = [(score, known) for score, known in grounds.address_books(reading.words) if known]
    best = max((score for score, _ in fits), default=0.0)
    having = [score for score, known in fits if value in known]
    return max(having, default=-1.0) >= ADDRESS_FITS * best


def code_holds(claim: Claim, reading: Reading, grounds: Grounds, rows: Rows) -> Ground | bool | None:
    """Whether a code stands in the evidence; in a sentence that repeats one of the evidence, in that very sentence."""
    subject = reading.subjects[claim]
    value = next(iter(claim.values))
    owners = [product for product in rows.products if value in {code.casefold() for code in codes_of(product)}]
    if subject.named and owners:
        return any(code_of(value, product, reading, grounds) for product in subject.products) or None
    holders = [ground for ground in grounds.all if holds(ground, value)]
    if not holders and (year := SINCE.fullmatch(value)):
        holders = [ground for ground in grounds.all if holds(ground, year[1])]
    return repeated(claim, reading, grounds, holders)


def code_of(value: str, product: Product, reading: Reading, grounds: Grounds) -> bool:
    """Whether a code is the product's, or that of the variant that is meant."""
    meant = variants_meant(product, reading.options.casefold().replace(value, " "), grounds.question_text)
    codes = [code for v in meant for code in (v.sku, v.gtin, v.mpn)] if meant else codes_of(product)
    return value in {code.casefold() for code in codes}


def holds(ground: Ground, value: str) -> bool:
    """Whether a ground's text has this token, not merely its letters within another."""
    before, after = r"(?<![^\W_])" * value[0].isalnum(), r"(?![^\W_])" * value[-1].isalnum()
    return re.search(f"{before}{re.escape(value)}{after}", ground.text, re.IGNORECASE) is not None


def repeated(claim: Claim, reading: Reading, grounds: Grounds, holders: Sequence[Ground]) -> Ground | None:
    """One of the holders; for a sentence that repeats one of the evidence, that one, and as often as it has it."""
    if not holders:
        return None
    rivals = [ground for ground in grounds.all if repeats(reading.words, ground)]
    if not any(s.claim.kind == "code" for ground in rivals for s in ground.stated):
        return holders[0]
    value = next(iter(claim.values))
    said = sum(value in other.values for other in reading.claims)
    fitting_ones = [g for g in rivals if g in holders and sum(value in s.claim.values for s in g.stated) >= said]
    return fitting_ones[0] if fitting_ones else None


def repeats(words: frozenset[str], where: Ground, least: float = VERBATIM) -> bool:
    """Whether most words of a sentence stand in this ground."""
    telling = words - GENERIC_STEMS or words
    return bool(telling) and len(telling & where.own) >= least * len(telling)
