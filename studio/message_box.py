"""The box at the bottom of a conversation. What is too long for it stays in it, with a word.

Never here: sending.
"""

from __future__ import annotations

import streamlit as st

__all__ = ["message_box"]


def message_box(label: str, longest: int, key: str) -> str | None:
    """What was sent, of at most `longest` characters.

    Streamlit's own limit is not used: it drops a pasted text that is too long without a word.
    """
    returned = f"returned_{key}"
    if (kept := st.session_state.pop(returned, None)) is not None:
        st.session_state[key] = kept
        st.warning(
            f"This is longer than {longest:,} characters ({len(kept):,}). Shorten it; it is still in the box.",
            icon=":material/short_text:",
        )
    text = st.chat_input(label, key=key)
    if text and len(text) > longest:
        st.session_state[returned] = text
        st.rerun()
    return text or None
