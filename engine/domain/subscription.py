"""A merchant's subscription, and the payments vendor's notices about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, get_args

__all__ = ["STATUSES", "PaymentEvent", "PaymentNotice", "Subscription", "SubscriptionStatus"]

SubscriptionStatus = Literal[
    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused"
]
"""As Stripe names them (https://docs.stripe.com/api/subscriptions/object)."""
STATUSES: tuple[SubscriptionStatus, ...] = get_args(SubscriptionStatus)
NoticeStatus = Literal["waiting", "settled", "dead"]
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(hours=1)
TRIED_FOR = timedelta(days=3)
"""As long as Stripe itself sends a notice again."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription as the vendor had it at a moment."""

    id: str
    merchant: str
    """Whose it is, as it was named when the subscription was made; empty when nobody was."""
    status: SubscriptionStatus
    as_of: datetime
    """When the vendor was asked, or when the notice was written that told it."""
    period_end: datetime | None = None
    """When what is paid, or the trial, ends."""
    ends: bool = False
    """Whether it ends with its period instead of going on."""
    schema: int = 1

    def after(self, other: Subscription | None) -> Subscription:
        """The later of two states: notices come in any order."""
        return self if other is None or self.as_of >= other.as_of else other


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """A genuine notice of the vendor about a subscription: a hint to look, not the truth."""

    id: str
    kind: str
    subscription: str
    created: datetime
    told: Subscription | None
    """The state it tells; None where it only names the subscription."""


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """An event that was kept, until the vendor was asked."""

    event: PaymentEvent
    received_at: datetime
    not_before: datetime
    day: str
    status: NoticeStatus = "waiting"
    attempts: int = 0
    reason: str = ""
    """Why it waits, or what became of it where nothing was written."""
    schema: int = 1

    def settled(self, reason: str = "") -> PaymentNotice:
        """It is dealt with."""
        return replace(self, status="settled", reason=reason)

    def failed(self, now: datetime, reason: str) -> PaymentNotice:
        """It has to be tried again, each time later; dead after as long as the vendor itself would have tried."""
        if now - self.received_at >= TRIED_FOR:
            return replace(self, status="dead", reason=reason)
        pause = min(FIRST_PAUSE * 2 ** min(self.attempts, 10), LONGEST_PAUSE)
        return replace(self, attempts=self.attempts + 1, not_before=now + pause, reason=reason)
