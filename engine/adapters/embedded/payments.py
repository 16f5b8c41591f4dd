"""`Payments` of an installation where nobody pays."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from engine.domain.subscription import PaymentEvent, Subscription
from engine.errors import NotFound

__all__ = ["NoPayments"]


class NoPayments:
    """No vendor: no subscription, and no notice of one."""

    connected = False

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentEvent | None:
        """Raises NotFound."""
        raise NotFound("This installation takes no payments: STORECLERK_STRIPE_KEY is not set.", code="no_payments")

    async def subscription(self, ident: str, now: datetime) -> Subscription | None:
        """There is none."""
        return None

    async def subscriptions(self, now: datetime) -> AsyncIterator[tuple[str, Subscription | None]]:
        """There is none."""
        none: tuple[tuple[str, None], ...] = ()
        for one in none:
            yield one
