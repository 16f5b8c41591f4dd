"""Products of the catalogue as cards.

Never here: finding them.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from engine.domain.money import UNSTATED
from studio.knowledge_records import Product, Variant
from studio.talking import AVAILABILITY, is_web, price_words
from studio.words import ago, count

__all__ = ["product_cards"]

LISTED = 60
"""Variants listed on one card."""


def product_cards(products: Sequence[Product]) -> str:
    """The products as cards; everything from the shop is escaped."""
    return f'<div class="sc-cards">{"".join(product_card(product) for product in products)}</div>'


def product_card(product: Product) -> str:
    """Picture, name, price, stock, brand, forms, and of when that is."""
    picture = f'<img src="{escape(product.image_url)}" alt="" loading="lazy">' if is_web(product.image_url) else ""
    name = escape(product.title)
    if is_web(product.url):
        name = f'<a href="{escape(product.url)}" target="_blank" rel="noopener noreferrer">{name}</a>'
    price = f'<p class="price">{escape(prices(product))}</p>'
    was = f"<p>before {escape(price_words(product.was_price))}</p>" if product.was_price else ""
    facts = (
        AVAILABILITY[product.availability],
        product.brand,
        f"No. {product.sku}" if product.sku else "",
        f"as of {ago(product.as_of)}",
    )
    extras = "".join(f"<p>{escape(text)}</p>" for text in facts if text)
    return f'<div class="sc-card">{picture}<p>{name}</p>{price}{was}{extras}{variants_markup(product.variants)}</div>'


def prices(product: Product) -> str:
    """The span of its variants' prices, or its own price."""
    own = [variant.price for variant in product.variants if variant.price is not None]
    known = sorted(own or filter(None, [product.price]), key=lambda price: price.amount)
    if not known:
        return "no price stated"
    least, most = price_words(known[0]), price_words(known[-1])
    unstated = ", currency not chosen" if known[0].currency == UNSTATED else ""
    return (least if least == most else f"{least} to {most}") + unstated


def variants_markup(variants: Sequence[Variant]) -> str:
    """The forms it is sold in, folded."""
    if not variants:
        return ""
    rows = "".join(f"<li>{escape(variant_words(variant))}</li>" for variant in variants[:LISTED])
    more = f"<li>and {len(variants) - LISTED:,} more</li>" if len(variants) > LISTED else ""
    label = count(len(variants), "variant")
    return f"<details><summary>{label}</summary><ul>{rows}{more}</ul></details>"


def variant_words(variant: Variant) -> str:
    """One form: its options, price and stock."""
    name = ", ".join(variant.options.values()) or variant.title or variant.id
    price = price_words(variant.price) if variant.price is not None else ""
    return " · ".join(filter(None, (name, price, AVAILABILITY[variant.availability])))
