"""The generic webhook as a channel: a shop's own server tells what shoppers write, and is told the answers."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Literal
from urllib.parse import urlsplit

from channel_adapters.calling import Called
from channel_adapters.channel import (
    Addresses,
    Capabilities,
    FormField,
    Heard,
    Hook,
    Step,
    Surroundings,
)
from channel_adapters.doctor import clock_finding, messages_finding, missing, wrongly_signed
from channel_adapters.webhook import limits
from channel_adapters.webhook.signing import PREFIX, key_of, signed, verify
from engine.api.events import reply_body
from engine.channels.gateway import (
    Arrival,
    ConnectionBroken,
    DeliveryDelayed,
    DeliveryFailed,
    NotDelivered,
    OpenLink,
    Payload,
)
from engine.domain.channel import ChannelLink, ChannelThread, Finding
from engine.domain.conversation import Reply

__all__ = ["WebhookChannel"]

SHORTEST_KEY = 24
"""Bytes; the specification asks for 24 to 64."""
START = "Start your server, check its firewall and certificate, then look again."
CORRECT = "Check the address: it has to take a POST and answer 200."
EXAMPLE = """```json
{"id": "m-1042", "conversation": "visitor-77", "shopper": "visitor-77",
 "text": "Do you ship to France?", "at": "2026-11-30T09:30:00Z"}
```"""


def is_secret(text: str) -> bool:
    """Whether a text is a signing secret of the specification."""
    try:
        return text.startswith(PREFIX) and len(key_of(text)) >= SHORTEST_KEY
    except ValueError:
        return False


class WebhookChannel:
    """Signed JSON both ways."""

    kind = "webhook"
    label = "Any other platform (webhook)"
    about = "Your own server, or any platform that can call an address: signed messages in both directions."
    fields = (
        FormField(
            "url",
            "Address that receives the answers",
            "An https address of your server. Each answer is posted there as JSON, with a signature.",
            example="https://www.my-shop.example/storeclerk",
            pattern=r"https?://\S{3,500}",
        ),
        FormField(
            "secret",
            "Signing secret",
            "`whsec_` and at least 24 random bytes in base64. Both sides sign with it; keep it to yourselves.",
            secret=True,
            example="whsec_YW4gZXhhbXBsZTogbWFrZSBvbmUgb2YgeW91ciBvd24=",
            made_up=PREFIX,
        ),
    )
    capabilities = Capabilities(cards=True, buttons=True, notes="What your server shows of an answer is up to you.")
    body_bytes = limits.BODY_BYTES
    pace = timedelta(0)
    window: timedelta | None = None

    def __init__(self, surroundings: Surroundings) -> None:
        self.calls, self.memory = surroundings.calls, surroundings.memory

    def problems(self, settings: Mapping[str, str]) -> Mapping[str, str]:
        """What is wrong with the address or the secret."""
        found: dict[str, str] = {}
        if "secret" in settings and not is_secret(settings["secret"]):
            found |= {"secret": "is `whsec_` followed by at least 24 bytes in base64"}
        if "url" in settings:
            try:
                self.calls.check(settings["url"])
            except NotDelivered as error:
                found["url"] = error.message
        return found

    def steps(self, addresses: Addresses, settings: Mapping[str, str]) -> Sequence[Step]:
        """What the shop's own server has to do."""
        return (
            Step(
                "Tell us what shoppers write",
                "Post each message to this address as JSON, signed after the "
                "[Standard Webhooks](https://www.standardwebhooks.com) specification (libraries exist for most "
                f"languages). The same `id` is answered once, however often you send it.\n\n{EXAMPLE}",
                (("Address for messages", addresses.hook("messages")),),
            ),
            Step(
                "Show the answers",
                "Each answer is posted to your address: `conversation`, `in_reply_to` and `reply` with its text, "
                "sources and products. Check the signature, answer with a status of 200, and take each `webhook-id` "
                "once: after a crash the same answer may come again under the same id.",
                (("Your address", settings.get("url", "")),),
            ),
        )

    async def verify(self, link: OpenLink, hook: Hook, now: datetime) -> None:
        """Return when the shop's server signed it."""
        verify(link.secrets["secret"], hook.headers, hook.body, now)

    async def hear(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """The message, or nothing for a ping. Raises ValueError."""
        body = json.loads(hook.body)
        if not isinstance(body, dict):
            raise ValueError("a message is a JSON object")
        if body.get("type") == "ping":
            return Heard()
        texts = {name: body.get(name) for name in ("id", "conversation", "text")}
        if not all(isinstance(text, str) and text.strip() for text in texts.values()):
            raise ValueError("a message needs `id`, `conversation` and `text`")
        shopper = body.get("shopper") or body["conversation"]
        f"{body['id']}{body['conversation']}{shopper}".encode()  # half a character can name nothing
        at = datetime.fromisoformat(str(body["at"])) if body.get("at") else now
        arrival = Arrival(
            key=body["id"],
            conversation=body["conversation"],
            shopper=str(shopper),
            text=body["text"],
            at=at if at.tzinfo is not None else at.replace(tzinfo=UTC),
            place={"conversation": body["conversation"], "message": body["id"]},
        )
        return Heard((arrival,))

    async def place(self, link: OpenLink) -> str | None:
        """None: a shop's own server is no place that two bots could share."""
        return None

    async def settle(self, link: OpenLink) -> None:
        """Nothing is left to do: the vendor was told where to send by hand."""

    def render(self, link: OpenLink, reply: Reply, suggestions: Sequence[str]) -> Sequence[Payload]:
        """The whole reply in one message."""
        return [{"reply": reply_body(reply), "suggestions": list(suggestions)}]

    async def working(self, link: OpenLink, thread: ChannelThread) -> None:
        """Nothing: there is no sign for it."""

    async def send(
        self,
        link: OpenLink,
        thread: ChannelThread,
        payload: Payload,
        *,
        author: Literal["bot", "person"],
        key: str,
    ) -> str:
        """Post an answer. Raises DeliveryFailed."""
        await self.post(
            link,
            key,
            {
                "type": "reply",
                "author": author,
                "conversation": thread.place["conversation"],
                "in_reply_to": thread.place["message"],
                **payload,
            },
        )
        return key

    async def post(self, link: OpenLink, ident: str, body: Mapping[str, Any]) -> None:
        """Post something signed. Raises DeliveryFailed."""
        called = await self.call(link, ident, body)
        if (refusal := refused(link, called)) is not None:
            raise refusal

    async def call(self, link: OpenLink, ident: str, body: Mapping[str, Any]) -> Called:
        """Post something signed, whatever is answered. Raises DeliveryFailed when nothing is."""
        content = json.dumps(body, ensure_ascii=False).encode()
        headers = signed(link.secrets["secret"], ident, self.memory.now(), content)
        return await self.calls.call(
            "POST", link.settings["url"], headers=headers | {"Content-Type": "application/json"}, content=content
        )

    async def check(
        self, link: OpenLink, kept: ChannelLink, addresses: Addresses, now: datetime
    ) -> AsyncIterator[Finding]:
        """Whether the shop's server takes a signed ping."""
        lacking = missing(self.fields, link, "reachable")
        if lacking is not None:
            yield lacking
        else:
            async for finding in self.reachable(link, now):
                yield finding
        yield await wrongly_signed(self.calls, addresses.hook("messages"), {"webhook-signature": "v1,wrong"})
        yield messages_finding(kept, f"Post one to {addresses.hook('messages')}.")

    async def reachable(self, link: OpenLink, now: datetime) -> AsyncIterator[Finding]:
        """What the shop's server answers to a signed ping, and what time it has."""
        try:
            called = await self.call(link, f"ping_{int(self.memory.now().timestamp())}", {"type": "ping"})
        except DeliveryDelayed as error:
            yield Finding("reachable", "bad", error.message, "unreachable", START)
        except DeliveryFailed as error:
            yield Finding("reachable", "bad", error.message, "wrong_url", CORRECT)
        else:
            yield ping_finding(called, refused(link, called))
            yield clock_finding(called.headers, now, "your server")


def ping_finding(called: Called, refusal: DeliveryFailed | None) -> Finding:
    """What the answer to a ping means, and what to do about it."""
    if refusal is None:
        return Finding("reachable", "good", "Your server took a signed ping.")
    if called.status in {401, 403}:
        step = "Your server refused the signature: use the same secret on both sides."
        return Finding("reachable", "bad", refusal.message, "wrong_secret", step)
    if called.status == 429:
        return Finding("reachable", "bad", refusal.message, "rate_limited", "Look again in a few minutes.")
    if isinstance(refusal, DeliveryDelayed):
        return Finding("reachable", "bad", refusal.message, "unreachable", START)
    return Finding("reachable", "bad", refusal.message, "revoked" if called.status == 410 else "wrong_url", CORRECT)


def refused(link: OpenLink, called: Called) -> DeliveryFailed | None:
    """Why the shop's server did not take something; None when it did.

    Of its address only the host is named: the rest may hold a secret, and this is shown, kept and logged.
    """
    if 200 <= called.status < 300:
        return None
    told = f"{urlsplit(link.settings['url']).hostname} answered {called.status}."
    if called.status in {408, 425, 429} or called.status >= 500:
        return DeliveryDelayed(told, retry_after=called.retry_after)
    if called.status == 410:
        return ConnectionBroken(f"{told} That means: never call again. Fill in a new address.")
    return NotDelivered(told)
