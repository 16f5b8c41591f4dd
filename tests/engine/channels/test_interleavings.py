"""Shoppers write, people take over and hand back, two processes work: in whatever order, the bot keeps its word.

The order is Hypothesis's choice. A message that leaves stands still at the platform until it is let through, so that
everything else can happen meanwhile.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.bootstrap import embedded
from engine.channels.answering import MessageAnswering
from engine.channels.deliveries import Deliveries, DeliveryRules
from engine.channels.gateway import Arrival, DeliveryDelayed
from engine.channels.inbox import conversation_of, message_id
from engine.channels.sending import Sending
from engine.channels.streaming import Streaming
from engine.domain.channel import ChannelLink
from engine.settings import Settings
from tests.plain_jobs import engine_with_plain_jobs

ANN = "ann@shop.example"
RULES = DeliveryRules(settle=timedelta(0), lease=timedelta(seconds=5), sweep=timedelta(seconds=0.05))
ACTIONS = ("write", "write", "claim", "hand back", "let through", "let through", "let fail", "breathe", "other process")
names = count(1)


@dataclass
class Leaving:
    """A message on its way to the platform."""

    key: str
    began: int
    through: asyncio.Event = field(default_factory=asyncio.Event)
    fails: bool = False
    ended: int | None = None


@dataclass
class Room:
    """A platform where nothing arrives before it is let through."""

    clock: Any
    """Counts moments: everything that happens has its own."""
    leaving: list[Leaving] = field(default_factory=list)
    open: bool = False
    pace: timedelta = timedelta(0)
    window: timedelta | None = None

    def render(self, *_: Any) -> list[dict[str, str]]:
        return [{"part": "1"}, {"part": "2"}]

    async def working(self, *_: Any) -> None:
        await asyncio.sleep(0)

    async def send(self, *_: Any, author: str, key: str) -> str:
        one = Leaving(key, next(self.clock))
        self.leaving.append(one)
        if not self.open:
            await one.through.wait()
        one.ended = next(self.clock)
        if one.fails:
            raise DeliveryDelayed("not now", retry_after=0)
        return f"sent {key}"

    def still(self) -> list[Leaving]:
        """What stands at the door."""
        return [one for one in self.leaving if one.ended is None and not one.through.is_set()]


class Shop:
    """A live bot with a person behind it, and two processes that work at its conversations."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def begin(self) -> None:
        adapters = embedded(Settings(_env_file=None, data_dir=self.folder, run_jobs=False))  # type: ignore[call-arg]
        self.engine, jobs = engine_with_plain_jobs(self.folder, adapters)
        bot = await self.engine.bots.create("m", "Kiln & Leaf")
        await self.engine.sources.create("m", bot.id, "text", {"title": "Policies", "text": "Delivery costs 6.90 EUR."})
        await self.engine.versions.create("m", bot.id)
        await jobs.finish()
        records = self.engine.records
        self.bot = await records.bots.change("m", bot.id, lambda current: replace(current, live=1))
        await self.engine.handover.change_rules(self.bot, {"on": True}, by=ANN)
        self.link = ChannelLink("link_1", "m", bot.id, "room", self.engine.adapters.clock.now())
        await records.channel_links.add("m", self.link.id, self.link)

    def processes(self, room: Room, rules: DeliveryRules = RULES) -> list[Deliveries]:
        """Two sets of workers on the same records."""
        made = []
        for _ in range(2):
            records, clock, gateways = self.engine.records, self.engine.adapters.clock, {"room": room}
            streaming = Streaming(records, self.engine.channel_links, {}, clock)
            answering = MessageAnswering(
                records, self.engine.answerer, self.engine.conversations, gateways, streaming, clock
            )
            sending = Sending(records, self.engine.channel_links, gateways, {}, {}, clock)
            made.append(
                Deliveries(
                    records,
                    self.engine.channel_links,
                    answering,
                    sending,
                    clock,
                    self.engine.adapters.identifiers,
                    rules,
                )
            )
        return made

    async def write(self, name: str, number: int, at: datetime | None = None) -> None:
        """A shopper's message, which a process is told of later."""
        at = at or self.engine.adapters.clock.now()
        arrival = Arrival(f"{name}.{number}", name, "shopper", "How much is delivery?", at, {"room": name})
        assert await self.engine.inbox.accept(self.link, arrival) is not None


@dataclass
class Play:
    """One order of events, and what came of it."""

    shop: Shop
    room: Room
    name: str
    processes: list[Deliveries]
    written: int = 0
    claiming: asyncio.Task[None] | None = None
    owned: list[list[int]] = field(default_factory=list)
    """[taken over, handed back] by the room's clock."""

    @property
    def conversation(self) -> str:
        return conversation_of(self.shop.link, self.name)

    async def claim(self) -> None:
        """Take over; from when that is confirmed, nothing of the bot may leave."""
        talk = await self.shop.engine.records.conversations.find("m", self.conversation)
        if talk is not None and talk.record.owner != "person":
            await self.shop.engine.handover.claim(talk.record, by=ANN)
            self.owned.append([next(self.room.clock)])

    async def hand_back(self) -> None:
        talk = await self.shop.engine.records.conversations.find("m", self.conversation)
        if self.owned and len(self.owned[-1]) == 1 and talk is not None:
            self.owned[-1].append(next(self.room.clock))
            await self.shop.engine.handover.hand_back(talk.record, by=ANN)

    async def do(self, action: str) -> None:
        match action:
            case "write":
                self.written += 1
                await self.shop.write(self.name, self.written)
                self.processes[0].wake("m", self.conversation)
            case "claim" if self.claiming is None or self.claiming.done():
                self.claiming = asyncio.create_task(self.claim())
            case "hand back" if self.claiming is None or self.claiming.done():
                await self.hand_back()
            case "let through" | "let fail":
                for one in self.room.still()[:1]:
                    one.fails = action == "let fail"
                    one.through.set()
            case "other process":
                self.processes[1].wake("m", self.conversation)
            case "breathe":
                await asyncio.sleep(0.05)
        await asyncio.sleep(0.005)

    async def end(self) -> None:
        """Let everything through, and wait until nothing is left to do."""
        self.room.open = True
        for one in self.room.still():
            one.through.set()
        if self.claiming is not None:
            await self.claiming
        await self.hand_back()
        for _ in range(400):
            where = {"conversation": self.conversation, "status": "waiting"}
            records = self.shop.engine.records
            if not await records.inbound.list("m", where) and not await records.outbound.list("m", where):
                return
            self.processes[0].wake("m", self.conversation)
            await asyncio.sleep(0.02)
        raise AssertionError("work is left over")


async def played(shop: Shop, actions: list[str]) -> Play:
    """Everything in this order."""
    room = Room(count(1))
    play = Play(shop, room, f"talk {next(names)}", shop.processes(room))
    try:
        for action in actions:
            await play.do(action)
        await play.end()
    finally:
        for process in play.processes:
            await process.close()
    return play


@pytest.fixture(scope="module")
def runner() -> Any:
    with asyncio.Runner() as made:
        yield made


@pytest.fixture(scope="module")
def shop(runner: asyncio.Runner, tmp_path_factory: pytest.TempPathFactory) -> Any:
    made = Shop(tmp_path_factory.mktemp("shop"))
    runner.run(made.begin())
    yield made
    runner.run(made.engine.close())


def check(play: Play) -> None:
    """The bot's word: silent while a person owns the conversation, and each message answered at most once."""
    for taken, back in play.owned:
        spoke = [one for one in play.room.leaving if one.began < back and (one.ended or back) > taken]
        assert spoke == [], f"the bot spoke between {taken} and {back}"
    arrived = [one.key for one in play.room.leaving if not one.fails]
    assert len(set(arrived)) == len(arrived), "something arrived twice"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(actions=st.lists(st.sampled_from(ACTIONS), min_size=3, max_size=25))
def test_no_word_of_the_bot_while_a_person_owns_the_conversation(
    runner: asyncio.Runner, shop: Shop, actions: list[str]
):
    check(runner.run(played(shop, actions)))


def test_a_claim_waits_for_what_is_leaving_and_takes_back_the_rest(runner: asyncio.Runner, shop: Shop):
    play = runner.run(
        played(shop, ["write", *["breathe"] * 8, "claim", "breathe", "let through", *["breathe"] * 8, "hand back"])
    )
    check(play)
    assert len(play.owned) == 1
    assert [one.key.rpartition(".")[2] for one in play.room.leaving] == ["0"], "the second part was taken back"


def test_a_straggler_is_waited_for_also_in_the_midst_of_work(runner: asyncio.Runner, shop: Shop):
    """While the first message is at the door the third comes in, and the second a moment after it."""

    async def played_out() -> list[str]:
        room, name = Room(count(1)), f"talk {next(names)}"
        process = shop.processes(room, replace(RULES, settle=timedelta(seconds=0.5)))[0]

        async def come(number: int, at: datetime | None = None) -> None:
            await shop.write(name, number, at)
            process.wake("m", conversation_of(shop.link, name))

        await come(1)
        while not room.still():
            await asyncio.sleep(0.01)
        earlier = shop.engine.adapters.clock.now()
        await come(3)
        room.open = True
        for one in room.still():
            one.through.set()
        await asyncio.sleep(0.2)
        await come(2, at=earlier)
        while len(room.leaving) < 6:
            await asyncio.sleep(0.01)
        await process.close()
        return [one.key.rpartition(".")[0] for one in room.leaving if one.key.endswith(".0")]

    in_order = runner.run(asyncio.wait_for(played_out(), 30))
    names_of = {
        message_id(shop.link, f"talk {talk}.{number}"): number for talk in range(1, 200) for number in (1, 2, 3)
    }
    assert [names_of[ident] for ident in in_order] == [1, 2, 3]
