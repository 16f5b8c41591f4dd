"""Two versions asked the same questions: side by side for a person, and a candidate in the shadow of the live one."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.answering.answerer import Answerer
from engine.answering.conversations import REMEMBERED_TURNS
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask, Reply, Turn
from engine.domain.release import ShadowResult, ShadowRun
from engine.errors import AlreadyExists, Conflict, InvalidInput, NotFound, StoreclerkError
from engine.insights.insights import TEST_CHANNELS
from engine.ports import Clock, Identifiers
from engine.records import Records
from engine.trials.figures import wrong_figures

__all__ = ["Comparing", "SideBySide"]

MOST_QUESTIONS = 20
MOST_SHADOWED = 300
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SideBySide:
    """One question, and what two versions answer."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    question: str
    """What was asked."""
    before: Reply
    """What the earlier version answers."""
    after: Reply
    """What this version answers."""
    same: bool
    """Whether both say the same words, shown with the same products."""


class Comparing:
    """Side by side at once, and shadow runs as a durable job; its steps are here."""

    def __init__(
        self, records: Records, answerer: Answerer, clock: Clock, identifiers: Identifiers, concurrency: int
    ) -> None:
        self.records, self.answerer, self.clock, self.identifiers = records, answerer, clock, identifiers
        self.concurrency = concurrency

    async def side_by_side(
        self, bot: Bot, before: BotVersion, after: BotVersion, questions: Sequence[str]
    ) -> list[SideBySide]:
        """What both answer to each question. Raises InvalidInput for too many, Conflict for an unready version."""
        asked = [question.strip() for question in questions if question.strip()]
        if not 1 <= len(asked) <= MOST_QUESTIONS:
            raise InvalidInput(f"Ask 1 to {MOST_QUESTIONS} questions at once.")
        found = []
        for question in asked:
            replies = await asyncio.gather(
                *(
                    self.answerer.answer(bot, version, Ask(question, channel="trial"), test=True)
                    for version in (before, after)
                )
            )
            found.append(SideBySide(question, replies[0], replies[1], spoken(replies[0]) == spoken(replies[1])))
        return found

    # --- shadow runs --------------------------------------------------------------------------

    async def create(self, bot: Bot, version: BotVersion, *, days: int = 1) -> ShadowRun:
        """A queued run over shoppers' questions of the last days; one that waits already is the run that is answered.

        Raises Conflict when nobody asked anything, or a run of this version is under way.
        """
        if not version.can_answer:
            raise Conflict(f"Version {version.number} is {version.status!r} and cannot answer.", code="not_ready")
        if (waiting := await self.waiting(version)) is not None:
            return waiting
        since = self.clock.now() - days * DAY
        turns: list[str] = []
        async for turn in self.shoppers_turns(bot, since):
            turns.append(turn.id)
            if len(turns) == MOST_SHADOWED:
                break
        if not turns:
            raise Conflict(
                "No shopper asked anything in that time. Choose a longer one, or run the test questions.",
                code="no_questions",
            )
        run = ShadowRun(
            self.identifiers.new("shadow"), bot.merchant, bot.id, version.number, "queued", self.clock.now(), since,
            tuple(reversed(turns)),
        )  # fmt: skip
        await self.records.shadow_runs.add(bot.merchant, run.id, run)
        return run

    async def waiting(self, version: BotVersion) -> ShadowRun | None:
        """A run of this version that has not begun. Raises Conflict while one is under way."""
        for status in ("running", "queued"):
            where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number, "status": status}
            page = await self.records.shadow_runs.page(version.merchant, where, limit=1)
            if page.items and status == "running":
                raise Conflict(
                    "This version answers real questions already: wait for it or stop it.", code="already_running"
                )
            if page.items:
                return page.items[0]
        return None

    async def shoppers_turns(self, bot: Bot, since: datetime) -> AsyncIterator[Turn]:
        """Answers to shoppers since then, newest first."""
        async for turn in self.records.turns.all(bot.merchant, {"bot": bot.id}, newest_first=True):
            if turn.at < since:
                return
            if turn.channel not in TEST_CHANNELS and turn.question:
                yield turn

    async def latest(self, merchant: str, bot: str, number: int) -> ShadowRun:
        """The newest run of a version. Raises NotFound."""
        where: dict[str, str | int | bool] = {"bot": bot, "version": number}
        page = await self.records.shadow_runs.page(merchant, where, newest_first=True, limit=1)
        if not page.items:
            raise NotFound(f"version {number} did not answer real questions yet")
        return page.items[0]

    async def results(self, run: ShadowRun) -> list[ShadowResult]:
        """What is in so far."""
        return list(await self.records.shadow_results.list(run.merchant, {"bot": run.bot, "run": run.id}))

    async def cancel(self, merchant: str, bot: str, number: int) -> ShadowRun:
        """Stop a run. Raises NotFound, Conflict when it ended."""
        run = await self.latest(merchant, bot, number)

        def stop(current: ShadowRun) -> ShadowRun:
            if current.status not in {"queued", "running"}:
                raise Conflict(f"This run is {current.status}: there is nothing to stop.", code="not_running")
            return replace(current, status="cancelled", failure="You stopped this run.", finished_at=self.clock.now())

        return await self.records.shadow_runs.change(merchant, run.id, stop)

    async def begin(self, merchant: str, run_id: str) -> list[str]:
        """Start the run; answers the turns to be asked again. Nothing once it was stopped."""

        def start(current: ShadowRun) -> ShadowRun:
            return replace(current, status="running") if current.status == "queued" else current

        run = await self.records.shadow_runs.change(merchant, run_id, start)
        return list(run.turns) if run.status == "running" else []

    async def run_turns(self, merchant: str, run_id: str, turns: Sequence[str]) -> bool:
        """Ask some questions again; one that has a result is not asked twice. False when the run was stopped."""
        run = await self.records.shadow_runs.get(merchant, run_id)
        if run.status != "running":
            return False
        bot = await self.records.bots.get(merchant, run.bot)
        version = await self.records.versions.get(merchant, f"{run.bot}.{run.version}")
        await asyncio.gather(*(self.run_once(run, bot, version, turn) for turn in turns))
        done = await self.records.shadow_results.count(merchant, {"bot": run.bot, "run": run.id})
        await self.records.shadow_runs.change(merchant, run_id, lambda current: replace(current, done=done))
        return True

    async def run_once(self, run: ShadowRun, bot: Bot, version: BotVersion, turn_id: str) -> None:
        """One question, unless its result is kept already or the shopper's conversation was removed meanwhile."""
        key = f"{run.id}.{turn_id}"
        found = await self.records.turns.find(run.merchant, turn_id)
        if found is None or await self.records.shadow_results.find(run.merchant, key) is not None:
            return
        turn = found.record
        try:
            ask = Ask(turn.question, channel="trial", history=await self.before(turn))
            reply = await self.answerer.answer(bot, version, ask, test=True)
        except StoreclerkError as error:
            blank = Reply("", "", error.message, "", "refused")
            result = replace(compared(key, run, turn, blank), outcome="failed", answer="")
        else:
            result = compared(key, run, turn, reply)
        with suppress(AlreadyExists):
            await self.records.shadow_results.add(run.merchant, key, result)

    async def before(self, turn: Turn) -> tuple[tuple[str, str], ...]:
        """What was said in the shopper's conversation before a turn, the last few pairs, oldest first."""
        talk = await self.records.turns.list(turn.merchant, {"conversation": turn.conversation})
        earlier = [(other.question, other.reply.text) for other in talk if other.at < turn.at]
        return tuple(earlier[-REMEMBERED_TURNS:])

    async def finish(self, merchant: str, run_id: str) -> None:
        """End the run; one that was stopped stays stopped."""
        now = self.clock.now()

        def end(current: ShadowRun) -> ShadowRun:
            return replace(current, status="done", finished_at=now) if current.status == "running" else current

        await self.records.shadow_runs.change(merchant, run_id, end)

    async def fail(self, merchant: str, run_id: str, reason: str) -> None:
        """End the run with a reason; a run that has ended keeps its end."""
        now = self.clock.now()

        def end(current: ShadowRun) -> ShadowRun:
            if current.status not in {"queued", "running"}:
                return current
            return replace(current, status="failed", failure=reason, finished_at=now)

        await self.records.shadow_runs.change(merchant, run_id, end)


def spoken(reply: Reply) -> tuple[str, str, tuple[str, ...]]:
    """What makes two replies the same to a shopper."""
    return reply.outcome, " ".join(reply.text.split()), tuple(card.title for card in reply.products)


def compared(key: str, run: ShadowRun, turn: Turn, reply: Reply) -> ShadowResult:
    """The candidate's reply held against what the shopper was told."""
    told = turn.reply
    wrong = wrong_figures(reply.text, [told.text], "") if told.outcome == reply.outcome == "answered" else []
    return ShadowResult(
        id=key,
        merchant=run.merchant,
        bot=run.bot,
        run=run.id,
        turn=turn.id,
        question=turn.question,
        told=told.text,
        told_outcome=told.outcome,
        answer=reply.text,
        outcome=reply.outcome,
        same=spoken(told) == spoken(reply),
        wrong_figures=tuple(wrong),
        helpful=None if turn.feedback is None else turn.feedback.helpful,
        total_ms=reply.timings_ms.total,
    )
