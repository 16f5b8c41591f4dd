"""Words for stock in five languages: what they say, and in whose words."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.checking.values import Claim

__all__ = ["WORDS", "language_of_stock", "stock_in"]

NOT = r"(?:not|n['’]t|no longer|never)"
FILL = r"(?:\s+(?:currently|yet|always|presently|available|even|right now|at the moment))?"
PATTERNS: tuple[tuple[str, str, str], ...] = (
    ("out_of_stock", "en",
     rf"(?:{NOT}{FILL}\s+in[- ]stock|out[- ]of[- ]stock|sold[- ]out"
     rf"|{NOT}\s+(?:currently\s+)?available(?=\s*(?:[.,;!?)]|$"
     r"|at the moment|right now|at present|for (?:purchase|order|sale)))|(?:currently|temporarily)\s+unavailable"
     r"|unavailable(?=\s*(?:[.,;!?)]|$|at the moment|right now)))"),
    ("out_of_stock", "de",
     r"(?:nicht(?:\s+mehr)?\s+(?:auf\s+lager|lieferbar|vorrätig|verfügbar)|ausverkauft|vergriffen"
     r"|derzeit\s+nicht\s+(?:auf\s+lager|lieferbar|verfügbar))"),
    ("out_of_stock", "fr", r"(?:épuisée?s?|en rupture(?: de stock)?|(?:pas|plus)\s+(?:en stock|disponibles?))"),
    ("out_of_stock", "es", r"(?:agotad[oa]s?|sin existencias|no\s+(?:está|están|hay)\s+(?:disponibles?|en stock))"),
    ("out_of_stock", "it", r"(?:esaurit[oiae]|non\s+(?:è|sono\s+)?\s*(?:disponibil[ei]|in magazzino))"),
    ("preorder", "en", r"(?:(?:available (?:for|on|to) )?pre-?order(?:ed)?)"),
    ("preorder", "de", r"(?:vorbestell(?:bar|en|t|ung))"),
    ("preorder", "fr", r"(?:(?:en )?précommande)"),
    ("preorder", "es", r"(?:(?:en )?preventa)"),
    ("preorder", "it", r"(?:(?:in )?preordine)"),
    ("in_stock", "en",
     r"(?:(?<!back )in[- ]stock|(?:(?<=is\s)|(?<=re\s)|(?<=\bcurrently\s)|(?<=\bstill\s)"
     r"|(?<=\bnow\s))available(?=\s*(?:[.,;!?)]|$|now\b|right now|today|for immediate"
     r"|for purchase|and (?:in stock|ready|ship)))|ready to ship|available (?:now|immediately|right away))"),
    ("in_stock", "de", r"(?:auf lager|vorrätig|(?:sofort )?lieferbar|(?<=ist )verfügbar)"),
    ("in_stock", "fr", r"(?:en stock|(?<=est )disponible)"),
    ("in_stock", "es", r"(?:(?:hay|en) existencias|(?<=está )disponible)"),
    ("in_stock", "it", r"(?:in magazzino|(?<=è )disponibile)"),
)  # fmt: skip
STOCK = re.compile(
    "|".join(f"(?P<k{place}>{pattern})" for place, (_, _, pattern) in enumerate(PATTERNS)), re.IGNORECASE
)
STEMS = (
    "stock", "sold", "availab", "order", "ship", "lager", "lieferbar", "vorrätig", "verfügbar", "ausverkauft",
    "vergriffen", "vorbestell", "épuisé", "rupture", "disponib", "précommande", "agotad", "existencias", "preventa",
    "esaurit", "magazzino", "preordine",
)  # fmt: skip
"""Each pattern has one of these in it: a text without any says nothing of stock, which is cheap to know."""
WORDS = {
    "en": {"in_stock": "in stock", "out_of_stock": "out of stock", "preorder": "available for pre-order"},
    "de": {"in_stock": "auf Lager", "out_of_stock": "derzeit nicht auf Lager", "preorder": "vorbestellbar"},
    "fr": {"in_stock": "en stock", "out_of_stock": "en rupture de stock", "preorder": "en précommande"},
    "es": {"in_stock": "en stock", "out_of_stock": "agotado", "preorder": "en preventa"},
    "it": {"in_stock": "disponibile", "out_of_stock": "esaurito", "preorder": "in preordine"},
}
"""How each state of stock is said."""


def stock_in(text: str) -> Iterator[Claim]:
    """Each word of stock; a negation belongs to it."""
    plain = text.lower()
    if not any(stem in plain for stem in STEMS):
        return
    for found in STOCK.finditer(text):
        place = int((found.lastgroup or "k0")[1:])
        value = PATTERNS[place][0]
        yield Claim("stock", frozenset({value}), "", found.start(), found.end(), found[0])


def language_of_stock(text: str) -> str:
    """The language in which a word of stock was said."""
    found = STOCK.match(text)
    return PATTERNS[int((found.lastgroup or "k0")[1:])][1] if found else "en"
