"""The little Markdown that answers hold, as spans that each channel writes in its own way.

Never here: how any channel writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Span", "shortened", "spans"]

MARKS = re.compile(
    r"!?\[(?P<words>[^\[\]\n]{1,300})\]\((?P<address>(?:[^()\s]|\([^()\s]*\)){1,2000})\)"
    r"|\*\*(?P<bold>[^*\n]{1,500})\*\*"
    r"|^[ \t]{0,3}#{1,6}[ \t]+(?P<heading>[^\n]{1,500})$"
    r"|^(?P<item>[ \t]{0,6}[-*+][ \t]+)(?=\S)",
    re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Span:
    """Some words, and how they stand out."""

    text: str
    bold: bool = False
    address: str = ""
    """Where the words lead, unchecked."""


def spans(text: str) -> Iterator[Span]:
    """The spans of a text, in order; pictures become links, list marks become bullets."""
    text = text.replace("\r\n", "\n").replace("\x00", "")
    end = 0
    for found in MARKS.finditer(text):
        if found.start() > end:
            yield Span(text[end : found.start()])
        end = found.end()
        if found["words"] is not None:
            yield Span(found["words"], address=found["address"])
        elif found["item"] is not None:
            yield Span("• ")
        else:
            yield Span((found["bold"] or found["heading"]).strip(), bold=True)
    if end < len(text):
        yield Span(text[end:])


def shortened(text: str, longest: int) -> str:
    """Text on one line, cut at a word where it is longer than `longest` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > longest // 2 else cut).rstrip(" ,;:") + "…"
