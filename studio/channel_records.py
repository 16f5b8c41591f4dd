"""What the engine's API answers about channels and the inbox.

Never here: behaviour beyond reading a figure.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from studio.records import Record

__all__ = [
    "Capabilities",
    "Channel",
    "DeadLetter",
    "Finding",
    "FormField",
    "Hours",
    "InboxItem",
    "Link",
    "PersonMessage",
    "Rules",
    "Step",
]


class FormField(Record):
    """Something to fill in."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    example: str = ""
    options: tuple[tuple[str, str], ...] = ()
    default: str = ""
    made_up: str = ""


class Capabilities(Record):
    """What a channel can show and do."""

    cards: bool = False
    buttons: bool = False
    pictures_in: bool = False
    voice_in: bool = False
    typing: bool = False
    streaming: bool = False
    window_hours: int | None = None
    notes: str = ""


class Channel(Record):
    """A kind of place where shoppers are."""

    kind: str
    label: str
    about: str = ""
    fields: tuple[FormField, ...] = ()
    capabilities: Capabilities = Capabilities()


class Step(Record):
    """One step at the vendor's."""

    title: str
    text: str = ""
    values: tuple[tuple[str, str], ...] = ()
    link: str = ""
    file_name: str = ""
    file: str = ""


class Finding(Record):
    """One thing the doctor looked at."""

    name: str
    state: Literal["good", "bad", "unsure", "skipped"]
    says: str
    cause: str = ""
    next_step: str = ""


class Link(Record):
    """The bot at one place."""

    kind: str
    status: Literal["unfinished", "on", "paused", "broken"]
    problem: str = ""
    settings: dict[str, str] = Field(default_factory=dict)
    secrets: tuple[str, ...] = ()
    address: str = ""
    place_name: str = ""
    steps: tuple[Step, ...] = ()
    findings: tuple[Finding, ...] = ()
    checked_at: datetime | None = None
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    waiting: int = 0
    dead: int = 0


class DeadLetter(Record):
    """A message that got no answer."""

    id: str
    kind: str = ""
    conversation_id: str = ""
    text: str = ""
    at: datetime | None = None
    failure: str = ""


class InboxItem(Record):
    """A conversation that people look after."""

    id: str
    channel: str = ""
    owner: Literal["bot", "waiting", "person"] = "bot"
    member: str = ""
    reason: str = ""
    asked_at: datetime | None = None
    last_at: datetime | None = None
    first_question: str = ""


class PersonMessage(Record):
    """What somebody of the shop wrote."""

    id: str
    member: str = ""
    text: str = ""
    at: datetime | None = None
    delivery: Literal["waiting", "sent", "dead", "kept"] = "kept"
    failure: str = ""


class Hours(Record):
    """When people are there."""

    timezone: str = "UTC"
    days: tuple[str, ...] = ()


class Rules(Record):
    """When the bot asks for a person."""

    on: bool = False
    refusals: int = 2
    keywords: tuple[str, ...] = ()
    when_upset: bool = True
    hours: Hours = Hours()
    notify: tuple[str, ...] = ()
    idle_hours: float = 12.0
    slack_channel: str = ""
    slack_problem: str = ""
    mails: bool = True
