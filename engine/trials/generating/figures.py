"""Figures in sentences: amounts, spans of time, times of day and measures, as a right answer would print them."""

from __future__ import annotations

import re

__all__ = [
    "DURATION",
    "MEASURE",
    "MONEY",
    "TIME",
    "amount_in",
    "duration_in",
    "figure_for",
    "figure_in",
    "named_in",
    "place_in",
]

COUNT = r"(?:\d+(?:[.,]\d+)?|one|two|three|four|five|six|seven|eight|nine|ten|twelve|fourteen|thirty)"
DURATION = (
    rf"(?:{COUNT}(?: ?(?:to|-|–|or) ?{COUNT})? (?:(?:working|business|calendar|full) )?"
    r"(?:minutes?|hours?|days?|weeks?|months?|years?))"
)
MONEY = (
    r"(?:[€£$]\s?\d[\d.,]*\d|[€£$]\s?\d"
    r"|\d[\d.,]*\s?(?:€|£|\$|(?:EUR|USD|GBP|CHF|SEK|DKK|PLN|euros?|dollars?|pounds?)\b))"
)
TIME = r"(?:\b\d{1,2}[:.]\d{2}\b(?: ?(?:am|pm)\b)?|\b\d{1,2} ?(?:am|pm)\b)"
MEASURE = (
    r"(?:-?\d+(?:[.,]\d+)?(?: ?(?:to|-|–|x|by) ?-?\d+(?:[.,]\d+)?)? ?"
    r"(?:%|°C|°F|mm\b|cm\b|ml\b|m\b|km\b|kg\b|g\b|mg\b|litres?\b|liters?\b|l\b|V\b|mA\b|A\b|mAh\b|W\b|kW\b|Hz\b|kHz\b|MHz\b"
    r"|GHz\b|KB\b|MB\b|GB\b|Mbps\b|bits?\b|bytes?\b|pixels?\b|inch(?:es)?\b|Ω))"
)
DIGITS = re.compile(r"\d[\d.,]*\d|\d")
NAMED = re.compile(r"(?<=[a-z,] )(?:[A-Z][\w&-]+)(?: (?:[A-Z][\w&-]+|\d+))*")
"""Names inside a sentence; the word at its beginning has its capital for another reason."""
PLACED = re.compile(r"\b(?:at|in|near|from) ([A-Z][\w&-]+(?: (?:[A-Z][\w&-]+|\d+))*)")
"""Names of places."""
ASKS_TIME = re.compile(
    r"^(how long|how many (minutes|hours|days|weeks|months|years)|how (quickly|fast|soon)|when|within)\b", re.I
)
ASKS_MONEY = re.compile(r"\b(how much|what amount|cost|costs|price|fee|charge|expensive)\b", re.I)
ASKS_PLACE = re.compile(r"^where\b", re.I)
ASKS_WHETHER = re.compile(r"^(can|could|do|does|did|is|are|will|would|should|may|must|have|has)\b", re.I)


def amount_in(text: str) -> str | None:
    """The digits of the first amount of money: shops and models write its currency in several ways."""
    found = re.search(MONEY, text)
    digits = DIGITS.search(found[0]) if found else None
    return digits[0] if digits else None


def duration_in(text: str) -> str | None:
    """The first span of time."""
    found = re.search(rf"\b{DURATION}\b", text, re.IGNORECASE)
    return found[0] if found else None


def figure_in(text: str) -> str | None:
    """The first figure with a unit, whatever it measures."""
    found = re.search(MEASURE, text)
    return amount_in(text) or duration_in(text) or (found[0] if found else None)


def named_in(text: str, asked: str) -> str | None:
    """The first name in a sentence that the question does not say already."""
    return next((name for name in NAMED.findall(text) if name.lower() not in asked.lower()), None)


def place_in(text: str, asked: str) -> str | None:
    """The first place that a sentence names and the question does not."""
    return next((name for name in PLACED.findall(text) if name.lower() not in asked.lower()), None)


def figure_for(asked: str, told: str) -> str | None:
    """What of an answer's first words the question is after; None where no rule tells."""
    if ASKS_TIME.search(asked):
        clock = re.search(TIME, told)
        return duration_in(told) or (clock[0] if clock else None)
    if ASKS_MONEY.search(asked):
        return amount_in(told)
    if ASKS_PLACE.search(asked):
        return place_in(told, asked)
    return figure_in(told) if ASKS_WHETHER.search(asked) else None
