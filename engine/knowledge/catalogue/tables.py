"""Rows of separated text and of workbooks, one at a time, each with its line.

Never here: what the columns mean.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
import warnings
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from engine.knowledge.catalogue.encodings import encoding_of
from engine.knowledge.catalogue.entries import Row
from engine.knowledge.catalogue.limits import LONGEST_CELL, MOST_COLUMNS, WORKBOOK_BYTES
from engine.knowledge.catalogue.reasons import RowRefused
from engine.knowledge.failures import Unreadable

__all__ = ["TableRows"]

DELIMITERS = (",", ";", "\t", "|")
SAMPLE_CHARACTERS = 64_000
Cells = list[str]
Numbered = tuple[int, Cells | RowRefused]


class TableRows:
    """The rows below a table's header. Iterating again starts again."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable when there is no table."""
        self.path = path
        with path.open("rb") as file:
            self.workbook = file.read(4) == b"PK\x03\x04"
        delimiters = [""]
        if not self.workbook:
            self.encoding = encoding_of(path)
            delimiters = delimiters_of(path, self.encoding)
        self.header_line, self.names = self.header(delimiters)

    def header(self, delimiters: Sequence[str]) -> tuple[int, Cells]:
        """(line, column names): the first of the top rows that names at least two columns, by the first that does."""
        for self.delimiter in delimiters:
            for line, cells in itertools.islice(self.numbered(), 20):
                if isinstance(cells, list) and sum(bool(re.search(r"[^\W\d_]", cell)) for cell in cells) >= 2:
                    return line, distinct(cells)
        raise Unreadable("empty", "no row with names of columns was found")

    def __iter__(self) -> Iterator[Row | tuple[int, RowRefused]]:
        for line, cells in self.numbered():
            if line <= self.header_line:
                continue
            if isinstance(cells, RowRefused):
                yield line, cells
            elif any(cell for cell in cells[len(self.names) :]):
                yield line, RowRefused("broken_row", f"{len(cells)} cells for {len(self.names)} columns")
            elif any(cells):
                pairs = zip(self.names, cells, strict=False)
                yield Row(line, {name: cell for name, cell in pairs if cell and name})

    def numbered(self) -> Iterator[Numbered]:
        """Every row with its line, the header too."""
        return self.workbook_rows() if self.workbook else self.text_rows()

    def text_rows(self) -> Iterator[Numbered]:
        """Rows of separated text. A row that cannot be read is named, and the next one is read."""
        csv.field_size_limit(LONGEST_CELL)
        with self.path.open(encoding=self.encoding, errors="replace", newline="") as file:
            rows = csv.reader(file, delimiter=self.delimiter, skipinitialspace=True)
            while True:
                line = rows.line_num + 1
                try:
                    cells = next(rows)
                except StopIteration:
                    return
                except csv.Error as error:
                    yield line, RowRefused("broken_row", str(error))
                    continue
                yield line, [cell.replace("\x00", "").strip() for cell in cells[:MOST_COLUMNS]]

    def workbook_rows(self) -> Iterator[Numbered]:
        """Rows of the first visible sheet with anything in it. Raises Unreadable."""
        import openpyxl  # noqa: PLC0415 - needed for workbooks only

        from engine.knowledge.parsing.archives import check_archive  # noqa: PLC0415 - as above

        if self.path.stat().st_size > WORKBOOK_BYTES:
            raise Unreadable("too_large", "save it as CSV")
        content = self.path.read_bytes()
        check_archive(content)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
                for sheet in book.worksheets:
                    if sheet.sheet_state != "visible":
                        continue
                    sheet.reset_dimensions()
                    found = False
                    for line, row in enumerate(sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS), 1):
                        found = found or any(value is not None for value in row)
                        yield line, [cell_text(value) for value in row]
                    if found:
                        return
            except (KeyError, ValueError, OSError, TypeError, AttributeError, SyntaxError) as error:
                raise Unreadable("damaged", type(error).__name__) from error


def cell_text(value: Any) -> str:
    """A cell as it would stand in a CSV file."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.10g}"
    return str(value).replace("\x00", "").strip()[:LONGEST_CELL]


def distinct(names: Cells) -> Cells:
    """Column names, each once: a second `Image` becomes `Image (2)`; nameless columns have none."""
    seen: Counter[str] = Counter()
    found = []
    for raw in names:
        name = " ".join(raw.lstrip("\ufeff").split())[:200]
        seen[name] += 1 if name else 0
        found.append(f"{name} ({seen[name]})" if seen[name] > 1 else name)
    return found


def delimiters_of(path: Path, encoding: str) -> list[str]:
    """The signs that may part the cells, that first which cuts most rows into the same number of them."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(SAMPLE_CHARACTERS)
    declared = re.match(r"\ufeff?sep=(.)\r?\n", sample)
    if declared and declared.group(1) in DELIMITERS:
        return [declared.group(1)]
    csv.field_size_limit(LONGEST_CELL)

    def fit(delimiter: str) -> tuple[float, int]:
        try:
            rows = list(itertools.islice(csv.reader(io.StringIO(sample), delimiter=delimiter), 60))
        except csv.Error:
            return 0.0, 0
        widths = Counter(len(row) for row in rows[: max(1, len(rows) - 1)] if any(row))
        if not widths:
            return 0.0, 0
        width, times = widths.most_common(1)[0]
        return (times / widths.total(), width) if width > 1 else (0.0, 0)

    fits = {delimiter: fit(delimiter) for delimiter in DELIMITERS}
    return sorted(DELIMITERS, key=lambda one: (round(fits[one][0], 1), fits[one][1]), reverse=True)
