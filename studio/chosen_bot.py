"""Which bot the pages are about: its id stands in their address, so that a reload, a link and the way back keep it.

Never here: drawing. What else stands in an address belongs to one page and goes with the bot it was about.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

import streamlit as st

from studio.navigation import registered_page
from studio.records import Bot
from studio.words import aware, choices

__all__ = ["address", "choose_bot", "forget_bot", "go_to", "names_of", "remember_bot"]

PARAMETER = "bot"
"""Its name in the address, and in what this browser tab remembers."""


def names_of(bots: Sequence[Bot]) -> dict[str, str]:
    """Bot id to the name it is listed under; of bots with the same name the oldest keeps it bare."""
    by_age = sorted(bots, key=lambda bot: aware(bot.created_at).timestamp() if bot.created_at else 0.0)
    return choices({bot.id: bot.name for bot in by_age})


def choose_bot(bots: Sequence[Bot]) -> tuple[Bot | None, bool]:
    """The bot of the address, else the one seen last in this tab, else the newest.

    Also whether the address names one that is not among `bots`: deleted, or another shop's.
    """
    if not bots:
        forget_bot()
        return None, False
    by_id = {bot.id: bot for bot in bots}
    named = st.query_params.get(PARAMETER)
    kept = named if named in by_id else st.session_state.get(PARAMETER)
    chosen = by_id.get(str(kept), bots[-1])
    remember_bot(chosen.id)
    return chosen, bool(named) and named not in by_id


def remember_bot(bot: str) -> None:
    """Let the pages be about this bot from now on."""
    st.session_state[PARAMETER] = bot
    if st.query_params.get(PARAMETER) != bot:
        st.query_params.from_dict(address())


def forget_bot() -> None:
    """Let go of a bot that was deleted."""
    st.session_state.pop(PARAMETER, None)
    st.query_params.pop(PARAMETER, None)


def address() -> dict[str, str]:
    """What a page's address says of the bot that is chosen."""
    bot = st.session_state.get(PARAMETER)
    return {PARAMETER: str(bot)} if bot else {}


def go_to(slug: str, bot: str | None = None) -> NoReturn:
    """Open another page, about this bot, else about the one that is chosen."""
    if bot is not None:
        st.session_state[PARAMETER] = bot
    st.switch_page(registered_page(slug), query_params=address())
