"""Forms that make a source, drawn from what the engine says each kind needs.

Never here: knowledge of a particular kind; a new one appears by itself.
"""

from __future__ import annotations

from typing import Any

import streamlit as st

from studio.records import FormField, SourceKindForm

__all__ = ["SHOWN_FIRST", "ask_for_source", "options_from", "sort_kinds"]

SHOWN_FIRST = ("website", "file", "text", "faq", "feed")
PAIR_PARTS = ("question", "answer")
PAIRS_AT_ONCE = 4


def sort_kinds(kinds: list[SourceKindForm]) -> list[SourceKindForm]:
    """The commonest first; kinds we have no place for come last, in the engine's order."""
    return sorted(kinds, key=lambda kind: SHOWN_FIRST.index(kind.kind) if kind.kind in SHOWN_FIRST else 99)


def ask_for_source(
    kind: SourceKindForm, suggested: dict[str, Any] | None = None, *, name: str = "", button: str = "Add"
) -> dict[str, Any] | None:
    """Draw the form; returns its options when it was sent, else None. `name` tells it from other forms of the kind."""
    name = name or kind.kind
    start = {field.name: field.default for field in kind.form} | (suggested or {})
    first = [field for field in kind.form if field.required or field.kind == "pairs"]
    rest = [field for field in kind.form if field not in first]
    with st.form(f"add_{name}", clear_on_submit=name == kind.kind, border=False):
        values = {field.name: draw(name, field, start.get(field.name)) for field in first}
        if rest:
            with st.expander("More choices") if first else st.container():
                values |= {field.name: draw(name, field, start.get(field.name)) for field in rest}
        sent = st.form_submit_button(
            button, type="primary", icon=":material/add:" if button == "Add" else ":material/save:"
        )
    if not sent:
        return None
    missing = [field.label for field in kind.form if field.required and not options_from(field, values[field.name])]
    if missing:
        st.error(f"Please fill in: {', '.join(missing)}.")
        return None
    given = {field.name: options_from(field, values[field.name]) for field in kind.form}
    return {name: value for name, value in given.items() if value not in (None, "", [])}


def draw(kind: str, field: FormField, value: Any) -> Any:
    """One field as the widget that suits it."""
    key, help_text = f"{kind}_{field.name}", field.help or None
    match field.kind:
        case "number":
            return st.number_input(field.label, value=value, min_value=0, step=1, help=help_text, key=key)
        case "long_text":
            return st.text_area(field.label, value=value or "", help=help_text, height=180, key=key)
        case "patterns":
            text = "\n".join(value) if isinstance(value, (list, tuple)) else value or ""
            return st.text_area(field.label, value=text, help=help_text, placeholder="One on each line", key=key)
        case "pairs":
            return draw_pairs(key)
        case "url":
            return st.text_input(
                field.label, value=value or "", help=help_text, placeholder="https://your-shop.example", key=key
            )
        case _:
            return st.text_input(field.label, value=value or "", help=help_text, key=key)


def draw_pairs(key: str) -> list[dict[str, str]]:
    """Questions beside their answers, as plain fields that work on a phone and with a screen reader."""
    rows = []
    for number in range(1, PAIRS_AT_ONCE + 1):
        left, right = st.columns([2, 3])
        question = left.text_input(
            f"Question {number}",
            key=f"{key}_question_{number}",
            placeholder="Do you wrap gifts?" if number == 1 else "",
        )
        answer = right.text_area(
            f"Answer {number}",
            key=f"{key}_answer_{number}",
            height=80,
            placeholder="Yes, for 2.50 EUR an order." if number == 1 else "",
        )
        rows.append({"question": question, "answer": answer})
    st.caption("Leave fields empty that you do not need. You can add more afterwards.")
    return rows


def options_from(field: FormField, value: Any) -> Any:
    """What the API wants for a field, from what its widget holds."""
    match field.kind:
        case "number":
            return None if value is None else int(value)
        case "patterns":
            return [line.strip() for line in str(value or "").splitlines() if line.strip()]
        case "pairs":
            rows = value if isinstance(value, list) else []
            pairs = [{name: str(row.get(name) or "").strip() for name in PAIR_PARTS} for row in rows]
            return [pair for pair in pairs if pair["question"] and pair["answer"]]
        case "url":
            return str(value or "").strip()
        case _:
            return str(value or "").strip()
