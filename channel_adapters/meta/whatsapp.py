"""WhatsApp Business (Cloud API) as a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Literal

from channel_adapters.channel import Addresses, Capabilities, FormField, Heard, Step, Surroundings
from channel_adapters.doctor import missing
from channel_adapters.meta import limits
from channel_adapters.meta.channel import APP_ID, APP_SECRET, APPS, NUMBER, MetaChannel
from channel_adapters.meta.other_renderings import whatsapp_messages
from channel_adapters.meta.templates import TEMPLATE_FIELDS, TEMPLATE_TEXT, Templates
from channel_adapters.meta.updates import whatsapp_updates
from engine.channels.gateway import DeliveryFailed, OpenLink, Payload
from engine.domain.channel import ChannelLink, ChannelThread, Finding
from engine.domain.conversation import Reply

__all__ = ["WhatsAppChannel"]

LATE = "The last message is more than 24 hours old: only people of your shop can write just now, in the template."


class WhatsAppChannel(MetaChannel):
    """A WhatsApp Business number, over the Cloud API."""

    kind, object, place_name = "whatsapp", "whatsapp_business_account", "phone_number_id"
    subscriber = "business_account_id"
    label = "WhatsApp Business"
    about = "Answers who writes to your WhatsApp Business number."
    fields = (
        APP_ID,
        APP_SECRET,
        FormField("phone_number_id", "Phone number ID", "In your app: WhatsApp, API setup. Not the number itself.",
                  example="106540352242922", pattern=NUMBER),
        FormField("business_account_id", "WhatsApp Business Account ID", "On the same page.",
                  example="102290129340398", pattern=NUMBER),
        FormField("access_token", "Access token", "Of a system user (Business settings, System users), so that it does "
                  "not end, with whatsapp_business_messaging and whatsapp_business_management.", secret=True),
        *TEMPLATE_FIELDS,
    )  # fmt: skip
    capabilities = Capabilities(
        buttons=True, typing=True, window_hours=24,
        notes="WhatsApp's terms allow assistants that answer for a shop, not general ones: what is not about your shop "
        "is refused there, as everywhere. More than 24 hours after a shopper's last message nothing is sent but what "
        "people of your shop write, in a template that you name.",
    )  # fmt: skip
    body_bytes = limits.WHATSAPP_BYTES
    pace = limits.WHATSAPP_PACE
    deletes = False

    def __init__(self, surroundings: Surroundings) -> None:
        super().__init__(surroundings)
        self.late_words = Templates(self.graph)

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What to do at Meta."""
        return (
            Step("Create an app", "Press **Create app**, choose **Other**, then **Business**, and add the product "
                 "**WhatsApp**. It comes with a number to try.", link=APPS),
            Step("Copy five values", "**App ID** and **App secret** from App settings, Basic; **Phone number ID** and "
                 "**WhatsApp Business Account ID** from WhatsApp, API setup; and the token of a system user."),
            self.webhook_step(addresses, "WhatsApp", "`messages`"),
            Step("Write to your number", "From a telephone that is among the recipients under API setup."),
            Step("If you like: a message template", "So that your people can answer after more than 24 hours, create a "
                 "template of the category **Utility** in WhatsApp Manager, with this body, and fill in its name once "
                 "it is approved.", (("Body", TEMPLATE_TEXT),)),
        )  # fmt: skip

    def updates(self, link: OpenLink, body: bytes) -> Heard:
        """The messages of a notification. Raises ValueError."""
        return whatsapp_updates(body, link.settings["phone_number_id"])

    async def check(
        self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime
    ) -> AsyncIterator[Finding]:
        """As for the others, and the template."""
        async for finding in super().check(link, kept, addresses, now):
            if finding.name == "window" and link.settings.get("template_name"):
                yield replace(finding, says=LATE)
            else:
                yield finding
        if missing(self.fields, link) is None and (told := await self.late_words.examined(link)) is not None:
            yield told

    async def subscribe(self, link: OpenLink) -> None:
        """Let the account's messages come to the app. Raises DeliveryFailed."""
        await self.graph.post(link, f"{link.settings['business_account_id']}/subscribed_apps", {})

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The reply as WhatsApp's messages."""
        return whatsapp_messages(reply, suggestions, on_this_machine=self.on_this_machine)

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        """Mark the message as read, and show that an answer is being written."""
        body = {
            "messaging_product": "whatsapp", "status": "read", "message_id": thread.place["message"],
            "typing_indicator": {"type": "text"},
        }  # fmt: skip
        try:
            await self.graph.post(link, f"{link.settings['phone_number_id']}/messages", body)
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
        body = {
            "messaging_product": "whatsapp", "recipient_type": "individual", "to": thread.place["person"], **payload
        }  # fmt: skip
        called = (await self.graph.post(link, f"{link.settings['phone_number_id']}/messages", body)).json()
        messages = called.get("messages")
        return str(messages[0].get("id", "")) if isinstance(messages, list) and messages else ""
