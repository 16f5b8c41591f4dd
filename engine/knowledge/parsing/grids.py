"""Tables on a page, told by rows whose cells stand in the same columns.

Never here: ruled lines; many tables have none, and many pages have lines that are not tables.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from engine.knowledge.parsing.layout import Row, Segment

__all__ = ["Grid", "take_grid"]

LEAST_ROWS = 3
LONGEST_CELL = 45
"""Characters on average: longer ones are columns of running text."""
MOST_GAP = 2.5
"""Line heights between two rows of one table."""


@dataclass(frozen=True, slots=True)
class Grid:
    """A table found on a page."""

    cells: list[list[str]]
    end: int
    """Index after its last row."""


@dataclass(slots=True)
class Column:
    """What the cells of one column cover."""

    left: float
    right: float


def take_grid(rows: Sequence[Row], at: int) -> Grid | None:
    """The table that begins with row `at`, if one does."""
    if len(rows[at].segments) < 2:
        return None
    columns = [Column(part.left, part.right) for part in rows[at].segments]
    cells = [[part.text for part in rows[at].segments]]
    full = 1
    end = at + 1
    while end < len(rows) and near(rows[end - 1], rows[end]):
        placed = place(columns, rows[end].segments)
        if placed is None:
            break
        line = [""] * len(columns)
        for index, part in placed:
            line[index] = part.text
            columns[index].left = min(columns[index].left, part.left)
            columns[index].right = max(columns[index].right, part.right)
        if len(placed) == 1 and goes_on(rows, end, placed[0][0]):
            cells[-1][placed[0][0]] = f"{cells[-1][placed[0][0]]} {placed[0][1].text}".strip()
        elif len(placed) == 1:
            break
        else:
            cells.append(line)
            full += 1
        end += 1
    return Grid(cells, end) if full >= LEAST_ROWS and is_data(cells) else None


def near(above: Row, below: Row) -> bool:
    """Whether a row follows another one downwards within a table's distance."""
    return above.top < below.top and below.top - above.bottom < MOST_GAP * max(below.size, 1.0)


def goes_on(rows: Sequence[Row], at: int, column: int) -> bool:
    """Whether a single cell is the next line of the cell above it: close below, and not in the first column."""
    gap = rows[at].top - rows[at - 1].bottom
    return column > 0 and gap < 0.6 * rows[at].size


def place(columns: list[Column], parts: Sequence[Segment]) -> list[tuple[int, Segment]] | None:
    """Each cell with its column, in order; None when one fits nowhere or two fit the same."""
    found: list[tuple[int, Segment]] = []
    for part in parts:
        shared = [min(column.right, part.right) - max(column.left, part.left) for column in columns]
        best = max(range(len(columns)), key=shared.__getitem__)
        slack = 0.8 * part.size
        touching = sum(1 for width in shared if width > slack)
        if shared[best] < -slack or touching > 1 or (found and found[-1][0] >= best):
            return None
        found.append((best, part))
    return found


def is_data(cells: list[list[str]]) -> bool:
    """Whether the cells are short enough for data, and most rows hold more than a name."""
    filled = [cell for row in cells for cell in row if cell]
    if sum(map(len, filled)) > LONGEST_CELL * len(filled):
        return False
    width = len(cells[0])
    # Two columns of short lines may be verse or an address beside another: one side must be terse.
    if width == 2:
        return any(sum(len(row[side]) for row in cells) <= 20 * len(cells) for side in (0, 1))
    return sum(1 for row in cells if sum(1 for cell in row if cell) >= 2) >= 0.6 * len(cells)
