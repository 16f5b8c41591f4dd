"""Lets a shopper read an answer while it is made (ADR 18).

The row of the answer is there before its stream begins, and says that something leaves until the answer is whole or
the stream is gone from the screen. A stream is an extra: its trouble is logged, and the answer goes its usual way.
Never here: what is answered, and how an answer that is whole is sent.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field, replace

import structlog

from engine.channels.gateway import DeliveryDelayed, DeliveryFailed, OpenLink
from engine.channels.ownership import link_is_on, person_owns
from engine.channels.streams import Shown, Streams
from engine.domain.channel import ChannelThread, InboundMessage
from engine.errors import NotFound, StoreclerkError
from engine.ports import Clock
from engine.records import Records

__all__ = ["CALL_SECONDS", "AnswerStream", "Growing"]

FAST = 1.0
"""Seconds: what is whole by then comes at once, as it always did."""
TICK = 0.25
"""Seconds between two looks at the text, and at who owns the conversation."""
CALL_SECONDS = 20.0
"""Each call is cut off after that: a person who takes over waits for it."""
log = structlog.get_logger("storeclerk.channels")


@dataclass
class Growing:
    """An answer in the making: what of it may leave so far."""

    notice: str = ""
    text: str = ""
    over: asyncio.Event = field(default_factory=asyncio.Event)
    """Set once the answer is whole, or is not made after all."""


class AnswerStream:
    """The stream of one answer."""

    def __init__(
        self,
        records: Records,
        clock: Clock,
        streams: Streams,
        message: InboundMessage,
        opened: OpenLink,
        there: ChannelThread,
        growing: Growing,
    ) -> None:
        self.records, self.clock, self.streams, self.message = records, clock, streams, message
        self.opened, self.there, self.growing = opened, there, growing
        self.shown: Shown | None = None
        self.taking = True
        """Whether it is given more text."""
        self.next_at = self.ends = 0.0

    async def run(self) -> None:
        """Show the answer as it grows, until it is whole. Raises nothing but that it is cancelled."""
        try:
            await self.resume()
            if self.shown is None and await self.is_over(FAST):
                return
            while not await self.is_over(TICK):
                if not await self.step():
                    return
        except (StoreclerkError, TimeoutError) as error:
            log.warning("stream.ended", link=self.message.link, message=self.message.id, reason=str(error))
        except Exception:
            log.exception("stream.broke", link=self.message.link, message=self.message.id)

    async def is_over(self, seconds: float) -> bool:
        """Wait a moment; answers whether the answer became whole meanwhile."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.growing.over.wait(), seconds)
        return self.growing.over.is_set()

    async def resume(self) -> None:
        """Look for a stream that a process began which died, or that an attempt to answer left open.

        It is given nothing more, as the answer may be another one now; it is only ended where a person takes over.
        """
        found = await self.records.outbound.find(self.message.merchant, self.message.id)
        if found is not None:
            self.taking = False
            self.shown = Shown(found.record.stream, "") if found.record.stream else None

    async def step(self) -> bool:
        """Do what is to be done now; answers whether there is more to do."""
        if self.shown is None:
            return self.taking and await self.begin()
        if not await self.may_speak():
            await self.end()
            return False
        if self.taking:
            await self.go_on(self.shown)
        return True

    async def may_speak(self) -> bool:
        """Whether the bot still answers here."""
        message = self.message
        if await person_owns(self.records, message.merchant, message.conversation):
            return False
        return await link_is_on(self.records, message.merchant, message.link)

    async def begin(self) -> bool:
        """Begin the stream once there is something to read; answers whether there is more to do."""
        text = self.text()
        if not text or await self.has_to_wait():
            return True
        making = replace(self.message.answer((), self.clock.now()), status="making")
        await self.records.outbound.add(making.merchant, making.id, making)
        if not await self.may_speak():
            await self.forget()
            return False
        try:
            async with asyncio.timeout(CALL_SECONDS):
                name = await self.streams.begin(self.opened, self.there, text)
        except DeliveryFailed as error:
            if not isinstance(error, DeliveryDelayed) or error.retry_after is not None:
                await self.forget()
            # Else it may have begun: the row without a name stays, and is counted.
            log.info("stream.not_begun", link=self.message.link, kind=self.opened.kind, reason=error.message)
            return False
        self.shown = Shown(name, text)
        try:
            # Before anything else: whoever goes on after a crash ends this stream, and sends no second message.
            await self.records.outbound.change(
                making.merchant, making.id, lambda current: replace(current, stream=name)
            )
        except StoreclerkError:
            await self.end()
            raise
        now = asyncio.get_running_loop().time()
        self.next_at, self.ends = now + self.streams.limits.pause, now + self.streams.limits.seconds
        return True

    async def has_to_wait(self) -> bool:
        """Whether the vendor asked to send nothing just now."""
        now = self.clock.now()
        thread = await self.records.channel_threads.find(self.message.merchant, self.message.conversation)
        link = await self.records.channel_links.find(self.message.merchant, self.message.link)
        until = [
            None if thread is None else thread.record.next_send_at,
            None if link is None else link.record.not_before,
        ]
        return any(at is not None and at > now for at in until)

    async def go_on(self, shown: Shown) -> None:
        """Show more where there is more."""
        now = asyncio.get_running_loop().time()
        if now >= self.ends:
            self.taking = False
        text = self.text()
        if not self.taking or now < self.next_at or text == shown.text:
            return
        if not text.startswith(shown.text):
            self.taking = False  # only the whole answer can replace what stands there
            return
        try:
            async with asyncio.timeout(CALL_SECONDS):
                await self.streams.more(self.opened, self.there, shown, text)
        except (DeliveryFailed, TimeoutError) as error:
            asked = error.retry_after if isinstance(error, DeliveryDelayed) else None
            if asked is None:
                # Whether it arrived is not known, or it was refused: given once more it might stand there twice.
                self.taking = False
            self.next_at = now + (asked or 0.0)
            log.info("stream.held_up", link=self.message.link, kind=self.opened.kind, reason=str(error))
            return
        self.shown = Shown(shown.name, text, shown.pieces + 1)
        self.next_at = asyncio.get_running_loop().time() + self.streams.limits.pause

    def text(self) -> str:
        """What may be read now, as the vendor takes it; what stands there already when it grew too long."""
        text = self.streams.written(self.growing.notice, self.growing.text)
        if len(text) <= self.streams.limits.characters:
            return text
        return "" if self.shown is None else self.shown.text

    async def end(self) -> None:
        """Take the stream off the screen: a person took over, or the channel was paused. Raises DeliveryFailed.

        When that fails, the row stays, and whoever would send the whole answer does it.
        """
        if self.shown is not None:
            async with asyncio.timeout(CALL_SECONDS):
                await self.streams.take_back(self.opened, self.there, self.shown.name)
        await self.forget()

    async def forget(self) -> None:
        """Remove the row of an answer of which nothing is shown."""
        with suppress(NotFound):
            await self.records.outbound.delete(self.message.merchant, self.message.id)
