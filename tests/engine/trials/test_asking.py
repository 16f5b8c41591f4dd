"""One case asked once: what breaks on the way is a result of this case, and a used up quota is waited for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion
from engine.trials.asking import CaseAsking
from engine.trials.cases import CaseText
from engine.trials.shoppers import PlayedShopper
from tests.engine.llama.model_server import ModelServer, model_server
from tests.plain_jobs import engine_with_plain_jobs

TEXT = "Returns are accepted within 30 days. Delivery to Germany costs 6.90 EUR."
QUESTION = "How long may I return things?"


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with model_server() as running:
        yield running


@pytest.fixture
async def shop(server: ModelServer, tmp_path: Path) -> AsyncIterator[tuple[Engine, Bot, BotVersion]]:
    engine, jobs = engine_with_plain_jobs(
        tmp_path, chat_model="openai_compatible", chat_model_name="test", chat_model_url=server.url,
        chat_model_timeout_seconds=2.5,
    )  # fmt: skip
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "text", {"title": "Policies", "text": TEXT})
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    yield engine, bot, await engine.versions.get("m", bot.id, 1)
    await engine.close()


class Waiting:
    """A clock's sleep that takes no time, after which the model's quota is there again."""

    def __init__(self, server: ModelServer, after: int) -> None:
        self.server, self.after, self.waits = server, after, list[float]()

    async def __call__(self, seconds: float) -> None:
        self.waits.append(seconds)
        if len(self.waits) == self.after:
            self.server.behaviour = "well"


async def test_a_quota_used_up_by_an_earlier_message_is_waited_for(shop, server):
    engine, bot, version = shop
    server.behaviour, server.says = "quota", "Returns are accepted within 30 days [1]."
    waiting = Waiting(server, after=2)
    case = await engine.cases.add("m", bot.id, CaseText(QUESTION, earlier=("What does delivery to Germany cost?",)))
    result = await CaseAsking(engine.answerer, None, sleep=waiting).result(bot, version, case, 1)
    assert waiting.waits == [2.0, 8.0]
    assert (result.failed, result.reasons) == (False, ())


async def test_what_is_left_of_a_conversation_without_its_model_proves_nothing(shop, server):
    engine, bot, version = shop
    server.behaviour = "quota"
    waiting = Waiting(server, after=0)
    case = await engine.cases.add("m", bot.id, CaseText(QUESTION, earlier=("What does delivery to Germany cost?",)))
    result = await CaseAsking(engine.answerer, None, sleep=waiting).result(bot, version, case, 1)
    assert waiting.waits == [2.0, 8.0, 30.0]
    assert result.failed
    assert "over_quota" in result.reasons[0]


async def test_a_fault_is_a_failed_result_of_its_case_that_names_the_kind_only(shop):
    engine, bot, version = shop

    class Broken:
        """An answerer with a fault."""

        async def answer(self, *_: object, **__: object) -> None:
            raise ZeroDivisionError("what the shopper wrote")

    case = await engine.cases.add("m", bot.id, CaseText(QUESTION))
    result = await CaseAsking(Broken(), None).result(bot, version, case, 1)  # type: ignore[arg-type]
    assert result.failed
    assert result.reasons == ("A fault in Storeclerk (ZeroDivisionError).",)


class Scripted:
    """A writing model that says what a shopper says next, line by line."""

    name = "scripted"

    def __init__(self, *lines: str) -> None:
        self.lines = list(lines)

    async def write(self, instruction: str, text: str, most_tokens: int) -> str:
        return self.lines.pop(0) if self.lines else "DONE"


async def test_a_shopper_with_a_goal_goes_on_until_it_is_reached(shop, server):
    engine, bot, version = shop
    server.says = "Returns are accepted within 30 days [1]."
    shopper = PlayedShopper(Scripted("And what does delivery to Germany cost?", "DONE"), engine.adapters.identifiers)
    case = await engine.cases.add("m", bot.id, CaseText(QUESTION, goal="know how to return and what delivery costs"))
    result = await CaseAsking(engine.answerer, None, shopper).result(bot, version, case, 1)
    assert result.answer.count("30 days") == 2
    conversations = await engine.conversations.page("m", bot.id, test=True, limit=5, cursor=None)
    assert [talk.turns for talk in conversations.items] == [2]
    alone = await CaseAsking(engine.answerer, None).result(bot, version, case, 1)
    assert alone.answer.count("30 days") == 1
