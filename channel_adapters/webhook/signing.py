"""Signatures of the Standard Webhooks specification 1.0 (`v1`, HMAC-SHA256)."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import UTC, datetime

from channel_adapters.webhook.limits import TOLERANCE
from engine.errors import NotAuthenticated

__all__ = ["PREFIX", "signed", "verify"]

PREFIX = "whsec_"


def key_of(secret: str) -> bytes:
    """The key a secret holds. Raises ValueError for what is none."""
    try:
        return base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error as error:
        raise ValueError("a signing secret is `whsec_` and base64") from error


def signature(secret: str, ident: str, timestamp: str, body: bytes) -> str:
    """`v1,` and the base64 of the HMAC over id, timestamp and the raw body."""
    base = f"{ident}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.new(key_of(secret), base, hashlib.sha256).digest()).decode()


def signed(secret: str, ident: str, now: datetime, body: bytes) -> dict[str, str]:
    """The headers of a message that leaves."""
    timestamp = str(int(now.timestamp()))
    return {
        "webhook-id": ident,
        "webhook-timestamp": timestamp,
        "webhook-signature": signature(secret, ident, timestamp, body),
    }


def verify(secret: str, headers: Mapping[str, str], body: bytes, now: datetime) -> None:
    """Return when one of the signatures is right and not stale. Raises NotAuthenticated, ValueError, KeyError."""
    ident, timestamp = headers["webhook-id"], headers["webhook-timestamp"]
    if abs(now - datetime.fromtimestamp(int(timestamp), UTC)) > TOLERANCE:
        raise NotAuthenticated("The request's timestamp is more than five minutes off.", code="stale")
    right = signature(secret, ident, timestamp, body).encode()
    # All are compared, so that the time says nothing of which was right.
    matches = [hmac.compare_digest(right, given.encode()) for given in headers["webhook-signature"].split(" ")]
    if not any(matches):
        raise NotAuthenticated("The signature is not right.", code="wrong_signature")
