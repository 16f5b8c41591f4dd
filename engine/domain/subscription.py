"""A merchant's subscription, and the payments vendor's notices about it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

__all__ = ["PaymentEvent", "PaymentNotice", "Subscription", "SubscriptionStatus"]

SubscriptionStatus = Literal[
    "incomplete", "incomplete_expired", "trialing", "active", "past_due", "canceled", "unpaid", "paused"
]
"""As Stripe names them (https://docs.stripe.com/api/subscriptions/object)."""
NoticeStatus = Literal["waiting", "settled", "dead"]


@dataclass(frozen=True, slots=True)
class Subscription:
    """One subscription as the vendor had it at a moment."""

    id: str
    merchant: str
    """Whose it is, as it was named when the subscription was made; empty when nobody was."""
    status: SubscriptionStatus
    as_of: datetime
    """By our clock: when the vendor was asked, or when the notice came in that told it."""
    told_at: datetime
    """By the vendor's clock: when the newest notice was written that is known; else as `as_of`."""
    answered: bool
    """Whether the vendor was asked, or only told it in a notice."""
    period_end: datetime | None = None
    """When what is paid, or the trial, ends."""
    ends: bool = False
    """Whether it ends with its period instead of going on."""
    schema: int = 1

    def after(self, kept: Subscription | None) -> Subscription:
        """What is kept once this is known: notices come in any order, and an answer counts more than a notice."""
        if kept is None:
            return self
        newest = max(self.told_at, kept.told_at)
        if self.answered and not (kept.answered and kept.as_of > self.as_of):
            return replace(self, told_at=newest)
        if not self.answered and self.told_at > kept.told_at:
            return self
        return replace(kept, told_at=newest)


@dataclass(frozen=True, slots=True)
class PaymentEvent:
    """A genuine notice of the vendor about a subscription: a hint to look, not the truth."""

    id: str
    kind: str
    subscription: str
    created: datetime
    """By the vendor's clock."""
    told: Subscription | None
    """The state it tells; None where it only names the subscription, or tells what cannot be read."""


@dataclass(frozen=True, slots=True)
class PaymentNotice:
    """An event that was kept, until the vendor was asked."""

    event: PaymentEvent
    received_at: datetime
    not_before: datetime
    status: NoticeStatus = "waiting"
    attempts: int = 0
    reason: str = ""
    """Why it waits, or what became of it where nothing was written."""
    schema: int = 1

    def is_due(self, now: datetime) -> bool:
        """Whether somebody may look into it."""
        return self.status == "waiting" and self.not_before <= now

    def claimed(self, until: datetime) -> PaymentNotice:
        """Somebody looks into it."""
        return replace(self, not_before=until, attempts=self.attempts + 1)

    def settled(self, reason: str) -> PaymentNotice:
        """It is dealt with; whatever else happened to it counts no more."""
        return replace(self, status="settled", reason=reason)

    def failed(self, now: datetime, pause: timedelta, ends: timedelta, reason: str) -> PaymentNotice:
        """It has to be looked into again after a pause; dead once it has waited until `ends`."""
        if self.status != "waiting":
            return self
        if now - self.received_at >= ends:
            return replace(self, status="dead", reason=reason)
        return replace(self, not_before=now + pause, reason=reason)
