"""Sentences about products, made from their rows and from the conditions that were said: every figure has its source.

Never here: searching, and a language model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from decimal import Decimal

from engine.answering.wishes.wish import Limits, Wish
from engine.answering.wording import availability_words, money_words, product_sentence
from engine.domain.conversation import ProductCard
from engine.domain.knowledge import Product
from engine.domain.money import UNSTATED, Money

__all__ = ["comparison_sentence", "conditions_words", "found_sentence", "named_sentence", "nothing_sentence"]

MOST_NAMED = 3
LONGEST_TITLE = 70
MOST_FACTS = 6


def found_sentence(
    wish: Wish, cards: Sequence[ProductCard], total: int, whole: int, corrected: Mapping[str, str], as_of: datetime
) -> str:
    """How many there are, under which conditions, and the first of them with price and stock."""
    words = " ".join(corrected.get(word, word) for word in wish.words.split())
    what = f" for “{words}”" if words else ""
    said = conditions_words(wish)
    under = f" {said}" if said else ""
    if wish.only_first and len(cards) == 1:
        superlative = "cheapest" if wish.order == "price" else "most expensive"
        start = f"The {superlative} I found{what}{under} is {card_words(cards[0])}."
    elif total == 0:
        start = f"Nothing holds all of “{words}”, but these come close: {listed(cards)}."
    else:
        many = "1 product" if total == 1 else f"{total:,} products"
        order = {"price": ", cheapest first", "price_descending": ", most expensive first", "relevance": ""}[wish.order]
        start = f"I found {many}{what}{under}{order}: {listed(cards[: min(total, MOST_NAMED)])}."
        if whole < len(cards) and not wish.conditions and total < len(cards):
            start += " The others below come close."
    read = "".join(f" I read “{word}” as “{meant}”." for word, meant in corrected.items())
    return f"{start}{read} {as_of_words(as_of)}"


def nothing_sentence(wish: Wish, ways: Sequence[tuple[Wish, int]]) -> str:
    """That nothing fits, and what would without one of the conditions."""
    said = conditions_words(wish)
    what = f"“{wish.words}”" if wish.words else "anything"
    start = f"I found nothing that fits all of that: {what} {said}.".replace(" .", ".")
    if not ways:
        return start
    less, total = ways[0]
    dropped = conditions_words(wish, but=less)
    return f"{start} Without “{dropped}” there {'is' if total == 1 else 'are'} {total:,}."


def named_sentence(wish: Wish, rows: Sequence[Product], cards: Sequence[ProductCard]) -> str:
    """Price and stock of what was named."""
    told = []
    for row, card in zip(rows, cards, strict=True):
        if card.variant:
            stock = availability_words(card.availability)
            cost = f"costs {money_words(card.price)}" if card.price is not None else ""
            facts = " and ".join(filter(None, (cost, f"is {stock}" if stock else "")))
            told.append(f"{row.title} ({card.variant}) {facts or 'is listed, without price or stock'}.")
        else:
            told.append(product_sentence(row) or f"For {row.title} the shop states no price and no stock.")
            told += stock_of_variants(row) if wish.asked == "stock" else []
    return f"{' '.join(told)} {as_of_words(rows[0].as_of)}"


def stock_of_variants(row: Product) -> list[str]:
    """Which variants can be had, when they differ."""
    here = [variant for variant in row.variants if variant.availability == "in_stock"]
    if not here or len(here) == len(row.variants):
        return []
    names = [", ".join(filter(None, variant.options.values())) or variant.title for variant in here]
    return [f"In stock: {'; '.join(names[: 2 * MOST_FACTS])}."]


def comparison_sentence(rows: Sequence[Product], cards: Sequence[ProductCard]) -> str:
    """The products with their prices and the facts in which they differ."""
    lines = [product_sentence(row) or f"For {row.title} the shop states no price." for row in rows]
    priced = [card for card in cards if card.price is not None]
    if len({card.price.currency for card in priced if card.price}) == 1 and len(priced) == len(cards):
        amounts = sorted(priced, key=lambda card: card.price.amount if card.price else Decimal(0))
        if amounts[0].price != amounts[-1].price:
            lines.append(f"{amounts[0].title} is the cheapest.")
    shared = [name for name in rows[0].attributes if all(name in row.attributes for row in rows)]
    different = [name for name in shared if len({row.attributes[name] for row in rows}) > 1][:MOST_FACTS]
    lines += [
        f"{name}: " + "; ".join(f"{row.title}: {row.attributes[name]}" for row in rows) + "." for name in different
    ]
    return f"{' '.join(lines)} {as_of_words(min(row.as_of for row in rows))}"


def conditions_words(wish: Wish, but: Wish | None = None) -> str:
    """The conditions in words; with `but`, only those that the other wish does not have."""
    other = but or Wish()
    parts = []
    if wish.brand and wish.brand != other.brand:
        parts.append(f"by {wish.brand.title()}")
    for name, values in wish.options.items():
        if name not in other.options:
            shown = " or ".join(value.upper() if name == "size" else value for value in values)
            parts.append(
                f"in {shown}" if name == "colour" else f"in size {shown}" if name == "size" else f"with {name} {shown}"
            )
    if wish.limits.given and wish.limits != other.limits:
        parts.append(limits_words(wish.limits))
    if wish.age is not None and wish.age != other.age:
        parts.append(f"for the age of {wish.age}")
    if wish.availability is not None and wish.availability != other.availability:
        parts.append("in stock")
    if wish.without_options and wish.without_options != other.without_options:
        parts.append(f"without {' or '.join(value for _, value in wish.without_options)}")
    if wish.without and wish.without != other.without:
        # A row that is silent about caffeine is no tea without it: only what is known is said.
        parts.append(f"whose entry does not mention {' or '.join(wish.without)}")
    return " ".join(parts)


def limits_words(limits: Limits) -> str:
    """Bounds of a price in words."""
    currency = limits.currencies[0] if limits.currencies else UNSTATED
    least = None if limits.least is None else money_words(Money(limits.least, currency))
    most = None if limits.most is None else money_words(Money(limits.most, currency))
    if least and most:
        return f"between {least} and {most}"
    if most:
        return f"{'under' if limits.most_open else 'up to'} {most}"
    return f"{'over' if limits.least_open else 'from'} {least}"


def listed(cards: Sequence[ProductCard]) -> str:
    """The first few in one line."""
    return "; ".join(card_words(card) for card in cards[:MOST_NAMED])


def card_words(card: ProductCard) -> str:
    """A card in a line: title, variant, price and stock."""
    title = card.title if len(card.title) <= LONGEST_TITLE else f"{card.title[:LONGEST_TITLE].rsplit(' ', 1)[0]} …"
    price = money_words(card.price) if card.price is not None else ""
    facts = ", ".join(filter(None, (card.variant, price, availability_words(card.availability))))
    return f"{title} ({facts})" if facts else title


def as_of_words(as_of: datetime) -> str:
    """When the rows were read."""
    return f"Prices and stock as of {as_of.day} {as_of:%B %Y, %H:%M} UTC."
