"""Well-known exports: their columns by every name they have had.

Never here: the columns of one of them; each module brings its own table.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from engine.knowledge.catalogue.columns import Guess
from engine.knowledge.catalogue.entries import Field, Row
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.privacy import private_column

__all__ = ["by_known_name", "known_guesses"]


def by_known_name(row: Row, names: Mapping[str, str]) -> dict[str, str]:
    """A row's cells under the export's own short names; columns that it does not know are left out."""
    found: dict[str, str] = {}
    for name, text in row.cells.items():
        known = names.get(normal_name(name))
        if known:
            found.setdefault(known, text)
    return found


def known_guesses(fields: Mapping[str, Field]) -> Callable[[Iterable[str]], dict[str, Guess]]:
    """What the columns of a known export hold, private ones named."""

    def guesses(columns: Iterable[str]) -> dict[str, Guess]:
        found = {}
        for column in columns:
            field = fields.get(normal_name(column), "")
            mark = None if field else private_column(column)
            found[column] = Guess(field, mark.reason, mark.certain) if mark else Guess(field)
        return found

    return guesses
