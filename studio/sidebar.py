"""The sidebar: which bot, and where to go. Streamlit's own menu is not used, for it cannot group by journey.

Never here: anything that only one page shows.
"""

from __future__ import annotations

import streamlit as st

from studio.navigation import PAGES, registered_page
from studio.records import Bot, Me
from studio.style import plain

__all__ = ["show_sidebar"]


def show_sidebar(me: Me, bots: list[Bot]) -> Bot | None:
    """Draw the sidebar; returns the chosen bot, or None when there is none."""
    with st.sidebar:
        st.markdown(f"### {plain(me.merchant.name or 'Storeclerk')}")
        chosen = choose_bot(bots)
        section = ""
        for row in sorted(PAGES, key=lambda row: ("Your shop", "Make", "Prove", "Run").index(row.section)):
            if row.section != section:
                section = row.section
                st.caption(section)
            st.page_link(registered_page(row.slug), label=row.title, icon=row.icon)
    return chosen


def choose_bot(bots: list[Bot]) -> Bot | None:
    """The picker, remembering the choice from page to page."""
    if not bots:
        return None
    by_id = {bot.id: bot for bot in bots}
    kept = st.session_state.get("bot")
    if kept not in by_id:
        st.session_state["bot"] = kept = bots[-1].id
    if len(bots) == 1:
        st.markdown(f"**Bot:** {plain(bots[0].name)}")
        return bots[0]
    ids = list(by_id)
    picked = st.selectbox("Bot", ids, index=ids.index(kept), format_func=lambda bot: by_id[bot].name)
    st.session_state["bot"] = picked
    return by_id[picked]
