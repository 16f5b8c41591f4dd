"""What a channel keeps of its links beyond one request, seen alike by all processes.

Never here: messages; and nothing that a process could as well find out anew.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime, timedelta

from engine.channels.gateway import OpenLink
from engine.channels.inbox import day_of
from engine.channels.links import ChannelLinks
from engine.errors import AlreadyExists, NotFound, StaleWrite
from engine.ports import Clock, Identifiers
from engine.records import Records

__all__ = ["CLAIMS", "LinkMemory"]

CLAIMS = "channel_claims"
"""A row for each thing that one process, or one request, has taken for itself."""


class LinkMemory:
    """Handed to channels when they are made."""

    def __init__(self, records: Records, links: ChannelLinks, clock: Clock, identifiers: Identifiers) -> None:
        self.records, self.links, self.clock, self.identifiers = records, links, clock, identifiers

    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def secret(self, length: int) -> str:
        """Characters that nobody can guess."""
        return self.identifiers.secret(length)

    async def fresh(self, link: OpenLink) -> OpenLink:
        """The link as it is kept now. Raises NotFound when it was ended."""
        return await self.links.open(await self.records.channel_links.get(link.merchant, link.id))

    async def learn(self, link: OpenLink, secrets: Mapping[str, str], settings: Mapping[str, str]) -> OpenLink:
        """Keep what the vendor gave; answers the link with it. Raises NotFound when it was ended."""
        kept = await self.records.channel_links.get(link.merchant, link.id)
        return await self.links.open(await self.links.learn(kept, secrets, **settings))

    async def take_place(self, link: OpenLink, address: str) -> None:
        """Note which place the link is. Raises Conflict when another bot is linked to it, NotFound."""
        kept = await self.records.channel_links.get(link.merchant, link.id)
        await self.links.take_place(kept, address)

    async def names(self, link: OpenLink) -> tuple[str, str]:
        """(what the assistant is called, what the shop is called), for channels that name who speaks."""
        bot = await self.records.bots.get(link.merchant, link.bot)
        return bot.persona.assistant_name, bot.name

    async def team_room(self, link: OpenLink) -> str:
        """The room of this link in which the shop's people take hand-overs over; empty for none."""
        found = await self.records.handover_rules.find(link.merchant, link.bot)
        rules = None if found is None else found.record
        return rules.room if rules is not None and rules.room_kind == link.kind else ""

    async def claim(self, link: OpenLink, what: str, lasting: timedelta) -> bool:
        """Whether this caller is the one that has `what` now: until it is released, or its time is over."""
        now, key = self.clock.now(), f"{link.id}:{what}"
        until = now + lasting
        body = {"link": link.id, "bot": link.bot, "until": until.isoformat(), "day": day_of(until)}
        try:
            await self.records.store.add(link.merchant, CLAIMS, key, body)
        except AlreadyExists:
            held = await self.records.store.get(link.merchant, CLAIMS, key)
            if held is None or datetime.fromisoformat(str(held.body["until"])) > now:
                return False
            try:
                await self.records.store.save(link.merchant, CLAIMS, key, body, held.etag)
            except (StaleWrite, NotFound):
                return False
        return True

    async def claimed_until(self, link: OpenLink, what: str) -> datetime | None:
        """When the claim on `what` ends, or ended; None when there is none."""
        held = await self.records.store.get(link.merchant, CLAIMS, f"{link.id}:{what}")
        return None if held is None else datetime.fromisoformat(str(held.body["until"]))

    async def hold(self, link: OpenLink, what: str, until: datetime) -> None:
        """Let what this caller has claimed end at another time, earlier or later."""
        held = await self.records.store.get(link.merchant, CLAIMS, f"{link.id}:{what}")
        if held is not None:
            body = {**held.body, "until": until.isoformat(), "day": day_of(until)}
            # Whoever wrote it meanwhile has let it go, or has taken it: theirs counts.
            with suppress(StaleWrite, NotFound):
                await self.records.store.save(link.merchant, CLAIMS, f"{link.id}:{what}", body, held.etag)

    async def release(self, link: OpenLink, what: str) -> None:
        """Let others claim it."""
        with suppress(NotFound):
            await self.records.store.delete(link.merchant, CLAIMS, f"{link.id}:{what}")
