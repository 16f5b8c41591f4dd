"""Questions about what products cost and whether they are there, also in one of their forms.

Never here: a comparison of several.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.wording import money_words
from engine.domain.knowledge import Availability, Product, Variant
from engine.domain.money import Money
from engine.trials.generating.figures import MEASURE
from engine.trials.generating.material import Material
from engine.trials.generating.naming import Named, named_products
from engine.trials.generating.proposal import Proposal
from engine.trials.generating.topics import PRODUCT_QUESTIONS

__all__ = ["from_prices"]

SAID: dict[Availability, str] = {
    "in_stock": "in stock",
    "out_of_stock": "out of stock",
    "preorder": "pre-order",
    "unknown": "",
}
"""What an answer says, in the words that every answer about stock is made of."""
NAMES_PRICE = re.compile(r"[€£$]|\b(eur|euro|usd|dollar|gbp|pound)s?\b", re.IGNORECASE)


def stock_words(availability: Availability) -> str:
    """What an answer says of stock; empty when the shop does not say."""
    return SAID[availability]


def from_prices(material: Material) -> Iterator[Proposal]:
    """Cases about price and stock of every product that can be named."""
    for named in named_products(material):
        product = named.product
        prices = {variant.price.amount for variant in product.variants if variant.price is not None}
        if product.price is not None and len(prices) <= 1:
            yield price(named, material.language, named.the, product.price)
        elif len(prices) > 1:
            yield from prices_of_variants(named)
        yield from stock(named, material.language)


def price(named: Named, language: str, said: str, money: Money, form: str = "") -> Proposal:
    """What it costs."""
    product = named.product
    own = PRODUCT_QUESTIONS["price"].get(language)
    asked = own.format(title=named.name) if own and not form else f"How much {named.does} {said} cost?"
    return Proposal(
        "price",
        asked,
        f"{product.title}{f' ({form})' if form else ''}: {money_words(money)}",
        product.id,
        f"{product.id} price {form}",
        must_include=(money_words(money),),
        expected_product=product.id,
        topic="" if form else "price",
        subject=named.name,
    )


def prices_of_variants(named: Named) -> Iterator[Proposal]:
    """What each form costs, where forms cost different."""
    for variant in named.product.variants:
        said = form_words(named, variant)
        if said and variant.price is not None:
            yield price(named, "en", said, variant.price, " ".join(variant.options.values()))


def form_words(named: Named, variant: Variant) -> str:
    """A product in one of its forms; empty where the form is not said in one word or is a price itself."""
    if len(variant.options) != 1:
        return ""
    [(name, value)] = variant.options.items()
    if not value or NAMES_PRICE.search(value):
        return ""
    if re.fullmatch(MEASURE, value):
        return f"{value} of {named.name}"
    if name in {"color", "colour"}:
        return f"{named.the} in {value}"
    if name == "size":
        return f"{named.the} in size {value}" if len(value) <= 3 else f"{named.the} ({value})"
    return f"{named.the} ({value})"


def stock(named: Named, language: str) -> Iterator[Proposal]:
    """Whether it is there, and whether each form is where that differs."""
    product = named.product
    if words := stock_words(product.availability):
        own = PRODUCT_QUESTIONS["stock"].get(language)
        asked = own.format(title=named.name) if own else question_of(named, product)
        yield availability(named, asked, words, "", "stock")
    states = {variant.availability for variant in product.variants}
    for variant in product.variants if len(states) > 1 else ():
        said, words = form_words(named, variant), stock_words(variant.availability)
        if said and words:
            form = " ".join(variant.options.values())
            yield availability(named, f"{named.be.capitalize()} {said} in stock?", words, form, "")


def question_of(named: Named, product: Product) -> str:
    """How one asks for it: a few ways, the same each time for the same product."""
    ways = (
        f"{named.be.capitalize()} {named.the} in stock?",
        f"Do you have {named.the} in stock?",
        f"{named.be.capitalize()} {named.the} available at the moment?",
    )
    return ways[sum(map(ord, product.id)) % len(ways)]


def availability(named: Named, asked: str, words: str, form: str, topic: str) -> Proposal:
    """What an answer says of stock."""
    product = named.product
    return Proposal(
        "out_of_stock" if words == SAID["out_of_stock"] else "availability",
        asked,
        f"{product.title}{f' ({form})' if form else ''}: {words}",
        product.id,
        f"{product.id} stock {form}",
        must_include=(words,),
        expected_product=product.id,
        topic=topic,
        subject=named.name,
    )
