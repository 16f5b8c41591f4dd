"""Test: the run, the verdict, each answer, the people who try it, and what has to be reached."""

from typing import Literal

import streamlit as st

from studio import session
from studio.actions import did
from studio.page import next_step, page
from studio.people import show_invites, show_questionnaires, show_ratings
from studio.requirements import show_audit, show_rules
from studio.results import show_counts, show_results, show_wrong
from studio.style import plain
from studio.surprises import show_surprises
from studio.testing import only_people_missing, show_gate, watch_trial
from studio.words import count

with page("test") as context:
    bot, api, proof, version = context.bot, context.api, context.proof, context.newest_trained

    if version is None:
        st.info("Your bot has not been trained yet.", icon=":material/lightbulb:")
        next_step("train", "Train it first")
    else:
        cases = api.test_cases(bot.id)
        approved = [case for case in cases if case.approved]
        run = api.latest_trial(bot.id, version.number)
        report = api.gate(bot.id, version.number)
        st.caption(f"This is about version {version.number}. {plain(version.note)}".strip())
        verdict, results, people, rules = st.tabs(["Verdict", "Answers", "People", "What it has to reach"])

        with verdict:
            if run is not None and run.is_busy:
                watch_trial(proof, version.number)
            elif not approved:
                st.info("There is no test question in use yet.", icon=":material/lightbulb:")
                next_step("questions", "Make test questions first")
            else:
                show_gate(report, len(approved), on_test=True)
                show_surprises(proof, version.number, report)
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
                if st.button(label, type=weight, icon=":material/play_arrow:") and did(
                    "The test has begun", api.start_trial, bot.id, version.number
                ):
                    st.rerun()

        with results:
            if run is None or run.is_busy or not run.results:
                st.info("No answers yet. Run a test first.", icon=":material/lightbulb:")
            else:
                show_counts(run)
                show_results(run)
                show_wrong(proof, version.number, run, cases)

        with people:
            st.markdown("Ask up to five people to try your bot and rate its answers. They need no account.")
            show_invites(api, bot.id, version.number, session.settings().server_address)
            st.subheader("What they asked and thought")
            show_ratings(proof, version.number)
            st.subheader("What they said at the end")
            show_questionnaires(proof, version.number)

        with rules:
            show_rules(proof)
            st.subheader("Who decided what")
            show_audit(proof.audit())
