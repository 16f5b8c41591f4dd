"""What a version still lacks, in words with a way to go."""

import pytest

from studio.proof import missing_steps
from studio.records import GateReport, Metric


def metric(name, verdict, n=0, needed=10, detail=""):
    return Metric(name, "Right answers", None, None, 0.8, "at_least", "share", n, needed, verdict, detail)


def report(*metrics, verdict="not_enough_evidence"):
    return GateReport(verdict, metrics, "f")


def test_nothing_is_missing_after_a_pass():
    assert missing_steps(report(verdict="pass"), 12) == []


@pytest.mark.parametrize(
    ("approved", "said"),
    [
        (0, "0 of at least 10 are in use. Keep proposed ones or write 10 more questions"),
        (9, "9 of at least 10 are in use. Keep proposed ones or write 1 more question of"),
        (10, "**Test run:** 10 questions in use are waiting for a run."),
    ],
)
def test_questions_come_before_a_run(approved, said):
    steps = missing_steps(
        report(metric("accuracy", "not_enough_evidence"), metric("response_time_p95", "not_enough_evidence")), approved
    )
    assert len(steps) == 1
    assert said in steps[0]


def test_a_single_question_is_waiting():
    waiting = report(metric("accuracy", "not_enough_evidence", 0, 1))
    assert missing_steps(waiting, 1) == ["**Test run:** 1 question in use is waiting for a run. Start it on **Test**."]
    assert missing_steps(waiting, 1, on_test=True) == [
        "**Test run:** 1 question in use is waiting for a run. Start it with the button below."
    ]


def test_ratings_can_be_given_by_oneself_or_by_others():
    (step,) = missing_steps(report(metric("tester_satisfaction", "not_enough_evidence", 3, 5)), 12)
    assert "3 so far" in step
    assert "Talk to it" in step
    assert "People" in step


def test_a_failed_metric_says_what_to_mend():
    (step,) = missing_steps(report(metric("accuracy", "fail", 10, 10, "4 of 10 were wrong."), verdict="fail"), 10)
    assert "4 of 10 were wrong." in step
    assert "**Answers**" in step


def test_a_metric_of_an_extension_speaks_for_itself():
    (step,) = missing_steps(report(metric("own", "not_enough_evidence", detail="Three more are needed.")), 10)
    assert step == "**Right answers:** Three more are needed."
