"""A person behind the bot: when one is asked for, when one is there, and what they say.

Never here: how the bot finds out that it cannot help.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

__all__ = ["HandoverReason", "HandoverRules", "OfficeHours", "PersonMessage", "TeamPost"]

HandoverReason = Literal["asked", "keyword", "refused", "upset"]
"""Why a person is wanted: the shopper asked, used one of the merchant's words, got no answer too often, is upset."""
LINE = re.compile(r"(?P<day>[a-z]+) (?P<begins>(?:[01]\d|2[0-3]):[0-5]\d)-(?P<ends>(?:[01]\d|2[0-3]):[0-5]\d)")
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


@dataclass(frozen=True, slots=True)
class OfficeHours:
    """When people of the shop answer; always when no day is named."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    timezone: str = "UTC"
    """Name of the IANA time zone, such as `Europe/Brussels`."""
    days: tuple[str, ...] = ()
    """Lines such as `monday 09:00-17:00`; a day may stand twice."""

    def ranges(self) -> list[tuple[int, time, time]]:
        """(weekday from 0, from, until) of each line. Raises ValueError naming the line that cannot be read."""
        found = []
        for line in self.days:
            read = LINE.fullmatch(line.strip().lower())
            if read is None or read["day"] not in DAYS:
                raise ValueError(f"{line!r} is not written like `monday 09:00-17:00`")
            begins, ends = time.fromisoformat(read["begins"]), time.fromisoformat(read["ends"])
            if begins >= ends:
                raise ValueError(f"{line!r} ends before it begins")
            found.append((DAYS.index(read["day"]), begins, ends))
        return found

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there at `now`."""
        local = now.astimezone(ZoneInfo(self.timezone))
        ranges = self.ranges()
        return not ranges or any(
            day == local.weekday() and begins <= local.time() < ends for day, begins, ends in ranges
        )

    def opens(self, now: datetime) -> datetime | None:
        """When somebody is there next, in the shop's own time; None when somebody is there now."""
        if self.is_open(now):
            return None
        local = now.astimezone(ZoneInfo(self.timezone))
        found = [
            at
            for ahead in range(8)
            for day, begins, _ in self.ranges()
            if (at := datetime.combine(local.date() + timedelta(days=ahead), begins, local.tzinfo)) > local
            and at.weekday() == day
        ]
        return min(found)


@dataclass(frozen=True, slots=True)
class HandoverRules:
    """When a bot asks for a person, and who is told."""

    merchant: str
    bot: str
    on: bool = False
    """Whether people answer at all: a bot that promises nobody who comes does harm."""
    refusals: int = 2
    """Answers in a row that it did not find, after which a person is asked for."""
    keywords: tuple[str, ...] = ()
    """Words at which a person is asked for at once, such as `complaint`."""
    when_upset: bool = True
    hours: OfficeHours = OfficeHours()
    notify: tuple[str, ...] = ()
    """E-mail addresses that are told of each hand-over."""
    idle_hours: float = 12.0
    """After so long without a word of the person, the bot answers again."""
    room_kind: str = ""
    """The kind of channel in which the shop's people are told as well; empty for none."""
    room: str = ""
    """That channel's name of the room."""
    room_since: datetime | None = None
    """When the room was chosen: who waited before is not told there."""
    room_problem: str = ""
    """Why something could not be told there, in a shop owner's words; empty when all was."""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class PersonMessage:
    """What somebody of the shop wrote to a shopper."""

    id: str
    merchant: str
    bot: str
    conversation: str
    member: str
    """E-mail address of who wrote it."""
    text: str
    at: datetime
    delivery: Literal["waiting", "sent", "dead", "kept"] = "kept"
    """Whether it has left through the conversation's channel; `kept` where the shopper's page fetches it."""
    failure: str = ""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class TeamPost:
    """A hand-over as it stands in the room of the shop's people."""

    id: str
    """Of the conversation and the moment at which a person was asked for; names its thread in the outbox too."""
    merchant: str
    bot: str
    link: str
    conversation: str
    room: str
    at: datetime
    """When a person was asked for."""
    reason: str
    question: str
    """The shopper's last message then."""
    day: str
    """Date on which it is forgotten."""
    posted_as: str = ""
    """The vendor's name of the post; empty until it stands there."""
    shown: str = ""
    """What it was last made to say; empty where that is not known."""
    updates: int = 0
    """How often it was made to say something else."""
    copied_at: datetime | None = None
    """Up to when the shopper's messages were copied into its thread."""
    open: bool = True
    """Whether it may still have to say something else."""
    schema: int = 1
