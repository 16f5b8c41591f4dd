"""Dates, weekdays and times of day in a text, in the ways shops write them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from engine.answering.checking.values import Claim

__all__ = ["dates_in"]

MONTHS = (
    "january jan januar enero gennaio janvier", "february feb februar febrero febbraio février",
    "march mar märz marzo mars", "april apr abril aprile avril", "may mai mayo maggio",
    "june jun juni junio giugno juin",
    "july jul juli julio luglio juillet", "august aug agosto août", "september sep sept septiembre settembre septembre",
    "october oct oktober okt octubre ottobre octobre", "november nov noviembre novembre",
    "december dec dezember dez diciembre dicembre décembre",
)  # fmt: skip
DAYS = (
    "monday montag lundi lunes lunedì", "tuesday dienstag mardi martes martedì",
    "wednesday mittwoch mercredi miércoles mercoledì", "thursday donnerstag jeudi jueves giovedì",
    "friday freitag vendredi viernes venerdì", "saturday samstag samedi sábado sabato",
    "sunday sonntag dimanche domingo domenica",
)  # fmt: skip
MONTH = {name: number for number, names in enumerate(MONTHS, start=1) for name in names.split()}
DAY = {name: number for number, names in enumerate(DAYS) for name in names.split()}
NO_MONTH = frozenset({"may", "mars", "march", "mai", "mar"})
"""Names that are ordinary words too: alone they are no date."""
NAMES = "|".join(sorted(MONTH, key=len, reverse=True))
ORDINAL = r"(?:st|nd|rd|th|er|º|\.)?"
YEAR = r"(?:,?\s+(?:de\s+)?(?P<y>(?:19|20)\d\d))?"
DAY_MONTH = re.compile(
    rf"\b(?:(?P<d0>\d{{1,2}}){ORDINAL}\s*(?:-|–|to|and|bis)\s*)?"
    rf"(?P<d>\d{{1,2}}){ORDINAL}\s+(?:of\s+|de\s+)?(?P<m>{NAMES})\b\.?{YEAR}",
    re.IGNORECASE,
)
MONTH_DAY = re.compile(
    rf"\b(?P<m>{NAMES})\b\.?\s+(?P<d>\d{{1,2}}){ORDINAL}(?!\d)(?:\s*(?:-|–|to|and)\s*(?P<d0>\d{{1,2}}){ORDINAL})?{YEAR}",
    re.IGNORECASE,
)
MONTH_YEAR = re.compile(rf"\b(?P<m>{NAMES})\b\.?,?\s+(?:de\s+)?(?P<y>(?:19|20)\d\d)\b", re.IGNORECASE)
LONE_MONTH = re.compile(
    rf"\b(?P<m>{'|'.join(name for name in MONTH if len(name) > 3 or name in NO_MONTH)})\b", re.IGNORECASE
)
ISO = re.compile(r"\b(?P<y>(?:19|20)\d\d)[-/.](?P<m>\d{1,2})[-/.](?P<d>\d{1,2})\b")
NUMERIC = re.compile(
    r"\b(?:(?P<a>\d{1,2})(?P<s>[./-])(?P<b>\d{1,2})(?P=s)(?P<y>(?:19|20)\d\d)"
    r"|(?P<a2>\d\d)(?P<s2>[./])(?P<b2>\d\d)(?P=s2)(?P<y2>\d\d))\b"
)
SHORT = {"Mon": 0, "Tue": 1, "Tues": 1, "Wed": 2, "Thu": 3, "Thur": 3, "Thurs": 3, "Fri": 4, "Sat": 5, "Sun": 6}
"""Only with a capital: in small letters they are other words."""
LETTERS = re.compile(r"[^\W\d_]+")
DAYS_SAID = frozenset({*DAY, *(f"{name}s" for name in DAY), *(name.casefold() for name in SHORT)})
"""A text without any of these has no weekday: looking that up is far cheaper than trying every name everywhere."""
DAY_NAMES = "|".join(sorted(DAY, key=len, reverse=True))
DAY_NAME = rf"(?:(?i:{DAY_NAMES})s?|{'|'.join(sorted(SHORT, key=len, reverse=True))})"
WEEKDAY = re.compile(rf"\b(?P<w>{DAY_NAME})\b")
WEEKDAYS = re.compile(rf"\b(?P<a>{DAY_NAME})\.?\s*(?:-|–|to|through|bis|à|a)\s*(?P<b>{DAY_NAME})\b")
TIME = re.compile(
    r"\b(?P<h>[01]?\d|2[0-4])(?:[:.](?P<n>[0-5]\d))?\s?(?P<p>a\.?m\.?|p\.?m\.?)(?!\w)"
    r"|\b(?P<h2>[01]?\d|2[0-4]):(?P<n2>[0-5]\d)\b(?!\s*[ap]\.?m)",
    re.IGNORECASE,
)


def claim(found: re.Match[str], kind: str, values: set[str]) -> Claim:
    """A claim where the match stands."""
    return Claim(kind, frozenset(values), "", found.start(), found.end(), found[0])  # type: ignore[arg-type]


def form(year: str | int | None, month: str | int | None, day: str | int | None) -> str:
    """`yyyy-mm-dd` with gaps where a part is not stated."""
    full = f"20{year}" if year and len(str(year)) == 2 else year
    return f"{full or ''}-{int(month) if month else ''}-{int(day) if day else ''}"


def dates_in(text: str) -> Iterator[Claim]:
    """Each date, weekday and time; where two readings are possible the claim holds both."""
    names = {word.casefold() for word in LETTERS.findall(text)}
    if not names.isdisjoint(MONTH):
        yield from named_dates(text)
    for found in ISO.finditer(text):
        yield claim(found, "date", {form(found["y"], found["m"], found["d"])})
    for found in NUMERIC.finditer(text):
        a, b, year = int(found["a"] or found["a2"]), int(found["b"] or found["b2"]), found["y"] or found["y2"]
        readings = {form(year, m, d) for d, m in ((a, b), (b, a)) if 1 <= m <= 12 and 1 <= d <= 31}
        if readings:
            yield claim(found, "date", readings)
    if not names.isdisjoint(DAYS_SAID):
        yield from weekdays(text)
    for found in TIME.finditer(text):
        hour, minute = int(found["h"] or found["h2"]), int(found["n"] or found["n2"] or 0)
        if found["p"]:
            hour = hour % 12 + (12 if found["p"].casefold().startswith("p") else 0)
        yield claim(found, "time", {str(hour * 60 + minute)})


def named_dates(text: str) -> Iterator[Claim]:
    """Dates with the name of a month: days first, then months with and without a year."""
    for pattern in (DAY_MONTH, MONTH_DAY):
        for found in pattern.finditer(text):
            if found["m"] in NO_MONTH:  # in lower case it is the ordinary word
                continue
            month = MONTH[found["m"].casefold()]
            for day in filter(None, (found["d"], found["d0"])):
                yield claim(found, "date", {form(found["y"], month, day)})
    for found in MONTH_YEAR.finditer(text):
        yield claim(found, "date", {form(found["y"], MONTH[found["m"].casefold()], None)})
    for found in LONE_MONTH.finditer(text):
        inside = found["m"][0].isupper() and re.search(r"[\w,)]\s$", text[: found.start()])
        if found["m"].casefold() not in NO_MONTH or inside:
            yield claim(found, "date", {form(None, MONTH[found["m"].casefold()], None)})


def weekdays(text: str) -> Iterator[Claim]:
    """Days of the week; a range holds each of its days, and itself."""
    for found in WEEKDAYS.finditer(text):
        first, last = day_of(found["a"]), day_of(found["b"])
        span = range(first, last + 1) if first <= last else (*range(first, 7), *range(last + 1))
        yield claim(found, "weekday", {f"{first}-{last}", *(str(day) for day in span)})
    for found in WEEKDAY.finditer(text):
        yield claim(found, "weekday", {str(day_of(found["w"]))})


def day_of(name: str) -> int:
    """Monday is 0."""
    plain = name.casefold()
    return SHORT[name] if name in SHORT else DAY.get(plain, DAY.get(plain.removesuffix("s"), 0))
