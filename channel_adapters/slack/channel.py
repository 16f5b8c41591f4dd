"""Slack as a channel: an application of the merchant's own, made from our manifest, in one workspace."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from functools import partial
from typing import Literal

from channel_adapters.channel import Addresses, Capabilities, Heard, Hook, Step, Surroundings
from channel_adapters.slack import limits
from channel_adapters.slack.doctor import examined, forget_refusal, note_refusal
from channel_adapters.slack.events import (
    arrival_of,
    event_of,
    heard_about_link,
    is_of_workspace,
    opened_of,
    team_words_of,
)
from channel_adapters.slack.form import FIELDS, connecting_steps, field_problems
from channel_adapters.slack.installation import Installation
from channel_adapters.slack.interactions import is_ssl_check, payload_of, pressed_of, team_press_of
from channel_adapters.slack.openings import SlackOpenings
from channel_adapters.slack.rendering import slack_messages
from channel_adapters.slack.signing import verify
from channel_adapters.slack.speech import Speech
from channel_adapters.slack.streams import SlackStreams
from channel_adapters.slack.team_room import SlackTeamRoom
from channel_adapters.slack.tokens import BotTokens, place_of, token_of
from channel_adapters.slack.web_api import SlackApi
from engine.channels.gateway import DeliveryDelayed, DeliveryFailed, OpenLink, Payload
from engine.domain.channel import ChannelLink, ChannelThread, Finding
from engine.domain.conversation import Reply
from engine.errors import Conflict, Unavailable

__all__ = ["SlackChannel"]

JSON = "application/json"


class SlackChannel:
    """Direct messages with the app, its assistant threads, and mentions in channels."""

    kind = "slack"
    label = "Slack"
    about = "A Slack workspace: people write to the app, or mention it in a channel."
    fields = FIELDS
    capabilities = Capabilities(
        cards=True,
        buttons=True,
        typing=True,
        streaming=True,
        notes="In channels it answers when it is mentioned, in the thread.",
    )
    body_bytes = limits.BODY_BYTES
    pace = limits.PACE
    window: timedelta | None = None

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings, self.memory, self.calls = surroundings, surroundings.memory, surroundings.calls
        self.vendor, self.on_this_machine = surroundings.vendor, surroundings.on_this_machine
        self.api = SlackApi(self.calls, self.vendor)
        self.tokens, self.installation = BotTokens(self.api, self.memory), Installation(surroundings, self.api)
        self.speech = Speech(self.calls, self.api, self.tokens)
        self.streams, self.openings = SlackStreams(self.speech), SlackOpenings(self.speech)
        self.team_room = SlackTeamRoom(self.speech, on_this_machine=self.on_this_machine)

    def problems(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """Values pasted into each other's fields."""
        return field_problems(settings)

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What to do at Slack's."""
        return connecting_steps(addresses, settings)

    async def verify(self, link: OpenLink, hook: Hook, now: datetime) -> None:
        """Return when Slack signed it. The pages of the installation are guarded by their state, and a look at the
        certificate holds nothing.
        """
        if (hook.method == "GET" and hook.tail in {"install", "oauth"}) or is_ssl_check(hook):
            return
        try:
            verify(link.secrets["signing_secret"], hook.headers, hook.body, now)
        except Exception as error:
            await note_refusal(self.memory, link, error)
            raise

    async def hear(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """What a request holds. Raises ValueError."""
        match (hook.method, hook.tail):
            case ("GET", "install"):
                return self.installation.begin(link, now)
            case ("GET", "oauth"):
                return await self.installation.finish(link, hook, now)
            case ("POST", "events"):
                return await self.event(link, hook)
            case ("POST", "interactions"):
                return self.interaction(link, hook, now)
            case _:
                raise ValueError(f"nothing is taken at {hook.tail!r}")

    async def event(self, link: OpenLink, hook: Hook) -> Heard:
        """A shopper's message, words about a hand-over, something about the link, or nothing that concerns us."""
        outer = event_of(hook.body)
        if outer["type"] == "url_verification":
            await forget_refusal(self.memory, link)
            return Heard(body=json.dumps({"challenge": str(outer["challenge"])}).encode(), media_type=JSON)
        if outer["type"] != "event_callback":
            return Heard()  # such as `app_rate_limited`, which only wants to be acknowledged
        if not link.address and token_of(link):
            link = await self.found(link)
        if not is_of_workspace(link, outer):
            return Heard()
        about = heard_about_link(link, outer) or opened_of(outer)
        if about is not None:
            return about
        arrival, words = arrival_of(link, outer), team_words_of(link, outer)
        return Heard(() if arrival is None else (arrival,), team=() if words is None else (words,))

    async def found(self, link: OpenLink) -> OpenLink:
        """The link with the workspace of its token, where Slack was out of reach when it was filled in."""
        try:
            place = await self.place(link)
        except DeliveryDelayed as error:
            raise Unavailable(error.message) from error
        except DeliveryFailed:
            return link
        if place is not None:
            with suppress(Conflict):  # another bot is linked to it: then nothing is answered here
                await self.memory.take_place(link, place)
        return await self.memory.fresh(link)

    def interaction(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """A pressed question, a pressed button of a hand-over, or nothing."""
        payload = None if is_ssl_check(hook) else payload_of(link, hook)
        if payload is None:
            return Heard()
        if (press := team_press_of(link, payload)) is not None:
            return Heard(team=(press,))
        pressed = pressed_of(link, payload, self.vendor, now)
        if pressed is None:
            return Heard()
        return Heard((pressed.arrival,), afterwards=partial(self.speech.take_buttons, link, pressed))

    async def place(self, link: OpenLink) -> str | None:
        """The bot and the workspace of the token; None before the app is installed. Raises DeliveryFailed."""
        if not token_of(link):
            return None
        told = (await self.speech.ask(link, "auth.test", {}, seconds=limits.SIGN_SECONDS)).told
        known = {"place_name": str(told.get("team") or ""), "bot_user": str(told.get("user_id") or "")}
        if any(link.settings.get(name) != value for name, value in known.items()):
            await self.memory.learn(link, {}, known)
        return place_of(str(told["team_id"]), known["bot_user"]) if told.get("team_id") else None

    async def settle(self, link: OpenLink) -> None:
        """Nothing is left to do: the vendor was told where to send by hand."""

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The reply as Slack messages."""
        cards = link.settings.get("products") == "cards"
        return [
            {**message}
            for message in slack_messages(reply, suggestions, cards=cards, on_this_machine=self.on_this_machine)
        ]

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        """Show in an assistant thread that an answer is being made; elsewhere Slack has no sign for it."""
        if thread.place.get("direct") and thread.place.get("thread"):
            await self.speech.show_working(link, thread.place)

    async def send(
        self,
        link: OpenLink,
        thread: ChannelThread,
        payload: Payload,
        *,
        author: Literal["bot", "person"],
        key: str,
    ) -> str:
        """Post a message; as a list where Slack does not take cards. Raises DeliveryFailed."""
        told = await self.team_room.send(link, thread.place, payload)
        return told if told is not None else await self.speech.post(link, thread.place, payload)

    async def check(
        self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime
    ) -> AsyncIterator[Finding]:
        """Credentials, permissions, the way in, the clock, the last message."""
        async for finding in examined(self.surroundings, self.api, self.tokens, link, kept, addresses, now):
            yield finding
