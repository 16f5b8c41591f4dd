"""What would answer this: look a question up before a shopper asks it, and pin an answer."""

import streamlit as st

from studio.actions import answer_of
from studio.lookup import show_look_up
from studio.page import next_step, page
from studio.pinning import ask_for_pin, show_pins
from studio.suggesting import show_suggestions

with page("answers") as context:
    bot, knowledge, version = context.bot, context.knowledge, context.newest_trained

    if version is None:
        st.info("Your bot has not been trained yet.", icon=":material/lightbulb:")
        next_step("train", "Train it first")
    else:
        with st.form("look_up", border=False):
            question = st.text_input(
                "A question, as a shopper asks it", key=f"looked_up_{bot.id}",
                placeholder=next(iter(bot.persona.example_questions), "Do you ship abroad?"),
            )  # fmt: skip
            st.form_submit_button("Look it up", type="primary", icon=":material/search:")
        question, found = question.strip(), None
        if question:
            with st.spinner("Looking it up…"):
                found = answer_of(knowledge.look_up, version.number, question)
            if found is not None:
                show_look_up(knowledge, found)
        show_suggestions(knowledge)
        refused = found is not None and not found.would_answer
        st.subheader("Pin an answer")
        with st.expander("Say yourself what is answered", expanded=refused, icon=":material/push_pin:"):
            ask_for_pin(knowledge, question, wanted=refused)
        st.subheader("Pinned answers")
        show_pins(knowledge)
