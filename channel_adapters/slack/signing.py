"""Signatures of Slack's requests: `v0`, HMAC-SHA256 with the signing secret over time and raw body.

Rule: docs.slack.dev, "Verifying requests from Slack". Never here: what a request holds.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime

from channel_adapters.slack.limits import TOLERANCE_SECONDS
from engine.errors import NotAuthenticated

__all__ = ["SIGNATURE", "TIMESTAMP", "signed", "verify"]

TIMESTAMP, SIGNATURE = "x-slack-request-timestamp", "x-slack-signature"


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """`v0=` and the HMAC in lower-case hex."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed(secret: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers that Slack would send with a body."""
    timestamp = str(int(now.timestamp()))
    return {TIMESTAMP: timestamp, SIGNATURE: signature(secret, timestamp, body)}


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Return when the signature is right and not stale. Raises NotAuthenticated, ValueError, KeyError."""
    timestamp, given = headers[TIMESTAMP], headers[SIGNATURE]
    if abs(now.timestamp() - int(timestamp)) > TOLERANCE_SECONDS:
        raise NotAuthenticated("The request's timestamp is more than five minutes off.", code="stale")
    body.decode()  # what Slack signs is UTF-8
    # An empty secret is one that was not filled in yet: anybody could sign with it.
    if not secret or not hmac.compare_digest(signature(secret, timestamp, body).encode(), given.encode()):
        raise NotAuthenticated("The signature is not right.", code="wrong_signature")
