"""The gate's arithmetic: published intervals, monotone verdicts, edges."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.conversation import Citation, ProductCard, Reply
from engine.domain.trial import CaseResult, Rating, TestCase
from engine.trials.intervals import bootstrap_percentile, percentile, wilson
from engine.trials.metrics import METRICS, Evidence
from engine.trials.scoring import problems

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ORDER = {"fail": 0, "not_enough_evidence": 0, "pass": 1}


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    # Newcombe, Statistics in Medicine 1998, table I, method 3.
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_matches_a_published_table(successes: int, n: int, low: float, high: float):
    assert wilson(successes, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_at_the_edges():
    assert wilson(0, 0) == (0.0, 1.0)
    assert wilson(5, 5)[1] == 1.0
    assert wilson(0, 5)[0] == 0.0


@given(st.lists(st.floats(0, 1e4), min_size=1, max_size=60))
def test_a_percentile_lies_within_its_bootstrap_interval_and_the_data(values: list[float]):
    value = percentile(values, 0.95)
    low, high = bootstrap_percentile(values, 0.95)
    assert min(values) <= low <= high <= max(values)
    assert value in values


def evidence(right: int, wrong: int, up: int, down: int, ms: float = 100.0) -> Evidence:
    """Results and ratings with these counts."""
    results = tuple(CaseResult(str(n), "q", "a", "answered", n < right, (), ms, ms / 2) for n in range(right + wrong))
    ratings = tuple(Rating(str(n), "m", "b", 1, "f", "t", str(n), n < up, "", NOW) for n in range(up + down))
    return Evidence(results, ratings)


def verdicts(found: Evidence) -> list[str]:
    return [metric.measure(found).verdict for metric in METRICS]


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 20), st.integers(0, 20))
def test_a_better_result_never_turns_a_pass_into_a_fail(right: int, wrong: int, up: int, down: int):
    before = verdicts(evidence(right, wrong, up, down))
    better = [evidence(right + 1, wrong, up, down), evidence(right, wrong, up + 1, down)]
    if wrong:
        better.append(evidence(right + 1, wrong - 1, up, down))
    for found in better:
        assert all(ORDER[b] >= ORDER[a] for a, b in zip(before, verdicts(found), strict=True))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        (evidence(0, 0, 0, 0), ["not_enough_evidence"] * 3),
        (evidence(10, 0, 5, 0), ["pass"] * 3),
        (evidence(0, 10, 0, 5), ["fail", "pass", "fail"]),
        (evidence(8, 2, 4, 1), ["pass"] * 3),
        (evidence(7, 3, 3, 2), ["fail", "pass", "fail"]),
        (evidence(10, 0, 5, 0, ms=9000), ["pass", "fail", "pass"]),
    ],
)
def test_verdicts_at_the_edges(found: Evidence, expected: list[str]):
    assert verdicts(found) == expected


def test_a_failure_has_no_time_but_counts_as_wrong():
    failed = CaseResult("x", "q", "", "failed", False, ("down",), 0.0, 0.0, failed=True)
    found = Evidence((*evidence(9, 0, 0, 0).results, failed), ())
    accuracy, response_time, _ = (metric.measure(found) for metric in METRICS)
    assert (accuracy.n, accuracy.value) == (10, 0.9)
    assert (response_time.n, response_time.verdict) == (9, "not_enough_evidence")


def reply(text: str, outcome: str = "answered") -> Reply:
    card = ProductCard("p1", "Blue mug", None, None, "unknown", "", "", "", NOW)
    cite = Citation("Returns", "https://x.example/r", "quote", "s1", NOW)
    return Reply("c", "t", text, "en", outcome, (cite,), (card,))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "right"),
    [
        ({"must_include": ("30 DAYS",)}, True),
        ({"must_include": ("3",)}, False),
        ({"must_include": ("30",)}, True),
        ({"must_include": ("12.9",)}, False),
        ({"must_include": ("12.90",)}, True),
        ({"must_not_include": ("€12.90",)}, False),
        ({"expected_source": "https://x.example/r"}, True),
        ({"expected_source": "s2"}, False),
        ({"expected_product": "Blue mug"}, True),
        ({"expected_product": "p2"}, False),
        ({"expects": "refusal"}, False),
    ],
)
def test_scoring_by_rule(case: dict[str, object], right: bool):
    wanted = TestCase("c", "m", "b", "q", **({"expects": "answer"} | case))  # type: ignore[arg-type]
    assert (problems(wanted, reply("You have 30 days; the mug is €12.90.")) == ()) == right


def test_a_refusal_is_scored():
    assert problems(TestCase("c", "m", "b", "q", "refusal"), reply("No idea", "refused")) == ()
    assert problems(TestCase("c", "m", "b", "q", "answer"), reply("No idea", "refused"))
