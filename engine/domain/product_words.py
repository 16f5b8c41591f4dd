"""Words of products and of shoppers as they are compared: one spelling, units set apart, figures and letters kept.

Never here: stems, weights, and which words matter.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["code_of", "codes_in", "folded", "product_tokens"]

UNITS = {
    "inch": ("in", "inch", "inches", "zoll", "pouce", "pouces", "pulgadas", "pollici"),
    "foot": ("ft", "feet", "foot"), "cm": ("cm", "centimeter", "centimetre", "centimeters", "centimetres"),
    "mm": ("mm", "millimeter", "millimetre", "millimeters", "millimetres"), "m": ("meter", "metre", "meters", "metres"),
    "ml": ("ml", "milliliter", "millilitre", "milliliters", "millilitres"),
    "l": ("l", "liter", "litre", "liters", "litres"), "oz": ("oz", "ounce", "ounces"),
    "lb": ("lb", "lbs"), "kg": ("kg", "kilo", "kilos", "kilogram", "kilograms"),
    "g": ("g", "gr", "gram", "grams", "gramm"), "gb": ("gb", "gigabyte"), "tb": ("tb", "terabyte"), "mb": ("mb",),
    "w": ("w", "watt", "watts"), "v": ("v", "volt", "volts"), "mah": ("mah",), "pcs": ("pc", "pcs", "pieces", "piece"),
    "pack": ("pk", "pack"),
}  # fmt: skip
"""Units after a number, by the one spelling that they are compared in."""
UNIT_OF = {word: unit for unit, words in UNITS.items() for word in words}
SPELLINGS = {
    "colour": "color", "colours": "colors", "grey": "gray", "jewellery": "jewelry", "aluminium": "aluminum",
    "pyjama": "pajama", "pyjamas": "pajamas", "tyre": "tire", "tyres": "tires", "mould": "mold", "moulds": "molds",
    "men": "man", "mens": "man", "women": "woman", "womens": "woman", "children": "child", "childrens": "child",
    "feet": "foot", "knives": "knife", "shelves": "shelf", "leaves": "leaf", "wolves": "wolf", "mice": "mouse",
    "geese": "goose", "teeth": "tooth", "scarves": "scarf", "loaves": "loaf", "dice": "die",
} | {word: unit for word, unit in UNIT_OF.items() if len(word) > 3}  # fmt: skip
"""Spellings and plurals that no rule of endings joins; units that are known without a number before them."""
TOKEN = re.compile(r"\d+(?:[.,]\d+)+(?![\w])|\d+(?:\.\d+)?(?=[a-z]{1,4}\b)|[^\W_]+")
UNIT_SIGNS = re.compile(r"(?<=\d)\s?(?:''|[\"″”])")
POSSESSIVE = re.compile(r"['’`´]s\b")
CODE = re.compile(r"[^\W_]+(?:[-./_][^\W_]+)+|[^\W_]+")
THOUSANDS = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d+)?")
SHORTEST_CODE = 4
ACCENTS = re.compile("[\u0300-\u036f]+")
LETTERS = str.maketrans({"ß": "ss", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe", "’": "'"})


def folded(text: str) -> str:
    """Text without case and accents: `Crème` and `creme` are one."""
    if text.isascii():
        return text.lower()
    return ACCENTS.sub("", unicodedata.normalize("NFKD", text.casefold().translate(LETTERS)))


def number(text: str) -> str:
    """A number in one spelling: `1,000` is 1000, `2,5` is 2.5, `905.00` is 905."""
    plain = text.replace(",", "") if THOUSANDS.fullmatch(text) else text.replace(",", ".")
    return plain.rstrip("0").rstrip(".") if plain.count(".") == 1 else plain


def product_tokens(text: str) -> list[str]:
    """The words of a text in order, each in one spelling; `500ml` and `500 ml` are the same two."""
    plain = UNIT_SIGNS.sub(" inch ", POSSESSIVE.sub("", folded(text)))
    found: list[str] = []
    for token in TOKEN.findall(plain):
        if token[0].isdigit():
            found.append(number(token))
        elif found and found[-1][0].isdigit() and token in UNIT_OF:
            found.append(UNIT_OF[token])
        else:
            found.append(SPELLINGS.get(token, token))
    return found


def code_of(text: str) -> str:
    """An article number as it is compared: letters and figures only, GTINs without leading zeros."""
    plain = "".join(character for character in folded(text) if character.isalnum())
    return plain.lstrip("0") if plain.isdigit() and len(plain) >= 8 else plain


def codes_in(text: str) -> list[str]:
    """What may be an article number in a text: it has a figure, and a letter beside it or four figures and more."""
    found = []
    for written in CODE.findall(folded(text)):
        code = code_of(written)
        figures = sum(character.isdigit() for character in code)
        if len(code) >= SHORTEST_CODE and figures and (figures < len(code) or figures >= 4):
            found.append(code)
    return found
