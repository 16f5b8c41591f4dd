"""Putting a wrong price or stock word right from the catalogue row, where that is safe.

Never here: withdrawing; a sentence that cannot be mended is withdrawn by the guard.
"""

from __future__ import annotations

import re

from engine.answering.checking.certain import price_words
from engine.answering.checking.grounds import Grounds
from engine.answering.checking.judging import Judged, judge
from engine.answering.checking.pricing import FROM, SAVING, UP_TO, WAS
from engine.answering.checking.reading import Reading
from engine.answering.checking.rows import Rows, prices_of, stock_of, variants_meant
from engine.answering.checking.stock import WORDS, language_of_stock
from engine.answering.checking.values import Claim
from engine.answering.checking.verbatim import misnamed
from engine.answering.wording import money_words
from engine.domain.knowledge import Product

__all__ = ["mended"]

COPULA = re.compile(
    r"\b(?:is|are|ist|sind|est|sont|está|están|è|sono)\s*(?:currently|now|still|derzeit|noch)?\s*$", re.I
)
AFFIRMED = re.compile(
    r"^\s*(?:[-*•]\s*)?(?:yes|no|ja|nein|oui|non|sí|good news|unfortunately|leider)\b[,:!.–-]*\s*", re.I
)


def mended(judged: Judged, grounds: Grounds, rows: Rows, carried: Product | None) -> str | None:
    """The sentence with its wrong prices, stock words and names as the row has them; None when that is not safe."""
    titles = [product.title for product in rows.products]
    if named := misnamed(judged.reading.text, titles):
        text = judged.reading.text
        for start, end, title in sorted(named, reverse=True):
            text = text[:start] + title + text[end:]
        judged = judge(text, grounds, rows, carried)
    reading, text = judged.reading, judged.reading.text
    for claim in sorted(judged.wrong, key=lambda item: -item.start):
        subject = reading.subjects.get(claim)
        if subject is None or len(subject.products) != 1:
            return None
        product = subject.products[0]
        right = right_price(claim, reading, product, grounds) if claim.kind == "money" else None
        if claim.kind == "stock":
            right = right_stock(claim, reading, product, grounds)
        if right is None:
            return None
        text = text[: claim.start] + right + text[claim.end :]
    if any(claim.kind == "stock" for claim in judged.wrong):
        text = AFFIRMED.sub("", text)
        text = text[:1].upper() + text[1:]
    return None if judge(text, grounds, rows, carried).wrong else text


def right_price(claim: Claim, reading: Reading, product: Product, grounds: Grounds) -> str | None:
    """The row's price in the place of a wrong one, unless the amount is about something else."""
    before = reading.text[: claim.start]
    topics = reading.subjects[claim].before
    others = {word for g in grounds.all if any(s.claim.kind == "money" for s in g.stated) for word in g.own}
    if topics & others or WAS.search(before) or UP_TO.search(before) or SAVING.search(before[-20:]):
        return None
    meant = variants_meant(product, reading.options, grounds.question_text)
    if FROM.search(before) and (ends := prices_of(product, meant).ends):
        return money_words(ends[0])
    return price_words(product, meant) or None


def right_stock(claim: Claim, reading: Reading, product: Product, grounds: Grounds) -> str | None:
    """The row's stock in the place of a wrong word, where the sentence is built for it."""
    before = reading.text[: claim.start]
    if not COPULA.search(before) and not claim.text.casefold().startswith(("n't", "n’t")):
        return None
    stock = stock_of(product, variants_meant(product, reading.options, grounds.question_text))
    if len(stock) != 1:
        return None
    words = WORDS.get(language_of_stock(claim.text), WORDS["en"]).get(next(iter(stock)), "")
    if not words:
        return None
    return f" {words}" if claim.text.casefold().startswith(("n't", "n’t")) else words
