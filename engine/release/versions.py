"""Versions of a bot: train, cancel, deploy, pause, resume, roll back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

from engine.audit import Audit
from engine.corrections import BotCorrections
from engine.domain.bot import Bot, BotVersion, IllegalTransition, ScheduledRelease, VersionKey
from engine.domain.trial import GateReport
from engine.errors import AlreadyExists, Conflict, FieldProblem, GateNotPassed, NotFound, Unavailable, spelled_out
from engine.ports import Clock
from engine.records import Listing, Records
from engine.trials.baselines import Baselines

__all__ = ["Versions"]

NOT_PASSED = {"fail": "not good enough", "not_enough_evidence": "not tested enough"}


def version_id(bot: str, number: int) -> str:
    """Key of a version's record."""
    return f"{bot}.{number}"


class Versions:
    """Use cases around versions. Deploy asks the gate it is given, on the server, every time."""

    def __init__(
        self,
        records: Records,
        clock: Clock,
        start_training: Callable[[VersionKey], Awaitable[None]],
        gate: Callable[[BotVersion], Awaitable[GateReport]],
        corrections: BotCorrections,
        audit: Audit,
        baselines: Baselines,
    ) -> None:
        self.records, self.clock, self.corrections, self.audit = records, clock, corrections, audit
        self.baselines = baselines
        self.start_training, self.gate = start_training, gate

    async def create(self, merchant: str, bot_id: str) -> BotVersion:
        """Freeze the draft and queue its training. Raises Conflict while another one is trained, or without sources."""
        sources = await self.records.sources.list(merchant, {"bot": bot_id})
        if not sources:
            await self.records.bots.get(merchant, bot_id)
            raise Conflict(
                "There is nothing to learn from yet: add a web address, a file or some text first.", code="no_sources"
            )
        return await self.add(merchant, bot_id, tuple(source.id for source in sources), replaces=None)

    async def create_update(self, live: BotVersion, sources: tuple[str, ...]) -> BotVersion:
        """A version that says what `live` says, on fresher knowledge. Raises Conflict while another one is trained."""
        return await self.add(live.merchant, live.bot, sources, replaces=live)

    async def add(
        self, merchant: str, bot_id: str, sources: tuple[str, ...], *, replaces: BotVersion | None
    ) -> BotVersion:
        """A queued version with the draft's words, or those of the version it replaces."""
        newest = await self.newest(merchant, bot_id)
        if newest is not None and newest.status in {"queued", "training"}:
            raise Conflict(
                f"Version {newest.number} is being trained; wait for it or stop it.", code="already_training"
            )
        bot = await self.records.bots.change(
            merchant, bot_id, lambda current: replace(current, next_version=current.next_version + 1)
        )
        words = bot if replaces is None else replaces
        version = BotVersion(
            merchant=merchant,
            bot=bot_id,
            number=bot.next_version - 1,
            status="queued",
            persona=words.persona,
            guardrails=words.guardrails,
            languages=words.languages,
            sources=sources,
            created_at=self.clock.now(),
            origin="merchant" if replaces is None else "sync",
            replaces=None if replaces is None else replaces.number,
        )
        try:
            await self.records.versions.add(merchant, version_id(bot_id, version.number), version)
        except AlreadyExists as error:
            raise Conflict("Another version was made at the same moment; look at it first.") from error
        try:
            await self.start_training(version.key)
        except Unavailable as error:
            reason = error.message
            await self.records.versions.change(
                merchant, version_id(bot_id, version.number), lambda queued: queued.to("failed", failure=reason)
            )
            raise
        return version

    async def newest(self, merchant: str, bot_id: str) -> BotVersion | None:
        """The newest version, whatever its state."""
        listing = await self.page(merchant, bot_id, 1, None)
        return listing.items[0] if listing.items else None

    async def get(self, merchant: str, bot_id: str, number: int) -> BotVersion:
        """One version. Raises NotFound."""
        found = await self.records.versions.find(merchant, version_id(bot_id, number))
        if found is None:
            raise NotFound(f"there is no version {number} of bot {bot_id!r}")
        return found.record

    async def page(self, merchant: str, bot_id: str, limit: int, cursor: str | None) -> Listing[BotVersion]:
        """A bot's versions, newest first."""
        return await self.records.versions.page(
            merchant, {"bot": bot_id}, newest_first=True, limit=limit, cursor=cursor
        )

    async def cancel(self, merchant: str, bot_id: str, number: int) -> BotVersion:
        """Stop a training. Raises Conflict when it is over already."""
        await self.get(merchant, bot_id, number)
        try:
            return await self.records.versions.change(
                merchant,
                version_id(bot_id, number),
                lambda version: version.to("cancelled", failure="You stopped this training."),
            )
        except IllegalTransition as error:
            raise Conflict(f"{error}: there is nothing left to stop.", code="not_training") from error

    async def deploy(
        self, merchant: str, bot_id: str, number: int, *, by: str = "", due: ScheduledRelease | None = None
    ) -> Bot:
        """Make a version live: one compare-and-set write. Raises GateNotPassed with the failing metrics.

        With `due` nobody stands by: a paused assistant stays paused, and a date that is not the bot's any more
        raises Conflict.
        """
        version = await self.get(merchant, bot_id, number)
        if not version.can_answer:
            raise Conflict(f"Version {number} is {version.status!r} and cannot answer shoppers.", code="not_ready")
        report = await self.gate(version)
        if report.verdict != "pass":
            problems = [
                FieldProblem(metric.name, metric.detail or NOT_PASSED[metric.verdict])
                for metric in report.metrics
                if metric.verdict != "pass"
            ]
            labels = {metric.name: metric.label for metric in report.metrics}
            opening = f"Version {number} has not passed its tests yet, so shoppers do not meet it."
            raise GateNotPassed(spelled_out(opening, problems, labels), fields=problems)
        await self.baselines.keep(version)
        bot = await self.go_live(
            merchant, bot_id, lambda bot: bot.deploy(number) if due is None else by_itself(bot, due)
        )
        await self.audit.note(merchant, bot_id, by=by, action="deploy", detail=f"Version {number} went live.")
        return bot

    async def rollback(self, merchant: str, bot_id: str, *, by: str = "") -> Bot:
        """Return to the version that was live before, with all that it knew. Raises Conflict when there is none.

        Sources that only the earlier version knows speak again although they were deleted: it comes back whole.
        """
        bot = await self.records.bots.get(merchant, bot_id)
        if bot.previous is not None:
            version = await self.get(merchant, bot_id, bot.previous)
            known = () if bot.live is None else (await self.get(merchant, bot_id, bot.live)).sources
            await self.corrections.restore_sources(merchant, bot_id, set(version.sources).difference(known))
        try:
            back = await self.go_live(merchant, bot_id, Bot.rollback)
        except IllegalTransition as error:
            raise Conflict(f"{error}.", code="no_previous_version") from error
        detail = f"Version {back.live} is live again, in place of version {back.previous}."
        await self.audit.note(merchant, bot_id, by=by, action="rollback", detail=detail)
        return back

    async def go_live(self, merchant: str, bot_id: str, change: Callable[[Bot], Bot]) -> Bot:
        """Write which version is live, then mark the versions; the bot's record alone decides what shoppers meet."""
        bot = await self.records.bots.change(merchant, bot_id, change)
        for number, status in ((bot.previous, "retired"), (bot.live, "live")):
            if number is None or (status == "retired" and number == bot.live):
                continue
            await self.records.versions.change(
                merchant,
                version_id(bot_id, number),
                lambda version, status=status: (  # type: ignore[misc]
                    version if version.status == status else replace(version, status=status)
                ),
            )
        return bot

    async def pause(self, merchant: str, bot_id: str, *, paused: bool, by: str = "") -> Bot:
        """Stop or resume answering shoppers. Raises Conflict when no version is live."""

        def change(bot: Bot) -> Bot:
            if bot.live is None:
                raise Conflict("No version is live yet.", code="not_live")
            return replace(bot, paused=paused)

        bot = await self.records.bots.change(merchant, bot_id, change)
        action, detail = ("pause", "It stopped answering.") if paused else ("resume", "It answers again.")
        await self.audit.note(merchant, bot_id, by=by, action=action, detail=detail)
        return bot

    async def learned(self, merchant: str, bot_id: str, *, trained_with: str | None = None) -> BotVersion | None:
        """The newest version that can answer, optionally one trained with a certain source."""
        async for version in self.records.versions.all(merchant, {"bot": bot_id}, newest_first=True):
            if version.can_answer and (trained_with is None or trained_with in version.sources):
                return version
        return None


def by_itself(bot: Bot, due: ScheduledRelease) -> Bot:
    """The bot once a date has come; the date goes in the same write. Raises Conflict when it was changed meanwhile."""
    if bot.scheduled != due:
        raise Conflict("Another time was chosen meanwhile.", code="rescheduled")
    return replace(bot.deploy(due.number), paused=bot.paused, scheduled=None)
