"""What the three channels of Meta have in common: one way in, one way out, one doctor.

Never here: what one of them does otherwise.
"""

from __future__ import annotations

import hmac
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Literal

from channel_adapters.channel import Addresses, Capabilities, FormField, Heard, Hook, Step, Surroundings
from channel_adapters.meta import limits
from channel_adapters.meta.deletion import ASK, LOOK, Deletion, person_of_request
from channel_adapters.meta.doctor import MetaDoctor
from channel_adapters.meta.graph import Graph
from channel_adapters.meta.rendering import messenger_messages
from channel_adapters.meta.signing import verify, verify_token
from channel_adapters.meta.updates import page_updates
from engine.channels.gateway import DeliveryDelayed, DeliveryFailed, OpenLink, Payload
from engine.domain.channel import ChannelLink, ChannelThread, Finding
from engine.domain.conversation import Reply
from engine.errors import Conflict, NotAllowed, NotAuthenticated, Unavailable

__all__ = ["APPS", "APP_ID", "APP_SECRET", "NUMBER", "MetaChannel"]

APPS = "https://developers.facebook.com/apps/"
NUMBER = r"\d{5,20}"
APP_ID = FormField(
    "app_id", "App ID", "In your app on developers.facebook.com, App settings, Basic.", example="1234567890123456",
    pattern=NUMBER,
)  # fmt: skip
APP_SECRET = FormField(
    "app_secret", "App secret", "On the same page: press Show beside it.", secret=True,
    example="0123456789abcdef0123456789abcdef", pattern=r"[0-9a-zA-Z_-]{16,100}",
)  # fmt: skip
PAGE_FIELDS = "messages,messaging_postbacks,messaging_handovers,message_echoes,standby"


class MetaChannel:
    """What the three have in common."""

    kind = ""
    object = ""
    """What Meta's notifications call the place."""
    place_name = ""
    """The field that names the place."""
    subscriber = "page_id"
    """The field that names whose messages come to the app."""
    label = about = ""
    fields: tuple[FormField, ...] = ()
    capabilities = Capabilities(window_hours=24)
    body_bytes = limits.BODY_BYTES
    pace = timedelta(0)
    window: timedelta | None = limits.WINDOW
    deletes = True
    """Whether Meta passes on that somebody asks to be forgotten."""
    by_page = True
    """Whether Meta tells how the page knows who asks."""
    deletion_words = "A shopper who asks Meta for it is forgotten here too."

    def __init__(self, surroundings: Surroundings) -> None:
        self.calls, self.memory = surroundings.calls, surroundings.memory
        self.on_this_machine = surroundings.on_this_machine
        self.graph = Graph(surroundings.calls, surroundings.vendor)
        self.deletion = Deletion(surroundings, self.graph)
        self.doctor = MetaDoctor(self.graph, self.calls, self.object, self.fields, self.place_name, self.subscriber)

    def problems(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """Nothing beyond the patterns."""
        return {}

    def webhook_step(self, addresses: Addresses, product: str, subscribed: str) -> Step:
        """Registering the address at Meta."""
        return Step(
            "Register the webhook",
            f"In your app choose **{product}**, then **Configuration** or **Settings**, and under **Webhooks** press "
            f"**Configure**. Paste both values and press **Verify and save**, then subscribe to {subscribed}.",
            (("Callback URL", addresses.hook("events")), ("Verify token", verify_token(addresses.link))),
            link=APPS,
        )

    def deletion_step(self, addresses: Addresses) -> Step:
        """What Meta asks of every app that keeps messages."""
        return Step(
            "Name the address for deleting data",
            "Under **App settings**, **Basic**, choose **Data deletion callback URL** and paste this. "
            f"{self.deletion_words}",
            (("Data deletion callback URL", addresses.hook(ASK)),),
        )

    async def verify(self, link: OpenLink, hook: Hook, now: datetime) -> None:
        """Return when Meta made the request. Raises NotAllowed for a registration with another verify token."""
        if (hook.tail == ASK or hook.tail.startswith(LOOK)) and not self.deletes:
            raise NotAuthenticated("Nobody asks for this here.")
        if hook.method == "GET":
            if hook.tail.startswith(LOOK):
                return
            given = hook.query.get("hub.verify_token", "")
            right = hmac.compare_digest(given.encode(), verify_token(link.id).encode())
            if hook.query.get("hub.mode") != "subscribe" or not right:
                raise NotAllowed("The verify token is not the one of this link.", code="wrong_verify_token")
        elif hook.tail == ASK:
            person_of_request(link, hook)
        else:
            verify(link.secrets["app_secret"], hook.headers, hook.body)

    async def hear(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """What a genuine request holds. Raises ValueError."""
        if hook.method == "GET":
            if hook.tail.startswith(LOOK):
                return await self.deletion.told(link, hook.tail.removeprefix(LOOK))
            return Heard(body=hook.query["hub.challenge"].encode())
        if hook.tail == ASK:
            return await self.deletion.asked(link, hook, by_page=self.by_page)
        return self.updates(link, hook.body) if await self.holds_place(link) else Heard()

    async def holds_place(self, link: OpenLink) -> bool:
        """Whether no other bot is linked to the link's place, so that one bot answers there.

        Where Meta was out of reach when the link was filled in, it takes its place now. Raises Unavailable.
        """
        if link.address:
            return link.address == link.settings.get(self.place_name)
        try:
            place = await self.place(link)
            await self.memory.take_place(link, place)
        except DeliveryDelayed as error:
            raise Unavailable(error.message) from error
        except (DeliveryFailed, Conflict):
            return False
        with suppress(DeliveryFailed):  # a message came in, so most likely it is subscribed to already
            await self.settle(link)
        return place == link.settings[self.place_name]

    def updates(self, link: OpenLink, body: bytes) -> Heard:
        """The messages of a notification. Raises ValueError."""
        return page_updates(body, self.object, link.settings[self.place_name], link.settings["app_id"])

    async def place(self, link: OpenLink) -> str:
        """The page, account or number, when the token opens it. Raises DeliveryFailed."""
        wanted = link.settings[self.place_name]
        found = (await self.graph.get(link, wanted, fields="id")).json().get("id")
        return str(found or wanted)

    async def settle(self, link: OpenLink) -> None:
        """Let what is written to the place come to the app. Raises DeliveryFailed."""
        await self.subscribe(link)

    async def subscribe(self, link: OpenLink) -> None:
        """Let the page's messages come to the app. Raises DeliveryFailed."""
        await self.graph.post(link, f"{link.settings['page_id']}/subscribed_apps", {}, subscribed_fields=PAGE_FIELDS)

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The reply as Messenger's messages."""
        return messenger_messages(reply, suggestions, on_this_machine=self.on_this_machine)

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        """Show that an answer is being written; it stands alone, without a message."""
        body = {"recipient": {"id": thread.place["person"]}, "sender_action": "typing_on"}
        try:
            await self.graph.post(link, f"{link.settings['page_id']}/messages", body)
        except DeliveryFailed:
            return

    async def send(
        self,
        link: OpenLink,
        thread: ChannelThread,
        payload: Payload,
        *,
        author: Literal["bot", "person"],
        key: str,
    ) -> str:
        """Send one message. Raises DeliveryFailed."""
        body = {"recipient": {"id": thread.place["person"]}, "messaging_type": "RESPONSE", "message": dict(payload)}
        called = await self.graph.post(link, f"{link.settings['page_id']}/messages", body)
        return str(called.json().get("message_id", ""))

    async def check(
        self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime
    ) -> AsyncIterator[Finding]:
        """Token and permissions, the place, the subscription, the way in, the secret, the last message."""
        async for finding in self.doctor.examined(link, kept, addresses, now):
            yield finding
