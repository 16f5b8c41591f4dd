"""Offers the assistant's example questions to somebody who opened a conversation and has said nothing yet.

Never here: how a vendor shows them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Protocol

import structlog

from engine.answering.answerer import Answerer
from engine.channels.gateway import OpenLink
from engine.channels.inbox import conversation_of
from engine.channels.links import ChannelLinks
from engine.domain.channel import ChannelLink, Place
from engine.errors import StoreclerkError
from engine.records import Records

__all__ = ["OffersQuestions", "Openings", "OpeningsByKind"]

log = structlog.get_logger("storeclerk.channels")


class OffersQuestions(Protocol):
    """What a channel can do besides where its vendor shows questions in an empty conversation."""

    async def offer(self, link: OpenLink, place: Place, questions: Sequence[str]) -> None:
        """Show questions to press. Raises DeliveryFailed."""
        ...


OpeningsByKind = Mapping[str, OffersQuestions]
"""The channels that can."""


class Openings:
    """Nobody waits for what is offered: the platform wants its acknowledgement."""

    def __init__(self, records: Records, links: ChannelLinks, answerer: Answerer, channels: OpeningsByKind) -> None:
        self.records, self.links, self.answerer, self.channels = records, links, answerer, channels
        self.under_way: set[asyncio.Task[None]] = set()

    def opened(self, link: ChannelLink, conversation: str, place: Place) -> None:
        """Somebody opened a conversation, as the platform names it."""
        task = asyncio.create_task(self.offer(link, conversation, place))
        self.under_way.add(task)
        task.add_done_callback(self.under_way.discard)

    async def offer(self, link: ChannelLink, conversation: str, place: Place) -> None:
        """Offer what the live version has, unless something was said there already; its failure is none."""
        channel = self.channels.get(link.kind)
        if channel is None or link.status != "on":
            return
        try:
            if await self.records.channel_threads.find(link.merchant, conversation_of(link, conversation)) is not None:
                return
            version = await self.answerer.live_version(await self.records.bots.get(link.merchant, link.bot))
            questions = version.persona.example_questions
            if questions:
                await channel.offer(await self.links.open(link), place, questions)
        except StoreclerkError as error:
            log.info("questions.not_offered", link=link.id, kind=link.kind, code=error.code)
