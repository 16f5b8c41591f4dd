"""Whether an article number, a model or another code is one of the evidence, and of the product it is said of."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.answering.checking.grounds import Ground, Grounds, codes_of
from engine.answering.checking.reading import Reading
from engine.answering.checking.repeating import repeats
from engine.answering.checking.rows import Rows, variants_meant
from engine.answering.checking.subjects import Subject
from engine.answering.checking.values import Claim
from engine.domain.catalogue import option_value
from engine.domain.knowledge import Product

__all__ = ["IDENTIFIED", "code_holds", "code_of", "option_of"]

LEAD = re.compile(r"(\w+)\s+([^\W\d]\w*)\s+$")
IDENTIFIED = re.compile(
    r"\b(?:SKU|GTIN|EAN|UPC|MPN|(?:article|item|part|product|model) (?:number|no\.?)|artikelnummer)\b[^.;]{0,80}$", re.I
)
"""What follows is a product's number, whatever it looks like."""


def code_holds(claim: Claim, reading: Reading, grounds: Grounds, rows: Rows) -> Ground | bool | None:
    """Whether a code stands in the evidence; in a sentence that repeats one of the evidence, in that very sentence."""
    subject = reading.subjects[claim]
    value = next(iter(claim.values))
    owners = [product for product in rows.products if value in {code.casefold() for code in codes_of(product)}]
    told = IDENTIFIED.search(reading.text[: claim.start]) and any(codes_of(product) for product in subject.products)
    if subject.named and (owners or told):
        # What is said to be a product's number must be one of its own, also when something else is numbered so.
        return any(code_of(value, product, reading, grounds) for product in subject.products) or None
    holders = [ground for ground in grounds.all if holds(ground, value)]
    if other_code_follows(claim, reading.text, grounds):
        return None
    return repeated(claim, reading, grounds, holders)


def code_of(value: str, product: Product, reading: Reading, grounds: Grounds) -> bool:
    """Whether a code is the product's, or that of the variant that is meant."""
    meant = variants_meant(product, reading.options.casefold().replace(value, " "), grounds.question_text)
    codes = [code for v in meant for code in (v.sku, v.gtin, v.mpn)] if meant else codes_of(product)
    return value in {code.casefold() for code in codes}


def holds(ground: Ground, value: str) -> bool:
    """Whether a ground's text has this token, not merely its letters within another."""
    return has(ground.text, value)


def has(text: str, value: str) -> bool:
    """Whether a text has a token, not merely its letters within another."""
    before, after = r"(?<![^\W_])" * value[0].isalnum(), r"(?![^\W_])" * value[-1].isalnum()
    return re.search(f"{before}{re.escape(value)}{after}", text, re.IGNORECASE) is not None


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


def other_code_follows(claim: Claim, text: str, grounds: Grounds) -> bool:
    """Whether the evidence has the two words before a code with other codes behind them only: "Starter Kit R4"."""
    lead = LEAD.search(text[: claim.start])
    if lead is None:
        return False
    pattern = re.compile(rf"(?<!\w){re.escape(lead[1])}\s+{re.escape(lead[2])}\s+(\S*\d\S*)", re.IGNORECASE)
    shown = [one[1] for ground in grounds.all for one in pattern.finditer(ground.text)]
    return bool(shown) and not any(has(code, next(iter(claim.values))) for code in shown)
