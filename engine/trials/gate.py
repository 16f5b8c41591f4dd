"""The gate: whether a version has proved that it may meet shoppers."""

from __future__ import annotations

import hashlib
from collections import Counter

from engine.corrections import BotCorrections
from engine.domain.bot import BotVersion
from engine.domain.trial import CaseResult, GateReport, Rating, TrialRun, Verdict
from engine.records import Records
from engine.trials.baselines import Baselines
from engine.trials.metrics import METRICS, Evidence
from engine.trials.rules import GateRuleBook, definition

__all__ = ["Gate", "overall"]


class Gate:
    """Weighs the evidence of exactly one version, made with exactly one configuration and one gate definition."""

    def __init__(
        self,
        records: Records,
        rules: GateRuleBook,
        corrections: BotCorrections,
        baselines: Baselines,
        composing: str,
    ) -> None:
        """`composing` names all that makes answers of a version's knowledge: models, prompt, reranker, their limits."""
        self.records, self.rules, self.corrections = records, rules, corrections
        self.baselines, self.composing = baselines, composing

    def answering(self, version: BotVersion) -> str:
        """SHA-256 over all that decides an answer: the version with its embedder, and what composes of it.

        What people thought of the answers is bound to this.
        """
        return hashlib.sha256(f"{version.fingerprint}|{self.composing}".encode()).hexdigest()

    async def fingerprint(self, version: BotVersion) -> str:
        """SHA-256 over the same, the corrections that lie over it, and the gate's definition: a run counts for this."""
        requirements = await self.rules.of(version.merchant, version.bot)
        overlay = await self.corrections.digest(version.merchant, version.bot, version.sources)
        parts = f"{self.answering(version)}|{overlay}|{definition(requirements)}"
        return hashlib.sha256(parts.encode()).hexdigest()

    async def report(self, version: BotVersion, *, automatic: bool = False) -> GateReport:
        """The verdict with every metric: fail when one fails, pass when all pass.

        `automatic` leaves out what only people can say: the part that fresher knowledge must pass by itself.
        """
        fingerprint = await self.fingerprint(version)
        requirements = await self.rules.of(version.merchant, version.bot)
        evidence = await self.evidence(version, fingerprint)
        metrics = tuple(
            metric.measure(evidence, requirements[metric.name])
            for metric in METRICS
            if metric.automatic or not automatic
        )
        return GateReport(overall([metric.verdict for metric in metrics]), metrics, fingerprint)

    async def evidence(self, version: BotVersion, fingerprint: str) -> Evidence:
        """All that counts for this very fingerprint."""
        trial = await self.latest_trial(version, fingerprint)
        results = [] if trial is None else await self.results(trial)
        wording = {
            case.id: case.digest
            async for case in self.records.test_cases.all(version.merchant, {"bot": version.bot})
            if case.counts
        }
        current = [result for result in results if wording.get(result.case) == result.digest]
        # A case that was edited between its repeats was asked too seldom in its present wording.
        asked = Counter(result.case for result in current)
        counted = tuple(result for result in current if trial is not None and asked[result.case] >= trial.attempts)
        waiting = 0 if trial is None else len(wording.keys() - {result.case for result in counted})
        taken_out = {result.case for result in results if not result.passed} - wording.keys()
        ratings = tuple(await self.ratings(version))
        words = (version.persona.greeting, version.guardrails.refusal_text, version.guardrails.contact_text)
        surprises = await self.baselines.surprises(version)
        return Evidence(
            counted,
            ratings,
            waiting,
            has_products=version.products > 0,
            own_words=words,
            taken_out=len(taken_out),
            surprises=surprises,
            confirmed=bool(surprises.digest) and await self.baselines.confirmation(surprises) is not None,
        )

    async def latest_trial(self, version: BotVersion, fingerprint: str) -> TrialRun | None:
        """The newest finished run with this very fingerprint."""
        where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number, "status": "done"}
        async for trial in self.records.trials.all(version.merchant, where, newest_first=True):
            if trial.fingerprint == fingerprint:
                return trial
        return None

    async def results(self, trial: TrialRun) -> list[CaseResult]:
        """How each case of a run went."""
        where: dict[str, str | int | bool] = {"bot": trial.bot, "trial": trial.id}
        return [kept.result async for kept in self.records.case_results.all(trial.merchant, where)]

    async def ratings(self, version: BotVersion) -> list[Rating]:
        """The last rating of each tester and answer of what answers now."""
        where: dict[str, str | int | bool] = {
            "bot": version.bot,
            "version": version.number,
            "fingerprint": self.answering(version),
        }
        latest = {(r.tester, r.turn): r for r in await self.records.ratings.list(version.merchant, where)}
        return list(latest.values())


def overall(verdicts: list[Verdict]) -> Verdict:
    """Fail when one failed, pass when all passed."""
    if "fail" in verdicts:
        return "fail"
    return "not_enough_evidence" if "not_enough_evidence" in verdicts else "pass"
