"""Go live: put the proven version to work, look at what it changes, pause or go back, and connect it to a shop."""

import streamlit as st

from studio import session
from studio.bundles import show_download
from studio.choosing import choose_candidate, show_views
from studio.page import next_step, page
from studio.releasing import show_candidate, show_connect, show_live, show_versions
from studio.scheduling import show_scheduled
from studio.surprises import show_surprises
from studio.testing import show_gate

with page("live") as context:
    bot, api, release = context.bot, context.api, context.release
    live = next((version for version in context.versions if version.number == bot.live), None)
    show_live(api, bot, live)
    show_scheduled(release, bot)

    if context.newest_trained is None:
        st.info("There is no trained version yet.", icon=":material/lightbulb:")
        next_step("train", "Train your bot first")
    candidate = choose_candidate(bot, context.versions)
    if candidate is not None:
        report = api.gate(bot.id, candidate.number)
        cases = api.test_cases(bot.id)
        approved = sum(case.approved for case in cases)
        with st.container(border=True):
            show_candidate(api, bot, candidate, report, approved)
            if report.verdict != "pass":
                show_surprises(context.proof, candidate.number, report)
                next_step("test", "Prove it first")
            with st.expander("All measurements"):
                show_gate(report, approved)
            show_views(release, bot, context.versions, candidate, cases)

    if bot.live is not None:
        st.subheader("Connect it")
        show_connect(api, bot, session.settings().server_address, context.me.merchant.address)
    if context.versions:
        st.subheader("Versions")
        show_versions(context.versions)
    if context.newest_trained is not None:
        st.subheader("Take it along")
        show_download(api, bot)
