"""What a reading met, item by item: learned, left out, failed, and why.

Never here: changing a source.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import streamlit as st

from engine.domain.knowledge import ItemFailure
from studio.actions import answer_of
from studio.knowledge_client import Knowledge
from studio.knowledge_records import ReadItem
from studio.paging import cursor_of, show_pager
from studio.source_words import OUTCOMES, sort_failures
from studio.talking import is_web
from studio.words import count

__all__ = ["items_markup", "show_items", "show_remarks"]

AT_ONCE = 50
LISTED = 100


def items_markup(items: Sequence[ReadItem]) -> str:
    """The items as a list that wraps on a phone; every word of it is escaped."""
    return f'<ul class="sc-list">{"".join(item_markup(item) for item in items)}</ul>'


def item_markup(item: ReadItem) -> str:
    """One item: what became of it, its name, and why."""
    name = escape(item.title or item.item)
    if is_web(item.item):
        name = f'<a href="{escape(item.item)}" target="_blank" rel="noopener noreferrer">{name}</a>'
    reason = f"<p>{escape(item.reason)}</p>" if item.reason else ""
    return f'<li class="{item.outcome}"><b>{OUTCOMES[item.outcome]}:</b> {name}{reason}</li>'


def show_items(knowledge: Knowledge, source: str) -> None:
    """What the reading under way has met so far, else what the last one met; a part at a time."""
    key = f"items_{source}"
    found = answer_of(knowledge.items, source, AT_ONCE, cursor_of(key))
    if found is None:
        return
    if not found.items:
        st.caption("Nothing has been read yet.")
        return
    st.html(items_markup(found.items))
    show_pager(key, found.next_cursor, "items")


def show_remarks(failures: Sequence[ItemFailure]) -> None:
    """What could not be read, with the reason and what to do; then what is worth knowing of the rest."""
    missed, notes = sort_failures(failures)
    for found, label, icon in (
        (missed, f"{count(len(missed), 'item')} could not be read", ":material/warning:"),
        (notes, f"{count(len(notes), 'remark')}", ":material/info:"),
    ):
        if found:
            outcome = "failed" if found is missed else "noted"
            with st.expander(label, icon=icon):
                st.html(failures_markup(found[:LISTED], outcome))
                if len(found) > LISTED:
                    st.caption(f"and {len(found) - LISTED:,} more")


def failures_markup(failures: Sequence[ItemFailure], outcome: str) -> str:
    """Failures as a list: the item, then the reason."""
    rows = (f'<li class="{outcome}"><b>{escape(f.item)}</b><p>{escape(f.reason)}</p></li>' for f in failures)
    return f'<ul class="sc-list">{"".join(rows)}</ul>'
