"""Home: every bot with how far it has come; create one, or try the demo shop."""

import streamlit as st

from studio.actions import did
from studio.bundles import bring_in
from studio.navigation import registered_page
from studio.page import create_bot, create_demo, empty_state, next_step, page
from studio.records import Bot
from studio.style import plain
from studio.words import ago

with page("home") as context:

    def open_bot(bot: Bot) -> None:
        st.session_state["bot"] = bot.id
        st.switch_page(registered_page("look"))

    if not context.bots:
        empty_state(context)
    else:
        journey = context.journey
        with st.container(border=True):
            st.subheader(f"Next for {plain(context.bot.name)}")
            st.markdown(journey.advice)
            next_step(journey.next.slug, f"Go to {journey.next.title}")
        st.subheader("Your assistants")
        for bot in context.bots:
            with st.container(
                border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                state = "paused" if bot.paused else f"version {bot.live} is live" if bot.live else "not live yet"
                st.markdown(f"**{plain(bot.name)}**  \n{state} · made {ago(bot.created_at)}")
                if st.button("Open", key=f"open_{bot.id}", icon=":material/arrow_forward:", help=f"Open {bot.name}"):
                    open_bot(bot)
                with st.popover("Delete", icon=":material/delete:", help=f"Delete {bot.name}", key=f"delete_{bot.id}"):
                    st.markdown(f"**{plain(bot.name)}** and all it knows will be gone. This cannot be undone.")
                    gone = st.button("Delete it for good", key=f"gone_{bot.id}", type="primary")
                if gone and did("Deleted", context.api.delete_bot, bot.id):
                    st.rerun()
        st.subheader("Another one")
        with st.form("create", border=False):
            name = st.text_input("Name of the new bot", placeholder="For example: Summer shop")
            if st.form_submit_button("Create a bot", icon=":material/add:") and name.strip():
                did("", create_bot, context.api, name.strip())
        if st.button("Try the demo shop", icon=":material/play_circle:"):
            did("", create_demo, context.api)
    bring_in(context.api)
