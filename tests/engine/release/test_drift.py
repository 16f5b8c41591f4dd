"""A shop that is asked much learns that its assistant got worse, as a small one does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.embedded.system import SystemClock, SystemIdentifiers
from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion, Guardrails, Persona
from engine.domain.conversation import Outcome, Reply, Turn
from engine.ports import DocumentStore, Page
from engine.records import Records
from engine.release.comparing import Comparing
from tests.plain_jobs import engine_with_plain_jobs

NOW = datetime.now(UTC)


def turn(number: int, age: timedelta, outcome: Outcome, version: int = 1) -> Turn:
    """A shopper's question of some time ago."""
    name = f"t{number}"
    reply = Reply("c", name, "Some words.", "en", outcome)
    return Turn(name, "m", "b", "c", version, "widget", f"Question {number}?", reply, NOW - age)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[Engine]:
    engine, _ = engine_with_plain_jobs(tmp_path)
    yield engine
    await engine.close()


class CountedStore:
    """A store that counts the records it hands out."""

    def __init__(self, store: DocumentStore) -> None:
        self.store, self.handed_out = store, 0

    async def query(self, *where: Any, **how: Any) -> Page:
        page = await self.store.query(*where, **how)
        self.handed_out += len(page.items)
        return page

    def __getattr__(self, name: str) -> Any:
        return getattr(self.store, name)


async def asked_of(engine: Engine, turns: list[Turn]) -> Bot:
    """A live bot that was asked all this."""
    bot = await engine.bots.create("m", "Shop")
    await engine.records.turns.write_many("m", {turn.id: replace(turn, bot=bot.id) for turn in turns})
    return bot.deploy(1)


@pytest.mark.parametrize("recent", [450, 20])
async def test_fewer_answers_are_noticed_however_much_is_asked(engine: Engine, recent: int):
    old = [turn(number, timedelta(days=20), "answered") for number in range(400)]
    new = [turn(400 + number, timedelta(days=1), "refused") for number in range(recent)]
    report = await engine.drift.report(await asked_of(engine, old + new))
    assert report.questions == 300
    assert report.warnings[-1] == "It answers fewer questions than before: 0% in the last week, 100% earlier."


async def test_nothing_is_said_of_fewer_answers_when_as_many_are_given(engine: Engine):
    old = [turn(number, timedelta(days=20), "answered") for number in range(400)]
    new = [turn(400 + number, timedelta(days=1), "answered") for number in range(400)]
    report = await engine.drift.report(await asked_of(engine, old + new))
    assert not [warning for warning in report.warnings if "fewer" in warning]


async def test_a_shadow_run_reads_no_more_than_it_asks(engine: Engine):
    bot = await asked_of(engine, [turn(number, timedelta(hours=1), "answered") for number in range(2_000)])
    counted = CountedStore(engine.records.store)
    comparing = Comparing(Records(counted), engine.answerer, SystemClock(), SystemIdentifiers(), 2)
    version = BotVersion("m", bot.id, 2, "ready", Persona(), Guardrails(), (), NOW)
    run = await comparing.create(bot, version)
    assert (len(run.turns), run.turns[-1]) == (300, "t1999")
    assert counted.handed_out <= 500, "one page"
