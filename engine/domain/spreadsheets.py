"""Cells of a CSV that people open: a spreadsheet runs text that begins like a formula (OWASP, CSV injection)."""

from __future__ import annotations

import re

__all__ = ["guarded", "unguarded"]

FORMULA = re.compile(r"'*[=+\-@\t\r]")
"""What a spreadsheet would run, or what was kept from it before: one more quote then tells them apart."""


def guarded(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if FORMULA.match(text) else text


def unguarded(cell: str) -> str:
    """The text that was guarded."""
    return cell[1:] if cell.startswith("'") and FORMULA.match(cell) else cell
