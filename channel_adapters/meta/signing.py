"""Signatures of Meta's platforms, over the raw bytes: what is written anew, even as the same JSON, has another one."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from typing import Any

from engine.errors import NotAuthenticated

__all__ = ["appsecret_proof", "signature", "signed_request", "verify", "verify_token"]

HEADER = "x-hub-signature-256"


def mac(secret: str, content: bytes) -> str:
    """The HMAC-SHA256 in hexadecimal."""
    return hmac.new(secret.encode(), content, hashlib.sha256).hexdigest()


def signature(secret: str, body: bytes) -> str:
    """What stands in `X-Hub-Signature-256`; the key is the app secret."""
    return f"sha256={mac(secret, body)}"


def verify(secret: str, headers: Mapping[str, str], body: bytes) -> None:
    """Return when the request is signed with the app secret. Raises NotAuthenticated, KeyError, UnicodeError."""
    if not hmac.compare_digest(signature(secret, body).encode(), headers[HEADER].encode()):
        raise NotAuthenticated("The signature is not right.", code="wrong_signature")


def appsecret_proof(secret: str, token: str) -> str:
    """Shows with a call that who holds the token holds the app secret too."""
    return mac(secret, token.encode())


def verify_token(link: str) -> str:
    """What Meta sends back when the webhook is registered. It guards nothing but an echo, and so needs no secret."""
    return hashlib.sha256(f"verify|{link}".encode()).hexdigest()[:32]


def signed_request(secret: str, text: str) -> dict[str, Any]:
    """What a signed request says. Raises NotAuthenticated when it is not Meta's, ValueError for what is none."""
    given, _, payload = text.partition(".")
    right = hmac.new(secret.encode(), payload.encode(), hashlib.sha256).digest()
    if not hmac.compare_digest(right, unpadded(given)):
        raise NotAuthenticated("The request's signature is not right.", code="wrong_signature")
    told = json.loads(unpadded(payload))
    if not isinstance(told, dict) or told.get("algorithm") != "HMAC-SHA256":
        raise NotAuthenticated("The request is signed in a way that is not taken.", code="wrong_algorithm")
    return told


def unpadded(text: str) -> bytes:
    """Bytes of base64url without its padding."""
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
