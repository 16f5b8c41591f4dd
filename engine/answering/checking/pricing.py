"""Whether a price or a stock word is what the catalogue row says of the product it is said of."""

from __future__ import annotations

import re

from engine.answering.checking.claims import PRICE_LEAD, SEPARATOR
from engine.answering.checking.grounds import CLEARLY, Ground, Grounds, Held, near_words, repeating
from engine.answering.checking.reading import Reading
from engine.answering.checking.rows import Rows, differences, is_amount, prices_of, stock_of, variants_meant
from engine.answering.checking.subjects import Subject
from engine.answering.checking.values import Claim, equal
from engine.answering.checking.words import GENERIC_STEMS, content_words, word_places
from engine.domain.knowledge import Product
from engine.domain.money import UNSTATED

__all__ = ["price_holds", "stock_holds"]

WAS = re.compile(
    r"\b(?:was|were|instead of|reduced from|down from|formerly|previously|originally|before|RRP|list price|statt"
    r"|vorher|früher|au lieu de|avant|antes|en lugar de|prima|invece di)\s*:?\s*$",
    re.IGNORECASE,
)
FROM = re.compile(
    r"\b(?:from|starting at|starts? at|start from|as low as|ab|à partir de|dès|desde|a partire da)\s*$", re.I
)
UP_TO = re.compile(r"\b(?:up to|at most|to|and|bis(?: zu)?|jusqu['’]à|hasta|fino a)\s*$", re.IGNORECASE)
SAVING = re.compile(r"\b(?:save|saving|saves|discount of|off|less|reduced by)\b", re.IGNORECASE)


def price_holds(
    claim: Claim, reading: Reading, grounds: Grounds, rows: Rows, used: set[tuple[int, int]]
) -> Ground | bool | None:
    """A ground or True (a row) that bears an amount out, else None.

    With a product as its subject the row decides, unless the words before the amount name another matter that
    the evidence puts an amount to, such as delivery.
    """
    subject = reading.subjects[claim]
    options = {
        word for p in subject.products for v in p.variants for o in v.options.values() for word in content_words(o)
    }
    about_else = elsewhere(claim, reading, grounds, subject.before - options)
    if about_else is not None:
        right = matching(claim, about_else, reading.words, used)
        if right is not None or not subject.products:
            return right
        return None if subject.before & about_else[0][1].own else right
    if subject.products and all(row_states(claim, reading, product, grounds) for product in subject.products):
        return True
    if not subject.products and not rows.products:
        return matching(claim, candidates(claim, reading, grounds, None), reading.words, used)
    around = subject.around or (frozenset() if subject.named else asked_topics(grounds, rows))
    after = elsewhere(claim, reading, grounds, around) or answers_of_its_own(claim, reading, grounds, subject, around)
    if after is not None:
        return matching(claim, after, reading.words, used)
    if not subject.products and FROM.search(reading.text[: claim.start]):
        lowest = [min(found, key=lambda m: m.amount) for p in rows.products if (found := prices_of(p, ()).now)]
        return (bool(lowest) and is_amount(min(lowest, key=lambda m: m.amount), claim.values, claim.unit)) or None
    return None


def asked_topics(grounds: Grounds, rows: Rows) -> frozenset[str]:
    """What the shopper asked about, without names of products and words of price."""
    titles = {word for product in rows.products for word in content_words(product.title)}
    return frozenset(word for word in grounds.question if word not in GENERIC_STEMS and word not in titles)


def candidates(claim: Claim, reading: Reading, grounds: Grounds, topics: frozenset[str] | None) -> list[Held]:
    """Amounts of the evidence, those of the topic only when one is given."""
    near = near_words(word_places(reading.bare), claim)
    found = grounds.holders(claim, near, reading.words, reading.claims)
    if topics is None:
        return found
    return [item for item in found if topics & (item[1].own | item[2].near)]


def elsewhere(claim: Claim, reading: Reading, grounds: Grounds, topics: frozenset[str]) -> list[Held] | None:
    """Amounts that the evidence puts to the same matter; None when it puts none to it."""
    if not topics:
        return None
    return candidates(claim, reading, grounds, topics) or None


def answers_of_its_own(
    claim: Claim, reading: Reading, grounds: Grounds, subject: Subject, topics: frozenset[str]
) -> list[Held] | None:
    """Amounts of pages whose title or question is what was asked, where the sentence itself names no matter.

    "Do you wrap gifts?" is answered by "Yes, for 2.50 EUR an order", which speaks of no gift.
    """
    if subject.named or subject.around or not topics:
        return None
    found = candidates(claim, reading, grounds, None)
    return [item for item in found if item[1].product is None and topics & item[1].about] or None


def matching(claim: Claim, found: list[Held], words: frozenset[str], used: set[tuple[int, int]]) -> Ground | None:
    """The ground among the best fitting that states the amount."""
    found = repeating(found, words)
    best = found[0][0] if found else 0.0
    for score, where, stated in found:
        if score < CLEARLY * best - 1e-9:
            return None
        key = (id(where), where.stated.index(stated))
        again = key in used and bool(words) and words <= where.own  # a repeated sentence says each thing once
        if (equal(claim, stated.claim) or stated.claim.kind == "number") and not again:
            used.add(key)
            return where
    return None


def row_states(claim: Claim, reading: Reading, product: Product, grounds: Grounds) -> bool:
    """Whether the row says this amount of what the sentence means."""
    before, after = reading.text[: claim.start], reading.text[claim.end :]
    prices = prices_of(product, variants_meant(product, reading.options, grounds.question_text))
    if WAS.search(before):
        return any(is_amount(money, claim.values, claim.unit) for money in prices.was)
    if prices.ends:
        pair = [c for c in reading.claims if c.kind == "money" and c is not claim]
        joined = any(SEPARATOR.fullmatch(reading.text[claim.end : c.start]) for c in pair if c.start >= claim.end)
        follows = any(SEPARATOR.fullmatch(reading.text[c.end : claim.start]) for c in pair if c.end <= claim.start)
        if joined or FROM.search(before):
            return is_amount(prices.ends[0], claim.values, claim.unit)
        if follows or UP_TO.search(before):
            return is_amount(prices.ends[1], claim.values, claim.unit)
    if not claim.unit and not PRICE_LEAD.search(before) and any(m.currency != UNSTATED for m in prices.now):
        return False  # a bare number in the middle of a sentence, where the shop writes prices with their currency
    if SAVING.search(before[-20:]) or SAVING.match(after[:8].strip()):
        return any(format(saved.normalize(), "f") in claim.values for saved in differences(prices))
    return any(is_amount(money, claim.values, claim.unit) for money in prices.now)


def stock_holds(claim: Claim, reading: Reading, question: str, rows: Rows) -> bool | None:
    """Whether the row says so; None when there is no row, or the row does not know and only a page may."""
    subject = reading.subjects[claim]
    if not subject.products:
        return False if rows.products and not subject.around else None
    verdicts = []
    for product in subject.products:
        stock = stock_of(product, variants_meant(product, reading.options, question))
        if stock == {"unknown"}:
            return None
        said = next(iter(claim.values))
        verdicts.append(stock <= {said} if said == "out_of_stock" else said in stock)
    return all(verdicts)
