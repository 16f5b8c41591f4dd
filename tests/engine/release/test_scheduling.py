"""Dates at which versions go live: changed, taken back or met by trouble, none is lost and none comes too early."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion, Guardrails, Persona
from engine.domain.trial import GateReport
from engine.errors import Unavailable
from engine.ports import PLATFORM, DocumentStore
from engine.records import Records
from engine.release.scheduling import COLLECTION, Scheduling
from engine.release.versions import Versions
from tests.plain_jobs import engine_with_plain_jobs

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


@dataclass
class Shop:
    """A bot with two versions, whose clock is set by hand and whose gate passes after `asked` was done."""

    engine: Engine
    moment: datetime = NOON
    caught_up: list[int | None] = field(default_factory=list)
    asked: Callable[[], Awaitable[object]] | None = None
    bot_id: str = ""

    def __post_init__(self) -> None:
        records, audit = self.engine.records, self.engine.audit
        versions = Versions(
            records,
            self,
            self.engine.jobs.start_training,
            self.gate,
            self.engine.corrections,
            audit,
            self.engine.baselines,
        )
        self.scheduling = Scheduling(records, versions, self.catch_up, audit, self)

    def now(self) -> datetime:
        return self.moment

    async def gate(self, _: BotVersion) -> GateReport:
        if self.asked is not None:
            await self.asked()
        return GateReport("pass", (), "")

    async def catch_up(self, bot: Bot) -> None:
        self.caught_up.append(bot.live)

    async def bot(self) -> Bot:
        return await self.engine.bots.get("m", self.bot_id)

    async def set(self, number: int, at: datetime) -> Bot:
        return await self.scheduling.set(await self.engine.versions.get("m", self.bot_id, number), at, by="o@s.example")

    async def waiting(self) -> int:
        return await self.engine.records.store.count(PLATFORM, COLLECTION, {})


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    engine, _ = engine_with_plain_jobs(tmp_path)
    shop = Shop(engine)
    shop.bot_id = (await engine.bots.create("m", "Shop")).id
    for number in (1, 2):
        version = BotVersion("m", shop.bot_id, number, "passed", Persona(), Guardrails(), (), NOON)
        await engine.records.versions.add("m", f"{shop.bot_id}.{number}", version)
    await engine.records.bots.change("m", shop.bot_id, lambda bot: bot.deploy(1))
    yield shop
    await engine.close()


async def test_a_paused_assistant_stays_paused_and_prices_are_brought_up_to_date(shop: Shop):
    await shop.engine.records.bots.change("m", shop.bot_id, lambda bot: replace(bot, paused=True))
    await shop.set(2, NOON + HOUR)
    shop.moment += HOUR
    assert await shop.scheduling.release_due() == 1
    bot = await shop.bot()
    assert (bot.live, bot.previous, bot.paused, bot.scheduled) == (2, 1, True, None)
    assert shop.caught_up == [2]
    assert await shop.waiting() == 0


async def test_another_time_chosen_while_the_old_one_comes_is_the_one_that_holds(shop: Shop):
    await shop.set(2, NOON + HOUR)
    shop.moment += HOUR
    [due] = (await shop.engine.records.store.query(PLATFORM, COLLECTION, {})).items
    await shop.set(1, shop.moment + HOUR)
    assert not await shop.scheduling.release(due), "what was read before is not what is wished now"
    bot = await shop.bot()
    assert bot.scheduled is not None
    assert (bot.live, bot.scheduled.number, bot.schedule_note) == (1, 1, "")
    assert await shop.waiting() == 1


async def test_another_time_chosen_while_the_gate_is_asked_stops_the_release(shop: Shop):
    await shop.set(2, NOON + HOUR)
    shop.moment += HOUR
    shop.asked = lambda: shop.set(2, shop.moment + 5 * HOUR)
    assert await shop.scheduling.release_due() == 0
    shop.asked = None
    bot = await shop.bot()
    assert bot.scheduled is not None
    assert (bot.live, bot.scheduled.at, bot.schedule_note) == (1, NOON + 6 * HOUR, "")
    shop.moment += 5 * HOUR
    assert await shop.scheduling.release_due() == 1
    assert (await shop.bot()).live == 2


async def test_a_store_that_is_out_of_reach_delays_a_release_and_does_not_drop_it(shop: Shop):
    async def out_of_reach() -> None:
        raise Unavailable("the disk is full")

    await shop.set(2, NOON + HOUR)
    shop.moment += HOUR
    shop.asked = out_of_reach
    assert await shop.scheduling.release_due() == 0
    assert (await shop.bot()).schedule_note == ""
    shop.asked = None
    assert await shop.scheduling.release_due() == 1
    assert (await shop.bot()).live == 2


class FullDisk:
    """A store that can remove and read, and write nothing more."""

    def __init__(self, store: DocumentStore) -> None:
        self.store = store

    async def add(self, *_: object) -> str:
        raise Unavailable("the disk is full")

    write_many = add

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


async def test_a_date_that_cannot_be_replaced_stays(shop: Shop):
    await shop.set(2, NOON + HOUR)
    full = Records(FullDisk(shop.engine.records.store))
    scheduling = Scheduling(full, shop.scheduling.versions, shop.catch_up, shop.engine.audit, shop)
    with pytest.raises(Unavailable):
        await scheduling.set(await shop.engine.versions.get("m", shop.bot_id, 1), NOON + 2 * HOUR, by="o@s.example")
    shop.moment += HOUR
    assert await shop.scheduling.release_due() == 1
    assert (await shop.bot()).live == 2


async def test_a_date_taken_back_goes_nowhere(shop: Shop):
    await shop.set(2, NOON + HOUR)
    await shop.scheduling.cancel(await shop.bot(), by="o@s.example")
    shop.moment += HOUR
    assert await shop.scheduling.release_due() == 0
    assert ((await shop.bot()).live, await shop.waiting()) == (1, 0)
