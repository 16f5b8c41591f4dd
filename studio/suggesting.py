"""What people of the shop answered themselves, offered as answers of the bot.

Never here: finding them; the engine does that.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.actions import did
from studio.knowledge_client import Knowledge
from studio.knowledge_records import Personal, Suggestion
from studio.style import plain
from studio.words import ago, count

__all__ = ["show_suggestions"]

KINDS = {"email": "an e-mail address", "phone": "a telephone number", "number": "a number, such as an order's"}


def show_suggestions(knowledge: Knowledge) -> None:
    """Each with its words to edit, a way to use it, and one to put it aside; nothing where there are none."""
    suggestions = knowledge.suggestions()
    if not suggestions:
        return
    st.subheader("You answered this yourself")
    st.caption(
        f"Let the assistant say it next time? {count(len(suggestions), 'answer')} from your inbox. Write it so that it "
        "is right for everybody."
    )
    for place, suggestion in enumerate(suggestions):
        label = f"{plain(suggestion.question[:120])} · {ago(suggestion.at)}"
        with st.expander(label, expanded=place == 0, icon=":material/lightbulb:"):
            show_suggestion(knowledge, suggestion)


def show_suggestion(knowledge: Knowledge, suggestion: Suggestion) -> None:
    """One of them."""
    if suggestion.personal:
        st.warning(warning(suggestion.personal), icon=":material/privacy_tip:")
    with st.form(f"suggestion_{suggestion.id}", border=False):
        asked = st.text_input("The question", value=" ".join(suggestion.question.split()))
        answer = st.text_area("The answer, given word for word", value=suggestion.answer, height=120)
        checked = bool(suggestion.personal) and st.checkbox(
            "I have checked it: what is left belongs to the shop, not to a customer"
        )
        use, leave = st.columns(2)
        used = use.form_submit_button("Use it", type="primary", icon=":material/check:", width="stretch")
        left = leave.form_submit_button("Not this one", icon=":material/close:", width="stretch")
    if used and did(
        "Used. It is given from the next answer on.",
        knowledge.use_suggestion,
        suggestion.id,
        [asked],
        answer,
        checked=checked,
    ):
        st.rerun()
    if left and did("It is not offered again", knowledge.dismiss_suggestion, suggestion.id):
        st.rerun()


def warning(personal: Sequence[Personal]) -> str:
    """What to take out, each with what it looks like."""
    told = ", ".join(f"{plain(one.text)} ({KINDS.get(one.kind, one.kind)})" for one in personal)
    return f"This may belong to one customer: {told}. Every shopper would read it, so take it out."
