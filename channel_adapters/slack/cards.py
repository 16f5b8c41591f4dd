"""A product as a card of Block Kit.

Never here: its row in a list, which every Slack takes.
"""

from __future__ import annotations

from channel_adapters.links import web_address
from channel_adapters.product_words import earlier_price_words, price_words, stock_words, title_of
from channel_adapters.slack import limits
from channel_adapters.slack.marks import Block, fitting
from channel_adapters.spans import shortened
from engine.domain.conversation import ProductCard

__all__ = ["product_card"]


def product_card(product: ProductCard, *, on_this_machine: bool) -> Block:
    """A product as a card."""
    title = shortened(title_of(product), limits.CARD_TITLE) or "Product"
    card: Block = {"type": "card", "title": fitting(title, limits.CARD_TITLE)}
    price, before = price_words(product), earlier_price_words(product)
    if price:
        card["subtitle"] = fitting(f"{price} (was {before})" if before else price, limits.CARD_TITLE)
    if stock := stock_words(product):
        card["body"] = fitting(stock, limits.CARD_BODY)
    if (picture := web_address(product.image_url, on_this_machine=on_this_machine)) is not None:
        card["hero_image"] = {"type": "image", "image_url": picture, "alt_text": title}
    if (page := web_address(product.url, on_this_machine=on_this_machine)) is not None:
        view = {"type": "plain_text", "text": "View"}
        card["actions"] = [{"type": "button", "text": view, "url": page, "action_id": "view"}]
    return card
