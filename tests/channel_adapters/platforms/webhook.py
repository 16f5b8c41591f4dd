"""A shop's own server at the other end of the generic webhook, checking with the specification's own library."""

from __future__ import annotations

import json
import uuid
from datetime import UTC, datetime
from typing import Any

import httpx
from standardwebhooks import Webhook, WebhookVerificationError

from tests.channel_adapters.platforms.base import Answer, Platform, Sent

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"


class ShopServer(Platform):
    """Takes signed answers, sends signed messages."""

    secret = SECRET

    def answer(self, sent: Sent) -> Answer:
        try:
            Webhook(self.secret).verify(sent.body, sent.headers)
        except WebhookVerificationError:
            self.broken_rules.append("wrong signature")
            return Answer(401)
        return Answer()

    def replies(self) -> list[dict[str, Any]]:
        """The answers so far."""
        return [sent.json for sent in self.sent if sent.json.get("type") == "reply"]


def message(text: str, **more: Any) -> dict[str, Any]:
    """A message in the documented shape."""
    ident = uuid.uuid4().hex
    return {"id": ident, "conversation": f"visitor-{ident}", "text": text} | more


def signed(body: dict[str, Any], secret: str = SECRET, at: datetime | None = None) -> tuple[bytes, dict[str, str]]:
    """(content, headers) as the specification's library makes them."""
    content = json.dumps(body).encode()
    at = at or datetime.now(UTC)
    headers = {
        "webhook-id": body.get("id", "x"),
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": Webhook(secret).sign(body.get("id", "x"), at, content.decode()),
        "content-type": "application/json",
    }
    return content, headers


def post(client: httpx.Client, path: str, body: dict[str, Any], **options: Any) -> httpx.Response:
    """Send a signed message."""
    content, headers = signed(body, **options)
    return client.post(path, content=content, headers=headers)
