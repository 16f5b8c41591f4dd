"""What a version still lacks before it may go live, and where to do something about it.

Never here: Streamlit, or the verdict itself; the engine gives that.
"""

from __future__ import annotations

from studio.records import GateReport, Metric
from studio.words import count

__all__ = ["missing_steps"]

TIMED_BY_THE_SAME_RUN = "response_time_p95"
ADVICE = {
    "accuracy": "See which under **Answers**. Add what is missing to **What your bot knows** and train again, "
    "or correct the question.",
    "tester_satisfaction": "Ask why, add what is missing to **What your bot knows**, and train again.",
    TIMED_BY_THE_SAME_RUN: "Test again when this computer is less busy, or choose a faster language model.",
}


def missing_steps(report: GateReport, approved: int) -> list[str]:
    """Each thing left to do as a sentence in Markdown; `approved` test questions are in use. Nothing after a pass."""
    if report.verdict == "pass":
        return []
    lacking = {metric.name: metric for metric in report.metrics if metric.verdict != "pass"}
    if "accuracy" in lacking and lacking["accuracy"].verdict == "not_enough_evidence":
        lacking.pop(TIMED_BY_THE_SAME_RUN, None)
    return [step_of(metric, approved) for metric in lacking.values()]


def step_of(metric: Metric, approved: int) -> str:
    """What to do about one metric."""
    if metric.verdict == "fail":
        return f"**{metric.label}:** {metric.detail or 'not good enough yet.'} {ADVICE.get(metric.name, '')}".strip()
    match metric.name:
        case "accuracy" if approved < metric.needed:
            return (
                f"**Test questions:** {approved} of at least {metric.needed} are in use. Tick proposed ones or write "
                f"{count(metric.needed - approved, 'more question')} of your own on **Test**, under **Questions**."
            )
        case "accuracy":
            return f"**Test run:** {count(approved, 'question')} in use are waiting for a run. Start it on **Test**."
        case "tester_satisfaction":
            return (
                f"**Rated answers:** {metric.n} of at least {metric.needed}. Rate answers yourself on **Talk to it**, "
                "or invite people on **Test**, under **People**."
            )
        case _:
            return f"**{metric.label}:** {metric.detail or 'not enough tests yet.'}"
