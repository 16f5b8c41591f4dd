"""Going live at a chosen time: the gate is asked then, as it is for every deploy.

The date is a record of the platform, so that a worker finds what is due without walking through every shop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from engine.audit import Audit
from engine.domain.bot import Bot, BotVersion, ScheduledRelease
from engine.errors import (
    Conflict,
    FieldProblem,
    GateNotPassed,
    InvalidInput,
    NotFound,
    StaleWrite,
    StoreclerkError,
    Unavailable,
)
from engine.ports import PLATFORM, Clock, StoredDocument
from engine.records import Records
from engine.release.versions import Versions

__all__ = ["Scheduling"]

COLLECTION = "scheduled_releases"
FURTHEST = timedelta(days=90)
log = structlog.get_logger("storeclerk.release")


class Scheduling:
    """Sets and forgets dates, and releases what is due."""

    def __init__(
        self,
        records: Records,
        versions: Versions,
        catch_up: Callable[[Bot], Awaitable[None]],
        audit: Audit,
        clock: Clock,
    ) -> None:
        self.records, self.versions, self.catch_up = records, versions, catch_up
        self.audit, self.clock = audit, clock

    async def set(self, version: BotVersion, at: datetime, *, by: str) -> Bot:
        """Let a version go live at a time; an earlier date of the bot is replaced. Raises InvalidInput, Conflict."""
        now = self.clock.now()
        if at.tzinfo is None or not now < at <= now + FURTHEST:
            raise InvalidInput(
                f"Choose a time with its zone, later than now and within {FURTHEST.days} days.",
                fields=[FieldProblem("at", "is not such a time")],
            )
        if not version.can_answer:
            raise Conflict(f"Version {version.number} is {version.status!r} and cannot go live.", code="not_ready")
        body = {"merchant": version.merchant, "at": at.isoformat()}
        # One write, and before the bot's own: killed between the two, nothing is shown that never comes.
        await self.records.store.write_many(PLATFORM, COLLECTION, {version.bot: body})
        scheduled = ScheduledRelease(version.number, at, by)
        bot = await self.records.bots.change(
            version.merchant, version.bot, lambda current: replace(current, scheduled=scheduled, schedule_note="")
        )
        detail = f"Version {version.number} is to go live at {at:%Y-%m-%d %H:%M %Z}."
        await self.audit.note(version.merchant, version.bot, by=by, action="schedule", detail=detail)
        return bot

    async def cancel(self, bot: Bot, *, by: str) -> Bot:
        """Forget the date. Raises Conflict when there is none."""
        if bot.scheduled is None:
            raise Conflict("No version is waiting to go live.", code="not_scheduled")
        stored = await self.records.store.get(PLATFORM, COLLECTION, bot.id)
        changed = await self.records.bots.change(bot.merchant, bot.id, lambda current: replace(current, scheduled=None))
        if stored is not None:
            await self.forget(stored)
        detail = f"Version {bot.scheduled.number} does not go live by itself any more."
        await self.audit.note(bot.merchant, bot.id, by=by, action="schedule_cancelled", detail=detail)
        return changed

    async def release_due(self) -> int:
        """Let every version whose time has come go live, if the gate agrees; answers how many did."""
        now, released, cursor = self.clock.now(), 0, None
        while True:
            page = await self.records.store.query(PLATFORM, COLLECTION, {}, limit=500, cursor=cursor)
            for stored in page.items:
                if datetime.fromisoformat(str(stored.body["at"])) <= now:
                    released += await self.release(stored)
            if page.cursor is None:
                return released
            cursor = page.cursor

    async def release(self, stored: StoredDocument) -> bool:
        """One bot's release, unless its date was changed after `stored` was read.

        A refusal is written where the merchant sees it, and not tried twice; what a store or a worker that is out
        of reach stopped is tried again.
        """
        merchant, bot_id = str(stored.body["merchant"]), stored.key
        found = await self.records.bots.find(merchant, bot_id)
        scheduled = None if found is None else found.record.scheduled
        if scheduled is None:
            await self.forget(stored)
            return False
        if scheduled.at > self.clock.now():
            return False
        by = f"{scheduled.by} (scheduled)"
        try:
            bot = await self.versions.deploy(merchant, bot_id, scheduled.number, by=by, due=scheduled)
        except (StaleWrite, NotFound, Unavailable) as error:
            log.warning("release.waits", bot=bot_id, reason=error.message)
            return False
        except StoreclerkError as error:
            await self.refused(stored, scheduled, error)
            return False
        await self.forget(stored)
        await self.catch_up(bot)
        return True

    async def forget(self, stored: StoredDocument) -> None:
        """Remove the platform's record when it is still the one that was read."""
        now = await self.records.store.get(PLATFORM, COLLECTION, stored.key)
        if now is not None and now.etag == stored.etag:
            await self.records.store.delete(PLATFORM, COLLECTION, stored.key)

    async def refused(self, stored: StoredDocument, scheduled: ScheduledRelease, error: StoreclerkError) -> None:
        """Say why a version did not go live at its time, unless another time was chosen meanwhile."""
        merchant, bot_id = str(stored.body["merchant"]), stored.key
        missing = " ".join(problem.message for problem in error.fields) if isinstance(error, GateNotPassed) else ""
        note = f"Version {scheduled.number} did not go live at its time. {error.message} {missing}".strip()

        def told(bot: Bot) -> Bot:
            return replace(bot, scheduled=None, schedule_note=note) if bot.scheduled == scheduled else bot

        bot = await self.records.bots.change(merchant, bot_id, told)
        if bot.schedule_note != note:
            return
        await self.forget(stored)
        await self.audit.note(merchant, bot_id, by=scheduled.by, action="schedule_refused", detail=note)
