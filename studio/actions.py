"""Doing something at the engine because a person pressed a button, and saying how it went.

Never here: what is done; that is the page's.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

import streamlit as st

from studio.client import ApiError

__all__ = ["answer_of", "did", "sentence", "show_error"]

Answer = TypeVar("Answer")
SAID_BY_THE_SENTENCE = (409, 422)
"""Refusals whose sentence says all: their titles name a class of errors, which helps only programs."""


def did(done: str, call: Callable[..., object], *args: Any, **options: Any) -> bool:
    """Whether `call(*args)` worked; then `done` is said, else the refusal is shown in place.

    Raises ApiError 401, which the page's frame turns into the sign-in form.
    """
    try:
        call(*args, **options)
    except ApiError as error:
        if error.status == 401:
            raise
        show_error(error)
        return False
    if done:
        st.toast(done, icon=":material/check_circle:")
    return True


def answer_of(call: Callable[..., Answer], *args: Any) -> Answer | None:
    """What `call(*args)` answers, or None after showing the refusal. Raises ApiError 401 as `did` does."""
    try:
        return call(*args)
    except ApiError as error:
        if error.status == 401:
            raise
        show_error(error)
        return None


def sentence(error: ApiError) -> str:
    """An error in words that stand alone; the engine's sentence says all that its list of fields does."""
    return error.detail or error.title


def show_error(error: ApiError) -> None:
    """Say what went wrong and what to do; offer to try again where that may help."""
    words = sentence(error)
    heading = "" if error.status in SAID_BY_THE_SENTENCE or words == error.title else f"**{error.title}**  \n"
    st.error(heading + words, icon=":material/error:")
    if error.is_outage and st.button("Try again", type="primary", icon=":material/refresh:"):
        st.rerun()
