"""A person's words on their way to a shopper, in the channel where they wrote.

Never here: whether the person may speak; that is the hand-over's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import suppress

from engine.channels.gateway import Gateway
from engine.channels.inbox import Inbox, day_of
from engine.channels.links import ChannelLinks
from engine.domain.channel import ChannelLink, ChannelThread, OutboundMessage, OutboundPart
from engine.domain.conversation import Conversation, Reply
from engine.domain.handover import PersonMessage
from engine.errors import AlreadyExists, Conflict
from engine.handover.handover import Handover
from engine.ports import Clock
from engine.records import Records

__all__ = ["Speaking"]


class Speaking:
    """What people say, wherever they write it."""

    def __init__(
        self,
        records: Records,
        handover: Handover,
        links: ChannelLinks,
        gateways: Mapping[str, Gateway],
        inbox: Inbox,
        wake: Callable[[str, str], None],
        clock: Clock,
    ) -> None:
        self.records, self.handover, self.links, self.gateways = records, handover, links, gateways
        self.inbox, self.wake, self.clock = inbox, wake, clock

    async def say(
        self, conversation: Conversation, text: str, *, by: str, key: str = "", ident: str = ""
    ) -> PersonMessage:
        """Say something to a shopper; once, where it is named by `ident`. The conversation was taken over before.

        Raises InvalidInput, Conflict.
        """
        found = await self.records.channel_threads.find(conversation.merchant, conversation.id)
        thread = None if found is None else found.record
        link = None if thread is None else await self.records.channel_links.find(thread.merchant, thread.link)
        if thread is not None and (link is None or link.record.status != "on"):
            raise Conflict("Its channel is not linked just now, so nothing reaches the shopper.", code="channel_off")
        message = await self.handover.say(conversation, text, by=by, channel=thread is not None, key=key, ident=ident)
        if thread is not None and link is not None:
            await self.send(message, thread, link.record)
        return message

    async def send(self, message: PersonMessage, thread: ChannelThread, link: ChannelLink) -> None:
        """Put a person's words on their way, unless they are."""
        reply = Reply(message.conversation, message.id, message.text, "", "answered", model="person")
        payloads = self.gateways[link.kind].render(await self.links.open(link), reply, ())
        now = self.clock.now()
        out = OutboundMessage(
            id=message.id,
            merchant=message.merchant,
            bot=message.bot,
            link=link.id,
            conversation=message.conversation,
            place=thread.place,
            parts=tuple(OutboundPart(dict(payload)) for payload in payloads),
            created_at=now,
            day=day_of(now),
            author="person",
        )
        with suppress(AlreadyExists):
            await self.records.outbound.add(message.merchant, out.id, out)
        await self.inbox.enqueue(out)
        self.wake(message.merchant, message.conversation)
