"""A version tried on what shoppers really asked: begun, watched, and what came out, the interesting answers first.

Never here: which questions are asked again; the engine chooses them.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import did, show_error
from studio.client import ApiError
from studio.differences import show_pair
from studio.marking import LEGEND, marked
from studio.release_client import Release
from studio.release_records import RealQuestion, Shadow
from studio.words import count, when

__all__ = ["result_words", "show_shadow"]

SPANS = {"Last day": 1, "Last 7 days": 7, "Last 30 days": 30}
IN_FULL = 5
"""Answers that are shown side by side; the others stand in the table."""
HELPED = {True: "it helped", False: "it did not help", None: ""}


def show_shadow(release: Release, number: int) -> None:
    """Begin a run, or watch the one under way, or read what the last one brought."""
    run = release.latest_shadow(number)
    if run is not None and run.is_busy:
        watch_shadow(release, number)
        return
    st.markdown("Let this version answer again what your shoppers asked. Nobody is sent anything.")
    chosen = st.segmented_control("Questions of the", list(SPANS), default="Last day", key=f"span_{release.bot}")
    label = "Answer their questions" if run is None else "Answer their questions again"
    if st.button(label, icon=":material/history:") and did(
        "It has begun", release.start_shadow, number, SPANS[chosen or "Last day"]
    ):
        st.rerun()
    if run is not None:
        show_outcome(run)


def watch_shadow(release: Release, number: int) -> None:
    """A run under way, looked at again every second until it ends, with a way to stop it."""
    if st.button("Stop it", icon=":material/stop:") and did("Stopped", release.cancel_shadow, number):
        st.rerun()

    @st.fragment(run_every=1.0)
    def watch() -> None:
        try:
            run = release.latest_shadow(number)
        except ApiError as error:
            show_error(error)
            return
        if run is None or not run.is_busy:
            st.rerun()
        share = run.done / run.total if run.total else 0.0
        st.progress(min(share, 1.0), text=f"Answering again · {run.done} of {count(run.total, 'question')}")

    watch()


def show_outcome(run: Shadow) -> None:
    """The run in figures, then the answers that need a look."""
    if run.failure:
        st.error(run.failure, icon=":material/error:")
    if run.status == "cancelled":
        st.info(f"Stopped after {run.done} of {count(run.total, 'question')}.", icon=":material/stop:")
    if not run.results:
        return
    st.markdown(
        f"**{count(len(run.results), 'real question')}** asked since {when(run.since)}, answered again. "
        f"{count(len(run.results) - run.same, 'answer differs', 'answers differ')}."
    )
    for column, (label, figure) in zip(
        st.columns(4),
        (
            ("The same", run.same),
            ("Newly answered", run.newly_answered),
            ("No longer answered", run.newly_refused),
            ("Other figures", run.wrong_figures),
        ),
        strict=True,
    ):
        column.metric(label, figure)
    ordered = sorted(run.results, key=lambda result: result_words(result)[0])
    # Many shoppers ask the same: what was said of it once need not be read again.
    differing = {(result.question, result.told, result.answer): result for result in ordered if not result.same}
    worth_a_look = list(differing.values())[:IN_FULL]
    if worth_a_look:
        st.markdown(f"**Look at these first.** {LEGEND}")
    for result in worth_a_look:
        before, after = marked(result.told, result.answer)
        show_pair(result.question, ("Then", before), (f"Version {run.version}", after), remark_of(result))
    with st.expander("All of them as a table"):
        st.dataframe([row_of(result, run.version) for result in ordered], hide_index=True, width="stretch")


def result_words(result: RealQuestion) -> tuple[int, str]:
    """(how soon a person should look at it, how the two answers differ)."""
    then, now = result.told_outcome == "answered", result.outcome == "answered"
    if result.outcome == "failed":
        return 0, "could not be answered"
    if then and not now:
        return 1, "no longer answered"
    if result.wrong_figures:
        return 2, f"other figures: {', '.join(result.wrong_figures)}"
    if now and not then:
        return 3, "newly answered"
    if result.same:
        return 5, "the same"
    return 4, "other words or products" if now else "refused then and now, in other words"


def remark_of(result: RealQuestion) -> str:
    """How the answers differ, and what the shopper thought of the first."""
    thought = f" The shopper said of the answer then: {HELPED[result.helpful]}." if HELPED[result.helpful] else ""
    return f"{result_words(result)[1].capitalize()}.{thought}"


def row_of(result: RealQuestion, number: int) -> dict[str, str]:
    """A question as a row of the table."""
    return {
        "Result": result_words(result)[1],
        "Question": result.question,
        "Then": result.told,
        f"Version {number}": result.answer,
        "The shopper said then": HELPED[result.helpful],
    }
