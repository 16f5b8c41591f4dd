"""The number guard: no sentence leaves whose numbers stand neither in the evidence nor in a catalogue row."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from engine.answering.wording import money_words
from engine.domain.conversation import Check
from engine.domain.knowledge import Product
from engine.domain.money import Money
from engine.ports import ScoredPassage

__all__ = ["NumberGuard"]

NUMBER = re.compile(r"\d+(?:[.,'\u00a0\u202f]\d+)*")
THOUSANDS = re.compile(r"\d{1,3}(?:(?:,\d{3})+(?:\.\d+)?|(?:\.\d{3})+(?:,\d+)?)")
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s)\]>]+|[\w.+-]+@[\w-]+\.[\w.]+", re.IGNORECASE)
SENTENCE_END = re.compile(r"(?<=[.!?])(?=\s)|\n")
MARKER = re.compile(r"\s*\[\d{1,2}\]")


def number_forms(text: str) -> Iterator[str]:
    """Each number as it stands, and as the amount it means: `1,290` and `1.290` are 1290, `12,90` is 12.9."""
    for found in NUMBER.findall(text):
        yield found
        plain = found.replace("'", "").replace("\u00a0", "").replace("\u202f", "")
        if THOUSANDS.fullmatch(plain):
            plain = re.sub(r"[.,](?=\d{3}(?!\d))", "", plain)
        plain = plain.replace(",", ".")
        if plain.count(".") <= 1:
            yield format(Decimal(plain).normalize(), "f")


class NumberGuard:
    """Takes an answer piece by piece and lets whole, supported sentences through."""

    def __init__(self, evidence: Sequence[ScoredPassage], products: Sequence[Product]) -> None:
        sources = [
            # The place on a page is no evidence: `#page=12` must not let a 12 pass.
            " ".join((p.title, *p.headings, p.text, p.url.partition("#")[0]))
            for p in (item.passage for item in evidence)
        ]
        for product in products:
            sources += [product.title, product.description, product.url, product.sku, product.gtin, product.mpn]
            sources += product.attributes.values()
            for variant in product.variants:
                sources += [variant.title, variant.sku, variant.gtin, *variant.options.values()]
            sources += [money_words(money) for money in amounts(product)]
        self.numbers = {form for text in sources for form in number_forms(text)}
        self.text = "\n".join(sources).lower()
        self.waiting = ""
        self.withdrawn: list[str] = []

    def supports(self, sentence: str) -> bool:
        """Whether every number, address and e-mail of the sentence is known."""
        for address in ADDRESS.findall(sentence):
            if address.lower().rstrip(".,;:!?") not in self.text:
                return False
        bare = MARKER.sub("", ADDRESS.sub("", sentence))
        return all(any(form in self.numbers for form in number_forms(n)) for n in NUMBER.findall(bare))

    def feed(self, piece: str) -> str:
        """What may leave now; the sentence under way is held until it is whole."""
        self.waiting += piece
        free = ""
        while (found := SENTENCE_END.search(self.waiting)) is not None:
            sentence, self.waiting = self.waiting[: found.end()], self.waiting[found.end() :]
            free += self.checked(sentence)
        return free

    def finish(self) -> str:
        """What is left at the end."""
        rest, self.waiting = self.waiting, ""
        return self.checked(rest)

    def checked(self, sentence: str) -> str:
        """The sentence, or nothing when a number in it has no source."""
        if self.supports(sentence):
            return sentence
        self.withdrawn.append(sentence.strip())
        return ""

    def check(self) -> Check:
        """How it went."""
        if not self.withdrawn:
            return Check("numbers", True, "Every number stands in the sources.")
        count = len(self.withdrawn)
        return Check("numbers", False, f"{count} sentence(s) withdrawn: a number in them stands in no source.")


def amounts(product: Product) -> list[Money]:
    """Every amount a product's row states."""
    found = [product.price, product.was_price]
    for variant in product.variants:
        found += [variant.price, variant.was_price]
    return [money for money in found if money is not None]
