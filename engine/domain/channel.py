"""Channels: how a bot is linked to a place where shoppers are, what comes in there, and what goes out.

Never here: any one channel's rules; those live with the channel.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

__all__ = [
    "ChannelLink",
    "ChannelThread",
    "Finding",
    "InboundMessage",
    "InboundStatus",
    "OutboundMessage",
    "OutboundPart",
    "Place",
]

LinkStatus = Literal["unfinished", "on", "paused", "broken"]
"""`unfinished`: it has an address to give to the vendor, and waits for what the vendor gives."""
InboundStatus = Literal["waiting", "answered", "read", "dead"]
PartStatus = Literal["waiting", "sending", "sent"]
Place = Mapping[str, str]
"""Where an answer goes, in the channel's own words: a chat room and a thread, a page's visitor, a mail address."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing the doctor looked at."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    name: str
    """What was looked at, such as `credentials`."""
    state: Literal["good", "bad", "unsure", "skipped"]
    """Whether it is as it has to be; `unsure` where only the vendor could tell."""
    says: str
    """What was found, in a shop owner's words."""
    cause: str = ""
    """Why it is bad, as one word for programs, such as `wrong_secret`; empty when it is not."""
    next_step: str = ""
    """What to do about it."""


@dataclass(frozen=True, slots=True)
class ChannelLink:
    """A bot at one place where shoppers are, such as one Slack workspace or one page."""

    id: str
    merchant: str
    bot: str
    kind: str
    created_at: datetime
    settings: dict[str, str] = field(default_factory=dict)
    """What the merchant filled in, but for secrets."""
    sealed: dict[str, str] = field(default_factory=dict)
    """Secrets by name, each sealed by the key custodian."""
    address: str = ""
    """Names the place to the vendor (a workspace, a page, a number); one place is linked to one bot only."""
    status: LinkStatus = "on"
    problem: str = ""
    """Why it is broken, in a shop owner's words."""
    not_before: datetime | None = None
    """The vendor asked to send nothing until then."""
    findings: tuple[Finding, ...] = ()
    """What the doctor found last."""
    checked_at: datetime | None = None
    last_in_at: datetime | None = None
    """When a genuine message came in last."""
    last_out_at: datetime | None = None
    """When an answer left last."""
    schema: int = 1

    def broken(self, problem: str) -> ChannelLink:
        """This link after the vendor refused it for good."""
        return replace(self, status="broken", problem=problem)

    def mended(self) -> ChannelLink:
        """This link after it was connected anew; a pause stays."""
        status = "on" if self.status in {"broken", "unfinished"} else self.status
        return replace(self, status=status, problem="", not_before=None)


@dataclass(frozen=True, slots=True)
class ChannelThread:
    """A conversation as its channel sees it: where answers go, who works at it now, and what was sent when."""

    id: str
    """The conversation's id."""
    merchant: str
    bot: str
    link: str
    shopper: str
    place: dict[str, str] = field(default_factory=dict)
    """Where the newest message came from, and so where answers go."""
    last_inbound_at: datetime | None = None
    """Platform time of the newest message: some channels let nobody write unasked a day later."""
    next_send_at: datetime | None = None
    """Not earlier may the next message leave: vendors bound how often."""
    worker: str = ""
    """Process that works at this conversation."""
    until: datetime | None = None
    """When that process's right ends unless it is renewed."""
    schema: int = 1

    def is_free(self, worker: str, now: datetime) -> bool:
        """Whether `worker` may work at it now."""
        return not self.worker or self.worker == worker or self.until is None or self.until <= now

    def taken(self, worker: str, now: datetime, lease: timedelta) -> ChannelThread:
        """The thread with `worker` at it."""
        return replace(self, worker=worker, until=now + lease)

    def released(self) -> ChannelThread:
        """The thread with nobody at it."""
        return replace(self, worker="", until=None)


@dataclass(frozen=True, slots=True)
class InboundMessage:
    """A shopper's message, kept before the platform is told that it arrived; a retry meets the same key."""

    id: str
    """Of the link and the platform's own name of the message."""
    merchant: str
    bot: str
    link: str
    conversation: str
    shopper: str
    text: str
    at: datetime
    """Platform time: what a conversation is ordered by."""
    received_at: datetime
    place: dict[str, str]
    day: str
    """Date of `received_at`, by which old rows are forgotten."""
    status: InboundStatus = "waiting"
    attempts: int = 0
    not_before: datetime | None = None
    """When it is tried again."""
    failure: str = ""
    """Why it is dead, in a shop owner's words."""
    schema: int = 1

    def answer(self, parts: tuple[OutboundPart, ...], at: datetime) -> OutboundMessage:
        """The message that answers this one, whole."""
        return OutboundMessage(
            self.id,
            self.merchant,
            self.bot,
            self.link,
            self.conversation,
            self.place,
            parts,
            created_at=at,
            day=at.date().isoformat(),
            status="waiting" if parts else "sent",
        )


@dataclass(frozen=True, slots=True)
class OutboundPart:
    """One message as the vendor takes it."""

    payload: dict[str, Any]
    status: PartStatus = "waiting"
    sent_as: str = ""
    """The vendor's name of it; known before it is sent where a stream of it stands on the screen already."""


@dataclass(frozen=True, slots=True)
class OutboundMessage:
    """An answer on its way: its parts leave one after another."""

    id: str
    """That of the message it answers, or its own."""
    merchant: str
    bot: str
    link: str
    conversation: str
    place: dict[str, str]
    parts: tuple[OutboundPart, ...]
    created_at: datetime
    day: str
    author: Literal["bot", "person", "team"] = "bot"
    """`team`: what is told to the shop's own people, in a room of theirs."""
    status: Literal["making", "waiting", "sent", "dead", "withdrawn"] = "waiting"
    """`making`: it has no parts yet, and a stream shows what there is of it."""
    attempts: int = 0
    not_before: datetime | None = None
    failure: str = ""
    maybe_twice: int = 0
    """Parts and streams that were about to be sent when a process died, and were sent again."""
    stream: str = ""
    """The vendor's name of the message that shows it while it is made; empty when none is known."""
    sent_at: datetime | None = None
    schema: int = 1

    @property
    def next_part(self) -> int | None:
        """Which part is to leave next; None when all have."""
        return next((place for place, part in enumerate(self.parts) if part.status != "sent"), None)

    @property
    def is_leaving(self) -> bool:
        """Whether something of it is on its way at this moment, or was when a process died."""
        return self.status == "making" or (
            self.status == "waiting" and any(part.status == "sending" for part in self.parts)
        )

    def with_part(self, place: int, part: OutboundPart) -> OutboundMessage:
        """The message with one part replaced."""
        return replace(self, parts=(*self.parts[:place], part, *self.parts[place + 1 :]))

    def whole(self, parts: tuple[OutboundPart, ...]) -> OutboundMessage:
        """The message once it is made; as it is when it was before.

        The first part ends the stream: it stays marked as leaving, as something of it stands on the screen. A stream
        without a name may stand there as well, from a process that died while it began.
        """
        if self.status != "making":
            return self
        if self.stream and parts:
            parts = (replace(parts[0], status="sending", sent_as=self.stream), *parts[1:])
        twice = self.maybe_twice + (0 if self.stream else 1)
        return replace(self, parts=parts, status="waiting" if parts else "sent", maybe_twice=twice)
