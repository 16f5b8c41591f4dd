"""A server of Stripe's interface (localstripe), and events signed as Stripe signs."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import stripe

from engine.domain.subscription import PaymentNotice, Subscription
from engine.ports import PLATFORM
from tests.conftest import RunningServer

__all__ = ["SECRET", "StripeServer", "event", "headers_of", "kept_of", "notice_of", "signed", "stripe_server"]

SECRET = "whsec_test_secret"


def event(kind: str, about: dict[str, Any], ident: str, created: int | None = None, **more: Any) -> dict[str, Any]:
    """A snapshot event, of the shape that Stripe documents."""
    return {
        "id": ident, "object": "event", "api_version": stripe.api_version, "created": created or int(time.time()),
        "data": {"object": about}, "livemode": False, "pending_webhooks": 1,
        "request": {"id": None, "idempotency_key": None}, "type": kind,
    } | more  # fmt: skip


def signed(value: dict[str, Any], at: int | None = None, secret: str = SECRET) -> tuple[bytes, dict[str, str]]:
    """(body, headers) of an event."""
    body = json.dumps(value).encode()
    return body, headers_of(body, at, secret)


def headers_of(body: bytes, at: int | None = None, secret: str = SECRET) -> dict[str, str]:
    """The signature of a body; what is no text is signed as if it were."""
    text, moment = body.decode(errors="replace"), at or int(time.time())
    return {"Stripe-Signature": stripe.WebhookSignature.generate_signature_header(text, secret, moment)}


def notice_of(server: RunningServer, ident: str, so: Callable[[PaymentNotice], bool]) -> PaymentNotice:
    """A notice that the server keeps, once it is so."""
    records = server.app.state.engine.records
    for _ in range(600):
        found = asyncio.run(records.payment_notices.get(PLATFORM, ident))
        if so(found):
            return found
        time.sleep(0.05)
    raise AssertionError(f"it is still {found}")


def kept_of(server: RunningServer, ident: str) -> tuple[bool, Subscription | None]:
    """(whether the server keeps a notice of this id, the subscription of this id that it keeps)."""
    records = server.app.state.engine.records
    notice = asyncio.run(records.payment_notices.find(PLATFORM, ident))
    found = asyncio.run(records.subscriptions.find(PLATFORM, ident))
    return notice is not None, None if found is None else found.record


@dataclass
class StripeServer:
    """What a shop does at Stripe."""

    http: httpx.Client

    def subscribe(self, merchant: str, **more: str) -> dict[str, Any]:
        """A new subscription of a merchant, paid by a test card."""
        customer = self.post("customers", email="owner@shop.example")
        source = {
            "object": "card", "number": "4242424242424242", "exp_month": "12", "exp_year": "2040", "cvc": "123",
        }  # fmt: skip
        self.post(f"customers/{customer['id']}/sources", **{f"source[{key}]": one for key, one in source.items()})
        if "plan" not in {plan["id"] for plan in self.get("plans")["data"]}:
            self.post(
                "plans", id="plan", amount="2900", currency="eur", interval="month", **{"product[name]": "Storeclerk"}
            )
        named = {"metadata[merchant_id]": merchant} if merchant else {}
        return self.post("subscriptions", customer=customer["id"], **{"items[0][plan]": "plan"}, **named, **more)

    def end(self, subscription: dict[str, Any]) -> None:
        """End it at once."""
        self.http.delete(f"/v1/subscriptions/{subscription['id']}").raise_for_status()

    def notify(self, address: str) -> None:
        """Send its own events to an address from now on."""
        body = {"url": address, "secret": SECRET}
        self.http.post("/_config/webhooks/test", json=body).raise_for_status()

    def post(self, path: str, **fields: str) -> dict[str, Any]:
        """Make or change something."""
        return dict(self.http.post(f"/v1/{path}", data=fields).raise_for_status().json())

    def get(self, path: str) -> dict[str, Any]:
        """Look at something."""
        return dict(self.http.get(f"/v1/{path}").raise_for_status().json())


@contextmanager
def stripe_server(address: str) -> Iterator[StripeServer]:
    """A server in a process of its own."""
    port = address.rpartition(":")[2]
    command = [sys.executable, "-m", "localstripe", "--port", port, "--from-scratch"]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=address, auth=("sk_test_of_nobody", ""), timeout=20) as http:
            for _ in range(400):
                try:
                    http.get("/v1/plans")
                    break
                except httpx.TransportError:
                    time.sleep(0.05)
            yield StripeServer(http)
    finally:
        process.kill()
        process.wait()
