"""Home: every bot with how far it has come; create one, or try the demo shop."""

import streamlit as st

from studio.actions import did
from studio.bundles import bring_in
from studio.chosen_bot import forget_bot, go_to
from studio.page import create_bot, create_demo, empty_state, next_step, page
from studio.style import plain
from studio.words import ago

with page("home") as context:
    if not context.bots:
        empty_state(context)
    else:
        journey = context.journey
        with st.container(border=True):
            st.subheader(f"Next for {plain(context.names[context.bot.id])}")
            st.markdown(journey.advice)
            next_step(journey.next.slug, f"Go to {journey.next.title}")
        st.subheader("Your assistants")
        for bot in context.bots:
            with st.container(
                border=True, horizontal=True, vertical_alignment="center", horizontal_alignment="distribute"
            ):
                name = context.names[bot.id]
                state = "paused" if bot.paused else f"version {bot.live} is live" if bot.live else "not live yet"
                st.markdown(f"**{plain(name)}**  \n{state} · made {ago(bot.created_at)}")
                with st.container(horizontal=True, width="content"):
                    if st.button("Open", key=f"open_{bot.id}", icon=":material/arrow_forward:", help=f"Open {name}"):
                        go_to("look", bot.id)
                    with st.popover("Rename", icon=":material/edit:", help=f"Rename {name}", key=f"rename_{bot.id}"):
                        wished = st.text_input(
                            "New name, which shoppers read too",
                            value=bot.name,
                            key=f"name_{bot.id}_{bot.name}",
                        )
                        renamed = st.button("Save the name", key=f"renamed_{bot.id}", type="primary")
                    with st.popover("Delete", icon=":material/delete:", help=f"Delete {name}", key=f"delete_{bot.id}"):
                        st.markdown(f"**{plain(name)}** and all it knows will be gone. This cannot be undone.")
                        gone = st.button("Delete it for good", key=f"gone_{bot.id}", type="primary")
                if renamed and did("Renamed", context.api.change_bot, bot.id, name=wished):
                    st.rerun()
                if gone and did("Deleted", context.api.delete_bot, bot.id):
                    if bot == context.chosen:
                        forget_bot()
                    st.rerun()
        st.subheader("Another one")
        with st.form("create", border=False):
            name = st.text_input("Name of the new bot", placeholder="For example: Summer shop")
            if st.form_submit_button("Create a bot", icon=":material/add:"):
                did("", create_bot, context.api, name)
        if st.button("Try the demo shop", icon=":material/play_circle:"):
            did("", create_demo, context.api)
    bring_in(context.api, context.bots)
