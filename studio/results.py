"""How a test run went: in figures, by what was tried, and each answer with what was wrong.

Never here: how an answer is judged.
"""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from studio.actions import did
from studio.cases import KINDS, SEPARATOR, parts
from studio.knowledge_client import Knowledge
from studio.proof_client import Proof
from studio.proof_records import Counts
from studio.records import CaseResult, TestCase, TrialRun
from studio.style import plain
from studio.words import choices, count, percent, seconds, when

__all__ = ["show_counts", "show_results", "show_wrong"]

MARKS = {"right": True, "wrong": False}


def show_counts(run: TrialRun) -> None:
    """The run in figures."""
    counts = Counts.model_validate(run.summary)
    if run.failure:
        st.error(run.failure, icon=":material/error:")
    st.markdown(
        f"**{counts.right_every_time} of {count(counts.cases, 'question')} answered as they should be**"
        f" · {when(run.finished_at)}"
    )
    right, first, whole = st.columns(3)
    share = counts.right_every_time / counts.cases if counts.cases else 0.0
    right.metric("Right every time", percent(share))
    first.metric("First words, slowest 5 %", times(counts.first_token_ms.p95))
    whole.metric("Whole answer, slowest 5 %", times(counts.total_ms.p95))
    if run.attempts > 1 and counts.right_at_once is not None:
        st.caption(
            f"Each was asked {run.attempts} times; of single answers {percent(counts.right_at_once)} were right."
        )
    kinds = [f"{KINDS.get(kind.kind, kind.kind)} {kind.right} of {kind.all}" for kind in counts.kinds]
    if kinds:
        st.caption(" · ".join(kinds))
    both = counts.second_opinion
    if both.both:
        sure = "" if both.kappa is None else f" (Cohen's kappa {both.kappa:.2f})"
        st.caption(f"The language model judged {both.same} of {both.both} answers as you did{sure}.")


def times(milliseconds: float | None) -> str:
    """A time, or a dash."""
    return "–" if milliseconds is None else seconds(milliseconds)


def show_results(run: TrialRun) -> None:
    """Each answer with how it went; the ones that failed first."""
    st.dataframe(
        [
            {
                "Result": "✓ right" if result.passed else "✗ wrong",
                "Question": result.question,
                "Answer": result.answer,
                "Why": " ".join(result.reasons),
                "Second opinion": opinion(result),
                "Seconds": round(result.total_ms / 1000, 1),
            }
            for result in sorted(run.results, key=lambda result: result.passed)
        ],
        hide_index=True,
        width="stretch",
    )


def opinion(result: CaseResult) -> str:
    """What the language model says of an answer."""
    return "" if result.judged_right is None else f"{'✓' if result.judged_right else '✗'} {result.judged_why}".strip()


def show_wrong(proof: Proof, number: int, run: TrialRun, cases: Sequence[TestCase]) -> None:
    """One answer at a time, the wrong ones first, with what can be done about it."""
    known = {case.id: case for case in cases}
    ordered = sorted((result for result in run.results if result.case in known), key=lambda result: result.passed)
    # The choice is kept by name: Streamlit would keep the result itself, as it was before it was marked.
    results = {f"{result.case}.{result.attempt}": result for result in ordered}
    if not results:
        return
    st.subheader("Look at one answer")
    labels = choices({name: f"{'✓' if one.passed else '✗'} {one.question[:70]}" for name, one in results.items()})
    name = st.selectbox("Answer", list(labels), format_func=labels.__getitem__, label_visibility="collapsed")
    chosen = results[name]
    case = known[chosen.case]
    with st.container(border=True):
        st.markdown(f"**{plain(chosen.question)}**")
        for text in case.earlier:
            st.caption(f"Asked before: {plain(text)}")
        st.markdown(plain(chosen.answer) or "*No answer.*")
        for reason in chosen.reasons:
            st.markdown(f":material/close: {plain(reason)}")
        if case.evidence:
            st.caption(f"Your shop says: {plain(case.evidence[:500])}")
        if chosen.judged_right is not None:
            st.caption(f"Second opinion of the language model: {plain(opinion(chosen))}")
            show_marks(proof, number, chosen)
        show_remedies(proof, chosen, case)


def show_marks(proof: Proof, number: int, result: CaseResult) -> None:
    """A person's own judgement, to see how far the second opinion can be trusted."""
    given = {True: "right", False: "wrong", None: None}[result.person_says_right]
    key = f"mark_{result.case}_{result.attempt}"
    marked = st.segmented_control("And you?", list(MARKS), default=given, key=key)
    if marked != given and did("Noted", proof.mark, number, result.case, result.attempt, MARKS.get(marked or "")):
        st.rerun()


def show_remedies(proof: Proof, result: CaseResult, case: TestCase) -> None:
    """What to do about a question whose answer is not as it should be."""
    with st.container(horizontal=True):
        if not result.passed and result.outcome == "answered" and case.expects == "answer":
            show_correction(proof, result, case)
        if not result.passed and case.expects == "answer" and not case.earlier:
            pin_right_answer(proof, result)
        if st.button("Take the question out", icon=":material/delete:", key=f"out_{result.case}") and did(
            "Taken out", proof.decide, [], [case.id]
        ):
            st.rerun()


def pin_right_answer(proof: Proof, result: CaseResult) -> None:
    """The right answer, given word for word from now on."""
    with st.popover("Say the right answer yourself", icon=":material/push_pin:"):
        with st.form(f"pin_{result.case}", border=False):
            words = st.text_area("From now on your bot says", key=f"words_{result.case}")
            sent = st.form_submit_button("Pin it", icon=":material/push_pin:")
        if sent:
            done = "Pinned. It is given from the next answer on: test again."
            did(done, Knowledge(proof.api, proof.bot).pin, [result.question], words)


def show_correction(proof: Proof, result: CaseResult, case: TestCase) -> None:
    """The question put right, where the answer is right: another price, another page."""
    with st.popover("The answer is right: change the question", icon=":material/rule:"):
        with st.form(f"right_{result.case}", border=False):
            says = st.text_input(
                "What a right answer has to say now", value=SEPARATOR.join(case.must_include), key=f"now_{result.case}"
            )
            anywhere = st.checkbox("It may come from any page", value=False, key=f"any_{result.case}")
            sent = st.form_submit_button("Change it", icon=":material/save:")
        if sent:
            fields: dict[str, object] = {"must_include": parts(says)}
            if anywhere:
                fields |= {"expected_source": None, "expected_product": None}
            if did("Changed. Test again.", proof.api.change_test_case, proof.bot, case.id, fields):
                st.rerun()
