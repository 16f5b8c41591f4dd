"""A room in which the people of a shop are told of hand-overs and take them over, as the engine needs it of a channel.

Never here: an implementation, or when what is told.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from engine.channels.gateway import OpenLink, Payload
from engine.domain.channel import Place

__all__ = ["PostState", "TeamNotice", "TeamPress", "TeamRoom", "TeamRoomsByKind", "TeamWords"]


@dataclass(frozen=True, slots=True)
class TeamNotice:
    """What a post tells of a hand-over."""

    ident: str
    """Names the post to us, in every attempt to post it."""
    at: datetime
    """When a person was asked for."""
    why: str
    """One sentence."""
    question: str
    """The shopper's last message, unchecked."""
    bot: str
    channel: str
    """Kind of the channel where the shopper is."""
    link: str
    """The conversation in the studio's Inbox."""


@dataclass(frozen=True, slots=True)
class PostState:
    """Who has the conversation of a post now."""

    kind: Literal["waiting", "here", "elsewhere", "bot", "asked_again"]
    """`here`: somebody of this room; `elsewhere`: a member in the studio, or nobody known; `asked_again`: a later post
    of the same conversation counts."""
    member: str = ""

    def __str__(self) -> str:
        return f"{self.kind} {self.member}".strip()


@dataclass(frozen=True, slots=True)
class TeamWords:
    """Something that was written below a message in a room, which may be a post of ours."""

    key: str
    """The vendor's own name of the message; an arrival that is the same message has it too."""
    room: str
    post: str
    """The vendor's name of the message above it."""
    person: str
    """The vendor's name of who wrote it."""
    text: str
    at: datetime
    stranger: bool = False
    """Whether they are of another shop, as in rooms that are shared: they say nothing to shoppers."""


@dataclass(frozen=True, slots=True)
class TeamPress:
    """A pressed button of a post."""

    key: str
    room: str
    post: str
    person: str
    name: str
    """What the person is called, as shoppers' conversations show who has them."""
    does: Literal["claim", "hand_back"]
    ident: str = ""
    """Our own name of the post, where its button carries it."""


class TeamRoom(Protocol):
    """Posts and threads in rooms of one vendor. Payloads leave by the channel's `send`."""

    def faults(self, room: str) -> str:
        """What is wrong with how a room is named; empty when nothing is."""
        ...

    async def greet(self, link: OpenLink, room: str) -> None:
        """Say in the room what will be told there. Raises DeliveryFailed where the bot may not write."""
        ...

    def place(self, room: str, post: str = "") -> Place:
        """Where posts go, or what is written below one."""
        ...

    def post(self, notice: TeamNotice) -> Payload:
        """A post that waits for somebody. Sent again with the same `ident`, it stands there once."""
        ...

    def change(self, post: str, notice: TeamNotice, state: PostState) -> Payload:
        """What stands in the place of a post from now on."""
        ...

    def note(self, text: str, *, about: str = "", to: str = "") -> Payload:
        """A line below a post: `about` says whose words they are, `to` calls a person."""
        ...


TeamRoomsByKind = Mapping[str, TeamRoom]
