"""Test: questions with right answers, the run, the verdict, and people who try it."""

from typing import Literal

import streamlit as st

from studio.actions import did
from studio.page import next_step, page
from studio.style import plain
from studio.testing import (
    only_people_missing,
    show_cases,
    show_gate,
    show_invites,
    show_ratings,
    show_results,
    watch_trial,
    write_case,
)
from studio.words import count

with page("test") as context:
    bot, api, version = context.bot, context.api, context.newest_trained

    if version is None:
        st.info("Your bot has not been trained yet.", icon=":material/lightbulb:")
        next_step("train", "Train it first")
    else:
        cases = api.test_cases(bot.id)
        approved = [case for case in cases if case.approved]
        run = api.latest_trial(bot.id, version.number)
        report = api.gate(bot.id, version.number)
        st.caption(f"This is about version {version.number}. {plain(version.note)}".strip())
        verdict, questions, results, people = st.tabs(["Verdict", "Questions", "Answers", "People"])

        with verdict:
            if run is not None and run.is_busy:
                watch_trial(api, bot.id, version.number)
            else:
                show_gate(report, len(approved))
                if report.verdict == "pass" and bot.live == version.number:
                    next_step("dashboard", "It is live: see how it serves your shoppers")
                elif report.verdict == "pass":
                    next_step("live", "Next: go live")
                elif only_people_missing(report):
                    next_step("talk", "Rate answers yourself")
                label = f"{'Test' if run is None else 'Test again'} with {count(len(approved), 'question')}"
                weight: Literal["primary", "secondary"] = (
                    "secondary" if report.verdict == "pass" or only_people_missing(report) else "primary"
                )
                if st.button(label, type=weight, disabled=not approved, icon=":material/play_arrow:") and did(
                    "The test has begun", api.start_trial, bot.id, version.number
                ):
                    st.rerun()

        with questions:
            st.markdown("Let your bot propose questions, read each one, and tick those that count.")
            if st.button("Propose questions from what the bot knows", icon=":material/auto_awesome:"):
                with st.spinner("Reading what your bot knows…"):
                    proposed = did("Proposed. Now read them.", api.generate_test_cases, bot.id)
                if proposed:
                    st.rerun()
            if not cases:
                st.info("No questions yet. Let the bot propose some, then add your own.", icon=":material/lightbulb:")
            else:
                show_cases(api, bot.id, cases)
            write_case(api, bot.id)

        with results:
            if run is None or run.is_busy or not run.results:
                st.info("No answers yet. Run a test first.", icon=":material/lightbulb:")
            else:
                show_results(run)

        with people:
            st.markdown("Ask up to five people to try your bot and rate its answers. They need no account.")
            show_invites(api, bot.id, version.number)
            st.subheader("Ratings")
            show_ratings(api, bot.id, version.number)
