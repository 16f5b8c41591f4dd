"""Subscriptions, from Stripe's notices to what a merchant sees: a server of Stripe's interface sends and answers."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from engine.domain.subscription import PaymentNotice
from tests.conftest import Merchant, RunningServer
from tests.engine.billing.stripe_server import StripeServer, event, kept_of, notice_of, signed, stripe_server

numbers = itertools.count(1)


@pytest.fixture(scope="module")
def vendor(server: RunningServer) -> Iterator[StripeServer]:
    with stripe_server(server.settings.stripe_address) as running:
        yield running


@pytest.fixture
def notices(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def told(notices: httpx.Client, kind: str, about: dict[str, Any]) -> str:
    """Send Stripe's notice, signed; answers its id."""
    ident = f"evt_{next(numbers)}_{time.time_ns()}"
    body, headers = signed(event(kind, about, ident))
    assert notices.post("/hooks/stripe", content=body, headers=headers).status_code == 200
    return ident


def is_settled(notice: PaymentNotice) -> bool:
    return notice.status == "settled"


def billing(merchant: Merchant) -> dict[str, Any]:
    return dict(merchant.http.get("/v1/billing").raise_for_status().json())


def becomes(merchant: Merchant, so: Callable[[dict[str, Any] | None], bool]) -> dict[str, Any]:
    """The subscription, once it is so."""
    for _ in range(400):
        found = billing(merchant)["subscription"]
        if so(found):
            return dict(found)
        time.sleep(0.05)
    raise AssertionError(f"it is still {found}")


def owner_of(merchant: Merchant) -> str:
    return str(merchant.signed_up["merchant"]["id"])


def test_a_new_merchant_has_none(merchant: Merchant) -> None:
    assert billing(merchant) == {"connected": True, "subscription": None}


def test_what_stripe_sends_itself_is_taken(server: RunningServer, vendor: StripeServer, merchant: Merchant) -> None:
    vendor.notify(f"{server.url}/hooks/stripe")
    made = vendor.subscribe(owner_of(merchant))
    found = becomes(merchant, lambda one: one is not None and one["status"] == "active")
    assert found["period_end"] is not None
    vendor.end(made)
    becomes(merchant, lambda one: one["status"] == "canceled")
    vendor.notify("http://127.0.0.1:9/nobody")


@pytest.mark.parametrize("order", list(itertools.permutations(["created", "updated", "deleted"])))
def test_every_order_ends_the_same(
    server: RunningServer, vendor: StripeServer, merchant: Merchant, notices: httpx.Client, order: tuple[str, ...]
) -> None:
    made = vendor.subscribe(owner_of(merchant))
    vendor.end(made)
    states = {"created": "incomplete", "updated": "active", "deleted": "canceled"}
    for ident in [told(notices, f"customer.subscription.{kind}", made | {"status": states[kind]}) for kind in order]:
        notice_of(server, ident, is_settled)
    assert billing(merchant)["subscription"]["status"] == "canceled"


def test_nobodys_subscription_is_acknowledged_and_shown_to_nobody(
    server: RunningServer, vendor: StripeServer, merchant: Merchant, notices: httpx.Client
) -> None:
    for whose in ("", "merchant_of_another_installation"):
        made = vendor.subscribe(whose)
        settled = notice_of(server, told(notices, "customer.subscription.updated", made), is_settled)
        assert "names no merchant" in settled.reason
        assert kept_of(server, made["id"]) == (False, None)
    assert billing(merchant)["subscription"] is None


def test_a_notice_does_not_decide_whose_it_is(
    vendor: StripeServer, server: RunningServer, merchant: Merchant, notices: httpx.Client
) -> None:
    """What a notice tells is replaced by what Stripe answers, also the merchant in it."""
    other = server.merchant()
    made = vendor.subscribe(owner_of(merchant))
    told(notices, "customer.subscription.updated", made | {"metadata": {"merchant_id": owner_of(other)}})
    becomes(merchant, lambda one: one is not None)
    assert billing(other)["subscription"] is None


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (lambda body, headers: (body + b" ", headers), 400),
        (lambda body, headers: (body, {}), 400),
        (lambda body, headers: (body, {"Stripe-Signature": "t=1,v1=0"}), 400),
        (lambda body, headers: (b"x" * 1_100_000, headers), 413),
    ],
)
def test_what_is_not_genuine_is_not_taken(
    server: RunningServer, notices: httpx.Client, merchant: Merchant, change: Callable[..., Any], status: int
) -> None:
    about = {"id": "sub_none", "status": "active", "metadata": {"merchant_id": owner_of(merchant)}}
    body, headers = change(*signed(event("customer.subscription.updated", about, "evt_forged")))
    answer = notices.post("/hooks/stripe", content=body, headers=headers)
    assert answer.status_code == status, answer.text
    assert kept_of(server, "evt_forged") == kept_of(server, "sub_none") == (False, None)
    assert billing(merchant)["subscription"] is None


def test_only_the_signed_in_see_it(notices: httpx.Client) -> None:
    assert notices.get("/v1/billing").status_code == 401
