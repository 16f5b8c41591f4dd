"""What a proof is a proof of: evidence belongs to what answered and to what the gate asked, and to nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from engine.adapters.embedded.extractive import ExtractiveChatModel
from engine.bootstrap import Engine, embedded
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask
from engine.domain.trial import RatingText
from engine.errors import GateNotPassed
from engine.settings import Settings
from engine.trials.cases import CaseText
from tests.conftest import PAIRS, POLICY
from tests.engine.adapters.embedding_server import embedding_server
from tests.plain_jobs import PlainJobs, engine_with_plain_jobs

QUESTIONS = [pair["question"] for pair in PAIRS] + ["How long may I return things?", "How much is delivery to Germany?"]
BEYOND = ["Who won the world cup in 1998?", "What is the capital of Mongolia?", "Write me a poem."]


class Prompted(ExtractiveChatModel):
    """Answers as ever, under the name that a language model with this prompt goes by."""

    def __init__(self, prompt: int) -> None:
        self.prompt = prompt

    @property
    def name(self) -> str:
        return f"test/prompt-{self.prompt}"


@dataclass
class Shop:
    """A bot and what it proves itself with."""

    engine: Engine
    jobs: PlainJobs
    bot: Bot

    async def version(self, number: int) -> BotVersion:
        return await self.engine.versions.get("m", self.bot.id, number)

    async def train(self) -> BotVersion:
        number = (await self.engine.versions.create("m", self.bot.id)).number
        await self.jobs.finish()
        return await self.version(number)

    async def prove(self) -> None:
        """Everything that the gate asks of the first version."""
        loop, version = asyncio.get_running_loop(), await self.version(1)
        trial = await self.engine.trials.create(self.bot, version)

        def step(_: str, work: Callable[..., Coroutine[Any, Any, Any]], *args: Any, insist: bool = False) -> Any:
            return asyncio.run_coroutine_threadsafe(work(*args), loop).result(60)

        await asyncio.to_thread(self.engine.workflows.run_trial, step, lambda: False, "m", trial.id)
        for question in QUESTIONS[:5]:
            reply = await self.engine.answerer.answer(self.bot, version, Ask(question), test=True)
            await self.engine.invites.rate(
                version, tester="member_one", turn=reply.turn_id, say=lambda _: RatingText(helpful=True)
            )

    async def evidence(self, number: int = 1) -> tuple[str, int, int]:
        """The verdict on a version, and how many cases and ratings it rests on."""
        report = await self.engine.gate.report(await self.version(number))
        metrics = {metric.name: metric for metric in report.metrics}
        return report.verdict, metrics["accuracy"].n, metrics["tester_satisfaction"].n

    async def ascribe(self, number: int) -> None:
        """Write all that was found of the first version to the account of another one."""
        records, where = self.engine.records, {"bot": self.bot.id, "version": 1}
        trials = [
            replace(trial, id=f"{trial.id}.{number}", version=number) for trial in await records.trials.list("m", where)
        ]
        results = [
            replace(kept, id=f"{kept.id}.{number}", version=number, trial=f"{kept.trial}.{number}")
            for kept in await records.case_results.list("m", where)
        ]
        ratings = [
            replace(rating, id=f"{rating.id}.{number}", version=number)
            for rating in await records.ratings.list("m", where)
        ]
        await records.trials.write_many("m", {trial.id: trial for trial in trials})
        await records.case_results.write_many("m", {kept.id: kept for kept in results})
        await records.ratings.write_many("m", {rating.id: rating for rating in ratings})


PROVED, UNPROVED = ("pass", len(QUESTIONS) + len(BEYOND), 5), ("not_enough_evidence", 0, 0)


@asynccontextmanager
async def opened(data: Path, prompt: int = 1, **settings: Any):
    """The engine over a folder, as after a start of the server."""
    chosen = Settings(_env_file=None, data_dir=data, run_jobs=False, **settings)  # type: ignore[call-arg]
    model = Prompted(prompt)
    engine, jobs = engine_with_plain_jobs(data, replace(embedded(chosen), model=model, fallback=model), **settings)
    try:
        bots = (await engine.bots.page("m", 1, None)).items
        yield Shop(engine, jobs, bots[0] if bots else await engine.bots.create("m", "Kiln & Leaf"))
    finally:
        await engine.close()


@pytest.fixture
async def data(tmp_path: Path) -> Path:
    """The folder of a bot whose first version has passed."""
    async with opened(tmp_path) as shop:
        engine, at = shop.engine, ("m", shop.bot.id)
        await engine.sources.create(*at, "faq", {"pairs": PAIRS})
        await engine.sources.create(*at, "text", {"title": "Policies", "text": POLICY})
        await shop.train()
        for question in QUESTIONS:
            await engine.cases.add(*at, CaseText(question, approved=True))
        for question in BEYOND:
            await engine.cases.add(*at, CaseText(question, expects="refusal", approved=True))
        await engine.rules.change(*at, {"tester_satisfaction": {"needed": 5, "people": 1}}, by="owner@shop.example")
        await shop.prove()
        assert await shop.evidence() == PROVED
        assert (await shop.version(1)).status == "passed"
    return tmp_path


async def refuse(shop: Shop, number: int = 1) -> None:
    """Shoppers do not meet the version."""
    with pytest.raises(GateNotPassed):
        await shop.engine.versions.deploy("m", shop.bot.id, number)


async def test_the_same_made_again_answers_for_the_same(data: Path):
    async with opened(data) as shop:
        again = await shop.train()
        assert again.fingerprint == (await shop.version(1)).fingerprint
        assert await shop.evidence(again.number) == UNPROVED, "nobody has tested this number yet"
        await shop.ascribe(again.number)
        assert await shop.evidence(again.number) == PROVED


async def test_passages_of_another_embedder_inherit_no_pass(data: Path):
    with embedding_server() as server:
        connected = {"embedder": "openai_compatible", "embedder_name": "ours", "embedder_dimensions": 384}
        async with opened(data, embedder_url=server.url, **connected) as shop:
            other = await shop.train()
            assert (other.embedder, other.status) == ("ours/384", "ready")
            await shop.ascribe(other.number)
            assert await shop.evidence(other.number) == UNPROVED
            await refuse(shop, other.number)
            assert await shop.evidence(1) == PROVED, "it is searched with the embedder that it was made with"


async def test_a_changed_passage_inherits_no_pass(data: Path):
    async with opened(data) as shop:
        text = next(s for s in (await shop.engine.sources.page("m", shop.bot.id, 10, None)).items if s.kind == "text")
        options = {"title": "Policies", "text": POLICY.replace("within 30 days", "within 31 days")}
        await shop.engine.sources.update("m", shop.bot.id, text.id, options=options)
        await shop.engine.sources.sync("m", shop.bot.id, text.id)
        await shop.jobs.finish()
        other = await shop.train()
        await shop.ascribe(other.number)
        assert await shop.evidence(other.number) == UNPROVED
        await refuse(shop, other.number)


@pytest.mark.parametrize("way", ["worded anew", "left out"])
async def test_a_passage_corrected_after_the_pass_ends_it_until_that_is_undone(data: Path, way: str):
    async with opened(data) as shop:
        corrections, version = shop.engine.corrections, await shop.version(1)
        where = {"bot": shop.bot.id, "version": 1}
        document = (await shop.engine.records.documents.list("m", where))[0].id
        if way == "worded anew":
            made = await corrections.edit(version.key, document, 0, "Returns are never accepted.")
        else:
            made = await corrections.exclude(version.key, document, 0)
        verdict, cases, _ = await shop.evidence()
        assert (verdict, cases) == ("not_enough_evidence", 0)
        await refuse(shop)
        await corrections.undo("m", shop.bot.id, made.id)
        assert await shop.evidence() == PROVED


async def test_a_changed_prompt_inherits_no_pass(data: Path):
    async with opened(data, prompt=2) as shop:
        assert (await shop.version(1)).status == "passed", "so it was left"
        assert await shop.evidence() == UNPROVED
        await refuse(shop)
    async with opened(data, prompt=1) as shop:
        assert await shop.evidence() == PROVED


async def test_a_changed_threshold_inherits_no_pass_of_the_run_and_keeps_what_people_said(data: Path):
    async with opened(data) as shop:
        change, at = shop.engine.rules.change, ("m", shop.bot.id)
        await change(*at, {"accuracy": {"threshold": 0.75}}, by="owner@shop.example")
        assert await shop.evidence() == ("not_enough_evidence", 0, 5)
        await refuse(shop)
        await change(*at, {"accuracy": {"threshold": 0.8}}, by="owner@shop.example")
        assert await shop.evidence() == PROVED
        await shop.engine.versions.deploy(*at, 1)
