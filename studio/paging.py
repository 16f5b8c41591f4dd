"""Leafing through a list of which only one page is loaded.

Never here: what is listed.
"""

from __future__ import annotations

import streamlit as st

__all__ = ["cursor_of", "show_pager"]


def cursor_of(key: str) -> str | None:
    """Where the page to show begins; None for the first one."""
    trail = st.session_state.get(f"pages_{key}")
    return str(trail[-1]) if trail else None


def show_pager(key: str, following: str | None, noun: str) -> None:
    """Buttons back and on; nothing when all stands on one page."""
    trail = list(st.session_state.get(f"pages_{key}") or ())
    if not trail and following is None:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        back = st.button(f"Earlier {noun}", key=f"back_{key}", disabled=not trail, icon=":material/chevron_left:")
        st.caption(f"Page {len(trail) + 1}")
        on = st.button(f"More {noun}", key=f"on_{key}", disabled=following is None, icon=":material/chevron_right:")
    if back or on:
        st.session_state[f"pages_{key}"] = trail[:-1] if back else [*trail, following]
        st.rerun(scope="app")
