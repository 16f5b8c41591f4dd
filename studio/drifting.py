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

__all__ = ["show_drift"]


def show_drift(drift: Drift) -> None:
    """A warning where something got worse, one quiet sentence otherwise; the figures for who wants them."""
    asked = count(drift.questions, "real question")
    measured = [metric for metric in drift.metrics if metric.value is not None]
    if drift.warnings:
        lines = "\n".join(f"- {plain(warning)}" for warning in drift.warnings)
        st.warning(
            f"**Something got worse since version {drift.version} went live**\n\n{lines}", icon=":material/warning:"
        )
        st.markdown(
            "Read what shoppers were told and make test questions of the wrong answers. Then train, test and put a "
            "better version live; until then you can go back to the earlier one on **Go live**."
        )
        with st.container(horizontal=True):
            link_to("conversations", "Read the conversations")
            link_to("test", "Test it again")
    elif not any(metric.verdict == "pass" for metric in measured):
        st.caption(
            f"Too few shoppers' questions yet to say whether it stays as good as it was: {drift.questions} so far."
        )
        return
    else:
        st.caption(f"As good as when it went live, measured on the newest {asked}.")
    with st.expander("Measured on real questions"):
        st.caption(f"{asked.capitalize()} since {when(drift.since)}.")
        show_metrics(measured, "drift")
