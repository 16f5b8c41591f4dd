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
import structlog
from pydantic import BaseModel, Field, ValidationError

from engine.billing import limits
from engine.domain.subscription import PaymentEvent, Subscription, SubscriptionStatus
from engine.errors import InvalidInput, NotAuthenticated, Unavailable
from engine.ports import UNREADABLE_ANSWER

__all__ = ["MERCHANT", "StripePayments"]

MERCHANT = "merchant_id"
"""The key of a subscription's metadata that names whose it is."""
ABOUT_SUBSCRIPTIONS, ABOUT_CHECKOUTS, ABOUT_INVOICES = "customer.subscription.", "checkout.session.", "invoice."
NO_SUCH = "resource_missing"
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
IDENT = re.compile(r"^[A-Za-z0-9_]{1,255}\Z")
log = structlog.get_logger("storeclerk.billing")


class Item(BaseModel):
    """An item of a subscription. Since API 2025-03-31 it has the period's end, which the subscription had before."""

    current_period_end: int | None = None


class Items(BaseModel):
    """Items of a subscription."""

    data: list[Item]


class Told(BaseModel):
    """A subscription (https://docs.stripe.com/api/subscriptions/object): what is read of it."""

    id: str = Field(pattern=IDENT)
    status: SubscriptionStatus
    metadata: dict[str, str] | None = None
    items: Items | None = None
    current_period_end: int | None = None
    trial_end: int | None = None
    cancel_at_period_end: bool = False
    cancel_at: int | None = None

    def state(self, as_of: datetime, told_at: datetime | None = None) -> Subscription:
        """It as a record. Raises OverflowError for moments that no calendar has."""
        items = [] if self.items is None else self.items.data
        periods = [item.current_period_end for item in items if item.current_period_end is not None]
        end = self.trial_end if self.status == "trialing" else min(periods, default=self.current_period_end)
        stops = self.cancel_at is not None and (end is None or self.cancel_at <= end)
        return Subscription(
            self.id,
            (self.metadata or {}).get(MERCHANT, ""),
            self.status,
            as_of,
            as_of if told_at is None else told_at,
            told_at is None,
            None if end is None else moment(end),
            self.cancel_at_period_end or stops,
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

    def __init__(
        self,
        key: str,
        webhook_secret: str,
        address: str = "",
        *,
        listed_at_once: int = limits.LISTED_AT_ONCE,
        retries: int = limits.CALL_RETRIES,
    ) -> None:
        self.webhook_secret, self.listed_at_once = webhook_secret, listed_at_once
        self.live = "_live_" in key
        self.http = stripe.HTTPXClient(timeout=limits.CALL_SECONDS, allow_sync_methods=False)
        self.client = stripe.StripeClient(
            key,
            base_addresses={"api": address} if address else {},
            max_network_retries=retries,
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
            subscription, created = subscription_of(event), moment(event.created)
        except (ValueError, OverflowError) as error:
            raise InvalidInput(f"This event cannot be read ({type(error).__name__}).", code="unreadable") from error
        if event.livemode != self.live:
            log.warning("payment.other_mode", notice=event.id, live=event.livemode)
            return None
        if not subscription:
            return None
        told = None
        if event.type.startswith(ABOUT_SUBSCRIPTIONS):
            told = read_of(event.data.object, now, created)
        return PaymentEvent(event.id, event.type, subscription, created, told)

    def verify(self, signature: str, body: bytes, now: datetime) -> None:
        """Raises NotAuthenticated, whatever is wrong with the signature."""
        try:
            stripe.WebhookSignature.verify_header(body, signature, self.webhook_secret)
            signed_at = moment(int(next(part[2:] for part in signature.split(",") if part.startswith("t="))))
        except Exception as error:
            # The verifier stumbles over what strangers send; each of its stumbles is a refusal.
            raise NotAuthenticated("This notice is not signed as Stripe signs.", code="not_verified") from error
        if abs(now - signed_at) > limits.SIGNATURE_AGE:
            raise NotAuthenticated("This notice was signed too long ago, or ahead of time.", code="not_verified")

    async def subscription(self, ident: str, now: datetime) -> Subscription | None:
        """The subscription as Stripe has it. Raises Unavailable."""
        try:
            found = (await self.client.v1.subscriptions.retrieve_async(ident)).to_dict()
        except stripe.InvalidRequestError as error:
            if error.code == NO_SUCH:
                return None
            raise not_told(error) from error
        except Exception as error:
            # Whatever an interface answers that is down, or is none of Stripe's, the SDK stumbles over in its own ways.
            raise not_told(error) from error
        state = read_of(found, now)
        if state is None:
            raise Unavailable("Stripe's answer about the subscription cannot be read.", code=UNREADABLE_ANSWER)
        return state

    async def subscriptions(self, now: datetime) -> AsyncIterator[tuple[str, Subscription | None]]:
        """Every subscription as Stripe has it. Raises Unavailable."""
        try:
            page = await self.client.v1.subscriptions.list_async({"status": "all", "limit": self.listed_at_once})
            async for found in page.auto_paging_iter():
                yield str(found.id), read_of(found.to_dict(), now)
        except Exception as error:
            raise not_told(error) from error


def read_of(about: dict[str, Any], as_of: datetime, told_at: datetime | None = None) -> Subscription | None:
    """A subscription as Stripe writes it; None, and a line in the log, when it cannot be read."""
    try:
        return Told.model_validate(about).state(as_of, told_at)
    except ValidationError as error:
        fields = sorted({".".join(map(str, one["loc"])) for one in error.errors()})
    except OverflowError:
        fields = ["moments"]
    log.warning("payment.unreadable", subscription=str(about.get("id"))[:255], fields=fields)
    return None


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
    """Why Stripe did not say: never in its own words, which quote parts of keys and whole pages."""
    parts = [type(error).__name__]
    if isinstance(error, stripe.StripeError):
        parts += [str(part) for part in (error.http_status, error.code, error.request_id) if part]
    return Unavailable(f"Stripe does not say what the subscription is ({', '.join(parts)[:200]}).")
