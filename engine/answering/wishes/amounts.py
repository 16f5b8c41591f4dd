"""Bounds of prices in plain words of five languages: `under 20 euros`, `zwischen 10 und 20 €`, `around $15`.

Texts are folded: without case and accents. A number counts as a price when it has a currency, or when nothing that it
could count follows. Never here: conversion between currencies.
"""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from engine.answering.wishes.wish import Limits

__all__ = ["AROUND_SHARE", "read_limits"]

AROUND_SHARE = Decimal("0.2")
"""`around 15` is 12 to 18."""
CURRENCIES: dict[str, tuple[str, ...]] = {
    "€": ("EUR",), "eur": ("EUR",), "euro": ("EUR",), "euros": ("EUR",), "£": ("GBP",), "gbp": ("GBP",),
    "pound": ("GBP",), "pounds": ("GBP",), "quid": ("GBP",), "pfund": ("GBP",), "livres": ("GBP",),
    "libras": ("GBP",), "sterline": ("GBP",), "$": ("USD", "CAD", "AUD"), "us$": ("USD",), "usd": ("USD",),
    "dollar": ("USD", "CAD", "AUD"), "dollars": ("USD", "CAD", "AUD"), "bucks": ("USD", "CAD", "AUD"),
    "dolares": ("USD", "CAD", "AUD"), "dollari": ("USD", "CAD", "AUD"), "cad": ("CAD",), "aud": ("AUD",),
    "chf": ("CHF",), "franken": ("CHF",), "francs": ("CHF",), "sek": ("SEK",), "nok": ("NOK",), "dkk": ("DKK",),
    "kr": ("SEK", "NOK", "DKK"), "kronor": ("SEK",), "kroner": ("NOK", "DKK"), "pln": ("PLN",), "zl": ("PLN",),
    "czk": ("CZK",), "jpy": ("JPY",), "¥": ("JPY",), "yen": ("JPY",),
}  # fmt: skip
SIGN = "|".join(re.escape(name) for name in sorted(CURRENCIES, key=len, reverse=True))
NUMBER = r"\d{1,3}(?:[.,']\d{3})+(?:[.,]\d{1,2})?|\d{1,7}(?:[.,]\d{1,2})?"
MEASURES = r"wide|tall|high|long|deep|thick|diameter|x\b|by\b"
GOES_ON = (
    r"and|or|in(?!\s+(?:"
    + MEASURES
    + r"))|with|for|please|that|which|without|but|not|no|from|by|is|are|any|und|oder|mit"
    r"|fur|ohne|bitte|aber|von|et|ou|avec|pour|sans|en|de|y|o|con|para|sin|e|per|senza|di|max|maximum|thanks|only|if"
)
BARE = rf"(?=\s*(?:$|[^\w\s%\"'″.,-]|[.,]\s|[.,]$|(?:{GOES_ON})\b))"


def amount(name: str) -> str:
    """A pattern of one amount that is a price for sure; groups `name`, and its currency before or after it."""
    return loose(name) + rf"(?:(?({name}_before)|(?({name}_after)|{BARE})))"


def loose(name: str) -> str:
    """A pattern of one amount that other words make a price."""
    return (
        rf"(?:(?P<{name}_before>{SIGN})\s?)?(?<![\w.,])(?P<{name}>{NUMBER})(?!\d)"
        rf"(?:\s?(?P<{name}_after>{SIGN})(?!\w))?"
    )


AND = r"\s*(?:and|und|et|y|e|to|bis|a|ed|-|–)\s*"
BELOW = (
    r"under|below|less than|cheaper than|lower than|unter|weniger als|gunstiger als|billiger als|moins de"
    r"|moins cher que|sous|en dessous de|menos de|por debajo de|mas barat[oa]s? que|inferior a|meno di"
    r"|sotto(?: i| gli)?|inferiore a"
)
UP_TO = (
    r"up to|at most|(?:at )?max(?:imum|imal)?(?: of)?|(?:no|not) more than|not (?:over|above)|within"
    r"|bis(?: zu| maximal)?|hochstens|nicht (?:mehr als|uber)|jusqu['’ ]?a|au (?:plus|maximum)|maxi|pas plus de|hasta"
    r"|como maximo|no mas de|fino a|al massimo|massimo|non piu di|(?:my )?budget(?: of| is| von| de| di)?:?"
)
ABOVE = r"over|above|more than|uber|mehr als|plus de|au[- ]dessus de|mas de|por encima de|piu di|sopra(?: i)?|oltre"
AT_LEAST = (
    r"at least|min(?:imum)?(?: of)?|starting (?:at|from)|not (?:under|below)|mindestens|a partir de|au moins|al menos"
    r"|desde|almeno|minimo|a partire da"
)
AROUND = (
    r"around|about|roughly|approx(?:imately|\.)?|ca\.?|circa|etwa|ungefahr|um die|rund|environ|autour de|alrededor de"
    r"|unos|intorno a(?:i)?"
)
OR_LESS = r"\s*(?:or (?:less|under|below|cheaper)|max(?:imum)?|tops|oder weniger|ou moins|o menos|o meno)\b"
OR_MORE = r"\s*(?:or (?:more|above|over)|and (?:up|above|more)|oder mehr|ou plus|o mas|o piu)\b"

TWO = re.compile(
    rf"(?:\b(?:between|zwischen|entre|tra|fra|from|von|de|da)\s+(?:i |les )?)?{loose('one')}{AND}{amount('two')}"
)
BETWEEN = re.compile(r"between|zwischen|entre|tra|fra|from|von|de|da")
ONE = (
    (re.compile(rf"\b(?:{UP_TO})\s*{amount('one')}"), "most"),
    (re.compile(rf"\b(?:{AT_LEAST})\s*{amount('one')}"), "least"),
    (re.compile(rf"(?:\b(?:{BELOW})|<)\s*{amount('one')}"), "below"),
    (re.compile(rf"(?:\b(?:{ABOVE})|>)\s*{amount('one')}"), "above"),
    (re.compile(rf"\b(?:{AROUND})\s*{amount('one')}"), "around"),
    (re.compile(rf"{loose('one')}{OR_LESS}"), "most"),
    (re.compile(rf"{loose('one')}{OR_MORE}"), "least"),
)


def value(text: str) -> Decimal:
    """A number as an amount: `1,290.50`, `1.290,50` and `1290.5` are one."""
    plain = text.replace("'", "")
    separators = [character for character in plain if character in ".,"]
    if separators:
        last = plain.rfind(separators[-1])
        whole = re.sub(r"[.,]", "", plain[:last])
        thousands = len(plain) - last == 4 and (len(separators) == 1 or len(set(separators)) == 1)
        plain = whole + plain[last + 1 :] if thousands else f"{whole}.{plain[last + 1 :]}"
    return Decimal(plain)


def currencies(found: re.Match[str], *names: str) -> tuple[str, ...]:
    """The currencies that stand beside the amounts."""
    groups = found.groupdict()
    for name in names:
        if sign := groups.get(f"{name}_before") or groups.get(f"{name}_after"):
            return CURRENCIES[sign]
    return ()


def read_limits(text: str) -> tuple[Limits | None, str]:
    """(the bounds that a folded text sets, the text without them). The first of several counts; None without any."""
    found = TWO.search(text)
    if found is not None and (BETWEEN.match(found[0]) or currencies(found, "one", "two")):
        one, two = sorted((value(found["one"]), value(found["two"])))
        return Limits(one, two, currencies=currencies(found, "two", "one")), taken(text, found)
    limits: Limits | None = None
    for pattern, kind in ONE:
        found = pattern.search(text)
        if found is None:
            continue
        bound, text = value(found["one"]), taken(text, found)
        limits = with_bound(limits or Limits(), kind, bound, currencies(found, "one"))
    return limits, text


def with_bound(limits: Limits, kind: str, bound: Decimal, codes: tuple[str, ...]) -> Limits:
    """Bounds with one more; what is set already stays."""
    codes = limits.currencies or codes
    if kind == "around" and limits.most is None and limits.least is None:
        return Limits(bound * (1 - AROUND_SHARE), bound * (1 + AROUND_SHARE), currencies=codes)
    if kind in {"most", "below"} and limits.most is None:
        return replace(limits, most=bound, most_open=kind == "below", currencies=codes)
    if kind in {"least", "above"} and limits.least is None:
        return replace(limits, least=bound, least_open=kind == "above", currencies=codes)
    return limits


def taken(text: str, found: re.Match[str]) -> str:
    """The text with a mark where the match stood, so that its neighbours do not become a phrase."""
    return f"{text[: found.start()]} | {text[found.end() :]}"
