"""`KeyCustodian` with a key of this installation: AES-256-GCM, bound to each secret's purpose."""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from engine.errors import Unavailable

__all__ = ["LocalKeyCustodian"]

NONCE_BYTES = 12
"""As NIST SP 800-38D wants it for random nonces; at most 2**32 secrets are sealed with one key."""
PREFIX = "v1."


class LocalKeyCustodian:
    """Seals with a key that is derived from the installation's secret (HKDF, RFC 5869)."""

    def __init__(self, secret: str) -> None:
        derived = HKDF(SHA256(), 32, salt=None, info=b"storeclerk channel secrets").derive(secret.encode())
        self.cipher = AESGCM(derived)

    async def seal(self, secret: str, *, purpose: str) -> str:
        """The secret as text that only this custodian opens, and only for the same purpose."""
        nonce = os.urandom(NONCE_BYTES)
        sealed = nonce + self.cipher.encrypt(nonce, secret.encode(), purpose.encode())
        return PREFIX + base64.urlsafe_b64encode(sealed).decode()

    async def open(self, sealed: str, *, purpose: str) -> str:
        """The secret. Raises Unavailable when it does not open."""
        try:
            content = base64.urlsafe_b64decode(sealed.removeprefix(PREFIX))
            return self.cipher.decrypt(content[:NONCE_BYTES], content[NONCE_BYTES:], purpose.encode()).decode()
        except (InvalidTag, ValueError) as error:
            raise Unavailable(
                "A kept secret does not open: STORECLERK_SECRET_KEY is another one than when it was kept. "
                "Set the old one again, or connect the channel anew.",
                code="sealed_with_another_key",
            ) from error
