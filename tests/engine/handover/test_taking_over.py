"""Who owns a conversation, when, and what the bot says once it is its own again; on a real store."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.bootstrap import embedded
from engine.domain.conversation import Ask, Reply
from engine.errors import Conflict
from engine.settings import Settings
from tests.plain_jobs import engine_with_plain_jobs

POLICY = "You can return unopened goods within 30 days. Delivery to Germany costs 6.90 EUR."
ANN, BEN = "ann@shop.example", "ben@shop.example"


class Clock:
    """Stands still until it is turned."""

    def __init__(self) -> None:
        self.time = datetime(2026, 11, 30, 9, tzinfo=UTC)

    def now(self) -> datetime:
        return self.time


@pytest.fixture
async def shop(tmp_path: Path):
    """(engine, bot, version, clock) of a shop whose people answer too."""
    clock = Clock()
    settings = Settings(_env_file=None, data_dir=tmp_path, run_jobs=False)  # type: ignore[call-arg]
    engine, jobs = engine_with_plain_jobs(tmp_path, replace(embedded(settings), clock=clock))
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "text", {"title": "Policies", "text": POLICY})
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    await engine.handover.change_rules(bot, {"on": True, "idle_hours": 1.0}, by=ANN)
    yield engine, bot, await engine.versions.get("m", bot.id, 1), clock
    await engine.close()


async def ask(shop, text: str = "How much is delivery to Germany?", conversation: str | None = None) -> Reply:
    engine, bot, version, _ = shop
    return await engine.answerer.answer(bot, version, Ask(text, conversation_id=conversation), test=False)


async def conversation_of(shop, reply: Reply):
    engine, bot, _, _ = shop
    return await engine.records.conversations.get(bot.merchant, reply.conversation_id)


async def test_of_two_members_one_owns_the_conversation(shop):
    engine = shop[0]
    talk = await conversation_of(shop, await ask(shop))
    ends = await asyncio.gather(
        engine.handover.claim(talk, by=ANN), engine.handover.claim(talk, by=BEN), return_exceptions=True
    )
    lost = [end for end in ends if isinstance(end, Conflict)]
    (won,) = [end for end in ends if not isinstance(end, BaseException)]
    assert [error.code for error in lost] == ["taken"]
    other = BEN if won.member == ANN else ANN
    with pytest.raises(Conflict, match=won.member):
        await engine.handover.hand_back(won, by=other)
    with pytest.raises(Conflict, match="Take the conversation over first"):
        await engine.handover.say(won, "Hello", by=other, channel=False)
    said = await engine.handover.say(won, "Hello", by=won.member, channel=False)
    assert said.delivery == "kept"


async def test_who_answered_elsewhere_holds_no_member_up(shop):
    engine = shop[0]
    talk = await conversation_of(shop, await ask(shop))
    aside = await engine.handover.step_aside(talk)
    assert (aside.owner, aside.member) == ("person", "")
    assert (await engine.handover.claim(aside, by=ANN)).member == ANN
    given = await engine.handover.hand_back(await engine.handover.now(talk), by=ANN)
    assert given.owner == "bot"
    again = await engine.handover.step_aside(talk)
    assert (await engine.handover.hand_back(again, by=BEN)).owner == "bot"


async def test_a_bot_is_silent_until_it_is_handed_back_and_then_says_that_it_is_one(shop):
    engine = shop[0]
    first = await ask(shop)
    assert "AI assistant" in first.notice
    talk = await engine.handover.claim(await conversation_of(shop, first), by=ANN)
    silent = await ask(shop, conversation=talk.id)
    assert silent.text == ""
    await engine.handover.hand_back(talk, by=ANN)
    assert "AI assistant" in (await ask(shop, conversation=talk.id)).notice
    assert (await ask(shop, conversation=talk.id)).notice == ""


async def test_a_person_who_fell_silent_has_handed_it_back_and_the_bot_says_that_it_is_one(shop):
    engine, _, _, clock = shop
    talk = await engine.handover.claim(await conversation_of(shop, await ask(shop)), by=ANN)
    clock.time += timedelta(minutes=59)
    assert (await ask(shop, conversation=talk.id)).text == ""
    clock.time += timedelta(minutes=2)
    reply = await ask(shop, conversation=talk.id)
    assert "6.90" in reply.text
    assert "AI assistant" in reply.notice


async def test_of_two_who_begin_a_link_at_once_both_get_the_same(shop):
    engine, bot, _, _ = shop
    links = await asyncio.gather(*(engine.channel_links.begin(bot, "webhook", by=ANN) for _ in range(8)))
    assert len({link.id for link in links}) == 1
    assert [link.id for link in await engine.records.channel_links.list("m", {"bot": bot.id})] == [links[0].id]
