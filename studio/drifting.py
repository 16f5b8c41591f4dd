"""Whether the live version stays as good as it was: warnings with what to do, and the measurements.

Never here: how it is measured; the engine does that.
"""

from __future__ import annotations

import streamlit as st

from studio.page import link_to
from studio.release_records import Drift
from studio.style import plain
from studio.testing import show_metrics
from studio.words import count, when

__all__ = ["show_drift", "show_measured"]


def show_drift(drift: Drift) -> None:
    """A warning where something got worse and what to do about it, or else one quiet sentence."""
    if drift.warnings:
        lines = "\n".join(f"- {plain(warning)}" for warning in drift.warnings)
        heading = f"**Something got worse since version {drift.version} went live**"
        st.warning(f"{heading}\n\n{lines}", icon=":material/warning:")
        st.markdown(
            "Read what shoppers were told and make test questions of the wrong answers. Then train, test and put a "
            "better version live; until then you can go back to the earlier one on **Go live**."
        )
        with st.container(horizontal=True):
            link_to("conversations", "Read the conversations")
            link_to("test", "Test it again")
    elif is_conclusive(drift):
        asked = count(drift.questions, "real question")
        st.caption(f"As good as when it went live, measured on the newest {asked}.")
    else:
        st.caption(
            f"Too few shoppers' questions yet to say whether it stays as good as it was: {drift.questions} so far."
        )


def show_measured(drift: Drift) -> None:
    """The measurements on real questions, one press away; nothing while they say nothing."""
    if not is_conclusive(drift):
        return
    with st.expander("Measured on real questions"):
        st.caption(f"{count(drift.questions, 'real question')} since {when(drift.since)}.")
        show_metrics([metric for metric in drift.metrics if metric.value is not None], "drift")


def is_conclusive(drift: Drift) -> bool:
    """Whether anything was measured often enough for a verdict."""
    return bool(drift.warnings) or any(metric.verdict != "not_enough_evidence" for metric in drift.metrics)
