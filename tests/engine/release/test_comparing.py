"""Runs over real questions: one at a time for a version, and an end that stays the end."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask
from engine.errors import Conflict
from tests.conftest import PAIRS
from tests.plain_jobs import engine_with_plain_jobs

Shop = tuple[Engine, Bot, BotVersion]


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    """(engine, bot, version) that a shopper has asked something."""
    engine, jobs = engine_with_plain_jobs(tmp_path)
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "faq", {"pairs": PAIRS})
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    version = await engine.versions.get("m", bot.id, 1)
    await engine.answerer.answer(bot, version, Ask(PAIRS[0]["question"], channel="widget"))
    yield engine, bot, version
    await engine.close()


async def test_a_run_that_waits_is_the_one_that_is_asked_for_again(shop: Shop):
    engine, bot, version = shop
    first = await engine.comparing.create(bot, version)
    assert (await engine.comparing.create(bot, version)).id == first.id


async def test_no_second_run_begins_beside_one_that_is_under_way(shop: Shop):
    engine, bot, version = shop
    run = await engine.comparing.create(bot, version)
    await engine.comparing.begin("m", run.id)
    with pytest.raises(Conflict, match="wait for it or stop it") as refused:
        await engine.comparing.create(bot, version)
    assert refused.value.code == "already_running"
    await engine.comparing.cancel("m", bot.id, 1)
    assert (await engine.comparing.create(bot, version)).id != run.id


async def test_a_run_that_was_stopped_does_not_fail_afterwards(shop: Shop):
    engine, bot, version = shop
    run = await engine.comparing.create(bot, version)
    await engine.comparing.cancel("m", bot.id, 1)
    await engine.comparing.fail("m", run.id, "too late")
    assert (await engine.comparing.latest("m", bot.id, 1)).status == "cancelled"
