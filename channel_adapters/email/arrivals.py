"""What is new in a mailbox: each mail becomes a shopper's message, or stays unread for people.

Never here: signing in, and where reading begins.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from datetime import datetime, timedelta

import structlog

from channel_adapters.email import limits
from channel_adapters.email.automatic import why_not_answered
from channel_adapters.email.composing import place_of
from channel_adapters.email.mailbox import Fetched, Mailbox
from channel_adapters.email.position import Position
from channel_adapters.email.reading import Mail, read_mail
from channel_adapters.email.threads import digest
from channel_adapters.email.troubles import MailTrouble
from channel_adapters.email.visits import Visit
from engine.channels.gateway import Arrival, OpenLink
from engine.channels.memory import LinkMemory

__all__ = ["Arrivals"]

log = structlog.get_logger("storeclerk.channels")


class Arrivals:
    """Shoppers' mails."""

    def __init__(self, memory: LinkMemory) -> None:
        self.memory = memory

    async def since(
        self, link: OpenLink, visit: Visit[Mailbox], position: Position, now: datetime
    ) -> AsyncGenerator[Arrival, None]:
        """Shoppers' messages from a position on; each is marked as read when the next is asked for.

        How far it came is kept with the link. Raises MailTrouble.
        """
        loop, begun = asyncio.get_running_loop(), position
        noted_at = loop.time()
        for count, uid in enumerate(await visit.run(Mailbox.unread, position.next), 1):
            if (arrival := await self.looked_at(link, visit, uid, position, now)) is not None:
                yield arrival
                await visit.run(Mailbox.mark_read, uid)
            position = position.after(uid, now)
            if count % limits.MAILS_AT_ONCE == 0 or loop.time() - noted_at > limits.NOTED_SECONDS:
                await self.memory.learn(link, {}, position.settings())
                noted_at = loop.time()
        if position != begun:
            await self.memory.learn(link, {}, position.settings())

    async def looked_at(
        self, link: OpenLink, visit: Visit[Mailbox], uid: int, position: Position, now: datetime
    ) -> Arrival | None:
        """A shopper's message; None for a mail that is not answered, or cannot be fetched. Raises MailTrouble."""
        if position.gives_up(uid):
            log.warning("mail.not_fetched", link=link.id, tries=position.stumbles)
            return None
        try:
            fetched = await visit.run(Mailbox.fetch, uid)
        except MailTrouble:
            await self.memory.learn(link, {}, position.before(uid).settings())
            raise
        return None if fetched is None else await self.arrival(link, fetched, position, now)

    async def arrival(self, link: OpenLink, fetched: Fetched, position: Position, now: datetime) -> Arrival | None:
        """A mail as a shopper's message; None for one that is not answered."""
        if position.since is not None and fetched.arrived_at < position.since:
            return None
        try:
            mail = await asyncio.to_thread(read_mail, fetched.content)
        except Exception as error:
            # Strangers write it, and parsers stumble in many ways: one mail must not keep all later ones from us.
            log.warning("mail.unreadable", link=link.id, reason=type(error).__name__)
            return None
        reason = why_not_answered(mail.headers, mail.sender, link.settings["address"])
        if reason is None and now - fetched.arrived_at > limits.OLDEST:
            reason = "too_old"
        if reason is None and not await self.may_answer(link, mail.sender):
            reason = "too_many"
        if reason is not None:
            log.info("mail.left", link=link.id, reason=reason)
            return None
        return arrival_of(mail, fetched)

    async def may_answer(self, link: OpenLink, sender: str) -> bool:
        """Whether one more answer may go to an address within this hour; it counts from now on."""
        for turn in range(limits.MOST_AN_HOUR):
            if await self.memory.claim(link, f"mail:{digest(sender)}:{turn}", timedelta(hours=1)):
                return True
        return False


def arrival_of(mail: Mail, fetched: Fetched) -> Arrival:
    """A mail as a shopper's message: a conversation is a thread with one address."""
    return Arrival(
        key=mail.id,
        conversation=f"{mail.root}|{mail.sender}",
        shopper=mail.sender,
        text=mail.text,
        at=fetched.arrived_at,
        place=place_of(mail),
    )
