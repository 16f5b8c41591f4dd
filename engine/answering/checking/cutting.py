"""Where the next sentence of a text that is still arriving ends."""

from __future__ import annotations

import re
from collections.abc import Sequence

from engine.answering.checking.dates import MONTH

__all__ = ["next_end"]

END = re.compile(r"\n+|[.!?…]+[\"”’)\]*]*\s+(?=\S)")
SHORTENED = re.compile(
    r"(?:\b(?:e\.g|i\.e|z\.B|approx|incl|excl|ca|bzw|no|nr|art|min|max|mr|mrs|ms|dr|st|vs|est|inc|ltd|u\.s|a\.m|p\.m|resp|tel)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"(?:^|\n|\s)\d{1,2}\.$")


def next_end(text: str, titles: Sequence[str] = ()) -> int | None:
    """The place behind the first whole sentence and its white space; None while it may go on.

    `titles` are names of products: a full stop within one ends nothing.
    """
    openings = [title[: one.end()].rstrip() for title in map(str.casefold, titles) for one in END.finditer(title)]
    for found in END.finditer(text):
        before, after = text[: found.end()].rstrip(), text[found.end() :]
        if found[0].startswith("\n"):
            return found.end()
        if any(before.casefold().endswith(start) for start in openings):
            continue
        if SHORTENED.search(before) and not after[:1].isupper():
            continue
        if NUMBERED.search(before):
            if re.search(r"(?:^|\n)\s*\d{1,2}\.$", before):  # the number of a list's line
                continue
            word = re.match(r"\w+(?=\W)", after)
            if word is None:
                return None
            if word[0].casefold() in MONTH:
                continue
        return found.end()
    return None
