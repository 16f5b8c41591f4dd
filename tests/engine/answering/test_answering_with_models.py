"""The whole answer with a language model behind it, that tells the truth, lies, or fails."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from llama_index.core.base.llms.types import ChatMessage, MessageRole

from engine.answering.answerer import Answerer
from engine.answering.conversations import Conversations
from engine.bootstrap import embedded
from engine.domain.conversation import Ask
from engine.errors import InvalidInput, Unavailable
from engine.llama.chat_engine import ShopChatEngine
from engine.llama.retriever import VersionRetriever
from engine.records import Records
from engine.settings import Settings
from engine.trials.cases import CaseText
from tests.engine.llama.model_server import model_server
from tests.plain_jobs import engine_with_plain_jobs

TEXT = "Returns are accepted within 30 days. Delivery to Germany costs 6.90 EUR. Gift wrapping costs 2.50 EUR an order."


@pytest.fixture
def server():
    with model_server() as running:
        yield running


@pytest.fixture
async def shop(server, tmp_path: Path):
    """(engine, bot, version) trained step by step, without jobs, with the model server connected."""
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


async def ask(shop, text: str = "How long may I return things?", **more):
    engine, bot, version = shop
    return await engine.answerer.answer(bot, version, Ask(text, **more), test=True)


async def test_the_models_words_are_cited(shop, server):
    server.says = "You have 30 days [1]."
    reply = await ask(shop)
    assert reply.text == "You have 30 days."
    assert reply.citations[0].quote in TEXT
    assert reply.model == "test/prompt-2"


async def test_a_lie_about_a_number_does_not_leave(shop, server):
    server.says = "You have 90 days [1]. Ask us anything."
    reply = await ask(shop)
    assert "90" not in reply.text
    assert any(check.name == "numbers" and not check.passed for check in reply.checks)


async def test_nothing_but_lies_becomes_a_refusal(shop, server):
    server.says = "It costs 1.00 EUR [1]."
    reply = await ask(shop)
    assert reply.outcome == "refused"
    assert reply.citations == ()


async def test_the_models_own_refusal_is_a_refusal(shop, server):
    server.says = "NO_ANSWER"
    reply = await ask(shop)
    assert reply.outcome == "refused"
    assert "NO_ANSWER" not in reply.text


@pytest.mark.parametrize("behaviour", ["quota", "filter", "broken", "slow"])
async def test_the_extractive_composer_steps_in(shop, server, behaviour: str):
    server.behaviour = behaviour
    reply = await ask(shop)
    assert reply.model == "extractive"
    assert "30 days" in reply.text
    assert reply.checks[0].name == "model"


async def test_where_the_merchant_does_not_allow_it_the_failure_is_said(shop, server):
    engine, bot, version = shop
    server.behaviour = "broken"
    strict = replace(version, guardrails=replace(version.guardrails, fall_back_to_extractive=False))
    reply = await ask((engine, bot, strict))
    assert (reply.outcome, reply.text) == ("refused", "I cannot answer right now. Please try again in a moment.")


async def test_history_of_the_caller_is_used(shop, server):
    server.says = "6.90 EUR [1]."
    await ask(shop, "and to Germany?", history=(("How much is delivery?", "It depends."),))
    assert "How much is delivery: and to Germany?" in str(server.asked[0]["messages"][-1]["content"])


async def test_it_is_a_llama_index_chat_engine_too(shop, server):
    engine, bot, version = shop
    retriever = VersionRetriever(engine.adapters.index, engine.adapters.embedders.choose("english"), version.key, 5)
    chat = ShopChatEngine(engine.answerer, bot, version, retriever)
    server.says = "You have 30 days [1]."
    history = [
        ChatMessage(role=MessageRole.USER, content="Hi"),
        ChatMessage(role=MessageRole.ASSISTANT, content="Hello"),
    ]
    response = await chat.achat("How long may I return things?", history)
    assert response.response == "You have 30 days."
    assert response.source_nodes
    with pytest.raises(NotImplementedError, match="async"):
        retriever.retrieve("x")


def test_a_model_without_its_settings_is_named(tmp_path: Path):
    settings = Settings(_env_file=None, data_dir=tmp_path, chat_model="azure_openai")
    with pytest.raises(InvalidInput, match="STORECLERK_CHAT_MODEL_NAME"):
        embedded(settings)


def test_a_short_secret_is_refused(tmp_path: Path):
    settings = Settings(_env_file=None, data_dir=tmp_path, secret_key="short")
    with pytest.raises(InvalidInput, match="32 bytes"):
        embedded(settings)
    assert list(tmp_path.iterdir()) == [], "it is looked at before anything is opened"


async def test_a_shopper_is_answered_while_the_disk_is_full(shop, server):
    engine, bot, version = shop
    server.says = "You have 30 days [1]."

    class FullStore:
        """The store as it is while nothing more can be written."""

        def __getattr__(self, name: str):
            if name in {"add", "save", "write_many"}:
                return self.refuse
            return getattr(engine.records.store, name)

        async def refuse(self, *_: object) -> None:
            raise Unavailable("the disk is full")

    records = Records(FullStore())
    answerer = Answerer(
        records, Conversations(records, engine.adapters.clock, engine.adapters.identifiers),
        engine.answerer.finder.retriever, engine.adapters.reranker, engine.adapters.catalogue, engine.corrections,
        engine.adapters.model, engine.adapters.fallback,
        engine.answerer.limits, engine.adapters.clock, engine.adapters.identifiers, engine.answerer.shopping,
        engine.handover,
    )  # fmt: skip
    reply = await answerer.answer(bot, version, Ask("How long may I return things?"))
    assert reply.text == "You have 30 days."
    assert reply.checks[-1].name == "recorded"
    assert not reply.checks[-1].passed


async def test_a_trial_does_not_count_what_somebody_else_answered(shop, server):
    engine, bot, version = shop
    server.behaviour = "key"
    for expects in ("answer", "refusal"):
        case = await engine.cases.add("m", bot.id, CaseText("How long may I return things?", expects))
        result = await engine.trials.asking.result(bot, version, case, 1)
        assert result.failed
        assert not result.passed
        assert "refused_key" in result.reasons[0]


async def test_a_killed_seal_is_finished(shop, server):
    engine, bot, version = shop
    await engine.workflows.training.seal(version.key, version.passages, 0, "")
    assert (await engine.versions.get("m", bot.id, 1)) == version


async def test_an_answer_that_shares_nothing_with_the_sources_cites_nothing(shop, server):
    server.says = "Certainly!"
    reply = await ask(shop)
    assert reply.citations == ()
    assert not next(check for check in reply.checks if check.name == "cited").passed
