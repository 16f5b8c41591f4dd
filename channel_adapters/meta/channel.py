"""What the three channels of Meta have in common: one way in, one way out, one doctor.

Never here: what one of them does otherwise.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from channel_adapters.channel import Addresses, Capabilities, FormField, Heard, Hook, Step, Surroundings
from channel_adapters.doctor import clock_finding, messages_finding, way_in, wrongly_signed
from channel_adapters.meta import limits
from channel_adapters.meta.deletion import ASK, LOOK, Deletion, person_of_request
from channel_adapters.meta.graph import Graph
from channel_adapters.meta.rendering import messenger_messages
from channel_adapters.meta.signing import signature, verify, verify_token
from channel_adapters.meta.updates import page_updates
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, DeliveryFailed, OpenLink, Payload
from engine.domain.channel import ChannelLink, ChannelThread, Finding
from engine.domain.conversation import Reply
from engine.errors import NotAllowed, NotAuthenticated

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
        self.calls, self.on_this_machine = surroundings.calls, surroundings.on_this_machine
        self.graph = Graph(surroundings.calls, surroundings.vendor)
        self.deletion = Deletion(surroundings, self.graph)

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
        return self.updates(link, hook.body)

    def updates(self, link: OpenLink, body: bytes) -> Heard:
        """The messages of a notification. Raises ValueError."""
        return page_updates(body, self.object, link.settings[self.place_name], link.settings["app_id"])

    async def place(self, link: OpenLink) -> str | None:
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
        """Token and permissions, the subscription, the secret, the way in, the clock, the last message."""
        try:
            called = await self.graph.get(link, link.settings[self.place_name], fields="id")
        except ConnectionBroken as error:
            yield Finding("credentials", "bad", error.message, error.code, self.reconnect(error.code))
        except DeliveryDelayed as error:
            cause = "rate_limited" if error.whole_link else "unreachable"
            yield Finding("credentials", "bad", error.message, cause, "Look again in a few minutes.")
        except DeliveryFailed as error:
            secret = "appsecret_proof" in error.message
            cause, step = ("wrong_secret", "Copy the App secret anew.") if secret else ("wrong_url", "Check the ids.")
            yield Finding("credentials", "bad", error.message, cause, step)
        else:
            yield Finding("credentials", "good", "The token opens the place.")
            yield clock_finding(called.headers, now, "Meta")
            yield await self.subscription(link)
        yield await way_in(self.calls, addresses, "Meta")
        yield await wrongly_signed(self.calls, addresses.hook("events"), {"X-Hub-Signature-256": "sha256=00"})
        yield await self.own_signature(link, addresses)
        yield messages_finding(kept, "Write to your page or number from another account.")
        if kept.last_in_at is not None and now - kept.last_in_at >= limits.WINDOW:
            yield Finding(
                "window", "unsure", "The last message is more than 24 hours old: nobody can be written to just now.",
                "window_closed", "A shopper has to write first.",
            )  # fmt: skip

    @staticmethod
    def reconnect(cause: str) -> str:
        """What to do about a refused token."""
        if cause == "missing_scope":
            return "Make the token anew, with all permissions that the steps name."
        return "Make a new token at Meta, and fill it in under Settings."

    async def subscription(self, link: OpenLink) -> Finding:
        """Whether the page's messages come to the app."""
        try:
            told = (await self.graph.get(link, f"{link.settings['page_id']}/subscribed_apps")).json()
        except DeliveryFailed as error:
            return Finding("subscription", "unsure", error.message)
        apps = told.get("data", [])
        if any(isinstance(app, dict) and str(app.get("id")) == link.settings["app_id"] for app in apps):
            return Finding("subscription", "good", "The page's messages come to your app.")
        return Finding(
            "subscription", "bad", "The page's messages do not come to your app.", "not_installed",
            "Save the settings here again; that subscribes your app to the page.",
        )  # fmt: skip

    async def own_signature(self, link: OpenLink, addresses: Addresses) -> Finding:
        """Whether the link's own address takes what is signed with the kept secret: an empty notification."""
        body = json.dumps({"object": self.object, "entry": []}).encode()
        headers = {
            "X-Hub-Signature-256": signature(link.secrets["app_secret"], body),
            "Content-Type": "application/json",
        }
        try:
            called = await self.calls.call("POST", addresses.hook("events"), headers=headers, content=body)
        except DeliveryFailed as error:
            return Finding("signature", "bad", error.message, "unreachable", "See above.")
        if called.status == 200:
            return Finding("signature", "good", "A request signed with your App secret is taken.")
        return Finding(
            "signature", "bad", f"It was answered with {called.status}.", "wrong_url", "Check STORECLERK_PUBLIC_URL."
        )
