"""Notices that were kept are looked into, whatever happens between; a clock is turned, Stripe's interface goes away."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.connected.stripe import StripePayments
from engine.adapters.embedded.document_store import SqliteDocumentStore
from engine.adapters.embedded.payments import NoPayments
from engine.billing import limits
from engine.billing.subscriptions import Subscriptions
from engine.domain.merchant import Merchant
from engine.domain.subscription import PaymentNotice
from engine.ports import PLATFORM
from engine.records import Records
from tests.conftest import free_port
from tests.engine.billing.stripe_server import SECRET, StripeServer, event, signed, stripe_server
from tests.sites.loopback import Answer, serving

BEGAN = datetime.now(UTC)
AWAY = "http://127.0.0.1:9"
numbers = itertools.count(1)


@dataclass
class TurnedClock:
    """Stands still until it is turned."""

    at: datetime = field(default_factory=lambda: BEGAN)

    def now(self) -> datetime:
        return self.at

    def turn(self, by: timedelta) -> None:
        self.at += by


@pytest.fixture(scope="module")
def address() -> str:
    return f"http://127.0.0.1:{free_port()}"


@pytest.fixture(scope="module")
def vendor(address: str) -> Iterator[StripeServer]:
    with stripe_server(address) as running:
        yield running


@dataclass
class Desk:
    """Subscriptions over real records, and Stripe there or away."""

    records: Records
    clock: TurnedClock
    address: str
    merchant: str
    opened: list[StripePayments] = field(default_factory=list)
    subscriptions: Subscriptions = field(init=False)

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """As a new process."""
        self.subscriptions = Subscriptions(self.records, NoPayments(), self.clock)
        self.reach(self.address)

    def reach(self, address: str, listed_at_once: int = limits.LISTED_AT_ONCE) -> None:
        """Let Stripe be there."""
        self.opened.append(StripePayments("sk_test_x", SECRET, address, listed_at_once=listed_at_once, retries=0))
        self.subscriptions.payments = self.opened[-1]

    async def told(self, about: dict[str, Any], ident: str, created: int | None = None) -> str | None:
        """Take a notice in."""
        when = created or int(self.clock.now().timestamp())
        body, headers = signed(
            event("customer.subscription.updated", about, ident, when), int(self.clock.now().timestamp())
        )
        return await self.subscriptions.take({"stripe-signature": headers["Stripe-Signature"]}, body)

    async def status(self, merchant: str = "") -> str:
        found = await self.subscriptions.of(merchant or self.merchant)
        return "" if found is None else found.status

    async def notice(self, ident: str) -> PaymentNotice:
        return await self.records.payment_notices.get(PLATFORM, ident)


@pytest.fixture
async def desk(tmp_path: Path, address: str) -> AsyncIterator[Desk]:
    store = SqliteDocumentStore(tmp_path / "records.sqlite")
    records = Records(store)
    merchant = f"m{next(numbers)}"
    for name in (merchant, "other"):
        await records.merchants.add(name, name, Merchant(name, name, "free", BEGAN))
    made = Desk(records, TurnedClock(), address, merchant)
    yield made
    for payments in made.opened:
        await payments.close()
    store.close()


async def test_what_was_kept_before_a_crash_is_looked_into(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    assert await desk.told(made, "evt_1") == "evt_1"
    assert await desk.status() == ""
    desk.restart()
    await desk.subscriptions.look()
    assert await desk.status() == "active"
    assert (await desk.notice("evt_1")).status == "settled"


async def test_a_repeat_is_not_looked_into_again(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    await desk.told(made, "evt_1")
    await desk.subscriptions.look()
    assert await desk.told(made, "evt_1") is None
    desk.reach(AWAY)
    await desk.subscriptions.look()
    await desk.subscriptions.look_into("evt_1")
    assert ((await desk.notice("evt_1")).status, (await desk.notice("evt_1")).attempts) == ("settled", 1)


async def test_who_looks_into_a_notice_has_it_for_a_while(desk: Desk, vendor: StripeServer) -> None:
    """A process that dies meanwhile keeps it from nobody for long."""
    await desk.told(vendor.subscribe(desk.merchant), "evt_1")
    await desk.subscriptions.claim("evt_1")
    await desk.subscriptions.look()
    assert await desk.status() == ""
    desk.clock.turn(limits.CLAIMED_FOR)
    await desk.subscriptions.look()
    assert await desk.status() == "active"


async def test_stripe_is_away_and_comes_back(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    desk.reach(AWAY)
    now = int(desk.clock.now().timestamp())
    await desk.told(made | {"status": "past_due"}, "evt_1", now)
    await desk.told(made | {"status": "incomplete"}, "evt_2", now - 60)
    for _ in range(2):
        await desk.subscriptions.look()
    assert await desk.status() == "past_due"
    assert "APIConnectionError" in (await desk.notice("evt_1")).reason
    assert (await desk.notice("evt_2")).attempts == 1
    desk.reach(desk.address)
    await desk.subscriptions.look()
    assert await desk.status() == "past_due"
    desk.clock.turn(limits.FIRST_PAUSE)
    await desk.subscriptions.look()
    assert await desk.status() == "active"
    assert {(await desk.notice(one)).status for one in ("evt_1", "evt_2")} == {"settled"}


async def test_what_many_notices_told_is_shown_while_stripe_is_away(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    desk.reach(AWAY)
    now = int(desk.clock.now().timestamp())
    for number in range(20):
        await desk.told(made | {"status": "past_due"}, f"evt_{number}", now)
    await desk.told(made | {"status": "unpaid"}, "evt_newest", now + 1)
    await desk.subscriptions.look()
    assert await desk.status() == "unpaid"


async def test_a_notice_that_is_sent_again_in_an_outage_undoes_nothing(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    await desk.told(made, "evt_1")
    await desk.subscriptions.look()
    desk.reach(AWAY)
    desk.clock.turn(timedelta(minutes=2))
    await desk.told(made | {"status": "incomplete"}, "evt_older", int(BEGAN.timestamp()) - 5)
    await desk.subscriptions.look()
    assert await desk.status() == "active"
    await desk.told(made | {"status": "past_due"}, "evt_newer")
    await desk.subscriptions.look()
    assert await desk.status() == "past_due"


async def test_one_answer_that_cannot_be_read_holds_up_no_other(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    with serving() as site:
        strange = Answer('{"id": "sub_strange", "status": "splendid"}', 200, "application/json")
        good = Answer(json.dumps(made), 200, "application/json")
        site.add({"/v1/subscriptions/sub_strange": strange, f"/v1/subscriptions/{made['id']}": good})
        desk.reach(site.url.rstrip("/"))
        await desk.told(made | {"id": "sub_strange", "status": "unpaid"}, "evt_1")
        await desk.told(made, "evt_2")
        await desk.subscriptions.look()
    assert [(await desk.notice(one)).status for one in ("evt_1", "evt_2")] == ["waiting", "settled"]
    assert await desk.status() == "active"


async def test_two_workers_that_compare_at_once_do_not_disturb_each_other(desk: Desk, vendor: StripeServer) -> None:
    await desk.told(vendor.subscribe(desk.merchant), "evt_1")
    await desk.subscriptions.look()
    desk.clock.turn(limits.NOTICES_KEPT)
    workers = [Subscriptions(desk.records, desk.subscriptions.payments, desk.clock) for _ in range(2)]
    await asyncio.gather(*(worker.compare_when_due() for worker in workers))
    assert {worker.compare_at for worker in workers} == {desk.clock.now() + limits.COMPARED_EVERY}
    assert await desk.records.payment_notices.count(PLATFORM, {}) == 0


async def test_each_pause_is_longer_and_there_is_an_end(desk: Desk, vendor: StripeServer) -> None:
    desk.reach(AWAY)
    await desk.told(vendor.subscribe(desk.merchant), "evt_1")
    pauses = []
    while (notice := await desk.notice("evt_1")).status == "waiting" and len(pauses) < 200:
        desk.clock.at = notice.not_before
        await desk.subscriptions.look()
        pauses.append((await desk.notice("evt_1")).not_before - desk.clock.now())
    assert pauses[:3] == [limits.FIRST_PAUSE, 2 * limits.FIRST_PAUSE, 4 * limits.FIRST_PAUSE]
    assert max(pauses) == limits.LONGEST_PAUSE
    assert (notice.status, "APIConnectionError" in notice.reason) == ("dead", True)
    assert limits.TRIED_FOR <= desk.clock.now() - BEGAN < limits.TRIED_FOR + limits.LONGEST_PAUSE


@pytest.mark.parametrize(
    "body", ['{"error": "upstream unavailable"}', "[]", "null", "<html>Bad gateway sk_test_x</html>"]
)
@pytest.mark.parametrize("status", [200, 502])
async def test_what_is_none_of_stripes_answers_is_as_if_it_were_away(
    desk: Desk, vendor: StripeServer, body: str, status: int
) -> None:
    made = vendor.subscribe(desk.merchant)
    await desk.told(made | {"status": "unpaid"}, "evt_1")
    with serving() as site:
        site.add({f"/v1/subscriptions/{made['id']}": Answer(body, status, "application/json")})
        desk.reach(site.url.rstrip("/"))
        await desk.subscriptions.look()
    assert await desk.status() == "unpaid"
    reason = (await desk.notice("evt_1")).reason
    assert "Stripe" in reason
    assert "sk_test_x" not in reason
    assert len(reason) < 300


async def test_the_comparison_finds_what_no_notice_told(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    nobodys = vendor.subscribe("merchant_of_nobody")
    await desk.subscriptions.compare_when_due()
    assert await desk.status() == "active"
    assert await desk.records.subscriptions.find(PLATFORM, nobodys["id"]) is None
    vendor.end(made)
    await desk.subscriptions.compare_when_due()
    assert await desk.status() == "active"
    desk.clock.turn(limits.COMPARED_EVERY)
    await desk.subscriptions.compare_when_due()
    assert await desk.status() == "canceled"


async def test_a_comparison_that_failed_is_soon_tried_again(desk: Desk, vendor: StripeServer) -> None:
    vendor.subscribe(desk.merchant)
    desk.reach(AWAY)
    await desk.subscriptions.compare_when_due()
    desk.reach(desk.address)
    desk.clock.turn(limits.COMPARED_AGAIN)
    await desk.subscriptions.compare_when_due()
    assert await desk.status() == "active"


async def test_the_comparison_reads_every_page(desk: Desk, vendor: StripeServer) -> None:
    made = [vendor.subscribe(desk.merchant)["id"] for _ in range(5)]
    desk.reach(desk.address, listed_at_once=2)
    await desk.subscriptions.compare()
    kept = {one.id for one in await desk.records.subscriptions.list(PLATFORM, {"merchant": desk.merchant})}
    assert kept >= set(made)


async def test_a_subscription_goes_over_to_another_merchant(desk: Desk, vendor: StripeServer) -> None:
    made = vendor.subscribe(desk.merchant)
    desk.reach(AWAY)
    await desk.told(made | {"metadata": {"merchant_id": "other"}}, "evt_1")
    await desk.subscriptions.look()
    assert (await desk.status(), await desk.status("other")) == ("", "active")
    desk.reach(desk.address)
    desk.clock.turn(limits.FIRST_PAUSE)
    await desk.subscriptions.look()
    assert (await desk.status(), await desk.status("other")) == ("active", "")


async def test_what_stripe_does_not_know_is_nobodys(desk: Desk, vendor: StripeServer) -> None:
    gone = {"id": f"sub_gone{free_port()}", "status": "active", "metadata": {"merchant_id": desk.merchant}}
    desk.reach(AWAY)
    await desk.told(gone, "evt_1")
    await desk.subscriptions.look()
    assert await desk.status() == "active"
    desk.reach(desk.address)
    desk.clock.turn(limits.FIRST_PAUSE)
    await desk.subscriptions.look()
    await desk.subscriptions.compare()
    assert await desk.status() == ""


async def test_old_notices_are_forgotten(desk: Desk, vendor: StripeServer) -> None:
    await desk.told(vendor.subscribe(desk.merchant), "evt_1")
    await desk.subscriptions.look()
    desk.clock.turn(limits.NOTICES_KEPT - timedelta(seconds=1))
    await desk.subscriptions.compare_when_due()
    assert await desk.records.payment_notices.count(PLATFORM, {}) == 1
    desk.clock.turn(limits.COMPARED_EVERY)
    await desk.subscriptions.compare_when_due()
    assert await desk.records.payment_notices.count(PLATFORM, {}) == 0


async def test_without_payments_nobody_has_one(desk: Desk, vendor: StripeServer) -> None:
    await desk.told(vendor.subscribe(desk.merchant), "evt_1")
    await desk.subscriptions.look()
    desk.subscriptions.payments = NoPayments()
    assert await desk.status() == ""
