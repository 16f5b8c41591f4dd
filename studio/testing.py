"""The test page's parts: the table of cases, the run under way, and the gate.

Never here: how an answer is judged.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.actions import did, show_error
from studio.cases import EXPECTS, changes, fields_of, row_of
from studio.charts import gate_chart, metric_sentence
from studio.client import Api, ApiError
from studio.proof import missing_steps
from studio.proof_client import Proof
from studio.records import GateReport, Metric, TestCase
from studio.words import count

__all__ = ["only_people_missing", "show_cases", "show_gate", "show_metrics", "watch_trial", "write_case"]

VERDICTS = {
    "pass": ("success", "This version has proved itself. It may go live.", ":material/verified:"),
    "fail": ("error", "This version has not passed. This is what to mend:", ":material/block:"),
    "not_enough_evidence": ("info", "There is not enough proof yet. This is what is missing:", ":material/pending:"),
}


def show_cases(api: Api, bot: str, cases: list[TestCase]) -> None:
    """The cases as a table one can edit; nothing is saved before Save is pressed."""
    key = f"cases_{bot}_{st.session_state.get('cases_round', 0)}"
    st.data_editor(
        [row_of(case) for case in cases],
        key=key,
        num_rows="dynamic",
        hide_index=True,
        width="stretch",
        column_order=("approved", "question", "expects", "must_include", "must_not_include", "origin"),
        column_config={
            "approved": st.column_config.CheckboxColumn("Use it", width="small", default=True),
            "question": st.column_config.TextColumn("What a shopper asks", width="large", required=True),
            "expects": st.column_config.SelectboxColumn("Right reaction", options=list(EXPECTS), default="an answer"),
            "must_include": st.column_config.TextColumn("Has to say (a; b)", width="medium"),
            "must_not_include": st.column_config.TextColumn("Must not say (a; b)", width="medium"),
            "origin": st.column_config.TextColumn("From", disabled=True, width="small"),
        },
    )
    found = changes(cases, st.session_state.get(key) or {})
    approve, save = st.columns(2)
    waiting = [case for case in cases if not case.approved]
    label = f"Use all {len(waiting)} proposed"
    if approve.button(label, disabled=not waiting, width="stretch", icon=":material/done_all:"):
        accepted = {case.id: {"approved": True} for case in waiting}
        if did("All in use", save_changes, api, bot, (), accepted, ()):
            fresh_table()
    label = f"Save {count(found.total, 'change')}" if found.total else "Nothing to save"
    if save.button(label, disabled=not found.total, type="primary", width="stretch", icon=":material/save:") and did(
        "Saved", save_changes, api, bot, found.added, found.changed, found.removed
    ):
        fresh_table()


def write_case(api: Api, bot: str) -> None:
    """A question of one's own with what its right answer says."""
    # Its fields empty themselves by a new name once the question is kept: what was refused can be put right.
    with st.form(f"own_case_{bot}_{st.session_state.get('cases_round', 0)}"):
        st.markdown("**Write a question of your own**")
        question = st.text_input("What a shopper asks")
        says = st.text_input(
            "Words or numbers the answer has to contain (optional)",
            placeholder="30 days; free of charge",
            help="Several are separated by a semicolon. Leave it empty when any answer from your sources is right.",
        )
        expects = st.radio(
            "The right reaction is", list(EXPECTS), horizontal=True, help="A refusal: your bot should not know this."
        )
        goal = st.text_input(
            "What the shopper wants in the end (optional)",
            placeholder="a mug under 20 euros that may go into the dishwasher",
            help="With a language model connected, it plays this shopper and writes on after the first question.",
        )
        sent = st.form_submit_button("Add the question", icon=":material/add:")
    if sent and not question.strip():
        st.warning("Write the question first: what does a shopper ask?", icon=":material/edit:")
    elif sent:
        row = {"approved": True, "question": question, "expects": expects, "must_include": says}
        if did("Added and in use", api.add_test_case, bot, fields_of(row) | ({"goal": goal} if goal.strip() else {})):
            fresh_table()


def fresh_table() -> None:
    """Begin with a table without edits."""
    st.session_state["cases_round"] = st.session_state.get("cases_round", 0) + 1
    st.rerun()


def save_changes(
    api: Api,
    bot: str,
    added: tuple[dict[str, object], ...],
    changed: dict[str, dict[str, object]],
    removed: tuple[str, ...],
) -> None:
    """Send each touched row to the engine."""
    for case in removed:
        api.delete_test_case(bot, case)
    for case, fields in changed.items():
        api.change_test_case(bot, case, fields)
    for fields in added:
        api.add_test_case(bot, fields)


def watch_trial(proof: Proof, number: int) -> None:
    """A running test, looked at again every second until it ends, with a way to stop it."""
    if st.button("Stop the test", icon=":material/stop:") and did("Stopped", proof.cancel_trial, number):
        st.rerun()

    @st.fragment(run_every=1.0)
    def watch() -> None:
        try:
            run = proof.api.latest_trial(proof.bot, number)
        except ApiError as error:
            show_error(error)
            return
        if run is None or not run.is_busy:
            st.rerun()
        share = run.done / run.total if run.total else 0.0
        st.progress(min(share, 1.0), text=f"Testing · {run.done} of {count(run.total, 'answer')}")

    watch()


def show_gate(report: GateReport, approved: int, *, on_test: bool = False) -> None:
    """The verdict with what is left to do, each metric as a plot with its interval, and the same in words."""
    kind, words, icon = VERDICTS[report.verdict]
    {"success": st.success, "error": st.error, "info": st.info}[kind](words, icon=icon)
    for step in missing_steps(report, approved, on_test=on_test):
        st.markdown(f"- {step}")
    if all(metric.value is None for metric in report.metrics):
        return
    show_metrics(report.metrics, "gate")


def show_metrics(metrics: Sequence[Metric], key: str) -> None:
    """Each metric as a plot with its interval, and the same in words; `key` tells several on one page apart."""
    for unit in ("share", "ms"):
        figure = gate_chart(metrics, unit)
        if figure is not None:
            st.plotly_chart(figure, width="stretch", config={"displayModeBar": False}, key=f"{key}_{unit}")
    st.caption("The dot is what was measured, the line around it how sure that is, the grey mark what it has to reach.")
    with st.expander("The same in words"):
        for metric in metrics:
            st.markdown(f"- {metric_sentence(metric)}")


def only_people_missing(report: GateReport) -> bool:
    """Whether all that is left to prove is what testers think."""
    missing = {metric.name for metric in report.metrics if metric.verdict != "pass"}
    return missing == {"tester_satisfaction"}
