"""Answers that appear in Teams while they are made.

Each piece holds the whole text so far; the last one is a usual message. Where Teams lets the stream be ended no more,
because two minutes are over or it was ended before, its message is replaced; else deleted, and sent anew. Never here:
when what is shown.
"""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from channel_adapters.microsoft import limits
from channel_adapters.microsoft.conversations import Conversations
from channel_adapters.microsoft.rendering import growing
from engine.channels.gateway import DeliveryDelayed, NotDelivered, OpenLink, Payload
from engine.channels.streams import Shown, StreamLimits
from engine.domain.channel import ChannelThread

__all__ = ["TeamsStreams"]

NOTHING = {"type": "message", "text": "…"}
"""Ends a stream whose message is deleted next."""


def entity(kind: str, **more: Any) -> dict[str, Any]:
    """What makes an activity a piece of a stream."""
    return {"type": "streaminfo", "streamType": kind, **more}


class TeamsStreams:
    """Streams in personal chats, the only place where Teams has them: one at a time in each."""

    limits = StreamLimits(limits.STREAM_SECONDS, limits.STREAM_PAUSE, limits.STREAM_CHARACTERS)

    def __init__(self, conversations: Conversations, *, on_this_machine: bool) -> None:
        self.conversations, self.on_this_machine = conversations, on_this_machine

    def reaches(self, link: OpenLink, thread: ChannelThread) -> bool:
        """Personal chats of Teams."""
        return thread.place.get("channel") == "msteams" and not thread.place.get("group")

    def written(self, notice: str, text: str) -> str:
        """As the beginning of the message it becomes."""
        return growing(notice, text, on_this_machine=self.on_this_machine)

    async def begin(self, link: OpenLink, thread: ChannelThread, text: str) -> str:
        """Send the first piece; the service names the stream. Raises DeliveryFailed."""
        piece = self.piece(text, entity("streaming", streamSequence=1))
        name = await self.conversations.post(link, thread.place, piece)
        if not name:
            raise DeliveryDelayed("Azure Bot Service began a stream without naming it.")
        return name

    async def more(self, link: OpenLink, thread: ChannelThread, shown: Shown, text: str) -> None:
        """Send the whole text so far. Raises DeliveryFailed."""
        info = entity("streaming", streamId=shown.name, streamSequence=shown.pieces + 1)
        await self.conversations.post(link, thread.place, self.piece(text, info))

    @staticmethod
    def piece(text: str, info: dict[str, Any]) -> dict[str, Any]:
        """A piece of a stream."""
        return {"type": "typing", "text": text, "textFormat": "markdown", "entities": [info]}

    async def finish(self, link: OpenLink, thread: ChannelThread, name: str, payload: Payload) -> str:
        """Send the last piece, or replace what stands there, or send it anew. Raises DeliveryFailed."""
        try:
            last = {**payload, "entities": [entity("final", streamId=name)]}
            await self.conversations.post(link, thread.place, last)
        except NotDelivered:
            try:
                await self.conversations.replace(link, thread.place, name, payload)
            except NotDelivered:
                with suppress(NotDelivered):
                    await self.conversations.delete(link, thread.place, name)
                return await self.conversations.post(link, thread.place, payload)
        return name

    async def take_back(self, link: OpenLink, thread: ChannelThread, name: str) -> None:
        """End the stream with nothing to read, and delete its message. Raises DeliveryFailed."""
        with suppress(NotDelivered):
            await self.conversations.post(link, thread.place, NOTHING | {"entities": [entity("final", streamId=name)]})
        with suppress(NotDelivered):
            await self.conversations.delete(link, thread.place, name)
