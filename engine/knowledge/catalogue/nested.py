"""Objects of any shape laid flat into rows.

Never here: what the members mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.knowledge.catalogue.entries import Row
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.limits import LONGEST_CELL, MOST_COLUMNS, MOST_VARIANTS
from engine.knowledge.catalogue.objects import Numbered

__all__ = ["row_of"]

PARTS = frozenset({"variants", "variations", "varianten", "children", "skus", "variantes", "varianti", "models"})
DEEPEST = 3


def row_of(found: Numbered) -> Row:
    """An object as a row: `price.amount` names a member of a member; variants become parts."""
    parts: list[Row] = []
    value = found.value
    for name in [name for name in value if normal_name(str(name)) in PARTS]:
        members = value[name]
        named = members.items() if isinstance(members, dict) else (("", member) for member in as_list(members))
        inner = [Numbered(found.line, member, key) for key, member in named if isinstance(member, dict)]
        if inner:
            value = {key: member for key, member in value.items() if key != name}
            parts += [row_of(member) for member in inner[: MOST_VARIANTS - len(parts)]]
    cells = dict(pair for pair, _ in zip(flat(value, "", 0), range(MOST_COLUMNS), strict=False))
    if found.name and not any(normal_name(name) in {"id", "product id", "item id", "sku"} for name in cells):
        cells["id"] = found.name
    return Row(found.line, cells, tuple(parts))


def flat(value: dict[str, Any], before: str, depth: int) -> Iterator[tuple[str, str]]:
    """(name, text) of every member that holds text."""
    for raw, member in value.items():
        name = f"{before}{str(raw)[:100]}"
        if isinstance(member, dict):
            if depth < DEEPEST:
                yield from flat(member, f"{name}.", depth + 1)
            continue
        texts = [text for part in as_list(member) if (text := text_of(part))]
        if texts:
            yield name, "\n".join(texts)[:LONGEST_CELL]


def text_of(value: Any) -> str:
    """A plain member as text; of an object in a list, its address or name."""
    if value is None or isinstance(value, list):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, dict):
        return next((text_of(value[key]) for key in ("src", "url", "href", "name", "value") if value.get(key)), "")
    return str(value).strip()


def as_list(value: Any) -> list[Any]:
    """One or many as a list."""
    return value if isinstance(value, list) else [value]
