"""Readings that were asked for and have not begun: between the press of a button and the engine's first step.

Never here: reading.
"""

from __future__ import annotations

import time

import streamlit as st

from studio.client import ApiError
from studio.knowledge_client import Knowledge
from studio.records import Source

__all__ = ["is_under_way", "read_now"]

PATIENCE = 20.0
"""Seconds until a reading that does not begin is no longer waited for."""


def read_now(knowledge: Knowledge, source: Source) -> None:
    """Have a source read again; one that is being read already will do. Raises ApiError."""
    try:
        knowledge.read_now(source.id)
    except ApiError as error:
        if error.code != "already_reading":
            raise
    st.session_state[f"awaited_{source.id}"] = (source.freshness.last_attempt_at, time.monotonic() + PATIENCE)


def is_under_way(source: Source) -> bool:
    """Whether it is being read, or was asked to be and has not begun."""
    awaited = st.session_state.get(f"awaited_{source.id}")
    if source.is_reading or awaited is None:
        return source.is_reading
    before, until = awaited
    return bool(source.freshness.last_attempt_at == before and time.monotonic() < until)
