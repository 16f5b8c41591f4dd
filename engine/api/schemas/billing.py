"""Shapes of billing."""

from __future__ import annotations

from datetime import datetime

from engine.api.schemas.shared import View
from engine.domain.subscription import SubscriptionStatus

__all__ = ["BillingView", "SubscriptionView"]


class SubscriptionView(View):
    """A merchant's subscription, as the payments vendor last said."""

    status: SubscriptionStatus
    """As Stripe names it."""
    period_end: datetime | None
    """When what is paid, or the trial, ends."""
    ends: bool
    """Whether it ends then instead of going on."""
    as_of: datetime
    """When this was so."""


class BillingView(View):
    """Whether this installation takes payments, and what the merchant has."""

    connected: bool
    """Whether a payments vendor is connected; without one nobody needs a subscription."""
    subscription: SubscriptionView | None
    """The subscription that counts; null when there is none."""
