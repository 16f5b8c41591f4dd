"""Merchants' subscriptions: the vendor's notices are kept, then the vendor is asked what is so now.

A notice is a hint only. Notices come late, twice and in any order; what is written is what the vendor answers when
asked, so that every order ends the same. While it cannot be asked, what the newest notice told is shown meanwhile.
Never here: how a vendor signs and writes; see the port `Payments`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

import structlog

from engine.domain.subscription import PaymentNotice, Subscription
from engine.errors import AlreadyExists, Unavailable
from engine.ports import PLATFORM, Clock, Payments
from engine.records import Records

__all__ = ["Subscriptions"]

KEPT_DAYS = 9
"""Longer than any vendor sends a notice again: a repeat is known as one."""
LOOKED_BACK = 60
RANK = ("active", "trialing", "past_due", "paused", "unpaid", "incomplete", "canceled", "incomplete_expired")
"""Which of several subscriptions of a merchant counts: the first of these."""
COMPARED_EVERY, COMPARED_AGAIN = timedelta(days=1), timedelta(hours=1)
"""From one comparison to the next, and to the next trial of one that failed."""
log = structlog.get_logger("storeclerk.billing")


class Subscriptions:
    """Takes notices in, settles them, and compares all with the vendor once a day."""

    def __init__(self, records: Records, payments: Payments, clock: Clock) -> None:
        self.records, self.payments, self.clock = records, payments, clock
        self.compare_at = clock.now()
        """At once at a start: what was sent meanwhile may be lost."""

    async def of(self, merchant: str) -> Subscription | None:
        """The merchant's subscription that counts, or None."""
        found = await self.records.subscriptions.list(merchant, {})
        return min(found, key=lambda one: (RANK.index(one.status), -one.as_of.timestamp()), default=None)

    async def take(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Keep a notice once; when this returns, it survives a crash. Answers its id, None where nothing is to be done.

        Raises NotAuthenticated, InvalidInput, NotFound (no vendor), Unavailable (it was not kept).
        """
        now = self.clock.now()
        event = self.payments.read(headers, body, now)
        if event is None:
            return None
        notice = PaymentNotice(event, received_at=now, not_before=now, day=now.date().isoformat())
        try:
            await self.records.payment_notices.add(PLATFORM, event.id, notice)
        except AlreadyExists:
            return None
        return event.id

    async def settle(self, ident: str) -> None:
        """Ask the vendor about a waiting notice's subscription, and write what it answers."""
        notice = await self.records.payment_notices.get(PLATFORM, ident)
        if notice.status != "waiting":
            return
        event, asked_at = notice.event, self.clock.now()
        try:
            state = await self.payments.subscription(event.subscription, asked_at)
        except Unavailable as error:
            if event.told is not None:
                await self.write(event.told)
            after = notice.failed(asked_at, error.message)
            log.warning("payment.not_looked_up", notice=ident, status=after.status, reason=error.message)
        else:
            unknown = "the vendor knows no such subscription"
            after = notice.settled(unknown if state is None else await self.write(state))
        await self.records.payment_notices.change(PLATFORM, ident, lambda _: after)

    async def write(self, state: Subscription) -> str:
        """Keep a state unless a later one is kept; answers why not, where it is nobody's."""
        if not state.merchant or await self.records.merchants.find(state.merchant, state.merchant) is None:
            log.warning("payment.nobodys", subscription=state.id)
            return "the subscription names no merchant of this installation"
        await self.records.subscriptions.write(state.merchant, state.id, state.after)
        return ""

    async def look(self) -> None:
        """Settle what is due, also what another process left; compare with the vendor, and forget, once a day."""
        now = self.clock.now()
        async for notice in self.records.payment_notices.all(PLATFORM, {"status": "waiting"}):
            if notice.not_before <= now:
                await self.settle(notice.event.id)
        if now >= self.compare_at:
            self.compare_at = now + COMPARED_AGAIN
            await self.forget()
            try:
                await self.compare()
            except Unavailable as error:
                log.warning("payment.not_compared", reason=error.message)
            else:
                self.compare_at = now + COMPARED_EVERY

    async def compare(self) -> None:
        """Write every subscription as the vendor has it: a notice may have been lost. Raises Unavailable."""
        async for state in self.payments.subscriptions(self.clock.now()):
            await self.write(state)

    async def forget(self) -> None:
        """Remove notices that no vendor sends again."""
        last = self.clock.now() - timedelta(days=KEPT_DAYS)
        for days in range(LOOKED_BACK):
            day = (last - timedelta(days=days)).date().isoformat()
            await self.records.payment_notices.delete_where(PLATFORM, {"day": day})
