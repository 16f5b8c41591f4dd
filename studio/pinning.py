"""Pinned answers: what is said word for word to a question.

Never here: recognising the question; the engine does that.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import did
from studio.knowledge_client import Knowledge
from studio.style import plain
from studio.words import ago

__all__ = ["ask_for_pin", "show_pins"]


def ask_for_pin(knowledge: Knowledge, question: str, *, wanted: bool) -> None:
    """Fix the answer to a question, in as many wordings as one likes; `wanted` when nothing else would answer it."""
    turn = st.session_state.get("pins_round", 0)
    with st.form(f"pin_{turn}_{question}", border=False):
        asked = st.text_input("The question", value=question)
        others = st.text_area(
            "Other ways to ask it, one on each line (optional)",
            height=90,
            help="It also counts for questions with the same telling words; other wordings make it surer.",
        )
        answer = st.text_area("Your answer, given word for word", height=120)
        sent = st.form_submit_button(
            "Pin this answer", type="primary" if wanted else "secondary", icon=":material/push_pin:"
        )
    if not sent:
        return
    questions = [line.strip() for line in (asked, *others.splitlines()) if line.strip()]
    if did("Pinned. It is given from the next answer on.", knowledge.pin, questions, answer):
        st.session_state["pins_round"] = turn + 1
        st.rerun()


def show_pins(knowledge: Knowledge) -> None:
    """Every pinned answer with a way to take it away."""
    pins = knowledge.pins()
    if not pins:
        st.caption("No answer is pinned yet.")
    for pin in pins:
        with st.container(border=True):
            st.markdown("  \n".join(f"**{plain(question)}**" for question in pin.questions))
            st.markdown(plain(pin.answer))
            st.caption(f"Pinned {ago(pin.created_at)}")
            if st.button(
                "Delete", key=f"unpin_{pin.id}", icon=":material/delete:", help=f"Delete {pin.questions[0]}"
            ) and did("Its sources answer again", knowledge.unpin, pin.id):
                st.rerun()
