"""The little Markdown that answers hold, as spans that each channel writes in its own way.

Never here: how any channel writes them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from channel_adapters.splitting import parts_of

__all__ = ["Span", "settled", "shortened", "spans"]

MARKS = re.compile(
    r"^```[^`\n]*\n(?P<block>[^`]{1,20000}?)\n?[ \t]*```[ \t]*$"
    r"|`(?P<code>[^`\n]{1,300})`"
    r"|!?\[(?P<words>[^\[\]\n]{1,300})\]\((?P<address>(?:[^()\s]|\([^()\s]*\)){1,2000})\)"
    r"|\*\*(?P<bold>[^*\n]{1,500})\*\*"
    r"|^[ \t]{0,3}#{1,6}[ \t]+(?P<heading>[^\n]{1,500})$"
    r"|^(?P<item>[ \t]{0,6}[-*+][ \t]+)(?=\S)",
    re.MULTILINE,
)
TABLE = re.compile(
    r"^[ \t]*\|(?P<head>[^\n]+)\|[ \t]*\n"
    r"[ \t]*\|(?=[ \t:|-]*-)[ \t:|-]+\|[ \t]*\n"
    r"(?P<rows>(?:[ \t]*\|[^\n]+\|[ \t]*(?:\n|\Z))+)",
    re.MULTILINE,
)
CELLS = re.compile(r"(?<!\\)\|")
LONGEST_CODE = 1_500
"""Characters; longer code is several blocks, so that none is longer than a message."""

WORD_ENDS = re.compile(r"\s+|(?<=[。！？])")
LINE_MARK = re.compile(r"[ \t]*(?:#|[-*+][ \t]*$)")
"""A line that is a heading, or may become an item of a list."""
KNOWN_LATE = re.compile(r"^[ \t]*(?:```|\|)", re.MULTILINE)
"""Where code or a table begins: what it reads like is known at its end."""
OPEN_LINK = re.compile(r"!?\[[^\[\]\n]*(?:\]\((?:[^()\s]|\([^()\s]*\))*(?:\([^()\s]*)?)?$")
"""What becomes a link when more comes."""


@dataclass(frozen=True, slots=True)
class Span:
    """Some words, and how they stand out."""

    text: str
    bold: bool = False
    address: str = ""
    """Where the words lead, unchecked."""
    code: Literal["", "words", "block"] = ""
    """Whether it is meant letter by letter: some words, or lines of their own."""


def spans(text: str) -> Iterator[Span]:
    """The spans of a text, in order; pictures become links, list marks bullets, rows of a table a bullet each."""
    text = TABLE.sub(told_rows, text.replace("\r\n", "\n").replace("\x00", ""))
    end = 0
    for found in MARKS.finditer(text):
        if found.start() > end:
            yield Span(text[end : found.start()])
        end = found.end()
        if found["block"] is not None:
            yield from blocks(found["block"])
        elif found["code"] is not None:
            yield Span(found["code"], code="words")
        elif found["words"] is not None:
            yield Span(found["words"], address=found["address"])
        elif found["item"] is not None:
            yield Span("• ")
        else:
            yield Span((found["bold"] or found["heading"]).strip(), bold=True)
    if end < len(text):
        yield Span(text[end:])


def cells(row: str) -> list[str]:
    """The cells between a row's outer bars."""
    return [cell.replace("\\|", "|").strip() for cell in CELLS.split(row)]


def told_rows(table: re.Match[str]) -> str:
    """A table as a list: each row tells what its cells are, as no channel draws tables."""
    head = cells(table["head"])
    lines = []
    for row in table["rows"].splitlines():
        named = zip(head, cells(row.strip()[1:-1]), strict=False)
        told = [f"{name}: {cell}" if name else cell for name, cell in named if cell]
        lines.append(f"- {' · '.join(told)}" if told else "")
    return "\n".join(line for line in lines if line) + "\n"


def blocks(code: str) -> Iterator[Span]:
    """Code as blocks that are not too long, each of whole lines where they are not too long themselves."""
    yield from (Span(part, code="block") for part in parts_of(code, LONGEST_CODE))


def settled(text: str) -> str:
    """The beginning of a text in the making that reads the same whatever follows: whole words, no mark half open."""
    words = [found.end() for found in WORD_ENDS.finditer(text)]
    kept = text[: words[-1]] if words else ""
    if (late := KNOWN_LATE.search(kept)) is not None:
        kept = kept[: late.start()]
    begins = kept.rfind("\n") + 1
    before, line = kept[:begins], kept[begins:]
    if (open_link := OPEN_LINK.search(line)) is not None:
        line = line[: open_link.start()]
    whole = MARKS.sub(lambda found: "." * len(found[0]), line)
    for mark in ("**", "`"):
        if (opened := whole.find(mark)) >= 0:
            line, whole = line[:opened], whole[:opened]
    return (before if LINE_MARK.match(line) else before + line).rstrip()


def shortened(text: str, longest: int) -> str:
    """Text on one line, cut at a word where it is longer than `longest` characters."""
    line = " ".join(text.split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    at_word = cut.rsplit(" ", 1)[0]
    return (at_word if len(at_word) > longest // 2 else cut).rstrip(" ,;:") + "…"
