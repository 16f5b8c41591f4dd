"""The little Markdown that answers hold, as spans that each channel writes in its own way.

Never here: how any channel writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["Span", "settled", "shortened", "spans"]

MARKS = re.compile(
    r"!?\[(?P<words>[^\[\]\n]{1,300})\]\((?P<address>(?:[^()\s]|\([^()\s]*\)){1,2000})\)"
    r"|\*\*(?P<bold>[^*\n]{1,500})\*\*"
    r"|^[ \t]{0,3}#{1,6}[ \t]+(?P<heading>[^\n]{1,500})$"
    r"|^(?P<item>[ \t]{0,6}[-*+][ \t]+)(?=\S)",
    re.MULTILINE,
)

WORD_ENDS = re.compile(r"\s+|(?<=[。！？])")
LINE_MARK = re.compile(r"[ \t]*(?:#|[-*+][ \t]*$)")
"""A line that is a heading, or may become an item of a list."""
OPEN_LINK = re.compile(r"!?\[[^\[\]\n]*(?:\]\((?:[^()\s]|\([^()\s]*\))*(?:\([^()\s]*)?)?$")
"""What becomes a link when more comes."""


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


def settled(text: str) -> str:
    """The beginning of a text in the making that reads the same whatever follows: whole words, no mark half open."""
    words = [found.end() for found in WORD_ENDS.finditer(text)]
    kept = text[: words[-1]] if words else ""
    begins = kept.rfind("\n") + 1
    before, line = kept[:begins], kept[begins:]
    if (open_link := OPEN_LINK.search(line)) is not None:
        line = line[: open_link.start()]
    whole = MARKS.sub(lambda found: "." * len(found[0]), line)
    if (open_bold := whole.find("**")) >= 0:
        line = line[:open_bold]
    return (before if LINE_MARK.match(line) else before + line).rstrip()


def shortened(text: str, longest: int) -> str:
    """Text on one line, cut at a word where it is longer than `longest` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > longest // 2 else cut).rstrip(" ,;:") + "…"
