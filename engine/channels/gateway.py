"""What the engine needs of a channel, and what may go wrong at its vendor.

Never here: an implementation; each channel brings its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, Protocol

from engine.domain.channel import ChannelThread, Place
from engine.domain.conversation import Reply
from engine.errors import StoreclerkError

__all__ = [
    "Arrival",
    "ConnectionBroken",
    "DeliveryDelayed",
    "DeliveryFailed",
    "Gateway",
    "NotDelivered",
    "OpenLink",
    "WindowClosed",
]

Payload = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class OpenLink:
    """A link with its secrets readable: handed to the channel for one piece of work, never kept."""

    id: str
    merchant: str
    bot: str
    kind: str
    settings: Mapping[str, str]
    secrets: Mapping[str, str]
    address: str

    def __repr__(self) -> str:
        return f"OpenLink({self.id!r}, {self.kind!r})"


@dataclass(frozen=True, slots=True)
class Arrival:
    """A shopper's message as the channel read it."""

    key: str
    """The platform's own name of the message: the same in every retry, another in every other message."""
    conversation: str
    """The platform's name of the conversation."""
    shopper: str
    """The platform's name of the person."""
    text: str
    at: datetime
    """Platform time."""
    place: Place
    """Where the answer goes."""


class DeliveryFailed(StoreclerkError):
    """An answer did not leave."""

    code = "delivery_failed"


class DeliveryDelayed(DeliveryFailed):
    """Not now: the vendor is down, or asked to wait. It is tried again after `retry_after` seconds."""

    code = "delivery_delayed"

    def __init__(self, message: str, *, retry_after: float | None = None, whole_link: bool = False) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.whole_link = whole_link
        """Whether the vendor asked all of the link's conversations to wait."""


class NotDelivered(DeliveryFailed):
    """Never: the vendor refuses this message."""

    code = "not_delivered"


class WindowClosed(NotDelivered):
    """Too long after the shopper's last message: the vendor lets nobody write unasked."""

    code = "window_closed"


class ConnectionBroken(DeliveryFailed):
    """The vendor refuses the whole link, as after a revoked token: it has to be connected again."""

    code = "connection_broken"


class Gateway(Protocol):
    """A channel as the delivery sees it."""

    @property
    def pace(self) -> timedelta:
        """Least time between two messages of one conversation."""
        ...

    @property
    def window(self) -> timedelta | None:
        """How long after a shopper's last message they may be written to; None for ever."""
        ...

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The reply as the vendor takes it, one payload a message, each within the vendor's limits."""
        ...

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        """Show that an answer is being made, where the vendor has a sign for it. Its failure is not one."""
        ...

    async def send(
        self,
        link: OpenLink,
        thread: ChannelThread,
        payload: Payload,
        *,
        author: Literal["bot", "person"],
        key: str,
    ) -> str:
        """Let one message leave; answers the vendor's name of it. Raises DeliveryFailed.

        `key` names the message to us, the same when it is sent again after a crash: for vendors that take such a key.
        """
        ...
