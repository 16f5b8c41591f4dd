"""Trial runs: started, gone through step by step, ended; each step may be done again.

Never here: how one case is asked and scored; see `asking`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace

from engine.domain.bot import Bot, BotVersion
from engine.domain.trial import CaseResult, KeptResult, TrialRun
from engine.errors import AlreadyExists, Conflict, NotFound
from engine.ports import Clock, Identifiers
from engine.records import Records
from engine.trials.asking import CaseAsking
from engine.trials.cases import TestCases
from engine.trials.gate import Gate
from engine.trials.old_results import OldResults
from engine.trials.settling import Settling

__all__ = ["TrialRules", "Trials"]

UNDER_WAY = ("running", "queued")
"""States of a run that has not ended; one that began comes before one that waits."""
CHANGED = "Something was changed while it ran (an answer, a correction, the requirements): test again."


@dataclass(frozen=True, slots=True)
class TrialRules:
    """How trial runs are done."""

    concurrency: int
    """Cases answered at the same time."""
    attempts: int
    """How often each case is asked: more than once where a language model answers, which may vary."""


class Trials:
    """Starts trial runs, and is their steps."""

    def __init__(
        self,
        records: Records,
        cases: TestCases,
        asking: CaseAsking,
        gate: Gate,
        clock: Clock,
        identifiers: Identifiers,
        rules: TrialRules,
    ) -> None:
        self.records, self.cases, self.asking, self.gate = records, cases, asking, gate
        self.clock, self.identifiers, self.rules = clock, identifiers, rules
        self.settling, self.old_results = Settling(records, gate), OldResults(records, gate)

    @property
    def concurrency(self) -> int:
        """Cases answered at the same time."""
        return self.rules.concurrency

    async def create(self, bot: Bot, version: BotVersion) -> TrialRun:
        """A queued run of all approved cases; one that waits already is the run that is answered.

        Raises Conflict when there is no case, the version is not ready, or a run of it is under way.
        """
        if not version.can_answer:
            raise Conflict(f"Version {version.number} is {version.status!r} and cannot be tested.", code="not_ready")
        approved = await self.cases.approved(bot.merchant, bot.id)
        if not approved:
            raise Conflict("Approve at least one test question first.", code="no_approved_cases")
        fingerprint, total = await self.gate.fingerprint(version), len(approved) * self.rules.attempts
        trial = TrialRun(
            id=self.identifiers.new("trial"),
            merchant=bot.merchant,
            bot=bot.id,
            version=version.number,
            fingerprint=fingerprint,
            status="queued",
            created_at=self.clock.now(),
            total=total,
            attempts=self.rules.attempts,
        )
        if (first := await self.under_way(version)) is None:
            await self.records.trials.add(bot.merchant, trial.id, trial)
            first = await self.under_way(version) or trial
            if first.id == trial.id:
                return trial
            # Somebody else asked at the same moment: whose run was kept first, runs.
            await self.records.trials.delete(bot.merchant, trial.id)

        def wait_on(current: TrialRun) -> TrialRun:
            if current.status == "queued":
                return replace(current, fingerprint=fingerprint, total=total)
            raise Conflict("This version is being tested already: wait for it or stop it.", code="already_running")

        return await self.records.trials.change(bot.merchant, first.id, wait_on)

    async def under_way(self, version: BotVersion) -> TrialRun | None:
        """The first run of a version that has not ended."""
        for status in UNDER_WAY:
            where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number, "status": status}
            page = await self.records.trials.page(version.merchant, where, limit=1)
            if page.items:
                return page.items[0]
        return None

    async def latest(self, merchant: str, bot: str, number: int) -> TrialRun:
        """The newest run of a version. Raises NotFound."""
        page = await self.records.trials.page(merchant, {"bot": bot, "version": number}, newest_first=True, limit=1)
        if not page.items:
            raise NotFound(f"version {number} was not tested yet")
        return page.items[0]

    async def results(self, trial: TrialRun) -> list[CaseResult]:
        """What is in so far, in the order of the answers."""
        return await self.gate.results(trial)

    async def mark(self, trial: TrialRun, case: str, attempt: int, *, right: bool | None) -> CaseResult:
        """Note what a person says of one answer. It is compared with the second opinion and decides nothing else."""
        kept = await self.records.case_results.change(
            trial.merchant,
            f"{trial.id}.{case}.{attempt}",
            lambda current: replace(current, result=replace(current.result, person_says_right=right)),
        )
        return kept.result

    async def cancel(self, merchant: str, bot: str, number: int) -> TrialRun:
        """Stop a run; what is in stays to be read, and counts for nothing. Raises NotFound, Conflict when it ended."""
        trial = await self.latest(merchant, bot, number)
        now = self.clock.now()

        def stop(current: TrialRun) -> TrialRun:
            if not current.under_way:
                raise Conflict(f"This test is {current.status}: there is nothing to stop.", code="not_running")
            return replace(current, status="cancelled", failure="You stopped this test.", finished_at=now)

        stopped = await self.records.trials.change(merchant, trial.id, stop)
        await self.settling.review(await self.version(stopped))
        return stopped

    async def begin(self, merchant: str, trial_id: str) -> list[str]:
        """Start the run; answers what is to be asked, each repeat of a case by itself. Nothing once it was stopped."""
        trial = await self.records.trials.get(merchant, trial_id)
        approved = await self.cases.approved(merchant, trial.bot)
        asked = [f"{case.id}#{attempt}" for attempt in range(1, trial.attempts + 1) for case in approved]

        def start(current: TrialRun) -> TrialRun:
            if not current.under_way:
                return current
            return replace(current, status="running", total=len(asked))

        if (await self.records.trials.change(merchant, trial_id, start)).status != "running":
            return []
        if not await self.unchanged(trial):
            return []
        await self.settling.begin(await self.version(trial))
        return asked

    async def unchanged(self, trial: TrialRun) -> bool:
        """Whether all that decides an answer is as it was when the run was asked for; otherwise the run fails.

        Asked again and again: an answer that is pinned while the run goes on, and let go before its end, would
        otherwise be proof for a version that does not give it.
        """
        if await self.gate.fingerprint(await self.version(trial)) == trial.fingerprint:
            return True
        await self.fail(trial.merchant, trial.id, CHANGED)
        return False

    async def version(self, trial: TrialRun) -> BotVersion:
        """The version under test."""
        return await self.records.versions.get(trial.merchant, f"{trial.bot}.{trial.version}")

    async def run_cases(self, merchant: str, trial_id: str, asked: Sequence[str], before: int = 0) -> bool:
        """Answer and score some repeats; one that has a result is not answered again.

        `before` counts those of earlier calls. False when the run was stopped, or something was changed meanwhile.
        """
        trial = await self.records.trials.get(merchant, trial_id)
        if trial.status != "running":
            return False
        bot, version = await self.records.bots.get(merchant, trial.bot), await self.version(trial)
        kept = await asyncio.gather(*(self.run_once(trial, bot, version, name) for name in asked))
        if not await self.unchanged(trial):
            return False
        done = before + sum(kept)
        await self.records.trials.change(merchant, trial_id, lambda current: replace(current, done=done))
        return True

    async def run_once(self, trial: TrialRun, bot: Bot, version: BotVersion, asked: str) -> bool:
        """One repeat of one case, unless its result is kept already; answers whether there is one now."""
        case_id, _, attempt = asked.partition("#")
        key = f"{trial.id}.{case_id}.{attempt}"
        if await self.records.case_results.find(trial.merchant, key) is not None:
            return True
        found = await self.records.test_cases.find(trial.merchant, case_id)
        if found is None:
            return False
        result = await self.asking.result(bot, version, found.record, int(attempt))
        # Create only: two workers that both answered it keep one result.
        with suppress(AlreadyExists):
            kept = KeptResult(key, trial.merchant, trial.bot, trial.version, trial.id, result)
            await self.records.case_results.add(trial.merchant, key, kept)
        return True

    async def finish(self, merchant: str, trial_id: str) -> None:
        """End the run and settle the version's state by the gate; one that has ended otherwise keeps its end."""
        trial = await self.records.trials.get(merchant, trial_id)
        # Counted once, at the end: a count reads all results there are, so one a batch would slow down long runs.
        done = await self.records.case_results.count(merchant, {"bot": trial.bot, "trial": trial.id})
        now = self.clock.now()

        def end(current: TrialRun) -> TrialRun:
            if current.status != "running":
                return current
            return replace(current, status="done", done=done, finished_at=now)

        trial = await self.records.trials.change(merchant, trial_id, end)
        await self.settling.review(await self.version(trial))
        await self.old_results.forget(merchant, trial.bot)

    async def fail(self, merchant: str, trial_id: str, reason: str) -> None:
        """End the run with a reason; its results do not count. A run that has ended keeps its end."""
        now = self.clock.now()

        def end(current: TrialRun) -> TrialRun:
            if not current.under_way:
                return current
            return replace(current, status="failed", failure=reason, finished_at=now)

        trial = await self.records.trials.change(merchant, trial_id, end)
        await self.settling.review(await self.version(trial))
