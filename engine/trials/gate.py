"""The gate: whether a version has proved that it may meet shoppers."""

from __future__ import annotations

import hashlib

from engine.domain.bot import BotVersion
from engine.domain.trial import GateReport, Rating, TrialRun, Verdict
from engine.records import Records
from engine.trials.metrics import METRICS, Evidence

__all__ = ["Gate"]


class Gate:
    """Weighs the evidence of exactly one version, made with exactly one configuration."""

    def __init__(self, records: Records, model_name: str) -> None:
        self.records, self.model_name = records, model_name

    def fingerprint(self, version: BotVersion) -> str:
        """SHA-256 over the version, the chat model and the gate's own definition: evidence counts for nothing else."""
        definition = ";".join(f"{metric.name}={metric.threshold}" for metric in METRICS)
        return hashlib.sha256(f"{version.fingerprint}|{self.model_name}|{definition}".encode()).hexdigest()

    async def report(self, version: BotVersion, *, automatic: bool = False) -> GateReport:
        """The verdict with every metric: fail when one fails, pass when all pass.

        `automatic` leaves out what only people can say: the part that fresher knowledge must pass by itself.
        """
        fingerprint = self.fingerprint(version)
        trial = await self.latest_trial(version, fingerprint)
        ratings = await self.ratings(version, fingerprint)
        evidence = Evidence(trial.results if trial is not None else (), tuple(ratings))
        metrics = tuple(metric.measure(evidence) for metric in METRICS if metric.automatic or not automatic)
        verdicts = {metric.verdict for metric in metrics}
        verdict: Verdict = "pass"
        if "fail" in verdicts:
            verdict = "fail"
        elif "not_enough_evidence" in verdicts:
            verdict = "not_enough_evidence"
        return GateReport(verdict, metrics, fingerprint)

    async def latest_trial(self, version: BotVersion, fingerprint: str) -> TrialRun | None:
        """The newest finished run with this very fingerprint."""
        where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number, "status": "done"}
        async for trial in self.records.trials.all(version.merchant, where, newest_first=True):
            if trial.fingerprint == fingerprint:
                return trial
        return None

    async def ratings(self, version: BotVersion, fingerprint: str) -> list[Rating]:
        """The last rating of each tester and answer with this very fingerprint."""
        where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number, "fingerprint": fingerprint}
        latest = {(r.tester, r.turn): r for r in await self.records.ratings.list(version.merchant, where)}
        return list(latest.values())
