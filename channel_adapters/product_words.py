"""A product of a reply in the few words that every channel shows.

Never here: any channel's form.
"""

from __future__ import annotations

from engine.answering.wording import availability_words, money_words
from engine.domain.conversation import Citation, ProductCard

__all__ = ["earlier_price_words", "price_words", "source_name", "stock_words", "title_of"]


def title_of(product: ProductCard) -> str:
    """What the product is called, with its variant."""
    return f"{product.title}, {product.variant}" if product.variant else product.title


def price_words(product: ProductCard) -> str:
    """The price, empty when the shop states none."""
    return "" if product.price is None else money_words(product.price)


def earlier_price_words(product: ProductCard) -> str:
    """The price before a reduction, empty when there was none."""
    was = product.was_price
    reduced = was is not None and product.price is not None and was.amount > product.price.amount
    return money_words(was) if was is not None and reduced else ""


def stock_words(product: ProductCard) -> str:
    """Stock as a sentence of its own, empty when it is not known."""
    words = availability_words(product.availability)
    return words[:1].upper() + words[1:]


def source_name(citation: Citation) -> str:
    """What a source is called, with its page."""
    title = citation.title or "The shop"
    return f"{title}, page {citation.page}" if citation.page is not None else title
