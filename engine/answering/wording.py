"""Sentences made from catalogue rows and from the shop's own settings: never from a model."""

from __future__ import annotations

from decimal import Decimal
from typing import assert_never

from engine.answering.phrases import phrase
from engine.domain.bot import Guardrails
from engine.domain.knowledge import Availability, Product
from engine.domain.money import UNSTATED, Money

__all__ = ["availability_words", "contact", "money_words", "price_range_words", "product_sentence", "refusal_text"]

SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}


def money_words(money: Money) -> str:
    """An amount as a shopper reads it: `€12.90`, or `12.90 SEK` for currencies without a common sign."""
    amount = money.amount
    text = f"{amount.quantize(Decimal(1)):,}" if amount == amount.to_integral() and money.currency == "JPY" else ""
    text = text or f"{amount:,.2f}"
    if money.currency == UNSTATED:
        return text
    symbol = SYMBOLS.get(money.currency)
    return f"{symbol}{text}" if symbol else f"{text} {money.currency}"


def price_range_words(low: Money, high: Money) -> str:
    """A range of prices: `€9.00 to €19.00`, or one amount where both ends are the same."""
    cheapest, dearest = money_words(low), money_words(high)
    return cheapest if cheapest == dearest else f"{cheapest} to {dearest}"


def availability_words(availability: Availability) -> str:
    """Stock in words; empty when it is not known."""
    match availability:
        case "in_stock":
            return "in stock"
        case "out_of_stock":
            return "out of stock at the moment"
        case "preorder":
            return "available for pre-order"
        case "unknown":
            return ""
        case _:
            assert_never(availability)


def product_sentence(product: Product) -> str:
    """What the catalogue row says of price and stock; empty when it says neither."""
    prices = sorted({v.price.amount for v in product.variants if v.price is not None})
    stock = availability_words(product.availability)
    if product.price is None and not prices:
        return f"{product.title} is {stock}." if stock else ""
    if len(prices) > 1:
        currency = next(v.price.currency for v in product.variants if v.price is not None)
        cost = f"costs {money_words(Money(prices[0], currency))} to {money_words(Money(prices[-1], currency))}"
    elif product.price is not None:
        cost = f"costs {money_words(product.price)}"
        if product.was_price is not None and product.was_price.amount > product.price.amount:
            cost += f" (was {money_words(product.was_price)})"
    else:
        currency = next(v.price.currency for v in product.variants if v.price is not None)
        cost = f"costs {money_words(Money(prices[0], currency))}"
    return f"{product.title} {cost} and is {stock}." if stock else f"{product.title} {cost}."


def contact(guardrails: Guardrails, language: str = "en") -> str:
    """Where a person can be reached: in the merchant's own words, else in ours."""
    return guardrails.contact_text or phrase("offer", language)


def refusal_text(guardrails: Guardrails, language: str = "en") -> str:
    """The merchant's own words for not knowing, else ours, with where a person can be reached."""
    unset = guardrails.refusal_text == Guardrails().refusal_text
    refusal = phrase("refusal", language) if unset else guardrails.refusal_text
    return f"{refusal} {contact(guardrails, language)}"
