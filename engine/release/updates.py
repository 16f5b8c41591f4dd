"""Fresher knowledge for a bot that is live: data at once, words through the gate's automatic part.

Prices, stock, addresses and pictures of products are data: they refresh inside the versions that shoppers may meet.
Words are behaviour: they make a new version, which takes over only when the approved test questions still pass.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

import structlog

from engine.audit import ITSELF
from engine.domain.bot import Bot, BotVersion, VersionKey
from engine.domain.knowledge import Source, SourceCopy
from engine.errors import Conflict, NotFound, Unavailable
from engine.knowledge.copies import Copies
from engine.knowledge.progress import TrainingProgress
from engine.knowledge.syncing import Syncing
from engine.ports import Catalogue
from engine.records import Records
from engine.release.versions import Versions
from engine.trials.gate import Gate
from engine.trials.trials import Trials

__all__ = ["Updates"]

log = structlog.get_logger("storeclerk.release")
KEPT_UPDATES = 3
"""Versions made by syncs that are kept beside the live one and the one before."""
MOST_FAILURES = 3
"""Updates that fail in a row before no further one is tried by itself."""
PURGEABLE = frozenset({"ready", "passed", "rejected", "retired", "failed", "cancelled"})


class Updates:
    """What follows when a source brought something new."""

    def __init__(
        self,
        records: Records,
        copies: Copies,
        catalogue: Catalogue,
        versions: Versions,
        syncing: Syncing,
        progress: TrainingProgress,
        gate: Gate,
        trials: Trials,
        start_update: Callable[[Source, str], Awaitable[None]],
    ) -> None:
        self.records, self.copies, self.catalogue, self.progress = records, copies, catalogue, progress
        self.syncing = syncing
        self.versions, self.gate, self.trials, self.start_update = versions, gate, trials, start_update

    async def bot(self, merchant: str, bot_id: str) -> Bot | None:
        """The bot, or None when it was removed."""
        found = await self.records.bots.find(merchant, bot_id)
        return None if found is None else found.record

    async def refresh(self, merchant: str, source_id: str) -> int:
        """Bring a source's prices and stock into the versions that may be met; answers how many products changed."""
        found = await self.records.sources.find(merchant, source_id)
        if found is None or (copy := found.record.copy) is None:
            return 0
        source = found.record
        bot = await self.bot(merchant, source.bot)
        newest = await self.versions.learned(merchant, source.bot)
        numbers = [] if bot is None else [bot.live, bot.previous, None if newest is None else newest.number]
        changed = 0
        for number in sorted({number for number in numbers if number is not None}):
            changed = max(changed, await self.refresh_version(source, copy, number))
        return changed

    async def refresh_version(self, source: Source, copy: SourceCopy, number: int) -> int:
        """Bring a copy's prices and stock into one version that was trained on the source."""
        version = await self.versions.get(source.merchant, source.bot, number)
        if version.data.get(source.id, copy.data) == copy.data:
            return 0
        done = await self.catalogue.refresh(version.key, source.id, self.copies.products(source, copy), copy.at)
        await self.records.versions.change(
            source.merchant,
            f"{source.bot}.{number}",
            lambda current: replace(current, data={**current.data, source.id: copy.data}),
        )
        return done.changed + done.gone

    async def accept(self, source: Source) -> Source:
        """Use a reading that was held back, and start bringing it to shoppers. Raises Conflict when there is none."""
        accepted = await self.syncing.accept(source)
        await self.start_updating(accepted, "accepted")
        return accepted

    async def start_updating(self, source: Source, why: str) -> None:
        """Start bringing a copy to shoppers; where no worker runs, the next reading does it."""
        try:
            await self.start_update(source, why)
        except Unavailable as error:
            log.warning("prices.not_refreshed", bot=source.bot, source=source.id, reason=error.message)

    async def refresh_all(self, key: VersionKey) -> None:
        """Bring the newest prices into a version that was trained while others came in."""
        version = await self.versions.get(key.merchant, key.bot, key.number)
        for source_id in version.copies:
            found = await self.records.sources.find(key.merchant, source_id)
            if found is not None and found.record.copy is not None:
                await self.refresh_version(found.record, found.record.copy, key.number)

    async def catch_up(self, bot: Bot) -> None:
        """Start bringing fresh prices to a version that just went live: it may have stood aside for long."""
        for source in await self.records.sources.list(bot.merchant, {"bot": bot.id}):
            if source.copy is not None and source.copy.products:
                await self.start_updating(source, f"live-{bot.live}")

    async def start(self, merchant: str, bot_id: str) -> int | None:
        """Train a version on the newest words when the live one knows older ones; answers its number."""
        bot = await self.bot(merchant, bot_id)
        if bot is None or bot.live is None:
            return None
        live = await self.versions.get(merchant, bot_id, bot.live)
        sources = [s for s in await self.records.sources.list(merchant, {"bot": bot_id}) if s.id in live.sources]
        now = {source.id: source.copy.words for source in sources if source.copy is not None}
        if knows(live, now):
            return None
        newest = await self.versions.newest(merchant, bot_id)
        if newest is not None and newest.origin == "sync" and newest.status == "queued":
            await self.versions.start_training(newest.key)  # a crash may have come between the record and the job
            return newest.number
        if newest is not None and newest.number > live.number and newest.can_answer and knows(newest, now):
            return None  # tried already, or made by the merchant: it stands beside the live one
        if await self.failures_since(live) >= MOST_FAILURES:
            return None  # something is wrong that trying again does not mend; a person's training ends the waiting
        try:
            return (await self.versions.create_update(live, tuple(source.id for source in sources))).number
        except Conflict:
            return None  # a training is under way; it looks again when it ends

    async def failures_since(self, live: BotVersion) -> int:
        """How many versions made by syncs failed in a row since the newest one that did not."""
        count = 0
        async for version in self.records.versions.all(live.merchant, {"bot": live.bot}, newest_first=True):
            if version.number <= live.number or version.origin != "sync" or version.status != "failed":
                break
            count += 1
        return count

    async def trial(self, key: VersionKey) -> str | None:
        """A run of the approved test questions against a version made by a sync, or None when there are none."""
        version = await self.versions.get(key.merchant, key.bot, key.number)
        bot = await self.bot(key.merchant, key.bot)
        if bot is None or version.origin != "sync":
            return None
        try:
            return (await self.trials.create(bot, version)).id
        except Conflict as error:
            await self.note(version, f"It stands beside the live version: {error.message}")
            return None

    async def settle(self, key: VersionKey) -> bool:
        """Let a version made by a sync take over when the automatic part of the gate passes; answers whether."""
        version = await self.versions.get(key.merchant, key.bot, key.number)
        bot = await self.bot(key.merchant, key.bot)
        if bot is None:
            return False
        if bot.live == version.number:  # killed after the deciding write: what marks the versions is left to do
            await self.versions.go_live(key.merchant, key.bot, lambda current: current)
            return True
        if bot.live != version.replaces:
            await self.note(version, "Another version went live meanwhile, so this one stands beside it.")
            return False
        report = await self.gate.report(version, automatic=True)
        if report.verdict != "pass":
            reasons = " ".join(metric.detail for metric in report.metrics if metric.verdict != "pass")
            await self.note(version, f"It did not pass its tests, so version {bot.live} stays live. {reasons}".strip())
            return False

        await self.versions.baselines.keep(version)

        def take_over(current: Bot) -> Bot:
            if current.live != version.replaces:
                raise Conflict("another version went live meanwhile")
            return replace(current.deploy(version.number), paused=current.paused)

        try:
            await self.versions.go_live(key.merchant, key.bot, take_over)
        except Conflict:
            await self.note(version, "Another version went live meanwhile, so this one stands beside it.")
            return False
        told = f"Version {version.number} passed its tests and took the place of version {version.replaces}."
        await self.versions.audit.note(key.merchant, key.bot, by=ITSELF, action="update", detail=told)
        await self.note(version, f"It passed its tests and took the place of version {version.replaces}.")
        return True

    async def note(self, version: BotVersion, note: str) -> None:
        """Write down what became of a version."""
        try:
            await self.records.versions.change(
                version.merchant, f"{version.bot}.{version.number}", lambda current: replace(current, note=note)
            )
        except NotFound:
            return

    async def purge(self, merchant: str, bot_id: str) -> int:
        """Forget older versions made by syncs, so that a schedule does not fill the disk; answers how many.

        What is live, was live before, or is among the newest few stays; so does every version that a person made.
        """
        bot = await self.bot(merchant, bot_id)
        if bot is None:
            return 0
        listing = [v async for v in self.records.versions.all(merchant, {"bot": bot_id}, newest_first=True)]
        made = [version for version in listing if version.origin == "sync" and version.number != bot.live]
        old = [v for v in made[KEPT_UPDATES:] if v.number != bot.previous and v.status in PURGEABLE]
        # A version that is marked but still counts passages was left half purged by a crash.
        old += [v for v in listing if v.status == "purged" and v.passages]
        for version in old:
            await self.progress.purge(version)
        return len(old)


def knows(version: BotVersion, words: Mapping[str, str]) -> bool:
    """Whether a version was trained on these very words of these sources."""
    return all(version.copies.get(source) == digest for source, digest in words.items())
