"""Wishes with conditions in plain words over a catalogue with variants, and an own reading of the rows to judge by.

Rows come from real exports through our feed readers, and from toys with variants made by rule. Judging uses none of the
product's own reading of words. Never here: measuring.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

from pydantic import TypeAdapter

from bench.product_queries import words_of
from bench.product_texts import NOW, toys
from engine.domain.conversation import ProductCard
from engine.domain.knowledge import Product, Variant
from engine.domain.money import Money
from engine.knowledge.catalogue.processes import CatalogueProcesses

__all__ = ["Conditions", "card_fits", "catalogue_with_variants", "conditions_of", "fits", "holds", "questions"]

FILES = (
    "shopify_apparel.csv", "shopify_jewelery.csv", "vendure_products.csv", "woocommerce_sample_products.csv",
    "taubench_products.json",
)  # fmt: skip
PRODUCTS = TypeAdapter(tuple[Product, ...])
COLOURS = ("red", "blue", "green", "black", "white", "pink", "navy blue", "grey", "yellow", "dark green")
SIZES = ("S", "M", "L", "XL", "38", "40", "42")
BRANDS = ("Kiln & Leaf", "Northwind", "Tall Pine", "Acme", "Brightwater")
COLOUR_NAMES = {"color", "colour"}
WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Conditions:
    """What a question states."""

    noun: str
    least: Decimal | None = None
    most: Decimal | None = None
    open: bool = False
    """Whether the bounds themselves are left out."""
    size: str = ""
    colour: str = ""
    brand: str = ""
    in_stock: bool = False
    without_colour: str = ""


async def catalogue_with_variants(folder: Path, made: int, chance: random.Random) -> list[Product]:
    """All products of the exports, and so many toys with variants; prices in euros throughout."""
    found: list[Product] = []
    for name in FILES:
        job = {"source": "feed", "as_of": NOW.isoformat(), "currency": "EUR"}
        async for line in CatalogueProcesses().convert(folder / name, job):
            if line.kind != "S":
                found += PRODUCTS.validate_python(json.loads(line.content)["products"])
    found = [in_euros(replace(item, id=f"{place}-{item.id}")) for place, item in enumerate(found)]
    return found + [with_variants(item, chance) for item in chance.sample(toys(), made)]


def in_euros(product: Product) -> Product:
    """The product with its amounts in euros, so that the catalogue has one currency."""

    def euros(price: Money | None) -> Money | None:
        return None if price is None else Money(price.amount, "EUR")

    variants = tuple(replace(item, price=euros(item.price), was_price=None) for item in product.variants)
    return replace(product, price=euros(product.price), was_price=None, variants=variants)


def with_variants(product: Product, chance: random.Random) -> Product:
    """A toy in some colours and sizes, each with its own price and stock, some under a brand."""
    base = Decimal(chance.randint(300, 12_000)) / 100
    variants = []
    for number in range(chance.choice((1, 2, 4, 6))):
        options = {"Colour": chance.choice(COLOURS)}
        if chance.random() < 0.6:
            options["Size"] = chance.choice(SIZES)
        stock = chance.choice(("in_stock", "in_stock", "out_of_stock"))
        price = Money(base + number * 2, "EUR")
        variants.append(Variant(f"{product.id}-{number}", "", price, stock, options=options))
    brand = chance.choice(BRANDS) if chance.random() < 0.7 else ""
    return replace(product, price=variants[0].price, variants=tuple(variants), brand=brand)


def offers(product: Product) -> Iterator[Variant | Product]:
    """What can be bought."""
    yield from product.variants or (product,)


def option(offer: Variant | Product, product: Product, names: set[str]) -> str | None:
    """The value of an option or fact, or None when the product does not know it."""
    own = offer.options if isinstance(offer, Variant) else {}
    for name, value in (*own.items(), *product.attributes.items()):
        if name.strip().lower() in names and value:
            return value.strip().lower()
    return None


def has_word(text: str, words: str) -> bool:
    """Whether all the words stand in a text, each whole."""
    return set(WORD.findall(words.lower())) <= set(WORD.findall(text.lower()))


def coloured(offer: Variant | Product, product: Product, colour: str) -> bool:
    """Whether an offer has a colour: by its option, or by the title of a product that never names colours."""
    known = [option(item, product, COLOUR_NAMES) for item in offers(product)]
    if not any(known):
        return has_word(product.title, colour)
    own = option(offer, product, COLOUR_NAMES) or ""
    return has_word(own.replace("gray", "grey"), colour)


def fits(offer: Variant | Product, product: Product, wanted: Conditions) -> bool:
    """Whether an offer holds every condition."""
    price = offer.price.amount if offer.price is not None else None
    if wanted.least is not None and (price is None or price < wanted.least or (wanted.open and price == wanted.least)):
        return False
    if wanted.most is not None and (price is None or price > wanted.most or (wanted.open and price == wanted.most)):
        return False
    if wanted.in_stock and offer.availability != "in_stock":
        return False
    if wanted.size and option(offer, product, {"size"}) != wanted.size.lower():
        return False
    if wanted.colour and not coloured(offer, product, wanted.colour):
        return False
    if wanted.without_colour and coloured(offer, product, wanted.without_colour):
        return False
    return not wanted.brand or product.brand.lower() == wanted.brand.lower()


def holds(product: Product, wanted: Conditions) -> bool:
    """Whether a product is of the kind that is wished for and one of its offers fits."""
    return has_word(product.title, wanted.noun) and any(fits(offer, product, wanted) for offer in offers(product))


def card_fits(card: ProductCard, product: Product, wanted: Conditions) -> bool:
    """Whether what a card shows is an offer of the product that fits."""
    return any(
        fits(offer, product, wanted)
        and card.price == (offer.price or product.price)
        and card.availability == offer.availability
        for offer in offers(product)
    )


def conditions_of(products: Sequence[Product], chance: random.Random) -> Conditions:
    """Some conditions that one offer of one product holds, so that most questions have an answer."""
    while True:
        product = chance.choice(products)
        offer = chance.choice(list(offers(product)))
        taken = {word for text in (*COLOURS, *BRANDS, product.brand) for word in WORD.findall(text.lower())}
        words = [word for word in words_of(product.title) if len(word) > 3 and word.isalpha() and word not in taken]
        if words and offer.price is not None:
            break
    noun = chance.choice(words)
    wanted = Conditions(noun)
    price = offer.price.amount
    match chance.choice(("under", "up to", "over", "between", "none")):
        case "under":
            wanted = replace(wanted, most=round_up(price), open=True)
        case "up to":
            wanted = replace(wanted, most=round_up(price))
        case "over":
            wanted = replace(wanted, least=max(Decimal(1), round_up(price) - 10), open=True)
        case "between":
            wanted = replace(wanted, least=max(Decimal(1), round_up(price) - 10), most=round_up(price))
    size, colour = option(offer, product, {"size"}), option(offer, product, COLOUR_NAMES)
    if size and chance.random() < 0.6 and (size in {"s", "m", "l", "xl"} or size.isdigit()):
        wanted = replace(wanted, size=size.upper())
    if colour and colour.replace(" ", "").isalpha():
        if chance.random() < 0.6:
            wanted = replace(wanted, colour=colour.replace("gray", "grey"))
        elif chance.random() < 0.4:
            wanted = replace(wanted, without_colour=chance.choice(("red", "blue", "black")))
    if product.brand and chance.random() < 0.4:
        wanted = replace(wanted, brand=product.brand)
    if chance.random() < 0.35:
        wanted = replace(wanted, in_stock=True)
    return wanted


def round_up(price: Decimal) -> Decimal:
    """The next multiple of five above a price."""
    return (price // 5 + 1) * 5


def question(wanted: Conditions, chance: random.Random) -> str:
    """The conditions in a shopper's words."""
    euro = chance.choice(("{} euros", "€{}", "{} €", "{}", "{} EUR"))
    parts = []
    if wanted.colour:
        parts.append(chance.choice((f"in {wanted.colour}", f"{wanted.colour}")))
    if wanted.size:
        parts.append(chance.choice((f"in size {wanted.size}", f"size {wanted.size}", f"in {wanted.size}")))
    if wanted.brand:
        parts.append(chance.choice((f"by {wanted.brand}", f"from {wanted.brand}")))
    if wanted.without_colour:
        parts.append(chance.choice((f"not {wanted.without_colour}", f"but not in {wanted.without_colour}")))
    if wanted.in_stock:
        parts.append(chance.choice(("in stock", "that is in stock", "available now")))
    chance.shuffle(parts)
    if wanted.least is not None and wanted.most is not None:
        parts.append(f"between {wanted.least} and {euro.format(wanted.most)}")
    elif wanted.most is not None:
        words = (
            ("under", "below", "less than", "cheaper than")
            if wanted.open
            else ("up to", "at most", "max", "no more than")
        )
        parts.append(f"{chance.choice(words)} {euro.format(wanted.most)}")
    elif wanted.least is not None:
        parts.append(f"{chance.choice(('over', 'more than', 'above'))} {euro.format(wanted.least)}")
    start = chance.choice(("do you have", "show me", "i am looking for", "", "any", "i need"))
    text = " ".join(filter(None, (start, wanted.noun, *parts)))
    return f"{text}?" if start in {"do you have", "any"} else text


def questions(products: Sequence[Product], count: int, chance: random.Random) -> list[tuple[str, Conditions]]:
    """So many questions, each with at least one condition."""
    made = []
    while len(made) < count:
        wanted = conditions_of(products, chance)
        if wanted != Conditions(wanted.noun):
            made.append((question(wanted, chance), wanted))
    return made
