"""What a channel can do besides where its vendor shows a message while it is made.

Never here: an implementation, or when what is shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.channels.gateway import OpenLink, Payload
from engine.domain.channel import ChannelThread

__all__ = ["Shown", "StreamLimits", "Streams", "StreamsByKind"]


@dataclass(frozen=True, slots=True)
class StreamLimits:
    """How long, how often and how much a vendor takes."""

    seconds: float
    """So long after its beginning a stream is given nothing more; the rest comes with its end."""
    pause: float
    """Least seconds between two pieces."""
    characters: int
    """Longest text of a stream."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A stream, and what stands in it."""

    name: str
    """The vendor's name of the message."""
    text: str
    """As `Streams.written` gave it."""
    pieces: int = 1
    """How many were sent."""


class Streams(Protocol):
    """Messages that a shopper reads while they are made."""

    @property
    def limits(self) -> StreamLimits:
        """The vendor's numbers."""
        ...

    def reaches(self, link: OpenLink, thread: ChannelThread) -> bool:
        """Whether the vendor shows streams there."""
        ...

    def written(self, notice: str, text: str) -> str:
        """A notice and the text so far as the vendor takes it: only what reads the same whatever follows."""
        ...

    async def begin(self, link: OpenLink, thread: ChannelThread, text: str) -> str:
        """Show the first of it; answers the vendor's name of the message. Raises DeliveryFailed.

        A failure that says when to try again, or never to, means that nothing was begun.
        """
        ...

    async def more(self, link: OpenLink, thread: ChannelThread, shown: Shown, text: str) -> None:
        """Show `text`, of which `shown.text` is the beginning. Raises DeliveryFailed."""
        ...

    async def finish(self, link: OpenLink, thread: ChannelThread, name: str, payload: Payload) -> str:
        """Let the whole message stand where the stream stood, and nothing else; answers the vendor's name of it.

        Where the vendor lets the stream be ended no more, the message is sent anew. May be done again after a crash.
        Raises DeliveryFailed.
        """
        ...

    async def take_back(self, link: OpenLink, thread: ChannelThread, name: str) -> None:
        """End a stream and take its text off the screen, as far as the vendor lets us. May be done again.

        Raises DeliveryFailed when it cannot be done now.
        """
        ...


StreamsByKind = Mapping[str, Streams]
"""By the kind of their channel; kinds without are not in it."""
