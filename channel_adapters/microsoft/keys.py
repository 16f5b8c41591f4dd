"""The public keys of Azure Bot Service.

Never here: what is signed with them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import structlog

from channel_adapters.calling import VendorCalls
from channel_adapters.microsoft import limits
from engine.channels.gateway import DeliveryDelayed, DeliveryFailed
from engine.errors import Unavailable

__all__ = ["ServiceKeys"]

KEYS = "https://login.botframework.com"
log = structlog.get_logger("storeclerk.channels")


class ServiceKeys:
    """The public keys of the service, fetched once a day, and at most once an hour for one that is not known.

    A look that failed is noted too: nobody can make us ask each time by sending what no key is known for.
    """

    def __init__(self, calls: VendorCalls, vendor: str, clock: Callable[[], datetime]) -> None:
        self.calls, self.base, self.clock = calls, vendor or KEYS, clock
        self.keys: dict[str, dict[str, Any]] = {}
        self.fetched_at: datetime | None = None
        self.failed_at: datetime | None = None
        self.lock = asyncio.Lock()

    async def key(self, name: str) -> dict[str, Any] | None:
        """The key of this name, or None. Raises Unavailable when there are none, and they cannot be fetched now."""
        async with self.lock:
            if self.is_due(name, self.clock()):
                await self.fetch()
        if not self.keys:
            raise Unavailable("The keys of Azure Bot Service could not be fetched; it is tried again soon.")
        return self.keys.get(name)

    def is_due(self, name: str, now: datetime) -> bool:
        """Whether the keys are to be fetched now."""
        if self.failed_at is not None and now - self.failed_at < limits.KEYS_PAUSE:
            return False
        age = None if self.fetched_at is None else now - self.fetched_at
        return age is None or age >= limits.KEYS_AGE or (name not in self.keys and age >= limits.KEYS_AGAIN)

    async def fetch(self) -> None:
        """Fetch all keys; those that are kept stay when the service is out of reach, or answers none."""
        try:
            about = (await self.calls.call("GET", f"{self.base}/v1/.well-known/openidconfiguration")).json()
            address = str(about.get("jwks_uri", ""))
            if urlsplit(address).netloc != urlsplit(self.base).netloc:
                raise DeliveryDelayed("The keys' address is not the service's own.")
            told = (await self.calls.call("GET", address)).json().get("keys")
            found = [key for key in told if isinstance(key, dict) and "kid" in key] if isinstance(told, list) else []
            if not found:
                raise DeliveryDelayed("The service names no keys.")
        except (DeliveryFailed, ValueError) as error:
            # By the clock of now: looking may have taken longer than the pause.
            self.failed_at = self.clock()
            log.warning("keys.not_fetched", reason=str(error))
            return
        self.keys = {str(key["kid"]): key for key in found}
        self.fetched_at, self.failed_at = self.clock(), None
