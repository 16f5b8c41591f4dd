"""`Splitter`: overlapping windows of whole sentences, list items and table rows, under their headings.

A window is small enough to be an answer, and carries the headings above it; a table row carries its
header row as one more heading, so that a row cut from a long table still says what its cells are. Sentences
are found by a rule: LlamaIndex's own tokenizer (nltk's punkt) refuses to read its data wherever an installer
linked the files instead of copying them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

__all__ = ["WindowSplitter"]

HEADING = re.compile(r"(#{1,6})\s+(.*?)\s*#*$")
RULE = re.compile(r"[|:\s=*_-]+")
ITEM = re.compile(r"([-*+•]|\d{1,3}[.)])\s+")
SENTENCE_END = re.compile(r"[.!?…。！？]+[\"'”’)\]*_]*(?=\s+[^\sa-z])|[。！？]")
ABBREVIATION = re.compile(
    r"(?:\b(?:e\.g|i\.e|z\.b|bzw|etc|vs|approx|ca|incl|excl|max|min|no|nr|mr|mrs|ms|dr|st|tel|art|p\.ex|vol|fig)"
    r"|\b[A-Z])\.$",
    re.IGNORECASE,
)
WORD = re.compile(r"\w+")
LONGEST_UNIT = 1200
"""Characters. A longer "sentence" is a list of codes or broken markup, and is cut at spaces."""


@dataclass(frozen=True, slots=True)
class Unit:
    """The smallest thing worth quoting: one sentence, list item or table row."""

    headings: tuple[str, ...]
    start: int
    end: int
    words: int


class WindowSplitter:
    """Cuts documents into windows of at most `most_words` words that overlap by one unit."""

    def __init__(self, most_words: int = 40) -> None:
        self.most_words = most_words

    def split(self, text: str) -> list[tuple[tuple[str, ...], str]]:
        """(headings, passage) in order; every passage stands literally in `text`."""
        units = list(self.units(text))
        windows: list[tuple[tuple[str, ...], str]] = []
        first = 0
        while first < len(units):
            last = self.window_end(units, first)
            windows.append((units[first].headings, text[units[first].start : units[last - 1].end]))
            if last >= len(units):
                break
            # One unit of overlap keeps a rule together with the sentence that limits it.
            same_section = units[last].headings == units[first].headings
            first = max(first + 1, last - 1) if same_section else last
        return windows

    def window_end(self, units: list[Unit], first: int) -> int:
        """Index after the last unit of the window that begins at `first`."""
        words, last = 0, first
        while last < len(units) and units[last].headings == units[first].headings:
            words += units[last].words
            if last > first and words > self.most_words:
                break
            last += 1
        return last

    def units(self, text: str) -> Iterator[Unit]:
        """The units of a document, in order."""
        headings: list[tuple[int, str]] = []
        header_row = ""
        offset = 0
        lines = text.splitlines(keepends=True)
        for index, line in enumerate(lines):
            start, stripped = offset + len(line) - len(line.lstrip()), line.strip()
            offset += len(line)
            if not stripped:
                header_row = ""  # a blank line ends a table; the next one has a header of its own
                continue
            if RULE.fullmatch(stripped):
                continue
            found = HEADING.fullmatch(stripped)
            if found:
                depth = len(found[1])
                headings = [*(h for h in headings if h[0] < depth), (depth, found[2].strip("*_ "))]
                continue
            path = tuple(title for _, title in headings)
            if stripped.startswith("|"):
                if not header_row and heads_table(lines[index + 1 : index + 3]):
                    header_row = " · ".join(cell.strip() for cell in stripped.strip("|").split("|"))
                    continue
                if header_row:
                    path = (*path, header_row)
            else:
                header_row = ""
            cut = self.bounded if stripped.startswith("|") else self.pieces
            for begin, end in cut(stripped, 0, len(stripped)):
                yield Unit(path, start + begin, start + end, len(WORD.findall(stripped[begin:end])))

    def pieces(self, line: str, begin: int, stop: int) -> Iterator[tuple[int, int]]:
        """Spans of the sentences of one line; a list item stays whole when it is short."""
        if ITEM.match(line) and len(line.split()) <= self.most_words // 2:
            yield begin, stop
            return
        mark = ITEM.match(line)
        # The full stop of `6.` ends no sentence.
        for found in SENTENCE_END.finditer(line, mark.end() if mark else 0):
            if ABBREVIATION.search(line[begin : found.end()]):
                continue
            yield from self.bounded(line, begin, found.end())
            begin = found.end() + len(line[found.end() :]) - len(line[found.end() :].lstrip())
        yield from self.bounded(line, begin, stop)

    @staticmethod
    def bounded(line: str, begin: int, end: int) -> Iterator[tuple[int, int]]:
        """The span, cut at spaces where it is longer than any sentence should be."""
        while end - begin > LONGEST_UNIT:
            cut = line.rfind(" ", begin, begin + LONGEST_UNIT)
            cut = cut if cut > begin else begin + LONGEST_UNIT
            yield begin, cut
            begin = cut + 1 if line[cut : cut + 1] == " " else cut
        if end > begin:
            yield begin, end


def heads_table(following: list[str]) -> bool:
    """Whether a row is a header: a rule follows it, and a row follows the rule."""
    return (
        len(following) == 2
        and following[0].strip().startswith("|")
        and RULE.fullmatch(following[0].strip()) is not None
        and following[1].strip().startswith("|")
    )
