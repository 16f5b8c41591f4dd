"""New ids for what arrives in a portable file, the same one wherever an old one is named.

Never here: what has an id.
"""

from __future__ import annotations

import re
from typing import Any

from engine.ports import Identifiers
from engine.release.bundle import broken

__all__ = ["Renaming"]

SAFE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,149}")


class Renaming:
    """Old ids to new ones; without `identifiers` everything keeps its own, as where nothing else is there."""

    def __init__(self, identifiers: Identifiers | None) -> None:
        self.identifiers = identifiers
        self.known: dict[str, str] = {}

    def new(self, prefix: str, old: str) -> str:
        """The id for an old one, made when it is met first. Raises InvalidInput for what cannot be an id."""
        if not SAFE.fullmatch(old):
            raise broken(f"{old[:100]!r} in it cannot be the id of a {prefix}.")
        if old not in self.known:
            self.known[old] = old if self.identifiers is None else self.identifiers.new(prefix)
        return self.known[old]

    def walk(self, value: Any) -> Any:
        """A piece of JSON in which every text that is an old id is the new one."""
        if isinstance(value, str):
            return self.known.get(value, value)
        if isinstance(value, dict):
            return {self.known.get(name, name): self.walk(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self.walk(item) for item in value]
        return value
