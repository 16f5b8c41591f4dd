"""Lets answers leave, part by part, each marked before and after.

Between "it is about to leave" and "it has left" lies the one moment at which a crash makes a message come twice: no
vendor takes a key by which it could be told. It is counted. Never here: what is sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Literal

import structlog

from engine.channels.gateway import (
    ConnectionBroken,
    DeliveryDelayed,
    Gateway,
    NotDelivered,
    OpenLink,
    Payload,
    WindowClosed,
)
from engine.channels.late_words import LateWordsByKind
from engine.channels.links import ChannelLinks
from engine.channels.ownership import person_owns
from engine.channels.streams import StreamsByKind
from engine.domain.channel import ChannelLink, ChannelThread, OutboundMessage, OutboundPart
from engine.errors import StoreclerkError, Unavailable
from engine.ports import Clock
from engine.records import Records

__all__ = ["Sending"]

SEND_SECONDS = 25.0
"""A send is cut off after that: whoever takes a conversation over waits for it, and so does a process that ends."""
SHORTEST_PAUSE = 1.0
GIVE_UP = timedelta(hours=6)
"""So old an answer helps nobody, however often the vendor asks to wait."""
HELD = timedelta(minutes=1)
ATTEMPTS = 4
"""One, and three more after 1, 2 and 4 seconds."""
FAULT = "The answer could not be sent because of a fault in Storeclerk ({error}). Try it again."
log = structlog.get_logger("storeclerk.channels")


class LostPart(Exception):
    """Somebody else sends this message, or it was withdrawn."""


class Sending:
    """Sends what waits."""

    def __init__(
        self,
        records: Records,
        links: ChannelLinks,
        gateways: Mapping[str, Gateway],
        streams: StreamsByKind,
        late_words: LateWordsByKind,
        clock: Clock,
    ) -> None:
        self.records, self.links, self.gateways, self.streams, self.clock = records, links, gateways, streams, clock
        self.late_words = late_words
        self.watchers: list[Callable[[OutboundMessage, str], Awaitable[None]]] = []
        """Are told when something of a person, or to the team, has left or never will, and why not."""

    async def send(
        self, out: OutboundMessage, link: ChannelLink, opened: OpenLink, thread: ChannelThread
    ) -> datetime | None:
        """Let all parts leave that have not; answers when to try again, or None when it is over, well or not."""
        gateway = self.gateways[link.kind]
        while (place := out.next_part) is not None and out.status == "waiting":
            now = self.clock.now()
            waits = [at for at in (out.not_before, link.not_before, thread.next_send_at) if at is not None and at > now]
            if waits:
                return max(waits)
            try:
                out = await self.mark(out, place)
                # Where the answered message came from: the thread may have moved on meanwhile.
                there = replace(thread, place=out.place)
                if not await self.allowed(out):
                    await self.take_back(out, place, opened, there)
                    await self.end(out, "withdrawn", "A person had taken over the conversation.")
                    return None
                payload = self.in_window(out, place, opened, thread, now)
                async with asyncio.timeout(SEND_SECONDS):
                    sent_as = await self.let_go(out, place, payload, opened, there)
            except LostPart:
                return None
            except TimeoutError:
                return await self.failed(out, place, link, DeliveryDelayed("The vendor did not answer in time."))
            except StoreclerkError as error:
                return await self.failed(out, place, link, error)
            except Exception as error:
                log.exception("message.not_sent", link=link.id, kind=link.kind)
                return await self.failed(out, place, link, Unavailable(FAULT.format(error=type(error).__name__)))
            out = await self.left(out, place, sent_as)
            thread = await self.paced(thread, gateway.pace)
        if out.status == "sent":
            await self.links.seen(link, self.clock.now(), coming=False)
        return None

    async def let_go(
        self, out: OutboundMessage, place: int, payload: Payload, opened: OpenLink, there: ChannelThread
    ) -> str:
        """Let a part leave, or take the place of the stream that shows it; answers the vendor's name of it."""
        part = out.parts[place]
        if part.sent_as:
            return await self.streams[opened.kind].finish(opened, there, part.sent_as, payload)
        gateway = self.gateways[opened.kind]
        author: Literal["bot", "person"] = "person" if out.author == "person" else "bot"
        return await gateway.send(opened, there, payload, author=author, key=f"{out.id}.{place}")

    async def take_back(self, out: OutboundMessage, place: int, opened: OpenLink, there: ChannelThread) -> None:
        """Take the stream of a part off the screen, where there is one. Raises DeliveryFailed."""
        if out.parts[place].sent_as:
            async with asyncio.timeout(SEND_SECONDS):
                await self.streams[opened.kind].take_back(opened, there, out.parts[place].sent_as)

    async def left(self, out: OutboundMessage, place: int, sent_as: str) -> OutboundMessage:
        """Note that a part has left, and with the last one the whole message."""
        now = self.clock.now()
        done = OutboundPart(out.parts[place].payload, "sent", sent_as)

        def note(current: OutboundMessage) -> OutboundMessage:
            after = current.with_part(place, done)
            return after if after.next_part is not None else replace(after, status="sent", failure="", sent_at=now)

        after = await self.change(out, note)
        if after.status == "sent" and out.author != "bot":
            await self.tell(out, "")
        return after

    async def mark(self, out: OutboundMessage, place: int) -> OutboundMessage:
        """Note that a part is about to leave. Raises LostPart when it is not this process's to send any more."""
        seen = out.parts[place].status

        def about_to(current: OutboundMessage) -> OutboundMessage:
            if current.status != "waiting" or current.parts[place].status != seen:
                raise LostPart
            # What ends a stream may be done again: it is still the same message.
            again = 1 if seen == "sending" and not current.parts[place].sent_as else 0
            sending = replace(current.parts[place], status="sending")
            return replace(current.with_part(place, sending), maybe_twice=current.maybe_twice + again)

        return await self.records.outbound.change(out.merchant, out.id, about_to)

    async def allowed(self, out: OutboundMessage) -> bool:
        """Whether it may leave: nothing of the bot while a person owns the conversation.

        Looked up after the mark. Whoever takes over waits for what is marked, so nothing leaves after that.
        """
        return out.author != "bot" or not await person_owns(self.records, out.merchant, out.conversation)

    def in_window(
        self, out: OutboundMessage, place: int, opened: OpenLink, thread: ChannelThread, now: datetime
    ) -> Payload:
        """What a part is sent as: after the window, a person's words in the form that the vendor approved, if any.

        Raises WindowClosed.
        """
        payload = out.parts[place].payload
        try:
            self.check_window(self.gateways[opened.kind], thread, now)
        except WindowClosed:
            late = self.late_words.get(opened.kind)
            if out.author != "person" or late is None:
                raise
            return late.approved(opened, payload)
        return payload

    @staticmethod
    def check_window(gateway: Gateway, thread: ChannelThread, now: datetime) -> None:
        """Raise WindowClosed when the shopper wrote too long ago: looked at when it is sent, not when it came in."""
        window, last = gateway.window, thread.last_inbound_at
        if window is not None and (last is None or now - last >= window):
            raise WindowClosed(
                f"The shopper's last message is more than {window.total_seconds() / 3600:g} hours old; this channel "
                "lets nobody write unasked after that."
            )

    async def paced(self, thread: ChannelThread, pace: timedelta) -> ChannelThread:
        """Note when the next message of the conversation may leave."""
        if pace <= timedelta(0):
            return thread
        after = self.clock.now() + pace
        return await self.records.channel_threads.change(
            thread.merchant, thread.id, lambda current: replace(current, next_send_at=after)
        )

    async def failed(
        self, out: OutboundMessage, place: int, link: ChannelLink, error: StoreclerkError
    ) -> datetime | None:
        """Note why a part did not leave; answers when it is tried again, or None when it never is."""
        if isinstance(error, ConnectionBroken):
            log.warning("link.broken", link=link.id, kind=link.kind, reason=error.message)
            await self.links.refused(link, error.message)
        if isinstance(error, (ConnectionBroken, NotDelivered)) or out.attempts + 1 >= ATTEMPTS:
            await self.end(out, "dead", error.message)
            return None
        now = self.clock.now()
        asked = error.retry_after if isinstance(error, DeliveryDelayed) else None
        pause = timedelta(seconds=max(SHORTEST_PAUSE, asked) if asked is not None else 2**out.attempts)
        if now + pause - out.created_at > GIVE_UP:
            await self.end(out, "dead", error.message)
            return None
        if isinstance(error, DeliveryDelayed) and error.whole_link:
            await self.links.change(link, lambda current: replace(current, not_before=now + pause))
        log.info("message.delayed", link=link.id, kind=link.kind, seconds=pause.total_seconds(), reason=error.message)
        # A vendor that asks to wait has not refused: it may ask so as often as it likes.
        more = 0 if asked is not None else 1

        def back(current: OutboundMessage) -> OutboundMessage:
            part = current.parts[place]
            # A stream stays marked: part of it stands on the screen, and is not withdrawn without being taken off.
            waiting = part if part.sent_as else replace(part, status="waiting")
            return replace(current.with_part(place, waiting), attempts=current.attempts + more, not_before=now + pause)

        await self.change(out, back)
        return now + pause

    async def hold(self, out: OutboundMessage, reason: str) -> datetime | None:
        """Keep an answer while its link cannot be used; answers when to look again, or None once it is given up."""
        now = self.clock.now()
        if now - out.created_at > GIVE_UP:
            await self.end(out, "dead", reason)
            return None
        log.warning("message.held", link=out.link, message=out.id, reason=reason)
        return now + HELD

    async def change(
        self, out: OutboundMessage, change: Callable[[OutboundMessage], OutboundMessage]
    ) -> OutboundMessage:
        """Change an answer's record."""
        return await self.records.outbound.change(out.merchant, out.id, change)

    async def end(self, out: OutboundMessage, status: Literal["dead", "withdrawn"], failure: str) -> None:
        """End an answer that does not leave; it is shown with the message it was for."""
        await self.change(out, lambda current: replace(current, status=status, failure=failure))
        if status == "dead":
            log.warning("message.dead", link=out.link, message=out.id, reason=failure)
            await self.tell(out, failure)

    async def stop(self, out: OutboundMessage, link: ChannelLink, thread: ChannelThread, failure: str) -> None:
        """End an answer whose channel is not on any more, and take off the screen what a stream shows of it."""
        place = out.next_part
        if place is not None and out.parts[place].sent_as:
            try:
                await self.take_back(out, place, await self.links.open(link), replace(thread, place=out.place))
            except (StoreclerkError, TimeoutError) as error:
                log.warning("stream.left_behind", link=out.link, message=out.id, reason=type(error).__name__)
        await self.end(out, "dead", failure)

    async def tell(self, out: OutboundMessage, failure: str) -> None:
        """Note the end of an answer where people look for it: with what the shopper wrote, or with a person's words."""
        if out.author == "person":
            delivery: Literal["dead", "sent"] = "dead" if failure else "sent"
            await self.records.person_messages.change(
                out.merchant, out.id, lambda current: replace(current, delivery=delivery, failure=failure)
            )
        elif out.author == "bot" and failure:
            await self.records.inbound.change(
                out.merchant, out.id, lambda current: replace(current, status="dead", failure=failure)
            )
        if out.author != "bot":
            for watcher in self.watchers:
                try:
                    await watcher(out, failure)
                except Exception:
                    log.exception("message.watcher_broke", message=out.id)
