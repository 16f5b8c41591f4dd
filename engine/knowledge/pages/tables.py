"""HTML tables as Markdown.

Never here: tables of files; those have no spans.
"""

from __future__ import annotations

from lxml import html

from engine.knowledge.pages.lines import one_line

__all__ = ["is_data_table", "is_fact_table", "table_lines", "table_rows"]


def is_fact_table(element: html.HtmlElement) -> bool:
    """Whether a table is a list of names with one value each, which has no header row."""
    rows = [list(row.iterchildren("td", "th")) for row in element.iter("tr")]
    return bool(rows) and all([cell.tag for cell in row] == ["th", "td"] for row in rows)


def is_data_table(element: html.HtmlElement) -> bool:
    """Whether a table holds data rather than the layout of a page."""
    rows = table_rows(element)
    nested = next(element.iterdescendants("table"), None)
    return nested is None and len(rows) > 0 and max(len(row) for row in rows) > 1


def table_rows(element: html.HtmlElement) -> list[list[str]]:
    """The cells of a table, row by row, spans repeated so that every row keeps its header."""
    rows: list[list[str]] = []
    carried: dict[int, tuple[int, str]] = {}
    for row in element.iter("tr"):
        cells: list[str] = []
        for cell in row.iterchildren("td", "th"):
            take_carried(cells, carried)
            text = one_line(cell)
            height = span(cell, "rowspan")
            for _ in range(span(cell, "colspan")):
                if height > 1:
                    carried[len(cells)] = (height - 1, text)
                cells.append(text)
        take_carried(cells, carried)
        if any(cells):
            rows.append(cells)
    return rows


def take_carried(cells: list[str], carried: dict[int, tuple[int, str]]) -> None:
    """Fill the next cells from rows above that span down to here."""
    while len(cells) in carried:
        column = len(cells)
        left, text = carried.pop(column)
        if left > 1:
            carried[column] = (left - 1, text)
        cells.append(text)


def span(cell: html.HtmlElement, name: str) -> int:
    """How many columns or rows a cell covers, within reason."""
    value = cell.get(name) or "1"
    return min(max(int(value), 1), 50) if value.isdigit() else 1


def table_lines(rows: list[list[str]]) -> str:
    """A Markdown table whose first row is its header."""
    width = max(len(row) for row in rows)
    padded = [[cell.replace("|", "\\|").replace("\n", " ") for cell in row] + [""] * (width - len(row)) for row in rows]
    lines = [f"| {' | '.join(row)} |" for row in padded]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])
