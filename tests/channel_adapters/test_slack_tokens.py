"""Tokens that end are renewed in time, and by one process only."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from channel_adapters.calling import VendorCalls
from channel_adapters.slack.tokens import BotTokens, token_of, tokens_given
from channel_adapters.slack.web_api import SlackApi
from engine.adapters.embedded.document_store import SqliteDocumentStore
from engine.adapters.embedded.key_custodian import LocalKeyCustodian
from engine.adapters.embedded.system import SystemIdentifiers
from engine.audit import Audit
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, OpenLink
from engine.channels.links import ChannelLinks
from engine.channels.memory import LinkMemory
from engine.domain.bot import Bot
from engine.records import Records
from tests.channel_adapters.platforms.base import Answer, running
from tests.channel_adapters.platforms.slack import SECRET, SETTINGS, FakeSlack

START = datetime(2026, 11, 30, 12, tzinfo=UTC)
BOT = Bot("bot_1", "merchant_1", "Fern", START)


class Clock:
    """Stands still unless it is moved."""

    def __init__(self) -> None:
        self.at = START

    def now(self) -> datetime:
        return self.at


class Process:
    """One of the processes that share a store."""

    def __init__(self, store: SqliteDocumentStore, clock: Clock, slack: FakeSlack) -> None:
        records, identifiers = Records(store), SystemIdentifiers()
        custodian = LocalKeyCustodian("a key for tests only, long enough")
        self.links = ChannelLinks(records, custodian, Audit(records, clock, identifiers), clock, identifiers)
        self.memory = LinkMemory(records, self.links, clock, identifiers)
        self.calls = VendorCalls((slack.host,))
        self.tokens = BotTokens(SlackApi(self.calls, slack.url), self.memory)

    async def opened(self) -> OpenLink:
        return await self.links.open(await self.links.find(BOT, "slack"))


@pytest.fixture
def slack() -> Iterator[FakeSlack]:
    made = FakeSlack()
    made.rotates = True
    with running(made):
        yield made
    assert made.broken_rules == []


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def two(tmp_path: Path, slack: FakeSlack, clock: Clock) -> AsyncIterator[list[Process]]:
    """Two processes, and a link whose token ends in twelve hours."""
    async with AsyncExitStack() as stack:
        made = []
        for _ in range(2):
            store = SqliteDocumentStore(tmp_path / "records.sqlite")
            process = Process(store, clock, slack)
            stack.callback(store.close)
            stack.push_async_callback(process.calls.close)
            made.append(process)
        secrets = {"client_secret": SECRET, "signing_secret": SETTINGS["signing_secret"]}
        await made[0].links.put(BOT, "slack", {"client_id": SETTINGS["client_id"]}, secrets, by="owner")
        given, settings = tokens_given(slack.grant("T1SHOP"), START)
        about = {"installed_client": SETTINGS["client_id"]}
        await made[0].memory.learn(await made[0].opened(), given, settings | about)
        yield made


def renewals(slack: FakeSlack) -> int:
    return sum(sent.form.get("grant_type") == "refresh_token" for sent in slack.sent)


async def test_a_token_with_two_hours_left_is_kept_and_one_with_less_renewed(
    two: list[Process], slack: FakeSlack, clock: Clock
):
    link = await two[0].opened()
    first = token_of(link)
    clock.at = START + timedelta(hours=10)
    assert await two[0].tokens.current(link) == first
    clock.at += timedelta(seconds=1)
    second = await two[0].tokens.current(link)
    assert second != first
    assert await two[1].tokens.current(await two[1].opened()) == second
    # Opened before the renewal: what is kept now counts.
    assert await two[1].tokens.current(link) == second
    assert renewals(slack) == 1


async def test_twenty_at_once_in_two_processes_renew_once(two: list[Process], slack: FakeSlack, clock: Clock):
    link = await two[0].opened()
    clock.at, slack.slow = START + timedelta(hours=11), 0.2
    found = await asyncio.gather(*(process.tokens.current(link) for process in two for _ in range(10)))
    assert renewals(slack) == 1
    assert set(found) <= {token_of(link), token_of(await two[1].opened())}
    assert token_of(await two[1].opened()) != token_of(link)


async def test_when_it_has_ended_the_others_wait(two: list[Process], slack: FakeSlack, clock: Clock):
    link = await two[0].opened()
    clock.at, slack.slow = START + timedelta(hours=13), 0.3
    first = asyncio.create_task(two[0].tokens.current(link))
    await asyncio.sleep(0.15)
    with pytest.raises(DeliveryDelayed, match="being renewed"):
        await two[1].tokens.current(link)
    assert await first == await two[1].tokens.current(await two[1].opened())
    assert renewals(slack) == 1


async def test_a_process_that_died_while_renewing_keeps_nobody_for_long(
    two: list[Process], slack: FakeSlack, clock: Clock
):
    link = await two[0].opened()
    clock.at = START + timedelta(hours=11)
    assert await two[0].memory.claim(link, "renewing", timedelta(seconds=30))
    assert await two[1].tokens.current(link) == token_of(link), "the old one still counts"
    clock.at += timedelta(seconds=31)
    assert await two[1].tokens.current(link) != token_of(link)


async def test_a_chain_that_is_broken_is_told(two: list[Process], slack: FakeSlack, clock: Clock):
    slack.refresh_tokens.clear()
    clock.at = START + timedelta(hours=11)
    with pytest.raises(ConnectionBroken, match="Install the app again") as caught:
        await two[0].tokens.current(await two[0].opened())
    assert caught.value.code == "expired_token"


async def test_slack_being_down_keeps_the_old_token_while_it_counts(two: list[Process], slack: FakeSlack, clock: Clock):
    link = await two[0].opened()
    clock.at = START + timedelta(hours=11)
    slack.next_answers += [Answer(503)]
    assert await two[0].tokens.current(link) == token_of(link)
    clock.at = START + timedelta(hours=13)
    slack.next_answers += [Answer(503)]
    with pytest.raises(DeliveryDelayed):
        await two[0].tokens.current(link)
    assert await two[0].tokens.current(link) != token_of(link)


async def test_another_app_filled_in_since_leaves_the_pasted_token(two: list[Process], clock: Clock):
    pasted = {"bot_token": "xoxb-1-2-pasted"}
    await two[0].links.put(BOT, "slack", {"client_id": "1.2"}, pasted, by="owner")
    assert await two[0].tokens.current(await two[0].opened()) == "xoxb-1-2-pasted"
    await two[0].links.put(BOT, "slack", {"client_id": SETTINGS["client_id"]}, {}, by="owner")
    assert await two[0].tokens.current(await two[0].opened()) != "xoxb-1-2-pasted"


async def test_claims_count_once_until_released_or_over(two: list[Process], clock: Clock):
    link, hour = await two[0].opened(), timedelta(hours=1)
    got = await asyncio.gather(*(process.memory.claim(link, "x", hour) for process in two for _ in range(5)))
    assert got.count(True) == 1
    assert await two[1].memory.claimed_until(link, "x") == START + hour
    await two[0].memory.release(link, "x")
    assert await two[1].memory.claim(link, "x", hour)
    clock.at += hour
    got = await asyncio.gather(*(process.memory.claim(link, "x", hour) for process in two for _ in range(5)))
    assert got.count(True) == 1
    assert await two[0].memory.claimed_until(link, "never") is None
