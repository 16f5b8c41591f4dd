"""Looking through what the bot learned: sources, their pages and files, and the passages it may quote.

Never here: how a passage is put right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from studio.actions import answer_of
from studio.corrections import by_digest, show_passage
from studio.knowledge_client import Knowledge
from studio.knowledge_records import Correction, Document
from studio.paging import cursor_of, show_pager
from studio.records import Source
from studio.source_words import name_of
from studio.style import plain
from studio.talking import is_web
from studio.words import ago, choices, count

__all__ = ["PAGE_KINDS", "show_documents"]

DOCUMENTS = 20
PASSAGES = 10
PAGE_KINDS = {
    "policy": "terms and rules",
    "product": "product page",
    "help": "help",
    "blog": "article",
    "faq": "question and answer",
    "page": "",
}


def show_documents(knowledge: Knowledge, sources: Sequence[Source]) -> None:
    """Choose a source, then one of its pages; below it stand the passages."""
    by_id = {source.id: source for source in sorted(sources, key=lambda source: not source.documents)}
    labels = choices({name: f"{one.title or name_of(one)} · {name_of(one)}" for name, one in by_id.items()})
    key = f"library_source_{knowledge.bot}"
    chosen = st.selectbox("From", list(labels), format_func=labels.__getitem__, key=key)
    opened = st.session_state.get(document_key(knowledge.bot))
    if isinstance(opened, Document) and opened.source == chosen:
        show_document(knowledge, opened)
        return
    key = f"documents_{chosen}"
    found = answer_of(knowledge.documents, chosen, DOCUMENTS, cursor_of(key))
    if found is None:
        return
    if not found.items:
        show_no_documents(by_id[chosen])
        return
    for document in found.items:
        show_row(knowledge, document)
    show_pager(key, found.next_cursor, "pages")


def document_key(bot: str) -> str:
    """Where the opened document is kept."""
    return f"library_document_{bot}"


def show_no_documents(source: Source) -> None:
    """Why a source has nothing to look through."""
    if source.products:
        st.info("This one taught products only. Look at the tab Products.", icon=":material/inventory_2:")
    else:
        st.info("Nothing was learned of it yet. Train your bot; then look again.", icon=":material/lightbulb:")


def show_row(knowledge: Knowledge, document: Document) -> None:
    """One page or file with a way to open its passages."""
    with st.container(horizontal=True, vertical_alignment="center", horizontal_alignment="distribute", border=True):
        facts = [
            PAGE_KINDS.get(document.kind, ""),
            count(document.passages, "passage"),
            f"read {ago(document.fetched_at)}",
        ]
        st.markdown(
            f"**{plain(document.title or document.url)}**  \n{' · '.join(filter(None, facts))}", width="stretch"
        )
        if st.button("Open", key=f"open_{document.id}", icon=":material/arrow_forward:", help=f"Open {document.title}"):
            st.session_state[document_key(knowledge.bot)] = document
            st.rerun()


def show_document(knowledge: Knowledge, document: Document) -> None:
    """The passages of one page or file, each with what can be done about it."""
    if st.button("Back to the list", icon=":material/arrow_back:"):
        st.session_state.pop(document_key(knowledge.bot), None)
        st.rerun()
    st.subheader(plain(document.title or document.url))
    link = f"[Open the page]({document.url}) · " if is_web(document.url) else ""
    st.caption(f"{link}read {ago(document.fetched_at)} · {count(document.passages, 'passage')}")
    key = f"passages_{document.id}"
    found = answer_of(knowledge.passages, document.id, PASSAGES, cursor_of(key))
    if found is None:
        return
    corrections: Mapping[str, Correction] = by_digest(knowledge)
    for passage in found.items:
        with st.container(border=True):
            show_passage(knowledge, passage, corrections.get(passage.digest))
    if not found.items:
        st.caption("It holds no passages.")
    show_pager(key, found.next_cursor, "passages")
