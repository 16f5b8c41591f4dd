"""Merchants' subscriptions: the vendor's notices are kept, then the vendor is asked what is so now.

A notice is a hint only. Notices come late, twice and in any order; what is written is what the vendor answers when
asked, so that every order ends the same. While it cannot be asked, what the newest notice told is shown meanwhile.
Never here: how a vendor signs and writes; see the port `Payments`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

import structlog

from engine.billing import limits
from engine.domain.subscription import PaymentNotice, Subscription
from engine.errors import AlreadyExists, Conflict, NotFound, StoreclerkError, Unavailable
from engine.ports import PLATFORM, UNREADABLE_ANSWER, Clock, Payments
from engine.records import Records

__all__ = ["Subscriptions"]

RANK = ("active", "trialing", "past_due", "paused", "unpaid", "incomplete", "canceled", "incomplete_expired")
"""Which of several subscriptions of a merchant counts: the first of these."""
log = structlog.get_logger("storeclerk.billing")


class Taken(Conflict):
    """Somebody else looks into the notice, or it is dealt with."""


class Subscriptions:
    """Takes notices in, looks into them, and compares all with the vendor once a day.

    A subscription is one row of the platform that names its merchant: it may be given to another one at the vendor's.
    """

    def __init__(self, records: Records, payments: Payments, clock: Clock) -> None:
        self.records, self.payments, self.clock = records, payments, clock
        self.asking = asyncio.Lock()
        """One question at a time: a vendor that hangs holds up nothing but the next one."""
        self.compare_at = clock.now()
        """At once at a start: what was sent meanwhile may be lost."""

    async def of(self, merchant: str) -> Subscription | None:
        """The merchant's subscription that counts; None when there is none, or nobody pays here."""
        if not self.payments.connected:
            return None
        found = await self.records.subscriptions.list(PLATFORM, {"merchant": merchant})
        return min(found, key=lambda one: (RANK.index(one.status), -one.as_of.timestamp()), default=None)

    async def take(self, headers: Mapping[str, str], body: bytes) -> str | None:
        """Keep a notice once; when this returns, it survives a crash. Answers its id, None where nothing is to be done.

        Raises NotAuthenticated, InvalidInput, NotFound (no vendor), Unavailable (it was not kept).
        """
        now = self.clock.now()
        event = self.payments.read(headers, body, now)
        if event is None:
            return None
        try:
            await self.records.payment_notices.add(PLATFORM, event.id, PaymentNotice(event, now, now))
        except AlreadyExists:
            return None
        return event.id

    async def look_into(self, notice: str) -> None:
        """Look into one notice now, unless something is being asked already: then the next `look` does."""
        if not self.asking.locked():
            async with self.asking:
                await self.settle(notice)

    async def look(self) -> None:
        """Look into what is due, also what another process left; where the vendor is away, ask it about one only."""
        if not self.payments.connected:
            return
        async with self.asking:
            away: Unavailable | None = None
            async for notice in self.records.payment_notices.all(PLATFORM, {"status": "waiting"}):
                if notice.is_due(self.clock.now()):
                    away = await self.settle(notice.event.id, away)

    async def settle(self, ident: str, away: Unavailable | None = None) -> Unavailable | None:
        """Ask about a due notice's subscription, unless the vendor is `away`, and write what is answered.

        Answers why the vendor cannot be asked, if it cannot.
        """
        try:
            notice = await self.claim(ident)
        except Taken:
            return away
        if away is not None:
            await self.put_off(notice, away.message)
            return away
        event, asked_at = notice.event, self.clock.now()
        try:
            state = await self.payments.subscription(event.subscription, asked_at)
        except Unavailable as error:
            await self.put_off(notice, error.message)
            return None if error.code == UNREADABLE_ANSWER else error
        if state is None:
            outcome = await self.gone(event.subscription, asked_at)
        else:
            outcome = await self.write(replace(state, told_at=event.created))
        await self.records.payment_notices.change(PLATFORM, ident, lambda current: current.settled(outcome))
        return None

    async def put_off(self, notice: PaymentNotice, reason: str) -> None:
        """Show what a notice tells meanwhile, and look into it again later."""
        if notice.event.told is not None:
            await self.write(notice.event.told)
        now, pause = self.clock.now(), limits.FIRST_PAUSE * 2 ** min(notice.attempts - 1, 10)
        pause = min(pause, limits.LONGEST_PAUSE)
        after = await self.records.payment_notices.change(
            PLATFORM, notice.event.id, lambda current: current.failed(now, pause, limits.TRIED_FOR, reason)
        )
        log.warning("payment.not_looked_up", notice=notice.event.id, status=after.status, reason=reason)

    async def claim(self, ident: str) -> PaymentNotice:
        """Take a due notice for oneself; it is due again if nothing comes of that. Raises Taken."""
        now = self.clock.now()

        def mine(current: PaymentNotice) -> PaymentNotice:
            if not current.is_due(now):
                raise Taken("it is looked into")
            return current.claimed(now + limits.CLAIMED_FOR)

        return await self.records.payment_notices.change(PLATFORM, ident, mine)

    async def write(self, state: Subscription) -> str:
        """Keep a state unless a later one is kept; answers why it is nobody's, where it is."""
        whose = state.merchant
        if not whose or await self.records.merchants.find(whose, whose) is None:
            if state.answered:
                await self.forget(state.id, state.as_of)
            log.warning("payment.nobodys", subscription=state.id)
            return "the subscription names no merchant of this installation"
        await self.records.subscriptions.write(PLATFORM, state.id, state.after)
        return ""

    async def gone(self, subscription: str, as_of: datetime) -> str:
        """The vendor knows no such subscription: nobody has it."""
        await self.forget(subscription, as_of)
        log.warning("payment.unknown", subscription=subscription)
        return "the vendor knows no such subscription"

    async def forget(self, subscription: str, as_of: datetime) -> None:
        """Remove a subscription that is kept, unless something later is known of it."""
        found = await self.records.subscriptions.find(PLATFORM, subscription)
        if found is not None and not (found.record.answered and found.record.as_of > as_of):
            with suppress(NotFound):  # another process was first
                await self.records.subscriptions.delete(PLATFORM, subscription)

    async def compare_when_due(self) -> None:
        """Once a day, and soon after it failed: have every subscription as the vendor has it; forget old notices."""
        now = self.clock.now()
        if not self.payments.connected or now < self.compare_at:
            return
        self.compare_at = now + limits.COMPARED_AGAIN
        try:
            async with self.asking:
                await self.compare()
        except StoreclerkError as error:
            log.warning("payment.not_compared", reason=error.message)
        else:
            self.compare_at = now + limits.COMPARED_EVERY
        async for notice in self.records.payment_notices.all(PLATFORM, {}):
            if now - notice.received_at >= limits.NOTICES_KEPT:
                with suppress(NotFound):  # another process was first
                    await self.records.payment_notices.delete(PLATFORM, notice.event.id)

    async def compare(self) -> None:
        """Write every subscription as the vendor has it, and remove those that it has not. Raises Unavailable."""
        began = self.clock.now()
        listed: set[str] = set()
        async for ident, state in self.payments.subscriptions(began):
            listed.add(ident)
            if state is not None:
                await self.write(state)
        async for kept in self.records.subscriptions.all(PLATFORM, {}):
            if kept.id not in listed and kept.as_of < began:
                await self.gone(kept.id, began)
