"""Catalogue rows as the only authority on prices and stock: which row a sentence is about, and what it states."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from engine.answering.checking.grounds import codes_of
from engine.answering.checking.words import GENERIC_STEMS, STOPPED, stem
from engine.domain.knowledge import Availability, Product, Variant
from engine.domain.money import UNSTATED, Money

__all__ = ["Mention", "Prices", "Rows", "prices_of", "stock_of", "unique", "variants_meant"]

TOKEN = re.compile(r"[^\W_]+(?:[-.][^\W_]+)*")
FEWEST_OF_TITLE = 0.34
"""A product is named by part of its title when the part is at least so much of it, or three words."""


@dataclass(frozen=True, slots=True)
class Mention:
    """Where a sentence names a product; several products when the words fit more than one."""

    start: int
    end: int
    products: tuple[Product, ...]


class Rows:
    """The rows an answer may speak of."""

    def __init__(self, products: Sequence[Product]) -> None:
        self.products = tuple(products)
        self.titles = {product.id: title_words(product.title) for product in products}
        self.shared = Counter(word for words in self.titles.values() for word in words)

    def mentions(self, text: str) -> list[Mention]:
        """The products a text names, in order: by full title or article number first, then by part of the title."""
        found: list[Mention] = []
        lower = text.casefold()
        for product in sorted(self.products, key=lambda item: -len(item.title)):
            for name in (product.title, *codes_of(product)):
                pattern = rf"(?<!\w){re.escape(name.casefold())}(?!\w)"
                for one in re.finditer(pattern, lower) if name.strip() else ():
                    self.note(found, Mention(one.start(), one.end(), (product,)))
        exact = list(found)
        for mention in self.partial(text):
            if not any(one.start < mention.end and mention.start < one.end for one in exact):
                self.note(found, mention)
        return sorted(found, key=lambda mention: mention.start)

    @staticmethod
    def note(found: list[Mention], mention: Mention) -> None:
        """Keep a mention; another product whose words are the same words shares it."""
        for place, other in enumerate(found):
            if (other.start, other.end) == (mention.start, mention.end):
                found[place] = Mention(other.start, other.end, unique(other.products + mention.products))
                return
            if other.start < mention.end and mention.start < other.end:
                return
        found.append(mention)

    def partial(self, text: str) -> list[Mention]:
        """Runs of words that stand in a title, for the products they fit best."""
        tokens = [(one.start(), one.end(), stem(one[0])) for one in TOKEN.finditer(text)]
        runs: list[tuple[int, int, frozenset[str], Product]] = []
        for product in self.products:
            words = self.titles[product.id]
            place = 0
            while place < len(tokens):
                end = place
                while end < len(tokens) and tokens[end][2] in words:
                    end += 1
                if end > place:
                    matched = frozenset(token for _, _, token in tokens[place:end])
                    if self.names(matched, words):
                        runs.append((tokens[place][0], tokens[end - 1][1], matched, product))
                place = max(end, place + 1)
        runs.sort(key=lambda run: -len(run[2]))
        found: list[Mention] = []
        for start, end, matched, product in runs:
            rivals = [run for run in runs if run[0] < end and start < run[1] and len(run[2]) > len(matched)]
            if not rivals:
                self.note(found, Mention(start, end, (product,)))
        return found

    def names(self, matched: frozenset[str], title: frozenset[str]) -> bool:
        """Whether these words of a title are enough to name its product."""
        if not matched:
            return False
        if len(matched) == 1:
            word = next(iter(matched))
            coded = any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
            return self.shared[word] == 1 and (coded or len(title) <= 2)
        return len(matched) >= 3 or len(matched) / len(title) >= FEWEST_OF_TITLE

    def meant(self, *texts: str) -> Product | None:
        """The one product that texts speak of by most words of its title; None when two fit alike or none does."""
        words = {stem(one[0]) for text in texts for one in TOKEN.finditer(text)}
        scored = [
            (sum(1 / self.shared[word] for word in self.titles[product.id] & words), product)
            for product in self.products
        ]
        scored.sort(key=lambda item: -item[0])
        if len(scored) == 1:
            return scored[0][1]
        if scored and scored[0][0] > 0 and scored[0][0] > scored[1][0]:
            return scored[0][1]
        return None


def unique(products: Iterable[Product]) -> tuple[Product, ...]:
    """Each product once, in order."""
    return tuple({product.id: product for product in products}.values())


def title_words(title: str) -> frozenset[str]:
    """The telling words of a title."""
    found = (stem(one[0]) for one in TOKEN.finditer(title))
    return frozenset(word for word in found if word not in STOPPED and word not in GENERIC_STEMS and len(word) > 1)


@dataclass(frozen=True, slots=True)
class Prices:
    """What a row says of the price of that which is meant."""

    now: tuple[Money, ...]
    """Amounts that may be said plainly."""
    ends: tuple[Money, ...]
    """Lowest and highest of a range."""
    was: tuple[Money, ...]


def variants_meant(product: Product, *texts: str) -> tuple[Variant, ...]:
    """The variants whose options the first telling text names; none when no text names any."""
    for text in texts:
        named: dict[str, set[str]] = {}
        for variant in product.variants:
            for name, value in (*variant.options.items(), ("title", variant.title), ("sku", variant.sku)):
                if value and says(text, value) and not says(product.title, value):
                    named.setdefault(name, set()).add(value)
        if named:
            keys = [{name: value for name, value in known(v).items() if name in named} for v in product.variants]
            fitting = tuple(
                variant
                for variant, stated in zip(product.variants, keys, strict=True)
                if all(stated.get(name) in values for name, values in named.items() if name in stated) and stated
            )
            if fitting:
                return fitting
    return ()


def known(variant: Variant) -> dict[str, str]:
    """What names a variant."""
    return {**variant.options, "title": variant.title, "sku": variant.sku}


def says(text: str, value: str) -> bool:
    """Whether a text holds an option's value as a word; single letters only as capitals."""
    flags = re.NOFLAG if len(value) <= 2 else re.IGNORECASE
    return re.search(rf"(?<![\w'’]){re.escape(value)}(?!\w)", text, flags) is not None


def prices_of(product: Product, meant: tuple[Variant, ...]) -> Prices:
    """The prices of the variants that are meant, or of the whole product."""
    chosen = meant or product.variants
    of_variants = [price for v in chosen if (price := v.price or product.price) is not None]
    amounts = sorted({money.amount: money for money in of_variants}.values(), key=lambda money: money.amount)
    ends = (amounts[0], amounts[-1]) if len(amounts) > 1 else ()
    was = [money for v in chosen if (money := v.was_price) is not None]
    if product.was_price is not None and not meant:
        was.append(product.was_price)
    if meant:
        return Prices(tuple(amounts), ends, tuple(was))
    now = [product.price] if product.price is not None else []
    if len(amounts) == 1:
        now.append(amounts[0])
    return Prices(tuple(now), ends, tuple(was))


def stock_of(product: Product, meant: tuple[Variant, ...]) -> set[Availability]:
    """The stock of the variants that are meant, or of the whole product."""
    if meant:
        return {variant.availability for variant in meant}
    if product.availability != "unknown" or not product.variants:
        return {product.availability}
    return {variant.availability for variant in product.variants}


def is_amount(money: Money, values: frozenset[str], unit: str) -> bool:
    """Whether a claim states this amount; a row without a currency contradicts none."""
    same = format(money.amount.normalize(), "f") in values
    return same and (not unit or money.currency in {unit, UNSTATED})


def differences(prices: Prices) -> set[Decimal]:
    """What a reduction saves."""
    return {was.amount - now.amount for was in prices.was for now in prices.now}
