"""Everything that may be wrong between Meta and here, one finding after another.

Never here: mending any of it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from channel_adapters.calling import VendorCalls
from channel_adapters.channel import Addresses, FormField
from channel_adapters.doctor import clock_finding, messages_finding, missing, way_in, wrongly_signed
from channel_adapters.meta import limits
from channel_adapters.meta.graph import Graph
from channel_adapters.meta.signing import signature
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, DeliveryFailed, OpenLink
from engine.domain.channel import ChannelLink, Finding

__all__ = ["MetaDoctor"]


@dataclass(frozen=True, slots=True)
class MetaDoctor:
    """Looks at the links of one of the three channels."""

    graph: Graph
    calls: VendorCalls
    object: str
    """What Meta's notifications call the place."""
    fields: tuple[FormField, ...]
    place_name: str
    """The field that names the place."""
    subscriber: str
    """The field that names whose messages come to the app."""

    async def examined(
        self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime
    ) -> AsyncIterator[Finding]:
        """All findings."""
        lacking = missing(self.fields, link)
        if lacking is not None:
            yield lacking
        else:
            async for finding in self.by_token(link, now):
                yield finding
        yield await way_in(self.calls, addresses, "Meta")
        yield await wrongly_signed(self.calls, addresses.hook("events"), {"X-Hub-Signature-256": "sha256=00"})
        if link.secrets.get("app_secret"):
            yield await self.own_signature(link, addresses)
        yield messages_finding(kept, "Write to your page or number from another account.")
        if kept.last_in_at is not None and now - kept.last_in_at >= limits.WINDOW:
            yield Finding(
                "window", "unsure", "The last message is more than 24 hours old: nobody can be written to just now.",
                "window_closed", "A shopper has to write first.",
            )  # fmt: skip

    async def by_token(self, link: OpenLink, now: datetime) -> AsyncIterator[Finding]:
        """What Meta says of the place, once it takes the token."""
        try:
            called = await self.graph.get(link, link.settings[self.place_name], fields="id")
        except DeliveryFailed as error:
            yield refused(error)
            return
        yield Finding("credentials", "good", "The token opens the place.")
        yield clock_finding(called.headers, now, "Meta")
        if link.address != link.settings[self.place_name]:
            yield Finding(
                "place", "bad", "This link does not hold its place at Meta, so nobody is answered.", "place_taken",
                "Save the settings here again. If another assistant is linked there, end that link first.",
            )  # fmt: skip
        yield await self.subscription(link)

    async def subscription(self, link: OpenLink) -> Finding:
        """Whether the messages come to the app."""
        whose = "page" if self.subscriber == "page_id" else "account"
        try:
            told = (await self.graph.get(link, f"{link.settings[self.subscriber]}/subscribed_apps")).json().get("data")
        except DeliveryFailed as error:
            return Finding("subscription", "unsure", error.message)
        if any(app_id_of(app) == link.settings["app_id"] for app in (told if isinstance(told, list) else ())):
            return Finding("subscription", "good", f"The {whose}'s messages come to your app.")
        return Finding(
            "subscription", "bad", f"The {whose}'s messages do not come to your app.", "not_installed",
            f"Save the settings here again; that subscribes your app to the {whose}.",
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


def refused(error: DeliveryFailed) -> Finding:
    """Why Meta does not open the place, and what to do about it."""
    if isinstance(error, ConnectionBroken):
        step = "Make a new token at Meta, and fill it in under Settings."
        if error.code == "missing_scope":
            step = "Make the token anew, with all permissions that the steps name."
        return Finding("credentials", "bad", error.message, error.code, step)
    if isinstance(error, DeliveryDelayed):
        cause = "rate_limited" if error.whole_link else "unreachable"
        return Finding("credentials", "bad", error.message, cause, "Look again in a few minutes.")
    if "appsecret_proof" in error.message:
        return Finding("credentials", "bad", error.message, "wrong_secret", "Copy the App secret anew.")
    return Finding("credentials", "bad", error.message, "wrong_url", "Check the ids.")


def app_id_of(app: Any) -> str:
    """The id of a subscribed app; an account of WhatsApp names it one level deeper than a page."""
    if not isinstance(app, dict):
        return ""
    inner = app.get("whatsapp_business_api_data")
    return str((inner if isinstance(inner, dict) else app).get("id", ""))
