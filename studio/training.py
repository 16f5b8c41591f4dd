"""Training as it is seen: the stage, how much is done, what could not be read, and a way to stop.

Never here: training itself.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from engine.domain.knowledge import ItemFailure
from studio.actions import did, show_error
from studio.client import Api, ApiError
from studio.records import Version
from studio.source_words import sort_failures
from studio.words import count, stage_words, time_left

__all__ = ["progress_share", "progress_text", "show_failures", "show_training"]

ORDER = ("waiting", "reading", "comparing", "splitting", "embedding", "writing", "sealing", "done")
WEIGHT = {"reading": 4.0, "embedding": 4.0}
"""Reading and learning take most of the time; the bar should move as time does."""


def progress_share(version: Version) -> float:
    """How far training is as a whole, 0 to 1."""
    progress = version.progress
    if progress.stage == "done" or version.can_answer:
        return 1.0
    weights = [WEIGHT.get(stage, 1.0) for stage in ORDER[:-1]]
    at = ORDER.index(progress.stage)
    within = min(progress.done / progress.total, 1.0) if progress.total else 0.0
    return min((sum(weights[:at]) + weights[at] * within) / sum(weights), 0.99)


def progress_text(version: Version) -> str:
    """The stage, the count and the time left."""
    progress = version.progress
    parts = [stage_words(progress.stage)]
    if progress.total:
        parts.append(f"{progress.done:,} of {progress.total:,}")
    if left := time_left(progress.eta_seconds):
        parts.append(left)
    return " · ".join(parts)


def show_training(api: Api, bot: str, number: int) -> None:
    """The running training, looked at again every second until it ends."""

    @st.fragment(run_every=1.0)
    def watch() -> None:
        try:
            version = api.version(bot, number)
        except ApiError as error:  # a fragment is drawn again outside the page's frame
            show_error(error)
            return
        if not version.is_busy:
            st.rerun()
        with st.container(border=True):
            st.markdown(f"**Version {number}** is being trained")
            st.progress(progress_share(version), text=progress_text(version))
            if st.button("Stop", icon=":material/stop_circle:", key="stop_training"):
                did("Stopping…", api.cancel, bot, number)
            show_failures(version.progress.failures)

    watch()


def show_failures(failures: Sequence[ItemFailure], *, opened: bool = False) -> None:
    """What could not be read and why, then remarks about the rest, counted as on the page of sources."""
    missed, notes = sort_failures(failures)
    for found, label, icon in (
        (missed, f"{count(len(missed), 'item')} could not be read", ":material/warning:"),
        (notes, count(len(notes), "remark"), ":material/info:"),
    ):
        if found:
            with st.expander(label, opened and found is missed, icon=icon):
                st.dataframe(
                    [{"What": failure.item, "Why, and what to do": failure.reason} for failure in found],
                    hide_index=True,
                    width="stretch",
                )
