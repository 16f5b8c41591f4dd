"""What a channel is: it says what it needs, reads what comes in, writes what goes out, and can tell whether it works.

The studio, the webhook route, the doctor, the documents and the tests know channels by this alone; all of them stand in
`registry.CHANNELS`.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol, runtime_checkable

from channel_adapters.calling import VendorCalls
from engine.channels.gateway import Arrival, Gateway, OpenLink
from engine.channels.late_words import LateWords
from engine.channels.memory import LinkMemory
from engine.channels.opening import OffersQuestions
from engine.channels.streams import Streams
from engine.channels.team_room import TeamPress, TeamRoom, TeamWords
from engine.domain.channel import ChannelLink, Finding, Place

__all__ = [
    "COLLECTING",
    "Addresses",
    "Capabilities",
    "Channel",
    "Collects",
    "FormField",
    "Heard",
    "Hook",
    "LateChannel",
    "Learned",
    "OpenedChannel",
    "Step",
    "StreamingChannel",
    "Surroundings",
    "TeamChannel",
]

COLLECTING = "collecting"
"""The claim on a link whose messages are fetched: who has it looks, and until it ends nobody else does."""


@dataclass(frozen=True, slots=True)
class FormField:
    """Something the merchant fills in."""

    name: str
    label: str
    """As the vendor's own screen calls it."""
    help: str
    """Where to find it, in the vendor's words."""
    secret: bool = False
    """Kept sealed and never shown again."""
    required: bool = True
    example: str = ""
    pattern: str = ""
    """What it looks like, as a regular expression; a value that does not is refused before it is kept."""
    options: tuple[tuple[str, str], ...] = ()
    """(value, words) to choose from; empty for text."""
    default: str = ""
    made_up: str = ""
    """What a secret begins with that no vendor gives: the merchant makes it up, or has it made."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step at the vendor's, told with the words of its screens."""

    title: str
    text: str
    """Markdown."""
    values: tuple[tuple[str, str], ...] = ()
    """(what it is called there, what to paste)."""
    link: str = ""
    """Where the step is done."""
    download: tuple[str, str] | None = None
    """(file name, content) to hand over there."""


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What the channel can show and do."""

    cards: bool = False
    buttons: bool = False
    pictures_in: bool = False
    voice_in: bool = False
    typing: bool = False
    streaming: bool = False
    """Whether an answer appears while it is made."""
    window_hours: int | None = None
    """How long after a shopper's last message they may be written to."""
    notes: str = ""
    """What a merchant should know, such as a vendor's terms."""


@dataclass(frozen=True, slots=True)
class Hook:
    """A request that came in at the link's address, as bytes: nothing of it was read before it was verified."""

    method: str
    tail: str
    """What follows the link in the path, such as `events`."""
    headers: Mapping[str, str]
    """Names in lower case."""
    query: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Learned:
    """Something a request said about the link itself."""

    kind: Literal["place", "broken", "secrets", "person_spoke", "forget", "opened"]
    address: str = ""
    """For `place`: the workspace, page or number. For `forget`: the shopper."""
    problem: str = ""
    """For `broken`: why, in a shop owner's words."""
    secrets: Mapping[str, str] = field(default_factory=dict)
    """For `secrets`: what the vendor gave, by name; an empty one is let go."""
    conversation: str = ""
    """For `person_spoke`: in which conversation somebody of the shop answered by other means; for `opened`: which one
    somebody opened."""
    where: Place = field(default_factory=dict)
    """For `opened`: where it is."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What a request held, and what to answer it."""

    arrivals: tuple[Arrival, ...] = ()
    learned: tuple[Learned, ...] = ()
    team: tuple[TeamWords | TeamPress, ...] = ()
    """What may be about a hand-over; an arrival with the key of one that is, is no shopper's message."""
    status: int = 200
    body: bytes = b""
    media_type: str = "text/plain; charset=utf-8"
    headers: Mapping[str, str] = field(default_factory=dict)
    afterwards: Callable[[], Awaitable[None]] | None = None
    """Done once all is kept and acknowledged: what the vendor should not wait for, and may be lost in a crash."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where this installation is reached, for what is pasted at a vendor's."""

    server: str
    link: str
    kind: str
    name: str = ""
    """What the assistant is called."""

    def hook(self, tail: str) -> str:
        """The address of the link's webhook."""
        return f"{self.server.rstrip('/')}/hooks/{self.kind}/{self.link}/{tail}"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a channel works with."""

    calls: VendorCalls
    vendor: str
    """Address of the vendor's interface."""
    memory: LinkMemory
    """What it may keep of a link."""
    server: str = ""
    """Where this installation is reached, for vendors that send people back."""
    on_this_machine: bool = False
    """Whether this installation is reached by plain http on this machine only, as when it is tried out."""


class Channel(Gateway, Protocol):
    """One kind of place where shoppers are."""

    @property
    def kind(self) -> str:
        """Names it in addresses and records."""
        ...

    @property
    def label(self) -> str:
        """Its name for a shop owner."""
        ...

    @property
    def about(self) -> str:
        """One sentence for a shop owner."""
        ...

    @property
    def fields(self) -> tuple[FormField, ...]:
        """What the merchant fills in."""
        ...

    @property
    def capabilities(self) -> Capabilities:
        """What it can show and do."""
        ...

    @property
    def body_bytes(self) -> int:
        """Most bytes of one request; more is refused while it is read."""
        ...

    def problems(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong with filled-in settings beyond their pattern: field to words."""
        ...

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What to do at the vendor's, in order."""
        ...

    async def verify(self, link: OpenLink, hook: Hook, now: datetime) -> None:
        """Return when the request is the vendor's. Raises anything at all when it is not: that becomes a 401."""
        ...

    async def hear(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """What a verified request holds. Raises ValueError for what cannot be read: that becomes a 400."""
        ...

    async def place(self, link: OpenLink) -> str | None:
        """The workspace, page or number that the credentials open; None when they say nothing of it.

        Raises DeliveryFailed when the vendor refuses them.
        """
        ...

    async def settle(self, link: OpenLink) -> None:
        """Do what is left once the place is the link's, such as subscribing to its messages. Raises DeliveryFailed."""
        ...

    def check(self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime) -> AsyncIterator[Finding]:
        """Look at everything that may be wrong, one finding after another; a doctor never raises."""
        ...


@runtime_checkable
class StreamingChannel(Protocol):
    """A channel whose vendor shows a message while it is made."""

    @property
    def streams(self) -> Streams:
        """How."""
        ...


@runtime_checkable
class LateChannel(Protocol):
    """A channel whose vendor takes a person's words after the window in a form that it approved."""

    @property
    def late_words(self) -> LateWords:
        """How."""
        ...


@runtime_checkable
class OpenedChannel(Protocol):
    """A channel whose vendor shows questions in an empty conversation."""

    @property
    def openings(self) -> OffersQuestions:
        """How."""
        ...


@runtime_checkable
class TeamChannel(Protocol):
    """A channel in which the people of a shop may be told of hand-overs, and take them over."""

    @property
    def team_room(self) -> TeamRoom:
        """How."""
        ...


@runtime_checkable
class Collects(Protocol):
    """A channel whose messages are fetched, because nobody calls: one that has this is looked at every so often."""

    def collect(self, link: OpenLink, now: datetime) -> AsyncGenerator[Heard, None]:
        """What is new, oldest first. Raises DeliveryFailed.

        Each is kept before the next one is asked for: what follows a `yield` is the acknowledgement. One process at a
        time looks at a link; what it had not acknowledged when it died is found again, and is answered once.
        """
        ...
