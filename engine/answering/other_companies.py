"""Whether a message is about another company: what this shop does must not be told as theirs.

A rule of form: several capitalised words, or words joined by `&`, that stand where a company's name stands ("at", "of",
"with" a name, or a question about the name itself). That nothing in the shop's knowledge holds any of these words has
to be looked up by the caller: brands and partners of the shop are then no others. Languages that write their nouns with
a capital are left alone.
"""

from __future__ import annotations

import re

__all__ = ["other_company"]

WORD = r"[A-ZÀ-ÖØ-Þ][\w'’.-]*"
JOINT = r"(?:\s+|\s*&\s*|\s+(?:and|et|y|e|of|de|di|the)\s+(?=[A-ZÀ-Þ]))"
NAME = rf"({WORD}(?:{JOINT}{WORD})+)"
AT = re.compile(rf"\b(?:at|of|chez|presso)\s+(?:the\s+)?{NAME}")
ORDERED_FROM = re.compile(
    r"(?i:\b(?:orders?|ordered|bought|purchased?|parcel|package|refund|delivery|voucher|gift card)\b.{0,30}?"
    rf"\b(?:from|de|da|di|en)\s+){NAME}"
)
ASKED_ABOUT = re.compile(
    r"^(?:so|and|hi|hello)?,?\s*(?:is|are|does|do|did|has|have|will|can|when (?:is|does|do|will)|how long does"
    rf"|what does|why does)\s+{NAME}\s+[a-z]"
)
ASKED_LOWER = re.compile(r"^[A-Z][a-z]+")
NOUNS_WITH_CAPITALS = frozenset({"de", "lb"})
NOT_A_COMPANY = frozenset({
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february", "march",
    "april", "may", "june", "july", "august", "september", "october", "november", "december", "christmas", "easter",
    "year", "mr", "mrs", "ms", "dr",
})  # fmt: skip
"""A date or a person stands where a name may stand."""


def other_company(text: str, language: str, own: str) -> str | None:
    """The company that a message asks about, or None; `own` is the shop's name.

    Whether it is another one is only sure when the shop's knowledge holds no word of the name.
    """
    if language in NOUNS_WITH_CAPITALS or text.isupper():
        return None
    first = ASKED_LOWER.match(text)
    lowered = text if first is None else first[0].lower() + text[first.end() :]
    for pattern, read in ((AT, text), (ORDERED_FROM, text), (ASKED_ABOUT, lowered)):
        for found in pattern.finditer(read):
            name = found[1].rstrip(".?!,;")
            words = [word for word in re.findall(r"\w+", name.casefold()) if len(word) > 1]
            named_here = set(words) & set(re.findall(r"\w+", own.casefold()))
            if words and not named_here and not re.search(r"\d", name) and not NOT_A_COMPANY.intersection(words):
                return name
    return None
