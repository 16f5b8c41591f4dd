"""Words for what is certain when something had to be withdrawn: rows with their time, and the shop's own sentences."""

from __future__ import annotations

import re

from engine.answering.checking.rows import prices_of
from engine.answering.checking.stock import WORDS
from engine.answering.wording import money_words
from engine.domain.knowledge import Product, Variant

__all__ = ["ending", "price_words", "quoted", "row_line"]

AS_OF = {"en": "as of", "de": "Stand", "fr": "au", "es": "a fecha de", "it": "al"}
CERTAIN = {
    "en": "What is certain:", "de": "Sicher ist:", "fr": "Ce qui est certain :", "es": "Lo seguro es:",
    "it": "Di certo:",
}  # fmt: skip
UNSURE = {
    "en": "… I cannot confirm the rest of that sentence.", "de": "… den Rest dieses Satzes kann ich nicht bestätigen.",
    "fr": "… je ne peux pas confirmer la suite.", "es": "… no puedo confirmar el resto de esa frase.",
    "it": "… non posso confermare il resto di questa frase.",
}  # fmt: skip
LONGEST_QUOTE = 220


def price_words(product: Product, variants: tuple[Variant, ...] = ()) -> str:
    """The row's price as a shopper reads it, a range where variants differ; empty when it states none."""
    prices = prices_of(product, variants)
    if prices.ends and not (variants and len(prices.now) == 1):
        return f"{money_words(prices.ends[0])} – {money_words(prices.ends[1])}"
    return money_words(prices.now[0]) if prices.now else ""


def row_line(product: Product, language: str) -> str:
    """`Blue mug: €12.90, in stock (as of 24 November 2026, 13:00 UTC).`; empty when the row states neither."""
    stock = WORDS.get(language, WORDS["en"]).get(product.availability, "")
    facts = ", ".join(part for part in (price_words(product), stock) if part)
    if not facts:
        return ""
    return f"{product.title}: {facts} ({AS_OF.get(language, AS_OF['en'])} {product.as_of:%Y-%m-%d %H:%M} UTC)."


def quoted(text: str) -> str:
    """A sentence of the shop in quotation marks, whole or not at all."""
    plain = " ".join(text.split()).strip("-*• ")
    return f"“{plain}”" if plain and len(plain) <= LONGEST_QUOTE and not re.search(r"[“”]", plain) else ""


def certain(lines: list[str], language: str) -> str:
    """The lines behind a few words that say what they are."""
    return f"{CERTAIN.get(language, CERTAIN['en'])} {' '.join(lines)}" if lines else ""


def ending(language: str) -> str:
    """How a sentence ends whose beginning was shown already and whose rest has no source."""
    return UNSURE.get(language, UNSURE["en"])
