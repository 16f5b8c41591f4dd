"""Tables from workbooks: Excel, old Excel and OpenDocument.

Never here: catalogues; a feed is read as products elsewhere. Formulas are not evaluated: the value that was saved
with a cell is read, and a text that looks like a formula stays the text it is.
"""

from __future__ import annotations

import io
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.archives import Parts
from engine.knowledge.parsing.content import Content, check_size
from engine.knowledge.parsing.tables import MOST_COLUMNS, rows_to_markdown, without_private

if TYPE_CHECKING:
    from python_calamine import CalamineWorkbook

__all__ = ["read_workbook"]


def read_workbook(content: bytes) -> Content:
    """Every visible sheet as a table under its name.

    Raises Unreadable `damaged`, `encrypted`, `xml_entities` or `too_large`.
    """
    import python_calamine as calamine  # noqa: PLC0415 - needed for workbooks only

    notes: list[str] = []
    if content.startswith(b"PK") and Parts(content).has_macros:  # also refuses definitions of entities
        notes.append("macros")
    try:
        book = calamine.CalamineWorkbook.from_filelike(io.BytesIO(content))
        shown = [sheet.name for sheet in book.sheets_metadata if is_shown(sheet, calamine)]
        if len(shown) < sum(1 for sheet in book.sheets_metadata if sheet.typ == calamine.SheetTypeEnum.WorkSheet):
            notes.append("hidden_parts")
        parts = [(name, sheet_text(book, name, notes)) for name in shown]
    except calamine.PasswordError as error:
        raise Unreadable("encrypted") from error
    except (calamine.CalamineError, ValueError, OSError, OverflowError) as error:
        raise Unreadable("damaged") from error
    filled = [(name, text) for name, text in parts if text]
    if len(filled) == 1:
        return Content("", filled[0][1], notes=tuple(dict.fromkeys(notes)))
    return Content("", "\n\n".join(f"## {name}\n\n{text}" for name, text in filled), notes=tuple(dict.fromkeys(notes)))


def is_shown(sheet: Any, calamine: Any) -> bool:
    """Whether a sheet is a visible table, not a chart or a macro sheet."""
    return bool(sheet.visible == calamine.SheetVisibleEnum.Visible and sheet.typ == calamine.SheetTypeEnum.WorkSheet)


def sheet_text(book: CalamineWorkbook, name: str, notes: list[str]) -> str:
    """One sheet as a table; what was left out of it is noted."""
    rows: list[list[str]] = []
    size = 0
    for row in book.get_sheet_by_name(name).iter_rows():
        cells = [cell_text(value) for value in row[:MOST_COLUMNS]]
        size += sum(len(cell) for cell in cells)
        check_size(size)
        if any(cells):  # a sheet may state a million rows and fill ten
            rows.append(cells)
    rows, private = without_private(rows)
    if private:
        notes.append("private_columns")
    return rows_to_markdown(rows)


def cell_text(value: Any) -> str:
    """A cell as a person reads it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        minutes, seconds = divmod(int(value.total_seconds()), 60)
        return f"{minutes // 60}:{minutes % 60:02d}" + (f":{seconds:02d}" if seconds else "")
    from engine.knowledge.pages.tree import clean_text  # noqa: PLC0415 - brings lxml

    return clean_text(str(value)).strip()
