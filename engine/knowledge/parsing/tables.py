"""Rows as Markdown, so that whatever piece is cut from a table still says what its cells are.

Never here: where rows come from. The first row is the header: the splitter carries it along with every row it cuts
off. A table too wide for that is written row by row, every value beside its name.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = ["MOST_COLUMNS", "rows_to_markdown", "without_private"]

MOST_COLUMNS = 200
WIDE_COLUMNS = 12
WIDE_CHARACTERS = 300
RECORD_CHARACTERS = 400


def rows_to_markdown(rows: Iterable[list[str]]) -> str:
    """A table as Markdown; one column becomes a list. Formulas are data like any other text."""
    filled = [trimmed(row) for row in rows if any(row)]
    if not filled:
        return ""
    width = max(len(row) for row in filled)
    if width == 1:
        return "\n".join(f"- {row[0]}" for row in filled)
    start = next((index for index, row in enumerate(filled[:10]) if len(row) > 1), 0)
    before = [" ".join(cell for cell in row if cell) for row in filled[:start]]
    header, body = filled[start], filled[start + 1 :]
    if body and (width > WIDE_COLUMNS or len(" ".join(header)) > WIDE_CHARACTERS):
        return "\n\n".join([*before, "\n".join(line for row in body for line in records(header, row))])
    return "\n\n".join([*before, table([header, *body], width)])


def without_private(rows: list[list[str]]) -> tuple[list[list[str]], bool]:
    """A product list without the columns that are the shop's own business, and whether there were any.

    Only a table that names products and their prices is looked at: elsewhere "costs" are what a shopper pays.
    """
    from engine.knowledge.catalogue.columns import guess_columns  # noqa: PLC0415 - keeps a process's start cheap

    header = next((row for row in rows[:10] if sum(map(bool, row)) > 1), [])
    guesses = guess_columns(header)
    private = {place for place, name in enumerate(header) if guesses[name].certain}
    if not private or not {"title", "price"} <= {guess.field for guess in guesses.values()}:
        return rows, False
    return [[cell for place, cell in enumerate(row) if place not in private] for row in rows], True


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


def records(header: list[str], row: list[str]) -> Iterable[str]:
    """One row as list items of `name: value`; each item begins with the row's first value, which names it."""
    names = header + [""] * (len(row) - len(header))
    facts = [f"{name}: {value}" if name else value for name, value in zip(names, row, strict=False) if value]
    lead, line = facts[0], facts[0]
    for fact in facts[1:]:
        if len(line) + len(fact) > RECORD_CHARACTERS and line != lead:
            yield f"- {line}"
            line = lead
        line += f"; {fact}"
    yield f"- {line}"
