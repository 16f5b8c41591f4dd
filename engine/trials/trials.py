"""Trial runs: the approved cases through the same `answer` that shoppers get, each step resumable."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from engine.answering.answerer import Answerer
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask
from engine.domain.trial import CaseResult, TestCase, TrialRun
from engine.errors import Conflict, NotFound, StoreclerkError
from engine.ports import Clock, Identifiers
from engine.records import Records
from engine.trials.cases import TestCases
from engine.trials.gate import Gate
from engine.trials.scoring import problems

__all__ = ["Trials"]

SETTLED = {"ready", "testing", "passed", "rejected"}
"""States that a verdict moves; a live or retired version keeps its state."""


class Trials:
    """Starts trial runs, and is their steps."""

    def __init__(
        self,
        records: Records,
        cases: TestCases,
        answerer: Answerer,
        gate: Gate,
        clock: Clock,
        identifiers: Identifiers,
        concurrency: int,
    ) -> None:
        self.records, self.cases, self.answerer, self.gate = records, cases, answerer, gate
        self.clock, self.identifiers, self.concurrency = clock, identifiers, concurrency

    async def create(self, bot: Bot, version: BotVersion) -> TrialRun:
        """A queued run of all approved cases. Raises Conflict when there is none or the version is not ready."""
        if not version.can_answer:
            raise Conflict(f"Version {version.number} is {version.status!r} and cannot be tested.", code="not_ready")
        approved = await self.cases.approved(bot.merchant, bot.id)
        if not approved:
            raise Conflict("Approve at least one test question first.", code="no_approved_cases")
        trial = TrialRun(
            id=self.identifiers.new("trial"),
            merchant=bot.merchant,
            bot=bot.id,
            version=version.number,
            fingerprint=self.gate.fingerprint(version),
            status="queued",
            created_at=self.clock.now(),
            total=len(approved),
        )
        await self.records.trials.add(bot.merchant, trial.id, trial)
        return trial

    async def latest(self, merchant: str, bot: str, number: int) -> TrialRun:
        """The newest run of a version. Raises NotFound."""
        page = await self.records.trials.page(merchant, {"bot": bot, "version": number}, newest_first=True, limit=1)
        if not page.items:
            raise NotFound(f"version {number} was not tested yet")
        return page.items[0]

    async def begin(self, merchant: str, trial_id: str) -> list[str]:
        """Start the run; answers the ids of the cases to answer."""
        trial = await self.records.trials.get(merchant, trial_id)
        approved = await self.cases.approved(merchant, trial.bot)
        await self.records.trials.change(
            merchant, trial_id, lambda current: replace(current, status="running", total=len(approved))
        )
        version = await self.version(trial)
        if version.status in SETTLED:
            await self.settle(version, "testing")
        return [case.id for case in approved]

    async def version(self, trial: TrialRun) -> BotVersion:
        """The version under test."""
        return await self.records.versions.get(trial.merchant, f"{trial.bot}.{trial.version}")

    async def run_cases(self, merchant: str, trial_id: str, case_ids: Sequence[str]) -> bool:
        """Answer and score some cases; a case that has a result is not answered again. False when cancelled."""
        trial = await self.records.trials.get(merchant, trial_id)
        if trial.status != "running":
            return False
        done = {result.case for result in trial.results}
        bot, version = await self.records.bots.get(merchant, trial.bot), await self.version(trial)
        todo = [
            found.record
            for case_id in case_ids
            if case_id not in done and (found := await self.records.test_cases.find(merchant, case_id)) is not None
        ]
        fresh = await asyncio.gather(*(self.run_case(bot, version, case) for case in todo))

        def add(current: TrialRun) -> TrialRun:
            known = {result.case for result in current.results}
            results = (*current.results, *(result for result in fresh if result.case not in known))
            return replace(current, results=results, done=len(results))

        await self.records.trials.change(merchant, trial_id, add)
        return True

    async def run_case(self, bot: Bot, version: BotVersion, case: TestCase) -> CaseResult:
        """One case through the same `answer` that shoppers get."""
        try:
            reply = await self.answerer.answer(bot, version, Ask(case.question, channel="trial"), test=True)
        except StoreclerkError as error:
            return CaseResult(case.id, case.question, "", "failed", False, (error.message,), 0.0, 0.0, failed=True)
        outage = next((check.detail for check in reply.checks if check.name == "model" and not check.passed), None)
        if outage is not None:
            # Somebody else answered in the model's place: that proves nothing about the model.
            reason = f"The language model did not answer ({outage})."
            return CaseResult(case.id, case.question, reply.text, "failed", False, (reason,), 0.0, 0.0, failed=True)
        wrong = problems(case, reply)
        times = reply.timings_ms
        return CaseResult(
            case.id, case.question, reply.text, reply.outcome, not wrong, wrong, times.total, times.first_token
        )

    async def finish(self, merchant: str, trial_id: str) -> None:
        """End the run and settle the version's state by the gate."""
        now = self.clock.now()
        trial = await self.records.trials.change(
            merchant, trial_id, lambda current: replace(current, status="done", finished_at=now)
        )
        await self.review(await self.version(trial))

    async def review(self, version: BotVersion) -> None:
        """Bring a version's state into line with the gate's verdict."""
        report = await self.gate.report(version)
        if report.verdict == "pass":
            await self.settle(version, "passed")
        elif report.verdict == "fail":
            await self.settle(version, "rejected")

    async def settle(self, version: BotVersion, status: str) -> None:
        """Move a version that is under test to `status`; leave any other as it is."""

        def move(current: BotVersion) -> BotVersion:
            if current.status not in SETTLED or current.status == status:
                return current
            under_test = current if current.status == "testing" else current.to("testing")
            return under_test if status == "testing" else under_test.to(status)  # type: ignore[arg-type]

        await self.records.versions.change(version.merchant, f"{version.bot}.{version.number}", move)

    async def fail(self, merchant: str, trial_id: str, reason: str) -> None:
        """End the run with a reason; its results do not count."""
        now = self.clock.now()
        await self.records.trials.change(
            merchant, trial_id, lambda current: replace(current, status="failed", failure=reason, finished_at=now)
        )
