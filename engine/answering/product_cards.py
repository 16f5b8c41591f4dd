"""Product cards made from catalogue rows: each shows the variant that fits the wish.

Never here: which products fit.
"""

from __future__ import annotations

from collections.abc import Sequence

from engine.answering.wishes import Wish
from engine.domain.conversation import ProductCard
from engine.domain.knowledge import Product, Variant
from engine.ports import ProductMatch

__all__ = ["card_of"]


def card_of(product: Product, match: ProductMatch, wish: Wish) -> ProductCard:
    """A product as it is shown: the variant that fits where the wish is about one."""
    shown = shown_variant(product, match, wish)
    if shown is None:
        price, was = product.price, product.was_price
        if price is None and (cheapest := cheapest_of(product.variants)) is not None:
            price, was = cheapest.price, cheapest.was_price
        return ProductCard(
            product.id,
            product.title,
            price,
            was,
            product.availability,
            product.url,
            product.image_url,
            "",
            product.as_of,
        )
    return ProductCard(
        product.id,
        product.title,
        shown.price or product.price,
        shown.was_price if shown.price is not None else product.was_price,
        shown.availability,
        shown.url or product.url,
        shown.image_url or product.image_url,
        variant_name(shown),
        product.as_of,
    )


def shown_variant(product: Product, match: ProductMatch, wish: Wish) -> Variant | None:
    """The variant that a card shows: of those that fit the cheapest, what can be bought first."""
    about_one = wish.options or wish.without_options or wish.limits.given or wish.availability is not None
    if not (about_one or wish.order != "relevance"):
        return None
    fitting = [variant for variant in product.variants if variant.id in set(match.variants)]
    if wish.order == "relevance":
        fitting.sort(key=lambda variant: variant.availability != "in_stock")
        fitting = [variant for variant in fitting if variant.availability == fitting[0].availability]
    return cheapest_of(fitting)


def cheapest_of(variants: Sequence[Variant]) -> Variant | None:
    """The variant with the lowest price; the first when none has one, None without variants."""
    if not variants:
        return None
    return min(
        variants, key=lambda variant: (variant.price is None, 0 if variant.price is None else variant.price.amount)
    )


def variant_name(variant: Variant) -> str:
    """What tells a variant from the others."""
    return ", ".join(filter(None, variant.options.values())) or variant.title
