"""The state that tests give a version: under test, passed, rejected, or ready for more.

Never here: what is proved; the gate says that.
"""

from __future__ import annotations

from engine.domain.bot import BotVersion
from engine.records import Records
from engine.trials.gate import Gate

__all__ = ["Settling"]

SETTLED = {"ready", "testing", "passed", "rejected"}
"""States that a verdict moves; a live or retired version keeps its state."""


class Settling:
    """Brings the state of versions into line with their tests."""

    def __init__(self, records: Records, gate: Gate) -> None:
        self.records, self.gate = records, gate

    async def begin(self, version: BotVersion) -> None:
        """The version is under test from now on."""
        await self.move(version, "testing")

    async def review(self, version: BotVersion) -> None:
        """Bring a version's state into line with the gate's verdict; while a run is under way it stays `testing`."""
        page = await self.records.trials.page(
            version.merchant, {"bot": version.bot, "version": version.number}, newest_first=True, limit=1
        )
        if any(trial.under_way for trial in page.items):
            return
        report = await self.gate.report(version)
        if report.verdict == "pass":
            await self.gate.baselines.keep(version)
        states = {"pass": "passed", "fail": "rejected", "not_enough_evidence": "ready"}
        await self.move(version, states[report.verdict])

    async def move(self, version: BotVersion, status: str) -> None:
        """Move a version that is under test to `status`; leave any other as it is."""

        def move(current: BotVersion) -> BotVersion:
            if current.status not in SETTLED or current.status == status:
                return current
            under_test = current if current.status == "testing" else current.to("testing")
            return under_test if status == "testing" else under_test.to(status)  # type: ignore[arg-type]

        await self.records.versions.change(version.merchant, f"{version.bot}.{version.number}", move)
