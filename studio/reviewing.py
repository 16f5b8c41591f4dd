"""The page of test questions: propose, read ten at a glance, keep or reject, bring in and take out.

Never here: how a question is made or judged.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import streamlit as st

from studio.actions import answer_of, did
from studio.cases import KINDS, parts
from studio.proof_client import Proof
from studio.proof_records import ImportedCases
from studio.records import TestCase
from studio.session import lasting_api
from studio.style import plain
from studio.words import count

__all__ = ["show_files", "show_kinds", "show_proposing", "show_review"]

AT_A_GLANCE = 10
CHOICES = (30, 60, 120)


def show_proposing(proof: Proof, *, first: bool) -> None:
    """Let the bot propose questions from what it knows."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        wanted = st.selectbox("How many", CHOICES, index=1, width=120)
        kind = "primary" if first else "secondary"
        pressed = st.button("Propose questions", type=kind, icon=":material/auto_awesome:")  # type: ignore[arg-type]
    if pressed:
        with st.spinner("Reading what your bot knows…"):
            made = answer_of(proof.propose, wanted)
        if made is not None:
            st.session_state["proposed"] = made
            st.rerun()
    made = st.session_state.pop("proposed", None)
    if made:
        st.success(f"{count(made, 'question')} proposed. Read them and keep the good ones.", icon=":material/check:")
    elif made == 0:
        st.info("Nothing new to propose: everything it knows is covered already.", icon=":material/lightbulb:")


def show_review(proof: Proof, waiting: Sequence[TestCase]) -> None:
    """The next ten proposals: ticked ones are kept, the others are never proposed again."""
    batch = waiting[:AT_A_GLANCE]
    st.subheader(f"Read these {len(batch)}")
    st.caption(
        f"{count(len(waiting), 'proposal')} waiting. Take out the tick where a question is no good. With the keyboard: "
        "Tab to move, Space to tick, Ctrl+Enter when you are done."
    )
    with st.form(f"review_{batch[0].id}", border=False):
        for case in batch:
            show_proposal(case)
        sent = st.form_submit_button(
            "Keep the ticked, reject the others", type="primary", icon=":material/done_all:", shortcut="Ctrl+Enter"
        )
    if sent and did("Done", decide, proof, batch):
        st.rerun()


def show_proposal(case: TestCase) -> None:
    """One proposal: the question, what a right answer is, and where that stands."""
    with st.container(border=True):
        st.checkbox(f"**{plain(case.question)}**", value=True, key=f"keep_{case.id}")
        before = "".join(f"First asked: “{plain(text)}” · " for text in case.earlier)
        says = f"has to say {' and '.join(f'**{plain(text)}**' for text in case.must_include)}"
        right = "must be refused" if case.expects == "refusal" else says if case.must_include else "must be answered"
        st.markdown(f"{before}{KINDS.get(case.kind, case.kind)} · {right}")
        if case.evidence:
            st.caption(plain(case.evidence[:400]))
        with st.popover("Change it", icon=":material/edit:"):
            st.text_input("What a shopper asks", value=case.question, key=f"question_{case.id}")
            if case.expects == "answer":
                st.text_input(
                    "Has to say (several with a semicolon)", value="; ".join(case.must_include), key=f"says_{case.id}"
                )


def decide(proof: Proof, batch: Sequence[TestCase]) -> None:
    """Send what was changed, then what is kept and what is not."""
    for case in batch:
        question = str(st.session_state.get(f"question_{case.id}", case.question)).strip()
        says = parts(st.session_state.get(f"says_{case.id}", "; ".join(case.must_include)))
        changed = {"question": question, "must_include": says}
        if question and (question != case.question or says != list(case.must_include)):
            proof.api.change_test_case(proof.bot, case.id, changed)
    kept = [case.id for case in batch if st.session_state.get(f"keep_{case.id}", True)]
    proof.decide(kept, [case.id for case in batch if case.id not in kept])


def show_kinds(cases: Sequence[TestCase]) -> None:
    """What the questions in use try, counted."""
    counted = Counter(case.kind for case in cases)
    words = [f"{number} {KINDS.get(kind, kind).lower()}" for kind, number in counted.most_common()]
    if words:
        st.caption(" · ".join(words))


def show_files(proof: Proof, has_cases: bool) -> None:
    """Questions as a file, both ways."""
    taken, given = st.columns(2)
    later = Proof(lasting_api(), proof.bot)
    with taken:
        file = st.file_uploader("Bring in questions (CSV or JSONL)", type=["csv", "jsonl"])
        if file is not None and st.button("Bring them in", icon=":material/upload:"):
            told = answer_of(proof.import_cases, file.name, file.getvalue())
            if told is not None:
                st.session_state["imported"] = told
                st.rerun()
        if told := st.session_state.pop("imported", None):
            show_imported(told)
    with given:
        st.markdown("Take your questions with you, or edit them in a spreadsheet.")
        for kind in ("csv", "jsonl"):
            if has_cases:
                st.download_button(
                    f"Download as {kind.upper()}",
                    data=lambda kind=kind: later.export_cases(kind),  # type: ignore[misc]
                    file_name=f"test-questions.{kind}",
                    icon=":material/download:",
                    key=f"export_{kind}",
                )


def show_imported(told: ImportedCases) -> None:
    """How a file was taken over."""
    there = f" {count(told.known, 'question')} stood here already." if told.known else ""
    st.success(f"{count(told.added, 'question')} brought in.{there}", icon=":material/check:")
    if told.problems:
        st.warning(f"{count(len(told.problems), 'row')} could not be used:", icon=":material/warning:")
        for problem in told.problems[:20]:
            st.markdown(f"- Line {problem.line}, {plain(problem.column)}: {plain(problem.message)}")
