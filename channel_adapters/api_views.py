"""Shapes of the merchant API around channels: what can be linked, links, and what got no answer.

Never here: how they are filled.
"""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from engine.domain.channel import Finding

__all__ = [
    "CapabilitiesView",
    "ChannelView",
    "Channels",
    "DeadLetterView",
    "DeadLetters",
    "FieldView",
    "LinkRequest",
    "LinkView",
    "Links",
    "StepView",
    "View",
]

LONGEST_VALUE = 4_000
BODY = ConfigDict(extra="forbid", use_attribute_docstrings=True)


class View(BaseModel):
    """A shape of the API."""

    model_config = BODY


class FieldView(View):
    """Something to fill in."""

    name: str
    """Name."""
    label: str
    """As the vendor's own screen calls it."""
    help: str
    """Where to find it."""
    secret: bool
    """Kept sealed, and never shown again."""
    required: bool
    """Whether it may be left out."""
    example: str
    """What it looks like."""
    options: list[tuple[str, str]]
    """(value, words) to choose from; empty for text."""
    default: str
    """Filled in unless changed."""
    made_up: str
    """What a secret begins with that no vendor gives; random bytes in base64 follow."""


class CapabilitiesView(View):
    """What a channel can show and do."""

    cards: bool
    """Product cards."""
    buttons: bool
    """Questions to press."""
    pictures_in: bool
    """Shoppers may send pictures."""
    voice_in: bool
    """Shoppers may speak."""
    typing: bool
    """Shows that an answer is being made."""
    streaming: bool
    """An answer appears while it is made."""
    window_hours: int | None
    """How long after a shopper's last message they may be written to; null for ever."""
    notes: str
    """What a merchant should know."""


class ChannelView(View):
    """A kind of place where shoppers are."""

    kind: str
    """Names it."""
    label: str
    """Its name."""
    about: str
    """One sentence."""
    fields: list[FieldView]
    """What to fill in."""
    capabilities: CapabilitiesView
    """What it can show and do."""


class StepView(View):
    """One step at the vendor's."""

    title: str
    """What it is about."""
    text: str
    """How to do it, in Markdown."""
    values: list[tuple[str, str]]
    """(what it is called there, what to paste)."""
    link: str
    """Where it is done; may be empty."""
    file_name: str
    """Name of a file to hand over there; empty when there is none."""
    file: str
    """Its content."""


class LinkView(View):
    """A bot at one place."""

    kind: str
    """The channel."""
    status: Literal["unfinished", "on", "paused", "broken"]
    """Whether it answers; `unfinished` while it waits for what the vendor gives."""
    problem: str
    """Why it is broken."""
    settings: dict[str, str]
    """What was filled in, without secrets."""
    secrets: list[str]
    """Names of the secrets that are kept."""
    address: str
    """The workspace, page or number, once it is known."""
    place_name: str
    """What people call it, where the vendor says so."""
    steps: list[StepView]
    """What to do at the vendor's."""
    findings: list[Finding]
    """What the doctor found last."""
    checked_at: datetime | None
    """When."""
    last_in_at: datetime | None
    """When a message came in last."""
    last_out_at: datetime | None
    """When an answer left last."""
    waiting: int
    """Messages that wait for their answer."""
    dead: int
    """Messages of the last nine days that got no answer."""


class Links(View):
    """A bot's links."""

    items: list[LinkView]
    """One a channel."""
    next_cursor: None = None
    """Null: there are few."""


class Channels(View):
    """All channels."""

    items: list[ChannelView]
    """In the order in which they are offered."""
    next_cursor: None = None
    """Null: there are few."""


class LinkRequest(View):
    """What was filled in."""

    settings: dict[str, Annotated[str, Field(max_length=LONGEST_VALUE)]]
    """Field to value. A secret that is left out, or empty, stays as it is kept. Nothing at all begins a link, so that
    it has an address to give to the vendor."""


class DeadLetterView(View):
    """A message that got no answer."""

    id: str
    """Id."""
    kind: str
    """The channel."""
    conversation_id: str
    """The conversation it belongs to."""
    text: str
    """What the shopper wrote."""
    at: datetime
    """When, by the platform's clock."""
    failure: str
    """Why it got no answer."""


class DeadLetters(View):
    """Some messages that got no answer."""

    items: list[DeadLetterView]
    """Newest first."""
    next_cursor: str | None
    """Where the next part begins, or null."""
