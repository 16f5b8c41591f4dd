"""Putting a passage right: leave it out, let it say something else, take that back.

Never here: finding the passage.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import did
from studio.knowledge_client import Knowledge
from studio.knowledge_records import Correction, Passage
from studio.style import plain
from studio.talking import is_web
from studio.words import ago

__all__ = ["by_digest", "place_words", "show_corrections", "show_passage"]


def by_digest(knowledge: Knowledge) -> dict[str, Correction]:
    """Each correction by the passage it belongs to."""
    return {correction.digest: correction for correction in knowledge.corrections()}


def place_words(passage: Passage) -> str:
    """Where a passage stands: the headings above it, the page, and a link to the very place."""
    place = [" › ".join(plain(heading) for heading in passage.headings)]
    place += [f"page {passage.page}"] if passage.page else []
    place += [f"[open]({passage.url})"] if is_web(passage.url) else []
    return " · ".join(filter(None, place))


def show_passage(
    knowledge: Knowledge, passage: Passage, correction: Correction | None, *, where: str = "", title: bool = False
) -> None:
    """A passage with its place and its buttons; `where` tells it from the same passage elsewhere on the page."""
    place = place_words(passage)
    if title or place:
        name = f"**{plain(passage.title)}**" if title else ""
        st.markdown("  \n".join(filter(None, (name, place))))
    if correction is not None and correction.kind == "exclude":
        st.caption(":material/visibility_off: Left out: no answer uses this.")
    elif correction is not None:
        st.caption(":material/edit: Says what you wrote; the source says something else.")
    st.markdown(plain(correction.text if correction is not None and correction.kind == "edit" else passage.text))
    key = f"{where}{passage.id}"
    with st.container(horizontal=True):
        if correction is not None:
            if st.button("Undo", key=f"undo_{key}", icon=":material/undo:", help="As it stands in the source again"):
                after(did("As it was", knowledge.undo, correction.id))
        elif st.button("Leave out", key=f"leave_{key}", icon=":material/visibility_off:"):
            after(did("Left out from the next answer on", knowledge.correct, passage.document, passage.position, None))
        edited = st.toggle("Edit", key=f"edit_{key}", help="Let this passage say something else")
    if edited:
        edit(knowledge, passage, correction, key)


def edit(knowledge: Knowledge, passage: Passage, correction: Correction | None, key: str) -> None:
    """The passage's words, to be changed."""
    now = correction.text if correction is not None and correction.text else passage.text
    with st.form(f"words_{key}", border=False):
        text = st.text_area("What it shall say", value=now, height=180)
        st.caption("It holds until the page itself changes here. Prices and stock come from the product list.")
        sent = st.form_submit_button("Save", type="primary", icon=":material/save:")
    if sent and did(
        "It says this from the next answer on", knowledge.correct, passage.document, passage.position, text
    ):
        st.session_state.pop(f"edit_{key}", None)
        st.rerun()


def show_corrections(knowledge: Knowledge) -> None:
    """Everything that was put right by hand, with a way to take it back."""
    corrections = knowledge.corrections()
    if not corrections:
        st.info(
            "Nothing was put right by hand. Open a page under “Pages and files” to leave a passage out or edit it.",
            icon=":material/lightbulb:",
        )
    for correction in corrections:
        with st.container(border=True):
            done = "left out" if correction.kind == "exclude" else "worded anew"
            st.markdown(f"**{plain(correction.title)}** · {done} {ago(correction.created_at)}")
            st.markdown(f"In the source: {plain(correction.was)}")
            if correction.kind == "edit":
                st.markdown(f"Now: {plain(correction.text)}")
            if st.button("Undo", key=f"undo_{correction.id}", icon=":material/undo:"):
                after(did("As it was", knowledge.undo, correction.id))


def after(done: bool) -> None:
    """Draw the page anew when something was done."""
    if done:
        st.rerun()
