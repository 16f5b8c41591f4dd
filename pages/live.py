"""Go live: put the proven version to work, pause or go back, and connect it to a shop."""

import streamlit as st

from studio import session
from studio.bundles import show_download
from studio.page import next_step, page
from studio.releasing import show_candidate, show_connect, show_live, show_versions
from studio.testing import show_gate

with page("live") as context:
    bot, api = context.bot, context.api
    live = next((version for version in context.versions if version.number == bot.live), None)
    show_live(api, bot, live)

    candidate = context.newest_trained
    if candidate is None:
        st.info("There is no trained version yet.", icon=":material/lightbulb:")
        next_step("train", "Train your bot first")
    elif candidate.number != bot.live:
        report = api.gate(bot.id, candidate.number)
        approved = sum(case.approved for case in api.test_cases(bot.id))
        with st.container(border=True):
            show_candidate(api, bot, candidate, report, approved)
            if report.verdict != "pass":
                next_step("test", "Prove it first")
            with st.expander("All measurements"):
                show_gate(report, approved)

    if bot.live is not None:
        st.subheader("Connect it")
        show_connect(api, bot, session.settings().server_address)
    if context.versions:
        st.subheader("Versions")
        show_versions(context.versions)
    if candidate is not None:
        st.subheader("Take it along")
        show_download(api, bot)
