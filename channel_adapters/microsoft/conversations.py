"""Calls of the Bot Connector: activities that are posted, replaced and deleted in a conversation.

Never here: what an activity holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from channel_adapters.calling import Called, VendorCalls
from channel_adapters.microsoft.tokens import AppTokens, may_be_called
from engine.channels.gateway import DeliveryDelayed, DeliveryFailed, NotDelivered, OpenLink
from engine.channels.memory import LinkMemory
from engine.domain.channel import Place

__all__ = ["Conversations"]

AGAIN = {408, 412, 429, 500, 502, 503, 504}


class Conversations:
    """What the bot says, wherever Azure Bot Service brings it."""

    def __init__(self, calls: VendorCalls, vendor: str, tokens: AppTokens, memory: LinkMemory) -> None:
        self.calls, self.vendor, self.tokens, self.memory = calls, vendor, tokens, memory

    async def post(self, link: OpenLink, place: Place, activity: Mapping[str, Any]) -> str:
        """Post an activity as an answer; the service's name of it. Raises DeliveryFailed."""
        called = await self.call("POST", link, place, place["activity"], self.addressed(place, activity))
        return str(called.json().get("id", ""))

    async def replace(self, link: OpenLink, place: Place, name: str, activity: Mapping[str, Any]) -> None:
        """Put an activity in the place of another. Raises DeliveryFailed."""
        await self.call("PUT", link, place, name, {**self.addressed(place, activity), "id": name})

    async def delete(self, link: OpenLink, place: Place, name: str) -> None:
        """Take an activity out of the conversation. Raises DeliveryFailed."""
        await self.call("DELETE", link, place, name)

    @staticmethod
    def addressed(place: Place, activity: Mapping[str, Any]) -> dict[str, Any]:
        """An activity from the bot to the person."""
        return {
            **activity,
            "from": {"id": place["bot"]},
            "recipient": {"id": place["person"]},
            "conversation": {"id": place["conversation"]},
            "replyToId": place["activity"],
        }

    async def call(
        self, method: str, link: OpenLink, place: Place, activity: str, body: Mapping[str, Any] | None = None
    ) -> Called:
        """Call the service about an activity. Raises DeliveryFailed."""
        service = place["service"]
        if not may_be_called(service, self.vendor):
            raise NotDelivered(f"{service!r} is no address of Microsoft's: our token is not sent there.")
        conversation = quote(place["conversation"], safe="")
        url = f"{service.rstrip('/')}/v3/conversations/{conversation}/activities/{quote(activity, safe='')}"
        token = await self.tokens.get(link, self.memory.now())
        called = await self.calls.call(method, url, headers={"Authorization": f"Bearer {token}"}, body=body)
        if 200 <= called.status < 300:
            return called
        raise self.refused(link, called)

    def refused(self, link: OpenLink, called: Called) -> DeliveryFailed:
        """Why the service did not take an activity."""
        error = called.json().get("error")
        told = str(error.get("message", "")) if isinstance(error, dict) else ""
        words = f"Azure Bot Service answered {called.status}{f': {told[:200]}' if told else ''}."
        if called.status in AGAIN:
            return DeliveryDelayed(words, retry_after=called.retry_after)
        if called.status == 401:
            self.tokens.forget(link)
            return DeliveryDelayed(words)
        if called.status == 403:
            # Of this conversation alone: the person blocked the bot, or it was taken out of that team or chat.
            return NotDelivered(
                f"{words} Nothing can be written in this conversation: the bot was blocked there, or taken out of it. "
                "All others go on."
            )
        return NotDelivered(words)
