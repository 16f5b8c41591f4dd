"""Who is signed in, seen from a Streamlit script: the cookie, and the access tokens made from it.

Never here: forms. The cookie is HttpOnly and set by `studio/routes.py`; scripts only read it.
"""

from __future__ import annotations

import time
from functools import cache

import httpx
import streamlit as st

from engine.settings import Settings
from studio.client import Api, ApiError

__all__ = [
    "COOKIE",
    "anonymous_api",
    "api",
    "drop_token",
    "lasting_api",
    "session_cookie",
    "settings",
    "shared_settings",
]

COOKIE = "storeclerk_session"
TOKEN_KEY = "access_token"  # noqa: S105 - a name in st.session_state
EARLY_SECONDS = 30.0
"""Tokens are replaced this long before they end, so that none ends on its way."""


@cache
def shared_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()


def settings() -> Settings:
    """How this installation runs."""
    return shared_settings()


@cache
def transport() -> httpx.HTTPTransport:
    """Connections shared by all scripts: a page would otherwise connect anew at every interaction."""
    return httpx.HTTPTransport(retries=1)


def engine_address() -> str:
    """Where the studio reaches the engine: on this machine, whatever shoppers call it."""
    return f"http://{settings().browsable_host}:{settings().port}"


def anonymous_api() -> Api:
    """The API for calls that need no one to be signed in."""
    return Api(engine_address(), transport=transport())


def api() -> Api:
    """The API in the name of the signed-in member."""
    return Api(engine_address(), access_token, transport=transport())


def lasting_api() -> Api:
    """The API for calls that are made once the script has ended, such as a file that is made when it is asked for.

    They see neither the browser's cookie nor what its tab remembers, so the cookie is taken along from here.
    """
    cookie, engine = session_cookie(), anonymous_api()
    return Api(engine.base_url, lambda: engine.token_for_session(cookie).access_token, transport=transport())


def session_cookie() -> str:
    """The session token the browser sent, or nothing."""
    return st.context.cookies.get(COOKIE, "")


def access_token() -> str:
    """A token with some life left. Raises ApiError 401 when nobody is signed in any more."""
    kept = st.session_state.get(TOKEN_KEY)
    if kept is not None and kept[1] > time.monotonic():
        return str(kept[0])
    cookie = session_cookie()
    if not cookie:
        raise ApiError(401, "not_authenticated", "You are signed out", "Sign in to go on.")
    fresh = anonymous_api().token_for_session(cookie)
    keep_token(fresh.access_token, fresh.expires_in)
    return fresh.access_token


def keep_token(token: str, expires_in: float) -> None:
    """Remember an access token for this browser tab."""
    st.session_state[TOKEN_KEY] = (token, time.monotonic() + max(expires_in - EARLY_SECONDS, 1.0))


def drop_token() -> None:
    """Forget the access token, so that the next call asks the engine again."""
    st.session_state.pop(TOKEN_KEY, None)
