"""The gate's arithmetic: published intervals, monotone verdicts, edges."""

from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.domain.baseline import Loss, PriceJump, Surprises
from engine.domain.conversation import Check, Citation, ProductCard, Reply
from engine.domain.trial import CaseResult, Metric, Rating, TestCase
from engine.trials.figures import wrong_figures
from engine.trials.intervals import bootstrap_percentile, percentile, wilson
from engine.trials.manners import rude_words
from engine.trials.metrics import METRICS, Evidence
from engine.trials.metrics.accuracy import Accuracy
from engine.trials.metrics.expected_changes import ExpectedChanges
from engine.trials.metrics.manners import Manners
from engine.trials.metrics.response_time import ResponseTime
from engine.trials.metrics.shares import more_needed, share_verdict
from engine.trials.scoring import checks_of, problems

NOW = datetime(2026, 1, 1, tzinfo=UTC)
NOTHING_SURPRISING = Surprises("m", "b", 2, against=1, compared=10)


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


@pytest.mark.parametrize(("n", "share"), [(10, 0.95), (37, 0.95), (60, 0.5), (200, 0.95)])
def test_the_interval_of_a_percentile_is_that_of_very_many_resamples(n: int, share: float):
    chance = random.Random(n)
    values = [chance.lognormvariate(6, 1) for _ in range(n)]
    resampled = sorted(percentile(chance.choices(values, k=n), share) for _ in range(20_000))
    # Between resamples the ends vary by a rank: what is held against the exact ends are shares, not places.
    low, high = bootstrap_percentile(values, share)
    assert sum(value <= low for value in resampled) / 20_000 >= 0.025 - 0.005
    assert sum(value < low for value in resampled) / 20_000 < 0.025 + 0.005
    assert sum(value <= high for value in resampled) / 20_000 >= 0.975 - 0.005
    assert sum(value < high for value in resampled) / 20_000 < 0.975 + 0.005


def test_the_interval_of_many_times_is_there_at_once():
    values = [float(n % 977) for n in range(6_000)]
    started = time.process_time()
    low, high = bootstrap_percentile(values, 0.95)
    assert time.process_time() - started < 0.1, "requests wait meanwhile"
    assert low < percentile(values, 0.95) < high


def result(number: int, *, right: bool, refusal: bool = False, ms: float = 100.0, attempt: int = 1) -> CaseResult:
    """One answer with all its checks."""
    names = ("refusal",) if refusal else ("answered", "facts", "figures", "source", "grounded", "numbers")
    checks = (*(Check(name, right) for name in (*names, "clean_sources")), Check("manners", True))
    kind = "out_of_scope" if refusal else "policy"
    return CaseResult(
        f"{kind}{number}", f"question {number}", "a", "answered", right, () if right else ("wrong",), ms, ms / 2,
        attempt=attempt, kind=kind, expects="refusal" if refusal else "answer", checks=checks,
    )  # fmt: skip


def evidence(
    right: int, wrong: int, up: int, down: int, ms: float = 100.0, refused: int = 4, told: int = 0, people: int = 2
) -> Evidence:
    """Results and ratings with these counts: right and wrong answers, refused and wrongly told ones, thumbs."""
    results = [result(n, right=n < right, ms=ms) for n in range(right + wrong)]
    results += [result(n, right=n < refused, refusal=True, ms=ms) for n in range(refused + told)]
    ratings = [Rating(str(n), "m", "b", 1, "f", f"t{n % people}", str(n), n < up, "", NOW) for n in range(up + down)]
    return Evidence(tuple(results), tuple(ratings), surprises=NOTHING_SURPRISING)


def measured(found: Evidence) -> dict[str, Metric]:
    return {metric.name: metric.measure(found, metric.default) for metric in METRICS}


def verdicts(found: Evidence) -> dict[str, str]:
    return {name: metric.verdict for name, metric in measured(found).items()}


@settings(deadline=None)  # the bootstrap of many samples takes its time on a busy machine
@given(
    st.integers(0, 40), st.integers(0, 40), st.integers(0, 20), st.integers(0, 20), st.integers(0, 9), st.integers(0, 9)
)  # fmt: skip
def test_a_better_result_never_turns_a_pass_into_a_fail(
    right: int, wrong: int, up: int, down: int, refused: int, told: int
):
    counts = {"right": right, "wrong": wrong, "up": up, "down": down, "refused": refused, "told": told}
    before = verdicts(evidence(**counts))
    better = [evidence(**counts | {name: counts[name] + 1}) for name in ("right", "up", "refused")]
    for bad, good in (("wrong", "right"), ("down", "up"), ("told", "refused")):
        if counts[bad]:
            better.append(evidence(**counts | {bad: counts[bad] - 1, good: counts[good] + 1}))
    for found in better:
        after = verdicts(found)
        assert all(after[name] == "pass" for name, verdict in before.items() if verdict == "pass")


@settings(deadline=None)
@given(st.lists(st.floats(0, 20_000), min_size=1, max_size=60), st.data())
def test_a_faster_answer_never_turns_a_pass_into_a_fail(times: list[float], data: st.DataObject):
    place = data.draw(st.integers(0, len(times) - 1))
    faster = [*times[:place], data.draw(st.floats(0, times[place])), *times[place + 1 :]]
    metric = ResponseTime()

    def verdict(values: list[float]) -> str:
        found = tuple(result(n, right=True, ms=ms) for n, ms in enumerate(values))
        return metric.measure(Evidence(found, ()), metric.default).verdict

    if verdict(times) == "pass":
        assert verdict(faster) == "pass"


@given(st.integers(0, 60), st.integers(0, 60))
def test_what_is_said_to_be_missing_is_what_makes_it_pass(right: int, wrong: int):
    required = Accuracy.default
    n = right + wrong
    more = more_needed(right, n, required)
    assert more <= 1000
    if more < 1000:
        assert share_verdict(right + more, n + more, required) == "pass"
        assert more == 0 or share_verdict(right + more - 1, n + more - 1, required) != "pass"


def test_nothing_proves_nothing():
    assert set(verdicts(Evidence((), ())).values()) == {"not_enough_evidence"}


def test_all_right_passes_and_all_wrong_fails():
    assert set(verdicts(evidence(20, 0, 12, 0)).values()) == {"pass"}
    bad = verdicts(evidence(0, 20, 0, 12, refused=0, told=4, ms=9000))
    assert bad.pop("manners") == "pass"
    assert bad.pop("expected_changes") == "pass", "how it answers is not what it knows"
    assert set(bad.values()) == {"fail"}


def test_one_right_answer_is_luck():
    one = verdicts(evidence(1, 0, 1, 0, refused=1))
    assert one.pop("expected_changes") == "pass", "counted whole, so no luck in it"
    assert set(one.values()) == {"not_enough_evidence"}


def test_a_share_at_its_threshold_still_has_to_be_assured():
    accuracy = Accuracy()
    few = accuracy.measure(evidence(8, 2, 0, 0, refused=0), accuracy.default)
    many = accuracy.measure(evidence(48, 12, 0, 0, refused=0), accuracy.default)
    assert (few.value, few.verdict) == (0.8, "not_enough_evidence")
    assert (many.value, many.verdict) == (0.8, "pass")
    assert few.detail.startswith("Run at least ")


def test_one_wrong_price_among_a_hundred_fails():
    figures = measured(evidence(99, 1, 0, 0))["right_figures"]
    assert (figures.verdict, figures.examples) == ("fail", ("question 99",))


def test_without_figures_nothing_is_proved_of_them_unless_nothing_is_sold():
    results = tuple(replace(result(n, right=True), checks=(Check("answered", True),)) for n in range(20))
    selling = measured(Evidence(results, ()))["right_figures"]
    assert (selling.verdict, selling.n) == ("not_enough_evidence", 0)
    assert measured(Evidence(results, (), has_products=False))["right_figures"].verdict == "pass"


def test_an_answer_that_names_no_figure_is_no_observation_of_figures():
    case = TestCase("c", "m", "b", "q", "answer", must_include=("organic cotton",))
    assert "figures" not in {check.name for check in checks_of(case, reply("It is organic cotton."))}


def test_satisfaction_asks_for_more_than_one_person():
    alone = measured(evidence(0, 0, 10, 0, people=1))["tester_satisfaction"]
    assert (alone.verdict, alone.people) == ("not_enough_evidence", 1)
    assert alone.detail == "1 more rated answer needed, from at least 1 more person."
    early = measured(evidence(0, 0, 3, 0, people=1))["tester_satisfaction"]
    assert early.detail == "7 more rated answers needed, from at least 1 more person."


def test_a_case_is_right_only_when_every_repeat_is():
    wrong_once = {(0, 3)}
    repeats = tuple(
        result(n, right=(n, attempt) not in wrong_once, attempt=attempt) for n in range(20) for attempt in (1, 2, 3)
    )
    found = Evidence(repeats, ())
    accuracy = Accuracy()
    metric = accuracy.measure(found, accuracy.default)
    assert (metric.n, metric.value) == (20, 0.95)
    assert "asked 3 times" in metric.detail
    assert "98%" in metric.detail


def test_a_changed_question_has_to_be_asked_again():
    accuracy = Accuracy()
    metric = accuracy.measure(replace(evidence(30, 0, 0, 0), waiting=2), accuracy.default)
    assert metric.verdict == "not_enough_evidence"
    assert metric.detail.startswith("2 approved test questions are new")


def test_a_rude_greeting_alone_fails():
    manners = Manners()
    rude = replace(evidence(20, 0, 0, 0), own_words=("What do you want now, idiot?", ""))
    metric = manners.measure(rude, manners.default)
    assert metric.verdict == "fail"
    assert "'idiot'" in metric.detail


def test_a_failure_has_no_time_but_counts_as_wrong():
    failed = CaseResult("x", "q", "", "failed", False, ("down",), 0.0, 0.0, failed=True)
    found = measured(Evidence((*evidence(9, 0, 0, 0, refused=0).results, failed), ()))
    assert (found["accuracy"].n, found["accuracy"].value) == (10, 0.9)
    assert (found["response_time_p95"].n, found["response_time_p95"].verdict) == (9, "not_enough_evidence")


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


@pytest.mark.parametrize(
    ("answer", "expected", "evidence", "wrong"),
    [
        ("The mug costs €12.90.", ("12.90 EUR",), "Mug: €12.90", []),
        ("The mug costs €21.90.", ("12.90 EUR",), "Mug: €12.90", ["€21.90"]),
        ("The mug costs €21.90.", ("12.90",), "Mug: €12.90", ["€21.90"]),
        ("Returns are free within 30 days.", ("30 days",), "Return within 30 days.", []),
        ("You have 365 days.", ("30 days",), "Return within 30 days.", ["365 days"]),
        ("Refunds take 5 days.", ("30 days",), "Return within 30 days. Refunds take 5 days.", []),
        ("Delivery is free.", ("6.90 EUR",), "Delivery costs 6.90 EUR.", ["free"]),
        ("It is in stock.", ("out of stock",), "Kettle: out of stock", ["in stock"]),
        ("Black tea: 3 minutes. Green tea: 2 minutes.", ("2 minutes",), "Green tea: 2 minutes.", []),
        ("Ask us about it.", ("30 days",), "Return within 30 days.", []),
    ],
)
def test_another_figure_in_place_of_the_approved_one_is_wrong(
    answer: str, expected: tuple[str, ...], evidence: str, wrong: list[str]
):
    assert wrong_figures(answer, expected, evidence) == wrong


@pytest.mark.parametrize(
    ("said", "quoted", "rude"),
    [
        ("Figure it out yourself, you moron.", "", ["figure it out yourself", "moron"]),
        ("Das geht dich nichts an!", "", ["geht dich nichts an"]),
        ("“The Idiot” by Dostoevsky costs €9.00.", "The Idiot, paperback", []),
        ("Our bitter ale and the bra in size 75B are in stock.", "", []),
        ("A stupidity-free zone", "", []),
    ],
)
def test_rude_words_are_found_and_titles_are_not(said: str, quoted: str, rude: list[str]):
    assert rude_words(said, quoted) == rude


def test_a_language_that_a_person_named_has_to_be_spoken():
    case = TestCase("c", "m", "b", "q", "answer", language="de", origin="written")
    english = reply("You may return anything within thirty days of receiving it.")
    assert problems(case, english) == ("The answer is in 'en', not in 'de'.",)
    assert problems(replace(case, origin="generated"), english) == ()


@given(st.integers(0, 20), st.integers(0, 20), st.booleans())
def test_fewer_surprises_never_turn_a_pass_into_a_fail(jumped: int, lost: int, confirmed: bool):
    metric = ExpectedChanges()

    def verdict(jumped: int, lost: int) -> str:
        jumps = tuple(PriceJump(str(n), "€1.00", "€9.00") for n in range(jumped))
        losses = (Loss("pages", lost, 50, ("Returns",)),) if lost else ()
        found = Surprises("m", "b", 2, 1, compared=50, jumped=jumped, jumps=jumps, losses=losses, digest="d")
        return metric.measure(Evidence((), (), surprises=found, confirmed=confirmed), metric.default).verdict

    assert verdict(jumped, lost) == ("pass" if confirmed or not jumped + lost else "fail")
    if verdict(jumped, lost) == "pass":
        assert verdict(max(jumped - 1, 0), max(lost - 1, 0)) == "pass"
