"""Tables from workbooks and separated text.

Never here: catalogues; a feed is read as products elsewhere.
"""

from __future__ import annotations

import io
import warnings
from collections.abc import Iterable
from datetime import date, datetime, time
from typing import Any

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import FILE_TEXT_CHARACTERS

__all__ = ["read_workbook", "rows_to_markdown"]

HEADER_EVERY = 20
"""Rows after which the header stands again, so that a piece of a long table still says what its cells are."""
MOST_COLUMNS = 200


def rows_to_markdown(rows: Iterable[list[str]]) -> str:
    """A table as Markdown, its header repeated so that every row keeps it in sight."""
    filled = [trimmed(row) for row in rows if any(row)]
    if not filled:
        return ""
    width = max(len(row) for row in filled)
    if width == 1:
        return "\n".join(f"- {row[0]}" for row in filled)
    start = next((index for index, row in enumerate(filled[:10]) if len(row) > 1), 0)
    before = [" ".join(cell for cell in row if cell) for row in filled[:start]]
    header, body = filled[start], filled[start + 1 :]
    blocks = [table([header, *body[at : at + HEADER_EVERY]], width) for at in range(0, len(body), HEADER_EVERY)]
    return "\n\n".join([*before, *(blocks or [table([header], width)])])


def trimmed(row: list[str]) -> list[str]:
    """A row without empty cells at its end, line breaks and bars made harmless."""
    cells = [" ".join(cell.replace("|", "\\|").split()) for cell in row[:MOST_COLUMNS]]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def table(rows: list[list[str]], width: int) -> str:
    """Rows as one Markdown table."""
    lines = [f"| {' | '.join(row + [''] * (width - len(row)))} |" for row in rows]
    return "\n".join([lines[0], f"|{' --- |' * width}", *lines[1:]])


def read_workbook(content: bytes) -> tuple[str, str]:
    """Every visible sheet as a table under its name. Raises Unreadable `damaged` or `too_large`."""
    import openpyxl  # noqa: PLC0415 - needed for workbooks only

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        except (KeyError, ValueError, OSError, TypeError, AttributeError, SyntaxError) as error:
            raise Unreadable("damaged") from error
        try:
            parts = [sheet_text(sheet) for sheet in book.worksheets if sheet.sheet_state == "visible"]
        except (KeyError, ValueError, OSError, TypeError, AttributeError, SyntaxError) as error:
            raise Unreadable("damaged") from error
        finally:
            book.close()
    filled = [(name, text) for name, text in parts if text]
    if len(filled) == 1:
        return "", filled[0][1]
    return "", "\n\n".join(f"## {name}\n\n{text}" for name, text in filled)


def sheet_text(sheet: Any) -> tuple[str, str]:
    """One sheet's name and table."""
    rows: list[list[str]] = []
    size = 0
    sheet.reset_dimensions()
    for row in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        cells = [cell_text(value) for value in row]
        size += sum(len(cell) for cell in cells)
        if size > FILE_TEXT_CHARACTERS:
            raise Unreadable("too_large", "more text than one file may hold")
        if any(cells):  # a sheet may state a million rows and fill ten
            rows.append(cells)
    return str(sheet.title), rows_to_markdown(rows)


def cell_text(value: Any) -> str:
    """A cell as a person reads it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    return str(value).strip()
