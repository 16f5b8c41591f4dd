"""What a version still lacks before it may go live, and where to do something about it.

Never here: Streamlit, or the verdict itself; the engine gives that.
"""

from __future__ import annotations

from studio.records import GateReport, Metric
from studio.words import count

__all__ = ["missing_steps"]

TIMED_BY_THE_SAME_RUN = "response_time_p95"
MEASURED_BY_THE_SAME_RUN = (
    "right_source", "right_refusals", "right_figures", "grounded", "guard_clean", "clean_sources",
    "manners",
)  # fmt: skip
ADVICE = {
    "right_source": "See which under **Answers**: the right page may be unclear, or the question names another page.",
    "right_refusals": "See which under **Answers**: it took something for an answer that is none. Correct that page.",
    "right_figures": "See which under **Answers**. If your shop's price or stock changed, take the new one over there; "
    "if not, mend the feed or the page before anybody reads it.",
    "grounded": "The language model said what your pages do not say. Add it to **What your bot knows**, or choose "
    "another model.",
    "guard_clean": "The language model wrote wrong figures, which were caught. Choose another model.",
    "clean_sources": "Its sentences were left out. Find the page under **What would answer this?**, and mend it or "
    "leave the passage out; if you did not write it, somebody changed your site.",
    "expected_changes": "They are listed below, with a way to confirm them.",
    "manners": "Change its words on **Look**, then train again.",
    "accuracy": "See which under **Answers**. Add what is missing to **What your bot knows** and train again, "
    "or correct the question.",
    "tester_satisfaction": "Ask why, add what is missing to **What your bot knows**, and train again.",
    TIMED_BY_THE_SAME_RUN: "Test again when this computer is less busy, or choose a faster language model.",
}


def missing_steps(report: GateReport, approved: int, *, on_test: bool = False) -> list[str]:
    """Each thing left to do as a sentence in Markdown; `approved` test questions are in use. Nothing after a pass.

    `on_test` where it is read on the page Test, which is not to send anybody to itself.
    """
    if report.verdict == "pass":
        return []
    lacking = {metric.name: metric for metric in report.metrics if metric.verdict != "pass"}
    if "accuracy" in lacking and lacking["accuracy"].verdict == "not_enough_evidence":
        for name in (*MEASURED_BY_THE_SAME_RUN, TIMED_BY_THE_SAME_RUN):
            if name in lacking and lacking[name].verdict == "not_enough_evidence" and lacking[name].n == 0:
                lacking.pop(name)
    return [step_of(metric, approved, on_test=on_test) for metric in lacking.values()]


def step_of(metric: Metric, approved: int, *, on_test: bool) -> str:
    """What to do about one metric."""
    if metric.verdict == "fail":
        return f"**{metric.label}:** {metric.detail or 'not good enough yet.'} {ADVICE.get(metric.name, '')}".strip()
    match metric.name:
        case "accuracy" if approved < metric.needed:
            return (
                f"**Test questions:** {approved} of at least {metric.needed} are in use. Keep proposed ones or write "
                f"{count(metric.needed - approved, 'more question')} of your own on **Test questions**."
            )
        case "accuracy" if metric.n:
            return f"**Test questions:** {metric.detail}"
        case "accuracy":
            wait = "question in use is waiting", "questions in use are waiting"
            where = "with the button below" if on_test else "on **Test**"
            return f"**Test run:** {count(approved, *wait)} for a run. Start it {where}."
        case "tester_satisfaction":
            return (
                f"**Rated answers:** {metric.n} so far. {metric.detail} Rate answers yourself on **Talk to it**, "
                f"and invite people {'' if on_test else 'on **Test**, '}under **People**."
            )
        case _:
            return f"**{metric.label}:** {metric.detail or 'not enough tests yet.'}"
