"""What a version tells so differently from the last proved one that somebody has to look: shown, and confirmed.

Never here: what counts as surprising; the engine decides that.
"""

from __future__ import annotations

import streamlit as st

from studio.actions import did
from studio.proof_client import Proof
from studio.proof_records import Surprises
from studio.records import GateReport
from studio.style import plain

__all__ = ["show_surprises"]

METRIC = "expected_changes"


def show_surprises(proof: Proof, number: int, report: GateReport) -> None:
    """The changes one by one with a way to say that they are meant; nothing when nothing is surprising."""
    if not any(metric.name == METRIC and metric.verdict == "fail" for metric in report.metrics):
        return
    found = proof.surprises(number)
    with st.container(border=True):
        st.markdown(f"**What changed since version {found.against} was proved**")
        show_jumps(found)
        for loss in found.losses:
            such = ", ".join(f"“{plain(title)}”" for title in loss.examples)
            st.markdown(f"- **{loss.lost} of {loss.of} {loss.kind} are gone**, such as {such}")
        st.caption(
            "A slip in a feed or a page that could not be read looks like this. If it is one, mend it there and train "
            "again. If your shop really changed like this, say so; it is written to the log with your name."
        )
        # Named after what is shown: a tick or a press never counts for changes that came after the page was drawn.
        sure = st.checkbox("I looked at these changes, and they are right", key=f"surprises_sure_{found.digest}")
        if st.button(
            "Confirm these changes",
            disabled=not sure,
            icon=":material/verified:",
            key=f"surprises_confirm_{found.digest}",
        ) and did("Confirmed", proof.confirm_surprises, number, found.digest):
            st.rerun()


def show_jumps(found: Surprises) -> None:
    """Prices before and after."""
    if not found.jumps:
        return
    st.dataframe(
        [{"Product": jump.title, "Was": jump.before, "Is now": jump.after} for jump in found.jumps],
        hide_index=True,
        width="stretch",
    )
    if found.jumped > len(found.jumps):
        st.caption(f"And {found.jumped - len(found.jumps)} more.")
