"""Which answers of earlier trial runs are still needed: the others are forgotten when a run ends.

Never here: the runs themselves; their records stay, with their figures and their end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.domain.trial import TrialRun
from engine.records import Records
from engine.trials.gate import Gate

__all__ = ["OldResults"]

NEWEST_KEPT = 5
"""Runs of a bot whose answers stay whatever they prove."""


class OldResults:
    """Forgets what nobody looks at and nothing is proved by: every search among results reads them all."""

    def __init__(self, records: Records, gate: Gate) -> None:
        self.records, self.gate = records, gate

    async def forget(self, merchant: str, bot: str) -> int:
        """Remove the answers of runs that are not needed; answers of how many runs."""
        runs = [
            run async for run in self.records.trials.all(merchant, {"bot": bot}, newest_first=True) if run.has_results
        ]
        needed = {run.id for run in runs[:NEWEST_KEPT]} | newest_done(runs)
        old = [run for run in runs if run.id not in needed and not run.under_way]
        for number in {run.version for run in old}:
            needed |= await self.counting(merchant, bot, number)
        forgotten = [run for run in old if run.id not in needed]
        for run in forgotten:
            await self.records.case_results.delete_where(merchant, {"bot": bot, "trial": run.id})
            # Marked when they are gone: killed before, they are removed once more.
            await self.records.trials.change(merchant, run.id, lambda current: replace(current, has_results=False))
        return len(forgotten)

    async def counting(self, merchant: str, bot: str, number: int) -> set[str]:
        """The run that a version's verdict rests on; it need not be its newest, as when a pin was let go again."""
        found = await self.records.versions.find(merchant, f"{bot}.{number}")
        if found is None or not found.record.can_answer:
            return set()
        run = await self.gate.latest_trial(found.record, await self.gate.fingerprint(found.record))
        return set() if run is None else {run.id}


def newest_done(runs: Sequence[TrialRun]) -> set[str]:
    """The newest run of each version that went to its end, of runs that are newest first."""
    newest: dict[int, str] = {}
    for run in runs:
        if run.status == "done":
            newest.setdefault(run.version, run.id)
    return set(newest.values())
