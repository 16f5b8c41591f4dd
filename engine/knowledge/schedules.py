"""When sources are read again by themselves.

A schedule is a record of the platform, so that a worker finds what is due without walking through every shop.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from engine.domain.knowledge import Source
from engine.errors import FieldProblem, InvalidInput, NotFound, StaleWrite, Unavailable
from engine.ports import PLATFORM, Clock, StoredDocument
from engine.records import Records

__all__ = ["CHOICES", "Schedules", "StartSync"]

COLLECTION = "schedules"
CHOICES = (0, 15, 30, 60, 180, 360, 720, 1440, 4320, 10080)
"""Minutes between two readings: never, from a quarter of an hour to a week."""
RUN = "%Y%m%dT%H%M%S"
log = structlog.get_logger("storeclerk.schedules")
StartSync = Callable[[str, str, str, str], Awaitable[None]]


class Schedules:
    """Sets schedules, and starts what is due."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.records, self.clock = records, clock

    async def set(self, source: Source, minutes: int) -> Source:
        """Read a source every so many minutes, or never by itself. Raises InvalidInput."""
        if minutes not in CHOICES:
            raise InvalidInput(
                f"A source can be read every {', '.join(map(str, CHOICES[1:]))} minutes, or 0 for never.",
                fields=[FieldProblem("schedule_minutes", f"{minutes} is not one of the choices")],
            )
        await self.remove(source.id)
        next_at = self.clock.now() + timedelta(minutes=minutes) if minutes else None
        if next_at is not None:
            await self.records.store.add(PLATFORM, COLLECTION, source.id, entry(source, next_at))

        def note(current: Source) -> Source:
            freshness = replace(current.freshness, next_at=next_at)
            return replace(current, schedule_minutes=minutes, freshness=freshness)

        return await self.records.sources.change(source.merchant, source.id, note)

    async def remove(self, source_id: str) -> None:
        """Forget a source's schedule; no error when it has none."""
        await self.records.store.delete(PLATFORM, COLLECTION, source_id)

    async def start_due(self, start: StartSync) -> int:
        """Start the reading of every source whose time has come; answers how many."""
        now, started, cursor = self.clock.now(), 0, None
        while True:
            page = await self.records.store.query(PLATFORM, COLLECTION, {}, limit=500, cursor=cursor)
            for stored in page.items:
                if datetime.fromisoformat(str(stored.body["next_at"])) <= now:
                    started += await self.fire(stored, now, start)
            if page.cursor is None:
                return started
            cursor = page.cursor

    async def fire(self, stored: StoredDocument, now: datetime, start: StartSync) -> bool:
        """Start one reading and set its next time. Several workers may try: the run's name makes it start once."""
        merchant, due = str(stored.body["merchant"]), str(stored.body["next_at"])
        found = await self.records.sources.find(merchant, stored.key)
        if found is None or not found.record.schedule_minutes:
            await self.remove(stored.key)
            return False
        source = found.record
        try:
            await start(merchant, source.bot, source.id, f"sync-{datetime.fromisoformat(due):{RUN}}")
            next_at = now + timedelta(minutes=source.schedule_minutes)
            await self.records.store.save(PLATFORM, COLLECTION, source.id, entry(source, next_at), stored.etag)
            await self.records.sources.change(
                merchant, source.id, lambda s: replace(s, freshness=replace(s.freshness, next_at=next_at))
            )
        except (StaleWrite, NotFound):
            return False  # another worker was first, or it was removed at this moment
        except Unavailable as error:
            log.warning("schedule.waits", source=source.id, reason=error.message)
            return False
        return True


def entry(source: Source, next_at: datetime) -> dict[str, object]:
    """The platform's record of a schedule."""
    return {"merchant": source.merchant, "bot": source.bot, "next_at": next_at.isoformat()}
