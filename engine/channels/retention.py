"""Forgets rows of channels once no platform repeats what they are about. Transcripts stay with their conversations.

Never here: what a shopper asks to be forgotten; that is `forgetting`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

from engine.channels.inbox import day_of
from engine.channels.links import OWNERS
from engine.channels.memory import CLAIMS
from engine.channels.team_posts import threads_of
from engine.ports import PLATFORM, Clock
from engine.records import Records

__all__ = ["Retention"]

KEPT_DAYS = 9
"""Platforms send again for up to seven days; a row that is forgotten earlier would be answered twice."""
LOOKED_BACK = 60
"""Days: an installation that was off for a while forgets what is due when it is on again."""
AT_ONCE = 500


class Retention:
    """Looks once a day."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.records, self.clock = records, clock
        self.done = ""

    async def daily(self) -> None:
        """Forget what is due, unless that was done today."""
        today = day_of(self.clock.now())
        if today != self.done:
            await self.forget()
            self.done = today

    async def forget(self) -> None:
        """Remove rows that are older than they are kept."""
        last = self.clock.now() - timedelta(days=KEPT_DAYS)
        async for merchant in self.merchants():
            for days in range(LOOKED_BACK):
                where: dict[str, str | int | bool] = {"day": day_of(last - timedelta(days=days))}
                await self.records.inbound.delete_where(merchant, where)
                await self.records.outbound.delete_where(merchant, where)
                await self.records.store.delete_where(merchant, CLAIMS, where)
                for post in await self.records.team_posts.list(merchant, where):
                    for thread in threads_of(post.id):
                        await self.records.store.delete(merchant, "channel_threads", thread)
                await self.records.team_posts.delete_where(merchant, where)

    async def merchants(self) -> AsyncIterator[str]:
        """Every merchant that has a link; rows go with a link that is ended."""
        known: set[str] = set()
        cursor: str | None = None
        while True:
            page = await self.records.store.query(PLATFORM, OWNERS, {}, limit=AT_ONCE, cursor=cursor)
            for merchant in {str(item.body["merchant"]) for item in page.items} - known:
                known.add(merchant)
                yield merchant
            cursor = page.cursor
            if cursor is None:
                return
