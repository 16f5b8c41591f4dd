"""What Stripe signs, and what nobody may: the vectors of its signature, and everything broken."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.adapters.connected.stripe import StripePayments
from engine.errors import InvalidInput, NotAuthenticated
from tests.engine.billing.stripe_server import SECRET, event, signed

VECTOR_BODY = (
    b'{"id":"evt_1","object":"event","api_version":"2026-10-28.endive","created":1700000000,"data":{"object":'
    b'{"id":"cs_1","object":"checkout.session"}},"livemode":false,"pending_webhooks":1,"request":{"id":null,'
    b'"idempotency_key":null},"type":"checkout.session.completed"}'
)
RIGHT = "bf578081fabc70224b94f18355ca8ffac5a602a0ad9f712171f25a920b737a5d"
VECTOR = f"t=1700000000,v1={RIGHT}"
THEN = datetime.fromtimestamp(1_700_000_000, UTC)
SUBSCRIPTION = {"id": "sub_1", "object": "subscription", "status": "active", "metadata": {"merchant_id": "m_1"}}


@pytest.fixture(scope="module")
def payments() -> StripePayments:
    """Stripe, never called here."""
    return StripePayments("sk_test_x", SECRET)


@pytest.mark.parametrize(
    ("header", "after"),
    [
        (VECTOR, 0),
        (VECTOR, 300),
        (VECTOR, -300),
        (f"t=1700000000,v1={'0' * 64},v1={RIGHT}", 0),  # while a secret is rolled, two are sent
        (f"t=1700000000,v1={RIGHT},v0={'0' * 64}", 0),
    ],
)
def test_what_is_signed_is_taken(payments: StripePayments, header: str, after: int) -> None:
    payments.verify(header, VECTOR_BODY, THEN + timedelta(seconds=after))
    assert payments.read({"stripe-signature": header}, VECTOR_BODY, THEN + timedelta(seconds=after)) is None


@pytest.mark.parametrize(
    ("header", "body", "after"),
    [
        (VECTOR, VECTOR_BODY, 301),
        (VECTOR, VECTOR_BODY, -301),  # the SDK takes what is signed ahead of time
        (VECTOR, VECTOR_BODY, -864_000),
        (f"t=1700000000,v0={RIGHT}", VECTOR_BODY, 0),
        (f"t=1700000001,v1={RIGHT}", VECTOR_BODY, 0),
        (VECTOR, VECTOR_BODY.replace(b":", b": "), 0),  # the same JSON, written anew
        (VECTOR, VECTOR_BODY + b"\n", 0),
        (VECTOR, b"\xff\xfe", 0),
        (VECTOR, b"", 0),
        ("", VECTOR_BODY, 0),
        ("t=,v1=", VECTOR_BODY, 0),
        ("nonsense", VECTOR_BODY, 0),
        (f"t=x,v1={RIGHT}", VECTOR_BODY, 0),
        (f"v1={RIGHT}", VECTOR_BODY, 0),
        (f"t=99999999999999999999,v1={RIGHT}", VECTOR_BODY, 0),
        ("t=1700000000,v1=é", VECTOR_BODY, 0),
    ],
)
def test_what_is_not_is_refused(payments: StripePayments, header: str, body: bytes, after: int) -> None:
    with pytest.raises(NotAuthenticated):
        payments.read({"stripe-signature": header}, body, THEN + timedelta(seconds=after))


def test_another_endpoints_secret_is_refused(payments: StripePayments) -> None:
    body, headers = signed(event("customer.subscription.updated", SUBSCRIPTION, "evt_1"), secret="whsec_other")
    with pytest.raises(NotAuthenticated):
        payments.read({"stripe-signature": headers["Stripe-Signature"]}, body, datetime.now(UTC))


def read(payments: StripePayments, value: dict[str, object]):
    body, headers = signed(value)
    return payments.read({"stripe-signature": headers["Stripe-Signature"]}, body, datetime.now(UTC))


def test_a_subscription_tells_its_state(payments: StripePayments) -> None:
    items = {"data": [{"current_period_end": 1_800_000_000}]}
    told = read(
        payments, event("customer.subscription.updated", SUBSCRIPTION | {"items": items}, "evt_2", 1_700_000_000)
    )
    assert told.subscription == "sub_1"
    assert told.told.merchant == "m_1"
    assert told.told.period_end == datetime.fromtimestamp(1_800_000_000, UTC)
    assert told.told.told_at == THEN
    assert not told.told.ends


def test_a_period_of_older_versions_is_read(payments: StripePayments) -> None:
    about = SUBSCRIPTION | {"current_period_end": 1_800_000_000, "cancel_at_period_end": True}
    told = read(payments, event("customer.subscription.updated", about, "evt_3")).told
    assert told.period_end == datetime.fromtimestamp(1_800_000_000, UTC)
    assert told.ends


@pytest.mark.parametrize(
    ("kind", "about"),
    [
        ("checkout.session.completed", {"id": "cs_1", "subscription": "sub_1"}),
        ("invoice.paid", {"id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}}),
        ("invoice.payment_failed", {"id": "in_1", "parent": {"subscription_details": {"subscription": "sub_1"}}}),
    ],
)
def test_other_notices_name_their_subscription(payments: StripePayments, kind: str, about: dict[str, object]) -> None:
    found = read(payments, event(kind, about, "evt_4"))
    assert (found.subscription, found.told) == ("sub_1", None)


@pytest.mark.parametrize(
    "value",
    [
        event("customer.subscription.updated", SUBSCRIPTION, "evt_5", livemode=True),
        event("invoice.paid", {"id": "in_1", "parent": None}, "evt_6"),
        event("checkout.session.completed", {"id": "cs_1", "subscription": None}, "evt_7"),
        event("payment_method.attached", {"id": "pm_1"}, "evt_8"),
    ],
)
def test_what_is_about_no_subscription_of_ours_is_left(payments: StripePayments, value: dict[str, object]) -> None:
    assert read(payments, value) is None


@pytest.mark.parametrize(
    "value",
    [
        {"object": "v2.core.event", "id": "evt_9", "type": "v1.billing.meter.no_meter_found"},
        event("customer.subscription.updated", SUBSCRIPTION | {"id": "../customers"}, "evt_11"),
        event("customer.subscription.updated", SUBSCRIPTION, "evt 13"),
        event("customer.subscription.updated", SUBSCRIPTION, "evt_16", created=10**18),
        event("checkout.session.completed", {"subscription": {"id": "sub_1"}}, "evt_14"),
        event("invoice.paid", {"parent": {"subscription_details": {"subscription": 7}}}, "evt_15"),
    ],
)
def test_what_cannot_be_read_is_said(payments: StripePayments, value: dict[str, object]) -> None:
    with pytest.raises(InvalidInput, match="cannot be read"):
        read(payments, value)


@pytest.mark.parametrize(
    "change",
    [
        {"status": "splendid"},
        {"status": "trialing", "trial_end": 10**30},
        {"metadata": [], "items": 7},
    ],
)
def test_a_state_that_cannot_be_read_is_still_asked_for(payments: StripePayments, change: dict[str, object]) -> None:
    found = read(payments, event("customer.subscription.updated", SUBSCRIPTION | change, "evt_10"))
    assert (found.subscription, found.told) == ("sub_1", None)


@pytest.mark.parametrize(
    ("change", "end", "ends"),
    [
        ({"items": {"data": [{"current_period_end": 200}, {"current_period_end": 100}]}}, 100, False),
        ({"items": {"data": [{"current_period_end": 100}]}, "cancel_at": 100}, 100, True),
        ({"items": {"data": [{"current_period_end": 100}]}, "cancel_at": 9_000}, 100, False),
        ({"status": "trialing", "trial_end": 50, "items": {"data": [{"current_period_end": 100}]}}, 50, False),
        ({"items": None, "metadata": None}, None, False),
    ],
)
def test_when_it_ends(payments: StripePayments, change: dict[str, object], end: int | None, ends: bool) -> None:
    told = read(payments, event("customer.subscription.updated", SUBSCRIPTION | change, "evt_11")).told
    assert told.period_end == (None if end is None else datetime.fromtimestamp(end, UTC))
    assert told.ends is ends


@given(header=st.text(max_size=200), body=st.binary(max_size=200))
def test_whatever_strangers_send_is_refused(payments: StripePayments, header: str, body: bytes) -> None:
    with pytest.raises(NotAuthenticated):
        payments.read({"stripe-signature": header}, body, THEN)
