"""Prices on pages that a catalogue row has overtaken are no evidence.

Rows are refreshed inside a live version and pages are not: what a page says of a price may be the price of yesterday.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from engine.domain.knowledge import Passage, Product
from engine.ports import Excerpt, ScoredPassage

__all__ = ["that_hold", "without_old_prices"]

CODES = "EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|CAD|AUD|JPY"
AMOUNT = re.compile(rf"(?:[€£$¥]|\b(?:{CODES}))\s?(\d[\d.,' ]*\d|\d)|(\d[\d.,' ]*\d|\d)\s?(?:[€£$¥]|(?:{CODES})\b)")
"""A number with a currency beside it."""
SENTENCE = re.compile(r"[^\n]*?(?:[.!?](?=\s)|\n|$)", re.DOTALL)


def without_old_prices(evidence: Sequence[ScoredPassage], products: Sequence[Product]) -> tuple[ScoredPassage, ...]:
    """The evidence without sentences that state another price of a product than its row does, read later."""
    kept: list[ScoredPassage] = []
    for item in evidence:
        text = item.passage.text
        for product in products:
            if product.as_of > item.passage.fetched_at:
                text = sentences_that_hold(text, item.passage, product)
        if text.strip():
            kept.append(item if text == item.passage.text else replace(item, passage=replace(item.passage, text=text)))
    return tuple(kept)


def that_hold(excerpts: Sequence[Excerpt], evidence: Sequence[ScoredPassage]) -> tuple[Excerpt, ...]:
    """Those excerpts that still stand in the evidence."""
    texts = {item.passage.id: item.passage.text for item in evidence}
    return tuple(excerpt for excerpt in excerpts if excerpt.text in texts.get(excerpt.passage.id, ""))


def sentences_that_hold(text: str, passage: Passage, product: Product) -> str:
    """The text without sentences about a product whose amounts are not its prices of now."""
    prices = (product.price, *(variant.price for variant in product.variants))
    now = {price.amount.normalize() for price in prices if price is not None}
    own, title = passage.product == product.id, product.title.casefold()

    def holds(sentence: str) -> bool:
        return not (own or title in sentence.casefold()) or amounts_in(sentence) <= now

    return "".join(sentence for sentence in SENTENCE.findall(text) if holds(sentence)).strip("\n")


def amounts_in(sentence: str) -> set[Decimal]:
    """The prices a sentence states, as numbers: `1,290.00`, `1.290,00` and `1290` are one."""
    found = set()
    for before, after in AMOUNT.findall(sentence):
        digits = re.sub(r"[' ]", "", before or after).rstrip(".,")
        if re.fullmatch(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?", digits):
            digits = digits.replace(",", "")
        elif re.fullmatch(r"\d{1,3}(?:\.\d{3})+(?:,\d+)?", digits):
            digits = digits.replace(".", "").replace(",", ".")
        digits = digits.replace(",", ".")
        if digits.count(".") <= 1:
            found.add(Decimal(digits).normalize())
    return found
