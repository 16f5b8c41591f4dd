"""Which known words a shopper may have meant: prefixes, slips of the keyboard, words written together or apart.

A word that any product holds is never changed, nor is one with a figure in it.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass, field

from rapidfuzz import process
from rapidfuzz.distance import OSA

__all__ = ["Spelling"]

SHORTEST = 4
"""Letters. A shorter word has too many neighbours."""
TWO_SLIPS = 7
"""Letters from which on two slips are believed."""
MOST = 4
OTHER_START = 0.5
"""What a wrong first letter counts beside a slip: it is rare."""
PER_SLIP = 0.12
MOST_LONGER = 12


@dataclass
class Spelling:
    """The words of titles, brands, categories and short facts, by their length; read at first need."""

    connection: sqlite3.Connection
    by_length: dict[int, list[str]] = field(default_factory=dict)
    uses: dict[str, int] = field(default_factory=dict)

    def load(self) -> None:
        """Read the words once."""
        if not self.uses:
            self.uses = dict(self.connection.execute("SELECT form, uses FROM forms").fetchall()) or {"": 0}
            for form in self.uses:
                self.by_length.setdefault(len(form), []).append(form)

    def nearest(self, word: str) -> list[tuple[str, float]]:
        """Known words a slip or two away with their weight below 1, likeliest first; at most four."""
        if len(word) < SHORTEST or not word.isalpha():
            return []
        self.load()
        allowed = 2 if len(word) >= TWO_SLIPS else 1
        near: list[tuple[float, int, str]] = []
        for length in range(len(word) - allowed, len(word) + allowed + 1):
            found = process.extract(
                word, self.by_length.get(length, []), scorer=OSA.distance, score_cutoff=allowed, limit=8 * MOST
            )
            near += [
                (slips + (OTHER_START if form[0] != word[0] else 0.0), -self.uses[form], form)
                for form, slips, _ in found
            ]
        near.sort()
        best = [item for item in near if item[0] < near[0][0] + 1.0][:MOST]
        return [(form, 1.0 - PER_SLIP * (1 + cost - near[0][0])) for cost, _, form in best]

    def longer(self, start: str) -> list[str]:
        """Known words that begin so, most used first."""
        if len(start) < SHORTEST - 1 or not start.isalpha():
            return []
        rows = self.connection.execute(
            "SELECT form FROM forms WHERE form >= ? AND form < ? ORDER BY uses DESC LIMIT ?",
            (start, start[:-1] + chr(ord(start[-1]) + 1), MOST_LONGER),
        )
        return [form for (form,) in rows]

    def apart(self, word: str) -> tuple[str, str] | None:
        """Two known words that were written together, or None."""
        self.load()
        best: tuple[int, str, str] | None = None
        for place in range(3, len(word) - 2):
            first, second = word[:place], word[place:]
            uses = min(self.uses.get(first, 0), self.uses.get(second, 0))
            if uses and (best is None or uses > best[0]):
                best = uses, first, second
        return best[1:] if best is not None else None
