"""Adding sources: one place to drop files, a form for each other kind.

Never here: sources that are there already.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.actions import answer_of, did, sentence
from studio.client import ApiError
from studio.knowledge_client import Knowledge
from studio.knowledge_records import Pair
from studio.pair_editor import ask_for_pairs
from studio.records import Source, SourceKindForm
from studio.source_cards import opened_key
from studio.source_forms import ask_for_source
from studio.source_words import ICONS, NAMES
from studio.style import plain
from studio.words import count

__all__ = ["endings", "show_adding"]


def endings(kinds: Sequence[SourceKindForm]) -> list[str]:
    """What can be dropped: documents and product lists alike."""
    return list(dict.fromkeys(ending.removeprefix(".") for kind in kinds for ending in kind.accepts))


def show_adding(knowledge: Knowledge, kinds: Sequence[SourceKindForm], shop_address: str = "") -> None:
    """A tab for each kind; the shop's own address is proposed as a website."""
    tabs = st.tabs([f"{ICONS.get(kind.kind, '')} {kind.label}" for kind in kinds])
    for tab, kind in zip(tabs, kinds, strict=True):
        with tab:
            if kind.kind == "file":
                drop_files(knowledge, kinds)
                continue
            suggested = {"url": shop_address} if kind.kind == "website" else None
            # The fields empty themselves by a new name once it worked: a form that clears when it is sent loses what
            # was typed at a double click, whose second half interrupts the first.
            turn = f"{kind.kind}_round"
            name = f"{kind.kind}_{knowledge.bot}_{st.session_state.get(turn, 0)}"
            options = ask_for_source(kind, suggested, name=name)
            if options is not None and (made := answer_of(knowledge.add, kind.kind, options)) is not None:
                st.session_state[turn] = st.session_state.get(turn, 0) + 1
                welcome([made])
            if kind.kind == "faq":
                with st.expander("Paste many, or import a CSV file", icon=":material/content_paste:"):
                    ask_for_pairs(knowledge, "new", lambda pairs: add_pairs(knowledge, pairs))


def drop_files(knowledge: Knowledge, kinds: Sequence[SourceKindForm]) -> None:
    """One place for documents and product lists; the engine tells which is which."""
    turn = f"files_{knowledge.bot}_{st.session_state.get('files_round', 0)}"
    uploads = st.file_uploader(
        "Drop files here: documents, pictures of text, product lists",
        type=endings(kinds) or None,
        accept_multiple_files=True,
        key=turn,
        help="PDF, Word, PowerPoint, Excel, OpenDocument, CSV, web pages, Markdown, text, e-mail, EPUB, pictures. "
        "A product list of your shop (CSV, Excel, XML, JSON) is recognised by itself.",
    )
    chosen = [(upload.name, upload.getvalue()) for upload in uploads]
    refused_key = f"refused_files_{knowledge.bot}"
    if st.button("Add these files", type="primary", disabled=not chosen, icon=":material/upload_file:"):
        made, st.session_state[refused_key] = add_each(knowledge, chosen)
        if made:
            st.session_state["files_round"] = st.session_state.get("files_round", 0) + 1
            welcome(made)
    show_refused(st.session_state.get(refused_key, ()))


def add_each(knowledge: Knowledge, files: Sequence[tuple[str, bytes]]) -> tuple[list[Source], list[str]]:
    """(what was added, why each other file was not): one that cannot be used keeps no other out.

    Raises ApiError 401, which the page's frame turns into the sign-in form.
    """
    made: list[Source] = []
    refused: list[str] = []
    bar = st.progress(0.0)
    for number, (name, content) in enumerate(files):
        bar.progress(number / len(files), text=f"Looking at {plain(name)} ({number + 1} of {len(files)})")
        try:
            made += knowledge.add_files([(name, content)])
        except ApiError as error:
            if error.status == 401:
                raise
            words = sentence(error)
            refused.append(words if name in words else f"{name!r}: {words}")
    bar.empty()
    return made, refused


def show_refused(refused: Sequence[str]) -> None:
    """Each file that was not added, with the reason, on a line of its own."""
    if refused:
        lines = "".join(f"\n- {plain(words)}" for words in refused)
        st.error(f"**{count(len(refused), 'file')} could not be added:**\n{lines}", icon=":material/error:")


def add_pairs(knowledge: Knowledge, pairs: Sequence[Pair]) -> None:
    """A new list of pasted questions."""
    options = {"pairs": [pair.model_dump() for pair in pairs]}
    if did("Added", knowledge.add, "faq", options):
        st.rerun()


def welcome(made: Sequence[Source]) -> None:
    """Say what was added; a product list is opened at once, for its columns want a look."""
    feeds = [source for source in made if source.kind == "feed"]
    for source in feeds:
        st.session_state[opened_key(source.id)] = True
    named = ", ".join(f"{source.title} ({NAMES[source.kind].lower()})" for source in feeds)
    added = "Added" if len(made) == 1 else f"{len(made)} added"
    words = f"Recognised: {named}. Look at its columns below." if feeds else added
    st.session_state["said_about_sources"] = words
    st.rerun()
