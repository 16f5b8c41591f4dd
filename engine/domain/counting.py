"""Counts as people say them: `1 answer`, `2 answers`.

Never here: words of a language other than English; what shoppers read stands in phrases.
"""

from __future__ import annotations

__all__ = ["counted"]


def counted(number: int, one: str, many: str = "") -> str:
    """The number with its noun; `many` where the noun does not just end in s."""
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"
