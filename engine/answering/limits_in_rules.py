"""Amounts in a question held against the limit in a rule: `free over £50` for an order of £62."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Literal

__all__ = ["verdict"]

AMOUNT = re.compile(
    r"(?:[€£$]\s?(?P<before>\d+(?:[.,]\d{1,2})?)"
    r"|(?P<after>\d+(?:[.,]\d{1,2})?)\s?(?:[€£$]|eur(?:os?)?\b|pounds?\b|quid\b|dollars?\b|usd\b|gbp\b))",
    re.IGNORECASE,
)
OVER = re.compile(
    r"\b(?:over|above|from|more than|at least|starting (?:at|from)|exceed\w*|worth|minimum(?: of)?)\s+(?=[€£$]?\s?\d)"
    r"|\bfor orders of\s+(?=[€£$]?\s?\d)",
    re.IGNORECASE,
)
STRICTLY = re.compile(r"\b(?:over|above|more than|exceed\w*)\s+$", re.IGNORECASE)
BENEFIT = re.compile(
    r"\bfree\b|\bno (?:delivery|shipping) (?:charge|cost|fee)s?\b|\bwithout (?:charge|delivery costs)\b", re.IGNORECASE
)
ASKS_WHETHER_FREE = re.compile(r"\bfree\b|\bincluded\b|\bfor nothing\b", re.IGNORECASE)
ASKS_WHETHER_PAID = re.compile(
    r"\b(?:do|will|would|must|should) i (?:have to |need to )?pay\b|\bam i charged\b|\bis there a (?:charge|fee)\b",
    re.IGNORECASE,
)
WH = re.compile(r"\b(?:how much|what|which|when|where|who|how)\b", re.IGNORECASE)


def amounts(text: str) -> list[Decimal]:
    """The amounts of money that a text names."""
    return [Decimal((found["before"] or found["after"]).replace(",", ".")) for found in AMOUNT.finditer(text)]


def verdict(question: str, rule: str) -> Literal["yes", "no"] | None:
    """Yes or no to a question about one amount, by a rule with one limit; None when the two do not meet so simply."""
    asked = amounts(question)
    limit = OVER.search(rule)
    if len(asked) != 1 or limit is None or not BENEFIT.search(rule) or WH.search(question):
        return None
    stated = AMOUNT.match(rule, limit.end())
    if stated is None:
        return None
    least = Decimal((stated["before"] or stated["after"]).replace(",", "."))
    reached = asked[0] > least if STRICTLY.search(rule[: limit.end()]) else asked[0] >= least
    if ASKS_WHETHER_PAID.search(question):
        return "no" if reached else "yes"
    return ("yes" if reached else "no") if ASKS_WHETHER_FREE.search(question) else None
