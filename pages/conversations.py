"""Conversations: what was asked and answered; make a test question of any turn."""

import streamlit as st

from studio.actions import did
from studio.page import link_to, page
from studio.proof_client import Proof
from studio.records import Conversation
from studio.style import plain
from studio.talking import show_reply
from studio.words import CHANNELS, ago, choices, count, when

OUTCOMES = {"answered": "answered", "refused": "no answer found", "handed_off": "handed to a person"}
REACTIONS = (
    ("right", "It was right", ":material/thumb_up:"),
    ("wrong", "It was wrong", ":material/thumb_down:"),
)

with page("conversations") as context:
    bot, api = context.bot, context.api
    tests = st.toggle("Show your own and your testers' instead", value=bot.live is None)
    listed = api.conversations(bot.id, test=tests)

    def label(item: Conversation) -> str:
        question = item.first_question or "(no question)"
        short = question if len(question) <= 60 else question[:59] + "…"
        return f"{short} · {count(item.turn_count, 'question')} · {ago(item.last_at)}"

    if not listed:
        st.info("No conversations yet.", icon=":material/lightbulb:")
        link_to("talk", "Talk to your bot yourself")
    else:
        st.caption(f"{count(len(listed), 'conversation')}, the newest first")
        listed.sort(key=lambda item: item.last_at.timestamp() if item.last_at else 0.0, reverse=True)
        by_id = {item.id: item for item in listed}
        labels = choices({name: label(item) for name, item in by_id.items()})
        key = f"conversation_{bot.id}_{tests}"
        chosen = by_id[st.selectbox("Conversation", list(labels), format_func=labels.__getitem__, key=key)]
        detail = api.conversation(bot.id, chosen.id)
        outcome = OUTCOMES.get(chosen.last_outcome, chosen.last_outcome)
        st.caption(f"{CHANNELS.get(chosen.channel, chosen.channel)} · began {when(chosen.started_at)} · {outcome}")
        for turn in detail.turns or ():
            with st.chat_message("user", avatar=":material/person:"):
                st.markdown(plain(turn.question))
            with st.chat_message("assistant", avatar=":material/smart_toy:"):
                show_reply(turn.reply)
                if turn.feedback is not None:
                    st.caption("The shopper found this helpful." if turn.feedback.helpful else "It did not help.")
                st.caption("Make a test question of this: what did you think of the answer?")
                with st.container(horizontal=True):
                    for reaction, words, icon in REACTIONS:
                        if st.button(words, key=f"{reaction}_{turn.id}", icon=icon):
                            added = "Added to your test questions"
                            did(added, Proof(api, bot.id).make_case, chosen.id, turn.id, reaction)
