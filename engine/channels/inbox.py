"""Takes shoppers' messages in: each is kept once, whatever the platform repeats, before it is acknowledged.

Never here: answering.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from datetime import datetime

from engine.channels.gateway import Arrival
from engine.domain.channel import ChannelLink, InboundMessage, OutboundMessage
from engine.errors import AlreadyExists, Conflict, NotFound
from engine.ports import PLATFORM, Clock
from engine.records import Listing, Records

__all__ = ["WORK", "Inbox", "conversation_of", "message_id"]

WORK = "channel_work"
"""Platform-wide: a row for every message that waits, so that any process finds it."""
LONGEST_TEXT = 20_000


def message_id(link: ChannelLink, key: str) -> str:
    """Names a message of a link: the same in every retry."""
    return f"in_{hashlib.sha256(f'{link.id}|{key}'.encode()).hexdigest()[:40]}"


def conversation_of(link: ChannelLink, conversation: str) -> str:
    """Names a conversation of a link."""
    return f"conversation_{hashlib.sha256(f'{link.id}|{conversation}'.encode()).hexdigest()[:32]}"


class Inbox:
    """Keeps what came in."""

    def __init__(self, records: Records, clock: Clock) -> None:
        self.records, self.clock = records, clock

    async def accept(self, link: ChannelLink, arrival: Arrival) -> InboundMessage | None:
        """Keep a message; None when it is known already. When this returns, it survives a crash."""
        key = message_id(link, arrival.key)
        known = await self.records.inbound.find(link.merchant, key)
        if known is not None:
            await self.again(known.record)
            return None
        now = self.clock.now()
        message = InboundMessage(
            id=key,
            merchant=link.merchant,
            bot=link.bot,
            link=link.id,
            conversation=conversation_of(link, arrival.conversation),
            shopper=arrival.shopper,
            text=arrival.text[:LONGEST_TEXT],
            # A platform's clock may be wrong; a message from the future would keep all later ones waiting for it.
            at=min(arrival.at, now),
            received_at=now,
            place=dict(arrival.place),
            day=day_of(now),
        )
        try:
            await self.records.inbound.add(link.merchant, key, message)
        except AlreadyExists:
            await self.again(await self.records.inbound.get(link.merchant, key))
            return None
        # The message first: a row of work without one is dropped. Killed between, it was not acknowledged.
        await self.enqueue(message)
        return message

    async def again(self, known: InboundMessage) -> None:
        """A repeat: whoever kept the message may have died before it was put to work."""
        if known.status == "waiting":
            await self.enqueue(known)

    async def enqueue(self, message: InboundMessage | OutboundMessage) -> None:
        """Let a worker look at a message's conversation."""
        body = {"merchant": message.merchant, "conversation": message.conversation}
        await self.records.store.write_many(PLATFORM, WORK, {message.id: body})

    async def dead(self, merchant: str, bot: str, limit: int, cursor: str | None) -> Listing[InboundMessage]:
        """Messages that got no answer, newest first."""
        where: dict[str, str | int | bool] = {"bot": bot, "status": "dead"}
        return await self.records.inbound.page(merchant, where, newest_first=True, limit=limit, cursor=cursor)

    async def replay(self, merchant: str, bot: str, message: str) -> InboundMessage:
        """Try a message again that got no answer, or whose answer did not leave. Raises NotFound, Conflict."""
        found = await self.records.inbound.get(merchant, message)
        if found.bot != bot:
            raise NotFound(f"there is no message {message!r}")

        def again(current: InboundMessage) -> InboundMessage:
            if current.status != "dead":
                raise Conflict(f"This message is {current.status}: there is nothing to try again.", code="not_dead")
            return replace(current, status="waiting", attempts=0, not_before=None, failure="")

        waiting = await self.records.inbound.change(merchant, message, again)
        answer = await self.records.outbound.find(merchant, message)
        if answer is not None and answer.record.status == "dead":
            await self.records.outbound.change(
                merchant, message, lambda out: replace(out, status="waiting", attempts=0, not_before=None, failure="")
            )
        await self.enqueue(waiting)
        return waiting


def day_of(moment: datetime) -> str:
    """The date by which rows are forgotten."""
    return moment.date().isoformat()
