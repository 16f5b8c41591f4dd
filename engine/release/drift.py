"""Whether the live version still does what it proved: the gate's measurements on shoppers' real questions.

What a right answer is nobody has said of these, so accuracy, right refusals and figures are not among them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.domain.bot import Bot
from engine.domain.conversation import Turn
from engine.domain.trial import CaseResult, Metric, Rating, TestCase
from engine.insights.insights import TEST_CHANNELS
from engine.ports import Clock
from engine.records import Records
from engine.trials.intervals import wilson
from engine.trials.metrics import METRICS, Evidence
from engine.trials.rules import GateRuleBook
from engine.trials.scoring import checks_of

__all__ = ["Drift", "DriftReport"]

SAMPLED = 300
RECENT = timedelta(days=7)
WATCHED = ("right_source", "grounded", "guard_clean", "manners", "response_time_p95", "tester_satisfaction")
LABELS = {"tester_satisfaction": "Happy shoppers", "right_source": "Answers that name a source"}


@dataclass(frozen=True, slots=True)
class DriftReport:
    """How the live version does with real shoppers."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    version: int | None
    """The live version, or null when none is."""
    questions: int
    """Real questions that were looked at: the newest ones, at most 300."""
    since: datetime | None
    """When the oldest of them was asked."""
    metrics: tuple[Metric, ...]
    """The gate's measurements on them, with the gate's thresholds."""
    warnings: tuple[str, ...]
    """What got worse, in a shop owner's words; empty when all is well or too little was asked."""


class Drift:
    """Looks at the newest questions that shoppers asked the live version."""

    def __init__(self, records: Records, rules: GateRuleBook, clock: Clock) -> None:
        self.records, self.rules, self.clock = records, rules, clock

    async def report(self, bot: Bot) -> DriftReport:
        """The measurements, and what got worse."""
        recent, earlier = ([], []) if bot.live is None else await self.turns(bot)
        turns = (recent + earlier)[:SAMPLED]
        if not turns:
            return DriftReport(bot.live, 0, None, (), ())
        evidence = Evidence(tuple(map(result_of, turns)), tuple(ratings_of(turns)))
        requirements = await self.rules.of(bot.merchant, bot.id)
        metrics = tuple(
            replace(found, label=LABELS.get(metric.name, found.label))
            for metric in METRICS
            if metric.name in WATCHED
            for found in [metric.measure(evidence, requirements[metric.name])]
        )
        warnings = [f"{metric.label}: {metric.detail}" for metric in metrics if metric.verdict == "fail"]
        warnings += answers_fewer(recent, earlier)
        return DriftReport(bot.live, len(turns), turns[-1].at, metrics, tuple(warnings))

    async def turns(self, bot: Bot) -> tuple[list[Turn], list[Turn]]:
        """Shoppers' newest questions to the live version of the last week and of before, each newest first.

        Each has a sample of its own: a shop that is asked much fills one in a day, and had nothing to compare with.
        """
        recent: list[Turn] = []
        earlier: list[Turn] = []
        since = self.clock.now() - RECENT
        where: dict[str, str | int | bool] = {"bot": bot.id, "version": bot.live or 0}
        async for turn in self.records.turns.all(bot.merchant, where, newest_first=True):
            sample = recent if turn.at >= since else earlier
            if turn.channel not in TEST_CHANNELS and len(sample) < SAMPLED:
                sample.append(turn)
            if len(earlier) == SAMPLED:
                break
        return recent, earlier


def result_of(turn: Turn) -> CaseResult:
    """A real answer as the gate's metrics read it."""
    case = TestCase(turn.id, turn.merchant, turn.bot, turn.question, "answer")
    checks = checks_of(case, turn.reply)
    times = turn.reply.timings_ms
    return CaseResult(
        turn.id, turn.question, turn.reply.text, turn.reply.outcome, turn.reply.outcome == "answered", (),
        times.total, times.first_token, checks=checks,
    )  # fmt: skip


def ratings_of(turns: Sequence[Turn]) -> list[Rating]:
    """Shoppers' thumbs, each conversation a person of its own."""
    return [
        Rating(
            turn.id, turn.merchant, turn.bot, turn.version, "", turn.conversation, turn.id, turn.feedback.helpful,
            turn.feedback.comment, turn.feedback.at or turn.at,
        )
        for turn in turns if turn.feedback is not None
    ]  # fmt: skip


def answers_fewer(recent: Sequence[Turn], earlier: Sequence[Turn]) -> list[str]:
    """A warning when surely fewer questions are answered than before: the intervals do not touch."""
    if not recent or not earlier:
        return []
    now, before = sum(map(answered, recent)), sum(map(answered, earlier))
    if wilson(now, len(recent))[1] >= wilson(before, len(earlier))[0]:
        return []
    shares = f"{now / len(recent):.0%} in the last week, {before / len(earlier):.0%} earlier"
    return [f"It answers fewer questions than before: {shares}."]


def answered(turn: Turn) -> bool:
    """Whether the shopper got an answer."""
    return turn.reply.outcome == "answered"
