"""`Payments` of Stripe: signed snapshot events in, the API asked for what is so.

Signatures: https://docs.stripe.com/webhooks/signature. The API's version is the SDK's; the endpoint in Stripe's
dashboard has to be set to the same one.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Literal

import stripe
from pydantic import BaseModel, Field, ValidationError

from engine.domain.subscription import PaymentEvent, Subscription, SubscriptionStatus
from engine.errors import InvalidInput, NotAuthenticated, Unavailable

__all__ = ["MERCHANT", "StripePayments"]

TOLERANCE = timedelta(seconds=300)
"""Age, and time ahead, of a signature that is taken: the SDK itself takes any that is ahead."""
MERCHANT = "merchant_id"
"""The key of a subscription's metadata that names whose it is."""
ABOUT_SUBSCRIPTIONS, ABOUT_CHECKOUTS, ABOUT_INVOICES = "customer.subscription.", "checkout.session.", "invoice."
RETRIES = 2
SECONDS = 10
A_PAGE = 100
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
IDENT = re.compile(r"^[A-Za-z0-9_]{1,255}\Z")


class Item(BaseModel):
    """An item of a subscription. Since API 2025-03-31 it has the period's end, which the subscription had before."""

    current_period_end: int | None = None


class Items(BaseModel):
    """Items of a subscription."""

    data: list[Item] = Field(default_factory=list)


class Told(BaseModel):
    """A subscription (https://docs.stripe.com/api/subscriptions/object): what is read of it."""

    id: str
    status: SubscriptionStatus
    metadata: dict[str, str] = Field(default_factory=dict)
    items: Items = Field(default_factory=Items)
    current_period_end: int | None = None
    trial_end: int | None = None
    cancel_at_period_end: bool = False
    cancel_at: int | None = None

    def state(self, as_of: datetime) -> Subscription:
        """It as a record. Raises ValueError for moments that no calendar has."""
        periods = [item.current_period_end for item in self.items.data if item.current_period_end is not None]
        end = self.trial_end if self.status == "trialing" else max(periods, default=self.current_period_end)
        return Subscription(
            self.id,
            self.metadata.get(MERCHANT, ""),
            self.status,
            as_of,
            None if end is None else moment(end),
            self.cancel_at_period_end or self.cancel_at is not None,
        )


class Event(BaseModel):
    """A snapshot event (https://docs.stripe.com/api/events/object): what is read of it."""

    class Data(BaseModel):
        """What it is about."""

        object: dict[str, Any]

    id: str = Field(pattern=IDENT)
    object: Literal["event"]
    type: str = Field(max_length=255)
    created: int
    livemode: bool
    data: Data


class StripePayments:
    """One Stripe account, in the mode of its key."""

    connected = True

    def __init__(self, key: str, webhook_secret: str, address: str = "") -> None:
        self.webhook_secret = webhook_secret
        self.live = "_live_" in key
        self.http = stripe.HTTPXClient(timeout=SECONDS, allow_sync_methods=False)
        self.client = stripe.StripeClient(
            key,
            base_addresses={"api": address} if address else {},
            max_network_retries=RETRIES,
            http_client=self.http,
        )

    async def close(self) -> None:
        """Let go of connections."""
        await self.http.close_async()  # type: ignore[no-untyped-call]

    def read(self, headers: Mapping[str, str], body: bytes, now: datetime) -> PaymentEvent | None:
        """What a notice says of a subscription, or None. Raises NotAuthenticated, InvalidInput."""
        self.verify(headers.get("stripe-signature", ""), body, now)
        try:
            event = Event.model_validate_json(body)
            if event.livemode != self.live:
                return None
            subscription = subscription_of(event)
            if not subscription:
                return None
            created = moment(event.created)
            told = None
            if event.type.startswith(ABOUT_SUBSCRIPTIONS):
                told = Told.model_validate(event.data.object).state(created)
        except (ValidationError, ValueError, OverflowError) as error:
            raise InvalidInput(f"This event cannot be read ({type(error).__name__}).", code="unreadable") from error
        return PaymentEvent(event.id, event.type, subscription, created, told)

    def verify(self, signature: str, body: bytes, now: datetime) -> None:
        """Raises NotAuthenticated, whatever is wrong with the signature."""
        try:
            stripe.WebhookSignature.verify_header(body, signature, self.webhook_secret)
            signed_at = moment(int(next(part[2:] for part in signature.split(",") if part.startswith("t="))))
        except Exception as error:
            # The verifier stumbles over what strangers send; each of its stumbles is a refusal.
            raise NotAuthenticated("This notice is not signed as Stripe signs.", code="not_verified") from error
        if abs(now - signed_at) > TOLERANCE:
            raise NotAuthenticated("This notice was signed too long ago, or ahead of time.", code="not_verified")

    async def subscription(self, ident: str, now: datetime) -> Subscription | None:
        """The subscription as Stripe has it. Raises Unavailable."""
        try:
            found = await self.client.v1.subscriptions.retrieve_async(ident)
            return Told.model_validate(found.to_dict()).state(now)
        except stripe.InvalidRequestError as error:
            if error.http_status == 404:
                return None
            raise not_told(error) from error
        except (stripe.StripeError, ValueError, OverflowError) as error:
            raise not_told(error) from error

    async def subscriptions(self, now: datetime) -> AsyncIterator[Subscription]:
        """Every subscription as Stripe has it. Raises Unavailable."""
        try:
            page = await self.client.v1.subscriptions.list_async({"status": "all", "limit": A_PAGE})
            async for found in page.auto_paging_iter():
                yield Told.model_validate(found.to_dict()).state(now)
        except (stripe.StripeError, ValueError, OverflowError) as error:
            raise not_told(error) from error


def moment(seconds: int) -> datetime:
    """Seconds since 1970 as a moment. Raises OverflowError for one that no calendar has."""
    return EPOCH + timedelta(seconds=seconds)


def subscription_of(event: Event) -> str:
    """The id of the subscription that an event is about; empty where it is about none. Raises ValueError."""
    about = event.data.object
    found: object = ""
    if event.type.startswith(ABOUT_SUBSCRIPTIONS):
        found = about.get("id")
    elif event.type.startswith(ABOUT_CHECKOUTS):
        found = about.get("subscription") or ""
    elif event.type.startswith(ABOUT_INVOICES):
        parent = about.get("parent") or {}
        details = parent.get("subscription_details") if isinstance(parent, dict) else None
        found = (details.get("subscription") if isinstance(details, dict) else None) or ""
    if not isinstance(found, str) or (found and not IDENT.fullmatch(found)):
        raise ValueError("its subscription is no id")
    return found


def not_told(error: Exception) -> Unavailable:
    """Why Stripe did not say. Its messages name no key."""
    why = " ".join(str(getattr(error, "user_message", None) or type(error).__name__).split())
    return Unavailable(f"Stripe does not say what the subscription is: {why}")
