"""While Stripe cannot be asked: nothing is lost, and what it told last is shown."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from engine.adapters.embedded.payments import NoPayments
from engine.domain.subscription import PaymentNotice, Subscription
from engine.errors import InvalidInput, NotFound
from engine.families import payments_vendor
from engine.settings import Settings
from tests.conftest import Merchant, RunningServer
from tests.engine.billing.stripe_server import event, notice_of, signed

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


@pytest.fixture
def notices(server: RunningServer) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=server.url, timeout=60) as client:
        yield client


def status_of(merchant: Merchant) -> str:
    found = merchant.http.get("/v1/billing").raise_for_status().json()["subscription"]
    return "" if found is None else str(found["status"])


def told(notices: httpx.Client, about: dict[str, Any], created: int) -> str:
    ident = f"evt_{time.time_ns()}"
    body, headers = signed(event("customer.subscription.updated", about, ident, created))
    assert notices.post("/hooks/stripe", content=body, headers=headers).status_code == 200
    return ident


def is_put_off(notice: PaymentNotice) -> bool:
    return notice.status == "waiting" and bool(notice.reason)


def test_the_newest_notice_is_shown_meanwhile(server: RunningServer, merchant: Merchant, notices: httpx.Client) -> None:
    owner, now = merchant.signed_up["merchant"]["id"], int(time.time())
    about = {"id": f"sub_{time.time_ns()}", "metadata": {"merchant_id": owner}}
    for status, created in (("past_due", now), ("active", now - 60)):
        notice_of(server, told(notices, about | {"status": status}, created), is_put_off)
        assert status_of(merchant) == "past_due"


ANSWERED = Subscription("sub_1", "m", "active", NOW, NOW, True)
TOLD = replace(ANSWERED, answered=False)
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("kept", "known", "replaces"),
    [
        (ANSWERED, replace(ANSWERED, as_of=NOW + SECOND), True),
        (ANSWERED, replace(ANSWERED, as_of=NOW - SECOND), False),
        (TOLD, replace(TOLD, told_at=NOW + SECOND), True),
        (TOLD, replace(TOLD, told_at=NOW), False),
        (TOLD, replace(TOLD, as_of=NOW + SECOND, told_at=NOW - SECOND), False),
        # The vendor's clock may be off: what it answers counts, whatever its notices are dated.
        (replace(TOLD, told_at=NOW + timedelta(hours=1)), ANSWERED, True),
        (ANSWERED, replace(TOLD, told_at=NOW + SECOND), True),
        # Sent again in an outage, long after: older than what the answer was about.
        (ANSWERED, replace(TOLD, as_of=NOW + timedelta(days=1), told_at=NOW - SECOND), False),
    ],
)
def test_which_of_two_states_is_kept(kept: Subscription, known: Subscription, replaces: bool) -> None:
    found = known.after(kept)
    assert (found.as_of, found.answered) == (
        (known if replaces else kept).as_of,
        (known if replaces else kept).answered,
    )
    assert found.told_at == max(known.told_at, kept.told_at)
    assert known.after(None) is known


async def test_an_installation_without_payments_says_so() -> None:
    none = NoPayments()
    with pytest.raises(NotFound, match="STORECLERK_STRIPE_KEY"):
        none.read({}, b"", NOW)
    assert await none.subscription("sub_1", NOW) is None
    assert [one async for one in none.subscriptions(NOW)] == []


def test_a_key_without_its_webhooks_secret_is_refused() -> None:
    with pytest.raises(InvalidInput, match=r"STORECLERK_STRIPE_WEBHOOK_SECRET.*hooks/stripe"):
        payments_vendor(Settings(_env_file=None, stripe_key="sk_test_x"))
    assert payments_vendor(Settings(_env_file=None)) is None
