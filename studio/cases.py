"""Test cases as rows of a table, and back: what was changed, added and removed.

Never here: Streamlit or the API.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from studio.records import TestCase

__all__ = ["EXPECTS", "KINDS", "SEPARATOR", "CaseChanges", "changes", "fields_of", "parts", "row_of"]

SEPARATOR = "; "
EXPECTS = {"an answer": "answer", "a refusal": "refusal"}
EXPECTS_WORDS = {value: words for words, value in EXPECTS.items()}
ORIGINS = {
    "generated": "proposed",
    "written": "yours",
    "conversation": "from a shopper",
    "imported": "from a file",
}
KINDS = {
    "own": "Your own question",
    "policy": "Rules of the shop",
    "product": "About a product",
    "price": "Price",
    "availability": "In stock",
    "comparison": "Comparing products",
    "out_of_stock": "Sold out",
    "out_of_scope": "Off topic",
    "other_shop": "About another shop",
    "private_data": "Private data",
    "injection": "Attempt to misuse it",
    "follow_up": "Follow-up question",
    "misspelt": "With slips of the pen",
    "other_language": "In another language",
    "small_talk": "Small talk",
}
"""What a test question tries, in a shop owner's words."""


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """What a person did in the table."""

    added: tuple[dict[str, Any], ...]
    changed: dict[str, dict[str, Any]]
    """Case id to the fields that differ."""
    removed: tuple[str, ...]

    @property
    def total(self) -> int:
        """How many rows are touched."""
        return len(self.added) + len(self.changed) + len(self.removed)


def row_of(case: TestCase) -> dict[str, Any]:
    """A case as it stands in the table."""
    return {
        "approved": case.approved,
        "question": case.question,
        "expects": EXPECTS_WORDS[case.expects],
        "must_include": SEPARATOR.join(case.must_include),
        "must_not_include": SEPARATOR.join(case.must_not_include),
        "origin": ORIGINS.get(case.origin, case.origin),
    }


def fields_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """A row as the API wants it."""
    return {
        "approved": bool(row.get("approved")),
        "question": str(row.get("question") or "").strip(),
        "expects": EXPECTS.get(str(row.get("expects") or ""), "answer"),
        "must_include": parts(row.get("must_include")),
        "must_not_include": parts(row.get("must_not_include")),
    }


def parts(value: object) -> list[str]:
    """`a; b` as a list."""
    return [part.strip() for part in str(value or "").split(";") if part.strip()]


def changes(cases: Sequence[TestCase], edits: Mapping[str, Any]) -> CaseChanges:
    """What the table's edits mean: `edited_rows`, `added_rows`, `deleted_rows` as st.data_editor keeps them."""
    removed = tuple(cases[index].id for index in edits.get("deleted_rows", ()) if index < len(cases))
    changed: dict[str, dict[str, Any]] = {}
    for index, edit in edits.get("edited_rows", {}).items():
        case = cases[int(index)]
        if case.id in removed:
            continue
        before, after = fields_of(row_of(case)), fields_of(row_of(case) | edit)
        if different := {name: value for name, value in after.items() if before[name] != value}:
            changed[case.id] = different
    added = (fields_of({"approved": True, **row}) for row in edits.get("added_rows", ()))
    return CaseChanges(tuple(fields for fields in added if fields["question"]), changed, removed)
