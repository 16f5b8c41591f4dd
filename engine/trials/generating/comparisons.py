"""Questions that compare two products of one category, where their rows hold the answer.

Never here: a comparison that needs an opinion.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from engine.answering.wording import money_words
from engine.trials.generating.figures import MEASURE
from engine.trials.generating.material import Material
from engine.trials.generating.naming import Named, named_products
from engine.trials.generating.proposal import Proposal

__all__ = ["from_comparisons"]

MORE = {
    "weight": "Which is heavier",
    "volume": "Which holds more",
    "capacity": "Which holds more",
    "height": "Which is taller",
    "water temperature": "Which needs hotter water",
}
SIZES = re.compile(r"(size|dimensions|length|width|diameter|power|battery life|range|speed)", re.IGNORECASE)
"""Facts whose difference people ask for."""
QUANTITY = re.compile(r"(?P<number>\d+(?:\.\d+)?) ?(?P<unit>[A-Za-z°]+)$")
UNITS = {
    "g": ("g", 1), "kg": ("g", 1000), "ml": ("ml", 1), "l": ("ml", 1000), "litre": ("ml", 1000), "litres": ("ml", 1000),
    "cm": ("mm", 10), "mm": ("mm", 1), "m": ("mm", 1000), "°c": ("°c", 1),
}  # fmt: skip


def from_comparisons(material: Material) -> Iterator[Proposal]:
    """Cases about neighbours in each category, shuffled: every product meets two others."""
    shelves: dict[str, list[Named]] = defaultdict(list)
    for named in named_products(material):
        shelves[named.product.category.casefold()].append(named)
    for category, shelf in sorted(shelves.items()):
        material.random("compare", category).shuffle(shelf)
        for one, other in pairwise(shelf):
            yield from cheaper(one, other)
            yield from facts(one, other)


def made(
    one: Named, other: Named, asked: str, fact: str, evidence: str, must: tuple[str, ...], best: Named | None
) -> Proposal:
    """A question about two products."""
    return Proposal(
        "comparison",
        asked,
        evidence,
        one.product.id,
        f"{one.product.id} {other.product.id} {fact}",
        must_include=must,
        expected_product=best.product.id if best is not None else None,
        standing=1,
    )


def single_price(named: Named) -> Decimal | None:
    """What it costs, where every form costs the same."""
    prices = {variant.price.amount for variant in named.product.variants if variant.price is not None}
    return named.product.price.amount if named.product.price is not None and len(prices) <= 1 else None


def cheaper(one: Named, other: Named) -> Iterator[Proposal]:
    """Which costs less."""
    first, second = single_price(one), single_price(other)
    if first is None or second is None or first == second:
        return
    low, high = (one, other) if first < second else (other, one)
    if (
        low.product.price is None
        or high.product.price is None
        or low.product.price.currency != high.product.price.currency
    ):
        return
    told = "; ".join(
        f"{item.product.title}: {money_words(item.product.price)}" for item in (low, high) if item.product.price
    )
    asked = f"Which is cheaper, {one.the} or {other.the}?"
    yield made(one, other, asked, "price", told, (low.name, money_words(low.product.price)), low)


def facts(one: Named, other: Named) -> Iterator[Proposal]:
    """In what they differ, one fact for a pair: the first that both rows state."""
    for name, value in one.product.attributes.items():
        against = other.product.attributes.get(name, value)
        if value == against or not re.search(MEASURE, value) or not re.search(MEASURE, against):
            continue
        if name.lower() not in MORE and not SIZES.fullmatch(name):
            continue
        told = f"{one.product.title}: {name} {value}; {other.product.title}: {name} {against}"
        quantities = quantity(value), quantity(against)
        form = MORE.get(name.lower())
        if form and None not in quantities and quantities[0][1] == quantities[1][1]:  # type: ignore[index]
            bigger = one if quantities[0] > quantities[1] else other  # type: ignore[operator]
            most = value if bigger is one else against
            yield made(one, other, f"{form}, {one.the} or {other.the}?", name, told, (bigger.name, most), None)
        else:
            asked = f"What is the difference in {name.lower()} between {one.the} and {other.the}?"
            yield made(one, other, asked, name, told, (value, against), None)
        return


def quantity(value: str) -> tuple[Decimal, str] | None:
    """A measure in its smallest unit, to be compared."""
    found = QUANTITY.match(value.strip())
    unit = UNITS.get(found["unit"].lower()) if found else None
    return (Decimal(found["number"]) * unit[1], unit[0]) if found and unit else None
