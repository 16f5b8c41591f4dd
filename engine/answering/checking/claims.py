"""Finds every checkable token of a text: prices, quantities, dates, codes, sizes, stock words, addresses.

The same reading is used for answers and for evidence, so that both are compared in one form.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal

from engine.answering.checking.addresses import addresses_in
from engine.answering.checking.dates import dates_in
from engine.answering.checking.stock import stock_in
from engine.answering.checking.units import CURRENCIES, NUMBER_WORDS, QUALIFIERS, UNITS, currency_of, number_word
from engine.answering.checking.values import Claim, Kind, read_number
from engine.domain.catalogue import option_value

__all__ = ["claims_in", "first_claim"]

SPACED = r"\d{1,3}(?: \d{3})+(?:[.,]\d\d)?(?=\s?(?:€|EUR|SEK|NOK|DKK|PLN|CZK|zł|kr|Kč|Ft|HUF)|[.,]\d\d)"
"""Thousands set apart by spaces: only before a currency or decimals, else they may be two numbers."""
PLAIN = r"\d+(?:[.,'’\u00a0\u202f\u2009]\d+)*"
NUMBER = re.compile(rf"(?<![^\W_])(?<![.,])(?:{SPACED}|{PLAIN})")
ATTACHED = re.compile(r"(?<=[A-Za-z€£$¥₹ł(x×+/-])\d+(?:[.,'’\u00a0\u202f\u2009]\d+)*")
EXACT_UNITS = {word: key for key, words in UNITS.items() for word in words}
LOOSE_UNITS = {word.casefold(): key for key, words in UNITS.items() for word in words if len(word) > 2}


def any_of(words: list[str]) -> str:
    """A pattern of alternatives, longest first."""
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


SIGNS = any_of([sign for signs in CURRENCIES.values() for sign in signs])
BEFORE = re.compile(rf"(?<![\w])({SIGNS})\s?$", re.IGNORECASE)
AFTER_MONEY = re.compile(rf"(?:,-|\.-)?\s?({SIGNS})(?![\w])", re.IGNORECASE)
LOOSE = any_of(list(LOOSE_UNITS))
EXACT = any_of([word for word in EXACT_UNITS if len(word) <= 2 or not word.isalpha()])
AFTER_UNIT = re.compile(
    rf"(?:\s*\([\w\s-]{{1,20}}\))?(?:\s|-)?(?:{QUALIFIERS}\s+)?(?:((?i:{LOOSE}))|({EXACT}))(?:\(s\))?(?![\w])"
)
INCHES = re.compile(r"\s?in(?=[,;.)]|$| [x×])")
SEPARATOR = re.compile(r"\s?(?:[-–—/×]|\b(?:x|to|bis|à|a|hasta|and|und|or|oder|et|ou|y|e|by)\b)\s?", re.IGNORECASE)
WORDS = any_of(list(NUMBER_WORDS))
NUMBER_WORD = re.compile(rf"\b(?:{WORDS})(?:[\s-](?:{WORDS}))?\b", re.IGNORECASE)
LETTERS = re.compile(r"[^\W\d_]+")
LABEL = re.compile(
    r"\b(?:SKU|art(?:icle|ikel)?[.-]?\s?(?:no|nr|number|nummer)\.?|item (?:no|number)\.?|model(?: (?:no|number)\.?)?"
    r"|part (?:no|number)\.?|ref(?:erence)?\.?(?: no\.?)?|MPN|GTIN|EAN|UPC|(?:coupon|voucher|promo(?:tion)?|discount)"
    r"(?: code)?|code|gutschein(?:code)?|code promo|código|codice)\s*(?:is|:|#|=)?\s*[\"“'`*]*([\w][\w./-]*[\w]|\d)",
    re.IGNORECASE,
)
SHAPED = re.compile(r".*\d.*|[A-Z]{3,}[A-Z_-]*|[a-z]+(?:-[a-z]+)+")
CODE = re.compile(r"(?<![\w/.-])(?=[\w.,/-]*\d)(?=[\d.,/_-]*[^\W\d_])[^\W_][\w.,/-]*[^\W_](?![\w])")
VERSION = re.compile(r"(?<![\w.])v?\d+(?:\.\d+){2,}(?![\w])")
SIZE_LETTERS = r"(?:XXS|XS|XXXL|XXL|XL|[2-6]XL|S|M|L)"
SIZE_VALUE = rf"(?:{SIZE_LETTERS}|(?i:extra small|extra large|small|medium|large)|\d{{1,3}}(?:[.,]5)?)"
SIZE_LIST = re.compile(
    rf"\b(?i:sizes?|größen?|groessen?|tailles?|tallas?|taglie?a?|maat)\b(?:\s*(?::|is|in|are))?\s*"
    rf"({SIZE_VALUE}(?:\s*(?:,|/|-|–|(?i:and|or|to|und|oder|bis|et|ou|y|e))\s*{SIZE_VALUE})*)(?![\w]|[.,]\d)"
)
SIZE_ONE = re.compile(SIZE_VALUE)
LONE_SIZE = re.compile(r"(?<![\w-])(?:XXS|XS|XXXL|XXL|XL|[2-6]XL)(?![\w])")
PRICE_LEAD = re.compile(
    r"\b(?:costs?|prices?(?:\s+(?:is|of|are))?|priced at|price tag of|kostet|kosten|preis(?:\s+ist)?|coûte(?:nt)?|prix"
    r"(?:\s+est)?|cuestan?|precio(?:\s+es)?|costan?o?|prezzo(?:\s+è)?|was|from|sale price)\s*:?\s*"
    r"(?:now|only|just|nur|about|currently|from)?\s*$",
    re.IGNORECASE,
)
TWO_DECIMALS = re.compile(r"\d{1,3}(?:[.,'’ \u00a0]?\d{3})*[.,]\d\d")
FREE = re.compile(
    r"(?<![-\w])(?<!feel )(?:free(?:-of-charge| of charge)?(?! to\b|-|\w)|complimentary|kostenlos\w*|gratis|gratuite?s?"
    r"|gratuit[aoie]|versandkostenfrei)",
    re.IGNORECASE,
)
TOKEN = re.compile(r"[^\s()\[\]\"“”„,;:!?]+")
LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}[.)]\s")
MARKER = re.compile(r"\[\d{1,2}\]")


def claims_in(text: str) -> list[Claim]:
    """The checkable tokens in order; no two of them share a character."""
    taken = bytearray(len(text))
    for found in (*LIST_NUMBER.finditer(text), *MARKER.finditer(text)):
        taken[found.start() : found.end()] = b"\1" * (found.end() - found.start())
    kept: list[Claim] = []

    def keep(found: list[Claim], *, together: bool = False) -> None:
        new = [claim for claim in found if not any(taken[claim.start : claim.end])]
        for claim in new:
            if together or not any(taken[claim.start : claim.end]):
                kept.append(claim)
                taken[claim.start : claim.end] = b"\1" * (claim.end - claim.start)

    digits = any(sign.isdigit() for sign in text)
    if digits or "." in text or "@" in text or ":" in text:
        for address in addresses_in(text):
            keep([address])
    if digits:
        keep(list(versions_in(text)))
    spans: dict[tuple[int, int], list[Claim]] = {}
    for date in dates_in(text):
        spans.setdefault((date.start, date.end), []).append(date)
    for group in spans.values():
        keep(group, together=True)
    keep(list(stock_in(text)))
    keep(list(labelled_in(text)))
    keep(list(sizes_in(text)))
    keep(list(amounts_in(text, taken)))
    if digits:
        keep(list(codes_in(text)))
        keep(list(plain_in(text)))
        keep(list(leftover_in(text, taken)))
    keep([Claim("free", frozenset({"free"}), "", one.start(), one.end(), one[0]) for one in FREE.finditer(text)])
    return sorted(kept, key=lambda claim: claim.start)


def first_claim(text: str) -> int | None:
    """Where the first checkable token begins, or None."""
    found = claims_in(text)
    return found[0].start if found else None


def versions_in(text: str) -> Iterator[Claim]:
    """Version numbers such as 1.8.19."""
    for found in VERSION.finditer(text):
        if not re.fullmatch(r"\d{1,2}\.\d{1,2}\.\d{4}|\d\d\.\d\d\.\d\d|\d{1,3}(?:\.\d{3})+", found[0]):
            yield Claim("code", frozenset({found[0].casefold()}), "", found.start(), found.end(), found[0])


def labelled_in(text: str) -> Iterator[Claim]:
    """What stands behind "SKU", "model number" or "code" and looks like one."""
    for found in LABEL.finditer(text):
        if SHAPED.fullmatch(found[1]):
            yield Claim("code", frozenset({found[1].casefold()}), "", found.start(1), found.end(1), found[1])


def codes_in(text: str) -> Iterator[Claim]:
    """Tokens of letters and digits, such as ABX00080 or DM5."""
    for found in CODE.finditer(text):
        yield Claim("code", frozenset({found[0].casefold()}), "", found.start(), found.end(), found[0])


def sizes_in(text: str) -> Iterator[Claim]:
    """Sizes behind the word, and those letters that mean nothing else."""
    for found in SIZE_LIST.finditer(text):
        for one in SIZE_ONE.finditer(found[1]):
            start = found.start(1) + one.start()
            yield size(one[0], start)
    for found in LONE_SIZE.finditer(text):
        yield size(found[0], found.start())


def size(text: str, start: int) -> Claim:
    """One size."""
    return Claim("size", frozenset({option_value("size", text)}), "", start, start + len(text), text)


def amounts_in(text: str, taken: bytearray) -> Iterator[Claim]:
    """Numbers with a currency or a unit; in a range each number has that of its neighbour."""
    raw = [found for found in number_places(text) if not any(taken[found.start() : found.end()])]
    found = [with_unit(text, one) for one in raw]
    for place in range(len(found) - 2, -1, -1):
        joined = SEPARATOR.fullmatch(text[raw[place].end() : found[place + 1].start])
        if joined and found[place + 1].unit and not found[place].unit:
            found[place] = replace_unit(found[place], found[place + 1])
    for place in range(1, len(found)):
        before = found[place - 1]
        if (
            not found[place].unit
            and before.kind == "money"
            and SEPARATOR.fullmatch(text[before.end : raw[place].start()])
        ):
            found[place] = replace_unit(found[place], before)
    yield from (claim for claim in found if claim.unit or claim.kind == "money")
    if NUMBER_WORDS.keys().isdisjoint(word.casefold() for word in LETTERS.findall(text)):
        return
    for word in NUMBER_WORD.finditer(text):
        try:
            value = number_word(word[0])
        except KeyError:
            continue
        claim = with_unit(text, word, frozenset({format(value, "f")}))
        if claim.unit:
            yield claim


def number_places(text: str) -> list[re.Match[str]]:
    """Written numbers that are not part of a word, except behind a currency or a sign."""
    found = {one.start(): one for one in NUMBER.finditer(text)}
    for one in ATTACHED.finditer(text):
        sign = BEFORE.search(text[: one.start()])
        if sign or text[one.start() - 1] in "(x×+/-":
            found.setdefault(one.start(), one)
    ordered = [found[start] for start in sorted(found)]
    return [one for place, one in enumerate(ordered) if place == 0 or one.start() >= ordered[place - 1].end()]


def with_unit(text: str, found: re.Match[str], values: frozenset[str] | None = None) -> Claim:
    """The number with the currency or unit that stands beside it, if any."""
    values = values or read_number(found[0])
    start, end = found.start(), found.end()
    if text[end : end + 1].isalpha():
        return Claim("number", frozenset(), "", start, end, found[0])  # the beginning of a code
    priced = PRICE_LEAD.search(text[:start]) or TWO_DECIMALS.fullmatch(found[0])
    plain = Claim("money" if priced else "number", values, "", start, end, found[0])
    after = AFTER_MONEY.match(text, end)
    if after and after[1].casefold() not in {"pounds"}:
        return money(text, values, currency_of(after[1]), start, after.end())
    before = BEFORE.search(text[:start])
    if before:
        return money(text, values, currency_of(before[1]), before.start(), end)
    unit = AFTER_UNIT.match(text, end)
    if unit:
        name, factor = LOOSE_UNITS[unit[1].casefold()] if unit[1] else EXACT_UNITS[unit[2]]
        return scaled(text, values, name, factor, start, unit.end())
    if inches := INCHES.match(text, end):
        return scaled(text, values, "inch", Decimal(1), start, inches.end())
    return plain


def money(text: str, values: frozenset[str], currency: str, start: int, end: int) -> Claim:
    """An amount of money."""
    return Claim("money", values, currency, start, end, text[start:end])


def scaled(text: str, values: frozenset[str], name: str, factor: Decimal, start: int, end: int) -> Claim:
    """A quantity in its smallest unit."""
    normal = frozenset(format((Decimal(value) * factor).normalize(), "f") for value in values)
    return Claim("quantity", normal, f"{name}", start, end, text[start:end])


def replace_unit(claim: Claim, other: Claim) -> Claim:
    """A number of a range with the unit of the other end."""
    if other.kind == "quantity":
        key = unit_of(other.text)
        factor = key[1] if key else Decimal(1)
        values = frozenset(format((Decimal(value) * factor).normalize(), "f") for value in claim.values)
    else:
        values = claim.values
    kind: Kind = other.kind
    return replace(claim, kind=kind, unit=other.unit, values=values)


def unit_of(text: str) -> tuple[str, Decimal] | None:
    """The unit at the end of a quantity's own text."""
    number = re.match(rf"(?:\d+(?:[.,'’\u00a0\u202f\u2009]\d+)*|{NUMBER_WORD.pattern})", text, re.IGNORECASE)
    unit = AFTER_UNIT.match(text, number.end()) if number else None
    if unit is None:
        return None
    return LOOSE_UNITS[unit[1].casefold()] if unit[1] else EXACT_UNITS[unit[2]]


def leftover_in(text: str, taken: bytearray) -> Iterator[Claim]:
    """Whatever else holds a digit: it must stand in the evidence letter by letter."""
    for found in TOKEN.finditer(text):
        place = found.start()
        while place < found.end():
            end = place
            while end < found.end() and not taken[end]:
                end += 1
            part = text[place:end].rstrip(".'’*_`")
            if any(sign.isdigit() for sign in part):
                yield Claim("code", frozenset({part.casefold()}), "", place, place + len(part), part)
            place = max(end, place + 1)


def plain_in(text: str) -> Iterator[Claim]:
    """Numbers with nothing beside them."""
    for found in number_places(text):
        if not text[found.end() : found.end() + 1].isalpha():
            yield Claim("number", read_number(found[0]), "", found.start(), found.end(), found[0])
