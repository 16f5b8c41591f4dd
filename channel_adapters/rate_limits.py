"""How many messages a visitor, a network address and a bot may send; counted in shared storage."""

from __future__ import annotations

import ipaddress

import structlog

from engine.errors import RateLimited, Unavailable
from engine.ports import Clock, RateCounter
from engine.settings import Settings

__all__ = ["QUOTA_CODE", "RateLimits", "network"]

log = structlog.get_logger("storeclerk.channels")
MINUTE, DAY = 60, 86_400
QUOTA_CODE = "quota_exhausted"
"""Trying again soon is of no use, and clients are told so."""

TOO_FAST = "Too many messages at once. Please wait a moment, then ask again."
TOO_MANY = "That were all the messages for today. Please come back tomorrow, or contact the shop."
TOO_BUSY = "Very many people are asking right now. Please try again in a moment."


def network(address: str) -> str:
    """What counts as one network address: an IPv4 address, or an IPv6 /64, which is what one household gets."""
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is None:
            return str(ipaddress.ip_network((parsed, 64), strict=False))
        parsed = parsed.ipv4_mapped
    return str(parsed)


class RateLimits:
    """Counts messages and says when it is enough."""

    def __init__(self, counter: RateCounter, clock: Clock, settings: Settings) -> None:
        self.counter, self.clock, self.settings = counter, clock, settings

    async def admit(self, *, bot: str, visitor: str = "", address: str = "") -> None:
        """Count one message. Raises RateLimited, before a wider limit is charged for what a narrower one refuses."""
        settings = self.settings
        if address:
            await self.count(f"address:{network(address)}", MINUTE, settings.address_messages_per_minute, TOO_FAST)
        if visitor:
            await self.count(f"visitor:{bot}:{visitor}", MINUTE, settings.visitor_messages_per_minute, TOO_FAST)
            await self.count(f"visitor:{bot}:{visitor}", DAY, settings.visitor_messages_per_day, TOO_MANY)
        await self.count(f"bot:{bot}", MINUTE, settings.bot_messages_per_minute, TOO_BUSY)

    async def count(self, key: str, window: int, most: int, words: str) -> None:
        """Count one message against one limit. Raises RateLimited."""
        try:
            hits = await self.counter.hit(key, window_seconds=window)
        except Unavailable as error:
            # A full disk must not silence a shop: its shoppers are answered uncounted, and the log says so.
            log.error("messages.not_counted", error=error.message)
            return
        if hits <= most:
            return
        left = window - self.clock.now().timestamp() % window
        raise RateLimited(words, retry_after=left, code=QUOTA_CODE if window == DAY else None)
