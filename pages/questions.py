"""Test questions: proposed from what the bot knows, read by a person, written, brought in and taken out."""

import streamlit as st

from studio.page import next_step, page
from studio.reviewing import show_files, show_kinds, show_proposing, show_review
from studio.testing import show_cases, write_case
from studio.words import count

with page("questions") as context:
    bot, api, proof = context.bot, context.api, context.proof
    if context.newest_trained is None:
        st.info(
            "Your bot has not been trained yet: questions are made from what it knows.", icon=":material/lightbulb:"
        )
        next_step("train", "Train it first")
    else:
        cases = api.test_cases(bot.id)
        used = [case for case in cases if case.approved]
        waiting = [case for case in cases if not case.approved]
        st.markdown(f"**{count(len(used), 'question')} in use** · {len(waiting)} waiting to be read")
        show_kinds(used)
        show_proposing(proof, first=not cases)
        if waiting:
            show_review(proof, waiting)
        elif used:
            next_step("test", f"Test with {count(len(used), 'question')}")
        everything, own, files = st.tabs(["All questions", "Write one", "Files"])
        with everything:
            if cases:
                show_cases(api, bot.id, cases)
            else:
                st.info("No questions yet. Let the bot propose some, then add your own.", icon=":material/lightbulb:")
        with own:
            write_case(api, bot.id)
        with files:
            show_files(proof, bool(cases))
