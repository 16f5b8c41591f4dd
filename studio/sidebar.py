"""The sidebar: which bot, and where to go. Streamlit's own menu is not used, for it cannot group by journey.

Never here: anything that only one page shows.
"""

from __future__ import annotations

import streamlit as st

from studio.chosen_bot import address, choose_bot, names_of, remember_bot
from studio.navigation import PAGES, registered_page
from studio.records import Bot, Me
from studio.style import plain

__all__ = ["show_sidebar"]

PICKER = "bot_picker"
CLOSE_MENU = """
export default function () {
  const narrow = window.matchMedia("(max-width: 768px)");
  const close = (event) => {
    const link = event.target.closest?.("[data-testid=stSidebar] [data-testid=stPageLink] a");
    if (!link || !narrow.matches || event.ctrlKey || event.metaKey || event.shiftKey) { return; }
    document.querySelector("[data-testid=stSidebarCollapseButton] button")?.click();
  };
  document.addEventListener("click", close);
  return () => document.removeEventListener("click", close);
}
"""
"""Where the menu lies over the page, the page that was chosen is not to be under it: Streamlit leaves it open."""


def show_sidebar(me: Me, bots: list[Bot]) -> tuple[Bot | None, bool]:
    """Draw the sidebar; returns the chosen bot, if any, and whether the address names one that is not there."""
    chosen, missed = choose_bot(bots)
    with st.sidebar:
        st.markdown(f"### {plain(me.merchant.name or 'Storeclerk')}")
        if chosen is not None:
            show_picker(chosen, bots)
        section = ""
        for row in sorted(PAGES, key=lambda row: ("Your shop", "Make", "Prove", "Run").index(row.section)):
            if row.section != section:
                section = row.section
                st.caption(section)
            st.page_link(registered_page(row.slug), label=row.title, icon=row.icon, query_params=address())
        st.components.v2.component("close_menu", js=CLOSE_MENU)(height=1)
    return chosen, missed


def show_picker(chosen: Bot, bots: list[Bot]) -> None:
    """The chosen bot's name, and a way to choose another."""
    names = names_of(bots)
    if len(bots) == 1:
        st.markdown(f"**Bot:** {plain(chosen.name)}")
        return
    st.session_state[PICKER] = chosen.id
    st.selectbox("Bot", list(names), format_func=names.__getitem__, key=PICKER, on_change=pick)


def pick() -> None:
    """Turn to the bot that was picked."""
    remember_bot(st.session_state[PICKER])
