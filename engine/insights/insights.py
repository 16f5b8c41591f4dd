"""What shoppers asked and how it went, over time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal

from engine.domain.conversation import Turn
from engine.errors import FieldProblem, InvalidInput
from engine.records import Records

__all__ = ["Insights", "InsightsReport", "SeriesPoint", "Totals", "Unanswered"]

Interval = Literal["hour", "day", "week"]
STEP = {"hour": timedelta(hours=1), "day": timedelta(days=1), "week": timedelta(days=7)}
MOST_POINTS = 800
MOST_UNANSWERED = 50


@dataclass(frozen=True, slots=True)
class Totals:
    """Sums over the whole span."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    conversations: int = 0
    """Conversations with shoppers."""
    questions: int = 0
    """Questions asked."""
    answered: int = 0
    """Questions answered."""
    refused: int = 0
    """Questions it had no answer to."""
    helpful: int = 0
    """Thumbs up."""
    unhelpful: int = 0
    """Thumbs down."""
    p95_ms: float | None = None
    """95th percentile of the answers' whole time, milliseconds."""


@dataclass(frozen=True, slots=True)
class SeriesPoint:
    """One step of the span."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    at: datetime
    """When."""
    questions: int
    """Questions asked."""
    answered: int
    """Questions answered."""
    refused: int
    """Questions it had no answer to."""


@dataclass(frozen=True, slots=True)
class Unanswered:
    """A question the shop's knowledge did not answer."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    question: str
    """What was asked."""
    at: datetime
    """When."""
    conversation: str
    """Id of the conversation."""


@dataclass(frozen=True, slots=True)
class InsightsReport:
    """The dashboard's figures."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    totals: Totals
    """Sums over the whole span."""
    series: tuple[SeriesPoint, ...]
    """One point a step."""
    unanswered: tuple[Unanswered, ...]
    """The latest questions without an answer."""


@dataclass
class Tally:
    """Counts as turns go by."""

    conversations: set[str] = field(default_factory=set)
    outcomes: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    feedback: dict[bool, int] = field(default_factory=lambda: defaultdict(int))
    times: list[float] = field(default_factory=list)
    points: dict[datetime, dict[str, int]] = field(default_factory=lambda: defaultdict(lambda: defaultdict(int)))
    unanswered: list[Unanswered] = field(default_factory=list)

    def add(self, turn: Turn, step: datetime) -> None:
        """Count one turn into its step."""
        outcome = "answered" if turn.reply.outcome == "answered" else "refused"
        self.conversations.add(turn.conversation)
        self.outcomes[outcome] += 1
        self.points[step][outcome] += 1
        self.times.append(turn.reply.timings_ms.total)
        if turn.feedback is not None:
            self.feedback[turn.feedback.helpful] += 1
        if outcome == "refused" and len(self.unanswered) < MOST_UNANSWERED:
            self.unanswered.append(Unanswered(turn.question[:300], turn.at, turn.conversation))


TEST_CHANNELS = {"trial", "studio", "playground", "llama_index"}


class Insights:
    """Use cases of the dashboard; conversations of tests do not count."""

    def __init__(self, records: Records) -> None:
        self.records = records

    async def report(
        self, merchant: str, bot: str, begins: datetime, ends: datetime, interval: Interval
    ) -> InsightsReport:
        """Figures of all turns from `begins` until before `ends`. Raises InvalidInput for an impossible span.

        The span begins at the hour, or at midnight UTC, so that a point is a whole hour, day or week.
        """
        step = STEP[interval]
        begins = begins.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
        begins = begins if interval == "hour" else begins.replace(hour=0)
        if ends <= begins or (ends - begins) / step > MOST_POINTS:
            raise InvalidInput(
                f"Choose a span of at most {MOST_POINTS} steps that ends after it begins.",
                fields=[FieldProblem("from", "must lie before `to`")],
            )
        tally = Tally()
        async for turn in self.records.turns.all(merchant, {"bot": bot}, newest_first=True):
            if turn.at < begins:
                break
            if turn.at < ends and turn.channel not in TEST_CHANNELS:
                tally.add(turn, begins + (turn.at - begins) // step * step)
        times = sorted(tally.times)
        totals = Totals(
            len(tally.conversations),
            sum(tally.outcomes.values()),
            tally.outcomes["answered"],
            tally.outcomes["refused"],
            tally.feedback[True],
            tally.feedback[False],
            times[max(0, -(-95 * len(times) // 100) - 1)] if times else None,
        )
        points = []
        at = begins
        while at < ends:
            counts = tally.points[at]
            answered, refused = counts["answered"], counts["refused"]
            points.append(SeriesPoint(at, answered + refused, answered, refused))
            at += step
        return InsightsReport(totals, tuple(points), tuple(tally.unanswered))
