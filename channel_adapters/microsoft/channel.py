"""Azure Bot Service as a channel."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Literal

from channel_adapters.calling import Called
from channel_adapters.channel import Addresses, Capabilities, FormField, Heard, Hook, Step, Surroundings
from channel_adapters.doctor import clock_finding, messages_finding, missing, way_in, wrongly_signed
from channel_adapters.microsoft import limits
from channel_adapters.microsoft.activities import activity_of, arrival_of, is_of_tenant
from channel_adapters.microsoft.conversations import Conversations
from channel_adapters.microsoft.keys import ServiceKeys
from channel_adapters.microsoft.manifest import teams_manifest
from channel_adapters.microsoft.rendering import activities
from channel_adapters.microsoft.streams import TeamsStreams
from channel_adapters.microsoft.tokens import AppTokens, verified_claims
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, DeliveryFailed, OpenLink, Payload
from engine.domain.channel import ChannelLink, ChannelThread, Finding
from engine.domain.conversation import Reply

__all__ = ["MicrosoftChannel"]

GUID = r"[0-9a-fA-F]{8}-([0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
PORTAL = "https://portal.azure.com/#create/Microsoft.AzureBot"


class MicrosoftChannel:
    """Teams, Direct Line, web chat and the other channels of Azure Bot Service."""

    kind = "teams"
    label = "Microsoft Teams and Azure Bot Service"
    about = "Teams, and all that Azure Bot Service connects: Direct Line, web chat, Microsoft 365 and more."
    fields = (
        FormField(
            "app_id", "Microsoft App ID", "In your Azure Bot, Configuration. Also called Application (client) ID.",
            example="11111111-2222-3333-4444-555555555555", pattern=GUID,
        ),
        FormField(
            "tenant_id", "App Tenant ID", "In your Azure Bot, under Configuration. Also called Directory (tenant) ID.",
            example="aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee", pattern=GUID,
        ),
        FormField(
            "app_password", "Client secret (Value)",
            "In Microsoft Entra, App registrations, your app, Certificates & secrets, New client secret. Copy the "
            "Value, which is shown only once; the Secret ID is not it.", secret=True,
        ),
    )  # fmt: skip
    capabilities = Capabilities(cards=True, buttons=True, typing=True, streaming=True)
    body_bytes = limits.BODY_BYTES
    pace = limits.PACE
    window: timedelta | None = None

    def __init__(self, surroundings: Surroundings) -> None:
        self.calls, self.vendor = surroundings.calls, surroundings.vendor
        self.memory, self.on_this_machine = surroundings.memory, surroundings.on_this_machine
        self.keys = ServiceKeys(self.calls, self.vendor, self.memory.now)
        self.tokens = AppTokens(self.calls, self.vendor)
        self.conversations = Conversations(self.calls, self.vendor, self.tokens, self.memory)
        self.streams = TeamsStreams(self.conversations, on_this_machine=self.on_this_machine)

    def problems(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """A Secret ID pasted in place of the secret is the most frequent slip."""
        secret = settings.get("app_password", "")
        is_id = len(secret) == 36 and secret.count("-") == 4
        return {"app_password": "is the Secret ID; copy the Value beside it"} if is_id else {}

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What to do in the Azure portal and in Teams."""
        endpoint = addresses.hook("messages")
        return (
            Step(
                "Create the bot",
                "In the Azure portal create an **Azure Bot**. Choose **Single Tenant** as the type of app and "
                "**Create new Microsoft App ID**. The **F0** plan is free.",
                link=PORTAL,
            ),
            Step(
                "Copy three values",
                "Open the bot, then **Configuration**: copy **Microsoft App ID** and **App Tenant ID** to the form on "
                "this page. Press **Manage Password** beside the id, then **New client secret**, and copy its "
                "**Value**.",
            ),
            Step(
                "Name the address of your assistant",
                "Under **Configuration** paste this as **Messaging endpoint**, and press **Apply**.",
                (("Messaging endpoint", endpoint),),
            ),
            Step(
                "Switch Teams on",
                "Under **Channels** choose **Microsoft Teams**, agree, and press **Apply**. Then upload this file in "
                "Teams: **Apps**, **Manage your apps**, **Upload an app**. Put it into a zip file together with your "
                "icons `color.png` (192 × 192) and `outline.png` (32 × 32).",
                download=("manifest.json", teams_manifest(settings.get("app_id", ""), addresses.server)),
            ),
            Step("Say hello", "Write to your bot in Teams, or under **Test in Web Chat** in the Azure portal."),
        )

    async def verify(self, link: OpenLink, hook: Hook, now: datetime) -> None:
        """Return when Azure Bot Service made the request for this link's app."""
        authorization = hook.headers.get("authorization", "")
        await verified_claims(self.keys, authorization, link.settings["app_id"], hook.body, now)

    async def hear(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """A shopper's message, or nothing. Raises ValueError."""
        activity = activity_of(hook.body)
        if activity["type"] == "invoke":
            return Heard(status=200, body=b"{}", media_type="application/json")
        arrival = arrival_of(activity, now) if is_of_tenant(link, activity) else None
        return Heard(() if arrival is None else (arrival,), status=202)

    async def place(self, link: OpenLink) -> str | None:
        """The app: one app, one bot."""
        await self.tokens.fetch(link, self.memory.now())
        return link.settings["app_id"].lower()

    async def settle(self, link: OpenLink) -> None:
        """Nothing is left to do: the vendor was told where to send by hand."""

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The reply as activities."""
        return activities(reply, suggestions, on_this_machine=self.on_this_machine)

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        """Show that the bot is typing."""
        try:
            await self.conversations.post(link, thread.place, {"type": "typing"})
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
        """Post an activity. Raises DeliveryFailed."""
        body = dict(payload)
        if thread.place.get("group"):
            body.pop("suggestedActions", None)  # Teams takes them in personal chats only
        return await self.conversations.post(link, thread.place, body)

    async def check(
        self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime
    ) -> AsyncIterator[Finding]:
        """Credentials, the service's keys, the way in, the clock, the last message."""
        yield missing(self.fields, link) or await self.credentials(link, now)
        address = f"{self.keys.base}/v1/.well-known/openidconfiguration"
        try:
            called = await self.calls.call("GET", address)
        except DeliveryFailed as error:
            yield Finding(
                "service", "bad", error.message, "unreachable", "Let this computer reach login.botframework.com."
            )
        else:
            yield keys_finding(called)
            yield clock_finding(called.headers, now, "Microsoft")
        yield await way_in(self.calls, addresses, "Azure Bot Service")
        yield await wrongly_signed(self.calls, addresses.hook("messages"), {"Authorization": "Bearer wrong"})
        yield messages_finding(kept, "Write to your bot under Test in Web Chat in the Azure portal.")

    async def credentials(self, link: OpenLink, now: datetime) -> Finding:
        """Whether Microsoft Entra knows the app by its ids and its secret."""
        try:
            await self.tokens.fetch(link, now)
        except ConnectionBroken as error:
            return Finding("credentials", "bad", error.message, error.code, "Correct it in Settings, and look again.")
        except DeliveryFailed as error:
            if isinstance(error, DeliveryDelayed) and error.whole_link:
                return Finding("credentials", "bad", error.message, "rate_limited", "Look again in a few minutes.")
            return Finding(
                "credentials", "bad", error.message, "unreachable", "Let this computer reach login.microsoftonline.com."
            )
        return Finding("credentials", "good", "Microsoft Entra gives a token for the app.")


def keys_finding(called: Called) -> Finding:
    """Whether the service said where its keys are."""
    if called.status == 200:
        return Finding("service", "good", "The keys of Azure Bot Service can be read.")
    return Finding(
        "service", "bad", f"Azure Bot Service answered {called.status} when asked for its keys.", "unreachable",
        "Look again in a few minutes; no message can be taken until then.",
    )  # fmt: skip
