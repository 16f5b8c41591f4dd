"""Words with places on a page put back into headings, paragraphs and tables.

Never here: where the words come from: a PDF's own text, or a picture. Lengths are those of the page, down and to the
right from its upper left corner.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from engine.knowledge.parsing.grids import take_grid
from engine.knowledge.parsing.tables import rows_to_markdown

__all__ = ["Row", "Segment", "heading_sizes", "join_lines", "page_markdown", "rows_of", "without_running_rows"]

PAGE_NUMBER = re.compile(r"\b(page|seite|pagina|página|p\.)\s*\d|^\W*\d+\W*$|\d\s*(of|/|von|sur|van|de)\s*\d", re.I)
SENTENCE_END = (".", "!", "?", ":", ";", "。", "！", "？")
LARGER = 1.15
"""How much larger than the body letters must be to make a heading."""
LONGEST_HEADING = 120
MOST_HEADING_SIZES = 5
MOST_IN_HEADINGS = 0.3


@dataclass(frozen=True, slots=True)
class Segment:
    """Words of one line that stand close together."""

    text: str
    left: float
    top: float
    right: float
    bottom: float
    size: float
    """Height of its letters."""


@dataclass(frozen=True, slots=True)
class Row:
    """Segments side by side, from left to right."""

    segments: tuple[Segment, ...]

    @property
    def text(self) -> str:
        """The row as one line."""
        return " ".join(segment.text for segment in self.segments)

    @property
    def size(self) -> float:
        """The height of its first letters, in half units so that near sizes count as one."""
        return round(self.segments[0].size * 2) / 2

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(segment.top for segment in self.segments)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(segment.bottom for segment in self.segments)


def rows_of(segments: Iterable[Segment]) -> list[Row]:
    """Segments that follow each other at the same height as rows; the order of reading stays."""
    rows: list[list[Segment]] = []
    for segment in segments:
        if rows and beside(rows[-1], segment):
            rows[-1].append(segment)
        else:
            rows.append([segment])
    return [Row(tuple(sorted(row, key=lambda part: part.left))) for row in rows]


def beside(row: list[Segment], segment: Segment) -> bool:
    """Whether a segment stands at the height of a row and over none of its segments."""
    last = row[-1]
    shared = min(last.bottom, segment.bottom) - max(last.top, segment.top)
    if shared < 0.5 * min(last.bottom - last.top, segment.bottom - segment.top):
        return False
    return all(segment.left >= part.right - 1 or segment.right <= part.left + 1 for part in row)


def without_running_rows(pages: list[list[Row]]) -> list[list[Row]]:
    """Pages without the headers, footers and page numbers that repeat on most of them."""
    if len(pages) < 3:
        return pages
    edges: Counter[str] = Counter()
    for rows in pages:
        edges.update({running_form(row.text) for row in rows[:2] + rows[-2:]})
    running = {line for line, count in edges.items() if count >= max(3, 0.6 * len(pages))}
    return [[row for row in rows if running_form(row.text) not in running] for rows in pages]


def running_form(line: str) -> str:
    """A line as it is compared with other pages' lines: page numbers count as equal, other numbers do not."""
    numbered = PAGE_NUMBER.search(line) and len(line) < 60
    return re.sub(r"\d+", "#", line) if numbered else line


def heading_sizes(pages: Iterable[Sequence[Row]]) -> dict[float, int]:
    """Size of letters to level of heading; empty when sizes do not tell headings clearly."""
    letters: Counter[float] = Counter()
    short: Counter[float] = Counter()
    for row in (row for page in pages for row in page):
        letters[row.size] += len(row.text)
        short[row.size] += len(row.text) if len(row.text) <= LONGEST_HEADING else 0
    if not letters:
        return {}
    body = letters.most_common(1)[0][0]
    larger = sorted((size for size in letters if size >= LARGER * body), reverse=True)
    in_larger = sum(letters[size] for size in larger)
    if not larger or in_larger > MOST_IN_HEADINGS * letters.total() or sum(short[size] for size in larger) < in_larger:
        return {}
    return {size: min(level, MOST_HEADING_SIZES) + 2 for level, size in enumerate(larger)}


def page_markdown(rows: Sequence[Row], headings: dict[float, int]) -> str:
    """The rows of one page as Markdown."""
    return "\n\n".join(filter(None, blocks_of(list(rows), headings)))


def blocks_of(rows: list[Row], headings: dict[float, int]) -> Iterator[str]:
    """Headings, tables and paragraphs in order."""
    usual = median([max(after.top - row.bottom, 0.0) for row, after in pairwise(rows)] or [0.0])
    lines: list[str] = []
    at = 0
    while at < len(rows):
        row = rows[at]
        level = headings.get(row.size) if re.search(r"\w\w", row.text) else None
        grid = take_grid(rows, at) if level is None else None
        if level is None and grid is None:
            if at and row.top - rows[at - 1].bottom > max(0.6 * row.size, 1.6 * usual):
                lines.append("")
            lines.append(row.text)
            at += 1
            continue
        yield join_lines(lines)
        lines = []
        if grid is not None:
            yield facts(grid.cells) or rows_to_markdown(grid.cells)
            at = grid.end
        else:
            end = heading_end(rows, at)
            yield f"{'#' * min(level or 2, 6)} {' '.join(part.text for part in rows[at:end])}"
            at = end
    yield join_lines(lines)


def facts(cells: list[list[str]]) -> str:
    """A table of names, each with a colon, and values as list items; nothing when it is another table."""
    pairs = [pair for row in cells for pair in zip(row[::2], row[1::2], strict=False) if any(pair)]
    if len(cells[0]) % 2 or not all(name.endswith(":") for name, _ in pairs):
        return ""
    return "\n".join(f"- {name} {value}".rstrip() for name, value in pairs)


def heading_end(rows: list[Row], at: int) -> int:
    """Index after the last line of a heading that runs over more than one."""
    end = at + 1
    while end < len(rows) and end < at + 3 and rows[end].size == rows[at].size:
        if rows[end].top - rows[end - 1].bottom > 0.6 * rows[at].size or rows[end].top < rows[end - 1].top:
            break
        end += 1
    return end


def join_lines(lines: list[str]) -> str:
    """Lines of a page as paragraphs: a line that fills the column goes on in the next one."""
    lengths = sorted(len(line) for line in lines if line)
    if not lengths:
        return ""
    column = lengths[int(0.9 * (len(lengths) - 1))]
    blocks: list[str] = []
    carry = False
    for line in lines:
        if not line:
            carry = False
            continue
        if carry and blocks and not re.match(r"([-•*–]|\(?\d{1,3}[.)]|[a-z]\))\s", line):
            blocks[-1] = blocks[-1][:-1] + line if re.search(r"[a-zà-ÿ]-$", blocks[-1]) else f"{blocks[-1]} {line}"
        else:
            blocks.append(line)
        carry = len(line) >= 0.75 * column and not (line.endswith(SENTENCE_END) and len(line) < 0.95 * column)
    return "\n\n".join(re.sub(r"^[•●▪]\s*", "- ", block) for block in blocks)
