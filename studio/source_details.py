"""What stands in a source, opened below its card: its columns, its questions, its words, its settings, its items.

Never here: the card itself.
"""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from studio.actions import did
from studio.awaiting import read_now
from studio.feed_columns import show_columns
from studio.knowledge_client import Knowledge
from studio.pair_editor import show_pairs
from studio.records import Source, SourceKindForm
from studio.source_forms import ask_for_source
from studio.source_items import show_items
from studio.source_words import lies_elsewhere

__all__ = ["read_again", "show_details"]


def show_details(knowledge: Knowledge, source: Source, form: SourceKindForm | None) -> None:
    """The parts of a source as tabs; only the one in view asks the engine."""
    parts: dict[str, Callable[[], None]] = {}
    if source.kind == "feed":
        parts["Columns"] = lambda: show_columns(knowledge, source)
    if source.kind == "faq":
        parts["Questions and answers"] = lambda: show_pairs(knowledge, source)
    if source.kind == "text":
        parts["Your words"] = lambda: edit_text(knowledge, source)
    parts["What was read"] = lambda: show_items(knowledge, source.id)
    if lies_elsewhere(source) and form is not None:
        parts["Settings"] = lambda: edit_settings(knowledge, source, form)
    tabs = st.tabs(list(parts), key=f"details_{source.id}", on_change="rerun")
    for tab, draw in zip(tabs, parts.values(), strict=True):
        if tab.open:
            with tab:
                draw()


def read_again(knowledge: Knowledge, source: Source, **changes: object) -> None:
    """Change a source and read it anew, so that what was changed is learned."""
    knowledge.change(source.id, **changes)
    read_now(knowledge, source)


def edit_text(knowledge: Knowledge, source: Source) -> None:
    """The shop owner's own words."""
    with st.form(f"text_{source.id}", border=False):
        title = st.text_input("Title", value=str(source.options.get("title") or source.title))
        text = st.text_area("Text", value=str(source.options.get("text") or ""), height=260)
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent and did("Saved. It is read anew.", read_again, knowledge, source, title=title.strip(), text=text):
        st.rerun()


def edit_settings(knowledge: Knowledge, source: Source, form: SourceKindForm) -> None:
    """The fields the source was made with."""
    fields = tuple(field for field in form.form if field.name != "url")
    if not fields:
        st.caption("There is nothing to choose for it.")
        return
    st.caption("They count from the next reading on.")
    again = form.model_copy(update={"form": fields})
    options = ask_for_source(again, dict(source.options), name=f"change_{source.id}", button="Save")
    if options is None:
        return
    empty = {field.name: [] if field.kind == "patterns" else field.default for field in fields}
    if did("Saved", lambda: knowledge.change(source.id, **(empty | options))):
        st.rerun()
