"""Calls of the Graph API, and what its refusals mean.

Never here: what is sent.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from channel_adapters.calling import Called, VendorCalls
from channel_adapters.meta import limits
from channel_adapters.meta.signing import appsecret_proof
from engine.channels.gateway import (
    ConnectionBroken,
    DeliveryDelayed,
    DeliveryFailed,
    NotDelivered,
    OpenLink,
    WindowClosed,
)

__all__ = ["Graph"]

GRAPH = "https://graph.facebook.com"
THROTTLED = {4, 17, 32, 613, 80006, 80007, 130429}
"""Of the application, the page or the number as a whole."""
THROTTLED_PAIR = 131056
"""Too many messages to one person; about one in six seconds is taken (not verified)."""
PAIR_SECONDS = 6.0
TOKEN, PERMISSION = {190, 102}, {3, 10, 294, 299, 131005}
CLOSED_WINDOW, CLOSED_SUBCODES = {131047, 131026}, {2018278, 2534022}
GONE, EXPIRED = {458, 459, 460, 464, 467}, {463}
RECONNECT = "Make a new token, and fill it in under Settings."


class Graph:
    """The Graph API for a link."""

    def __init__(self, calls: VendorCalls, vendor: str) -> None:
        self.calls, self.base = calls, vendor or GRAPH

    async def get(self, link: OpenLink, path: str, **query: str) -> Called:
        """Read something. Raises DeliveryFailed."""
        return await self.call("GET", link, path, query=query)

    async def post(self, link: OpenLink, path: str, body: Mapping[str, Any], **query: str) -> Called:
        """Do something. Raises DeliveryFailed."""
        return await self.call("POST", link, path, body=body, query=query)

    async def call(
        self, method: str, link: OpenLink, path: str, *, query: Mapping[str, str], body: Mapping[str, Any] | None = None
    ) -> Called:
        """One call with the link's token, in a header: addresses are logged on the way. Raises DeliveryFailed."""
        secret, token = link.secrets["app_secret"], link.secrets["access_token"]
        asked = urlencode({**query, "appsecret_proof": appsecret_proof(secret, token)})
        safe = "/".join(quote(part, safe="") for part in path.split("/"))
        called = await self.calls.call(
            method,
            f"{self.base}/{limits.GRAPH_VERSION}/{safe}?{asked}",
            headers={"Authorization": f"Bearer {token}"},
            body=body,
        )
        if 200 <= called.status < 300 and "error" not in called.json():
            return called
        raise refused(called)


def refused(called: Called) -> DeliveryFailed:
    """What a refusal means for us, with the next step."""
    error = called.json().get("error")
    told: dict[str, Any] = error if isinstance(error, dict) else {}
    code, subcode = told.get("code"), told.get("error_subcode")
    words = f"Meta says: {str(told.get('message', f'status {called.status}'))[:200]}"
    if code in TOKEN:
        cause = "expired_token" if subcode in EXPIRED else "revoked" if subcode in GONE else "expired_token"
        return ConnectionBroken(f"The access token does not count any more. {RECONNECT} {words}", code=cause)
    if code in CLOSED_WINDOW or subcode in CLOSED_SUBCODES:
        return WindowClosed(f"The shopper's last message is more than 24 hours old. {words}")
    if code == THROTTLED_PAIR:
        return DeliveryDelayed(words, retry_after=called.retry_after or PAIR_SECONDS)
    if code in THROTTLED or called.status == 429:
        return DeliveryDelayed(words, retry_after=called.retry_after or 60.0, whole_link=True)
    if code in PERMISSION or (isinstance(code, int) and 200 <= code < 300):
        return ConnectionBroken(f"A permission is missing. {words}", code="missing_scope")
    if code in {1, 2} or called.status >= 500:
        return DeliveryDelayed(words, retry_after=called.retry_after)
    return NotDelivered(words)
