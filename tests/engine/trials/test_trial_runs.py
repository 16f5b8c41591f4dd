"""Trial runs that are changed under way, stopped, doubled, broken off and outgrown: what counts stays true."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion
from engine.domain.trial import Metric, TestCase, TrialRun
from engine.errors import Conflict
from engine.trials.cases import CaseText
from engine.trials.trials import TrialRules
from tests.conftest import PAIRS
from tests.plain_jobs import PlainJobs, engine_with_plain_jobs

Before = Callable[[str], Coroutine[Any, Any, object]]


@dataclass
class Shop:
    """A trained bot with approved test questions."""

    engine: Engine
    jobs: PlainJobs
    bot: Bot
    cases: list[TestCase]

    async def version(self) -> BotVersion:
        return await self.engine.versions.get("m", self.bot.id, 1)

    async def create(self) -> TrialRun:
        return await self.engine.trials.create(self.bot, await self.version())

    async def latest(self) -> TrialRun:
        return await self.engine.trials.latest("m", self.bot.id, 1)

    async def run(self, trial: TrialRun, before: Before | None = None) -> TrialRun:
        """Run a trial to its end; `before` is told the name of each step that is about to begin."""
        loop = asyncio.get_running_loop()

        def step(name: str, work: Callable[..., Coroutine[Any, Any, Any]], *args: Any, insist: bool = False) -> Any:
            if before is not None:
                asyncio.run_coroutine_threadsafe(before(name), loop).result(60)
            return asyncio.run_coroutine_threadsafe(work(*args), loop).result(60)

        await asyncio.to_thread(self.engine.workflows.run_trial, step, lambda: False, "m", trial.id)
        return await self.engine.records.trials.get("m", trial.id)

    async def pin(self) -> str:
        """A pinned answer for one of the questions."""
        pin = await self.engine.corrections.pin("m", self.bot.id, [PAIRS[0]["question"]], "Yes, it is free.")
        return pin.id


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    engine, jobs = engine_with_plain_jobs(tmp_path)
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "faq", {"pairs": PAIRS})
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    cases = [await engine.cases.add("m", bot.id, CaseText(pair["question"], approved=True)) for pair in PAIRS]
    yield Shop(engine, jobs, bot, cases)
    await engine.close()


@pytest.mark.parametrize("pinned_before", ["begin_trial", "answer_cases"])
async def test_answers_pinned_while_a_run_goes_on_are_no_proof(shop: Shop, pinned_before: str):
    pinned: list[str] = []

    async def before(name: str) -> None:
        if name == pinned_before and not pinned:
            pinned.append(await shop.pin())

    ended = await shop.run(await shop.create(), before)
    await shop.engine.corrections.unpin("m", shop.bot.id, pinned[0])
    assert (ended.status, ended.failure) == (
        "failed", "Something was changed while it ran (an answer, a correction, the requirements): test again.",
    )  # fmt: skip
    version = await shop.version()
    assert version.status == "ready"
    assert (await shop.engine.gate.report(version)).metrics[0].n == 0


async def test_a_run_stopped_at_its_start_leaves_no_version_under_test(shop: Shop):
    trials = shop.engine.trials

    async def before(name: str) -> None:
        if name == "answer_cases" and (await shop.latest()).status == "running":
            await trials.cancel("m", shop.bot.id, 1)
            # The step that began the run was under way when it was stopped, and settles the version after that.
            await trials.settling.begin(await shop.version())

    ended = await shop.run(await shop.create(), before)
    assert ended.status == "cancelled"
    assert (await shop.version()).status == "ready"


async def test_a_run_that_waits_is_the_one_that_is_asked_for_again(shop: Shop):
    first = await shop.create()
    assert (await shop.create()).id == first.id
    both = await asyncio.gather(shop.create(), shop.create())
    assert {run.id for run in both} == {first.id}


async def test_two_who_ask_at_the_same_moment_get_one_run(shop: Shop):
    both = await asyncio.gather(shop.create(), shop.create(), shop.create())
    assert len({run.id for run in both}) == 1
    assert await shop.engine.records.trials.count("m", {"bot": shop.bot.id}) == 1


async def test_a_run_that_waits_tests_what_there_is_when_it_is_asked_for_again(shop: Shop):
    first = await shop.create()
    await shop.pin()
    again = await shop.create()
    assert again.id == first.id
    assert (await shop.run(again)).status == "done"


async def test_no_second_run_begins_beside_one_that_is_under_way(shop: Shop):
    trial = await shop.create()
    await shop.engine.trials.begin("m", trial.id)
    with pytest.raises(Conflict, match="wait for it or stop it") as refused:
        await shop.create()
    assert refused.value.code == "already_running"
    await shop.engine.trials.cancel("m", shop.bot.id, 1)
    assert (await shop.create()).id != trial.id


async def test_an_end_stays_the_end(shop: Shop):
    done = await shop.run(await shop.create())
    await shop.engine.trials.fail("m", done.id, "too late")
    assert await shop.latest() == done
    stopped = await shop.create()
    await shop.engine.trials.cancel("m", shop.bot.id, 1)
    await shop.engine.trials.fail("m", stopped.id, "too late")
    assert (await shop.latest()).status == "cancelled"


async def test_done_counts_the_answers_that_are_in_also_after_a_kill(shop: Shop):
    trial = await shop.create()
    asked = await shop.engine.trials.begin("m", trial.id)
    await shop.engine.trials.run_cases("m", trial.id, asked[:3])
    await shop.engine.trials.run_cases("m", trial.id, asked[:3])
    assert (await shop.latest()).done == 3
    await shop.engine.cases.delete("m", shop.bot.id, shop.cases[5].id)
    await shop.engine.trials.run_cases("m", trial.id, asked[3:], 3)
    await shop.engine.trials.finish("m", trial.id)
    ended = await shop.latest()
    assert (ended.done, ended.total) == (7, 8)


async def accuracy(shop: Shop) -> Metric:
    report = await shop.engine.gate.report(await shop.version())
    return next(metric for metric in report.metrics if metric.name == "accuracy")


async def test_a_case_changed_between_its_repeats_has_to_be_asked_again(shop: Shop):
    shop.engine.trials.rules = TrialRules(concurrency=2, attempts=2)
    trial = await shop.create()
    asked = await shop.engine.trials.begin("m", trial.id)
    assert len(asked) == 16
    await shop.engine.trials.run_cases("m", trial.id, asked[:8])
    await shop.engine.cases.change("m", shop.bot.id, shop.cases[0].id, {"must_include": ["2.50"]})
    await shop.engine.trials.run_cases("m", trial.id, asked[8:], 8)
    await shop.engine.trials.finish("m", trial.id)
    found = await accuracy(shop)
    assert found.n == 7
    assert found.detail.startswith("1 approved test question is new or was changed")


@pytest.mark.parametrize("way", ["unapprove", "reject", "decide", "delete"])
async def test_a_wrongly_answered_question_is_not_taken_out_without_a_trace(shop: Shop, way: str):
    text = CaseText("What does gift wrapping cost?", must_include=("99 EUR",), approved=True)
    wrong = await shop.engine.cases.add("m", shop.bot.id, text)
    await shop.run(await shop.create())
    assert wrong.question in (await accuracy(shop)).examples
    cases, at, by = shop.engine.cases, ("m", shop.bot.id), "owner@shop.example"
    if way == "unapprove":
        await cases.change(*at, wrong.id, {"approved": False}, by=by)
    elif way == "reject":
        await cases.reject(*at, wrong.id, by=by)
    elif way == "decide":
        await cases.decide(*at, approve=[], reject=[wrong.id], by=by)
    else:
        await cases.delete(*at, wrong.id, by=by)
    taken = await accuracy(shop)
    assert (taken.verdict, taken.detail) == (
        "not_enough_evidence", "A question that was answered wrongly was taken out: run the test again.",
    )  # fmt: skip
    [entry] = (await shop.engine.audit.page(*at, 10, None)).items
    action = {"unapprove": "question_unapproved", "delete": "question_deleted"}.get(way, "question_rejected")
    assert (entry.by, entry.action) == (by, action)
    assert wrong.question in entry.detail
    await shop.run(await shop.create())
    assert "taken out" not in (await accuracy(shop)).detail


async def test_taking_out_what_never_counted_is_no_matter_for_the_log(shop: Shop):
    proposed = await shop.engine.cases.add("m", shop.bot.id, CaseText("Do you sell bread?"))
    await shop.engine.cases.reject("m", shop.bot.id, proposed.id, by="owner@shop.example")
    assert (await shop.engine.audit.page("m", shop.bot.id, 10, None)).items == ()


async def test_the_log_keeps_no_words_of_a_shopper(shop: Shop):
    text = CaseText("I am joe@private.example, where is my order?", approved=True)
    asked = await shop.engine.cases.add("m", shop.bot.id, text, origin="conversation")
    await shop.engine.cases.delete("m", shop.bot.id, asked.id)
    [entry] = (await shop.engine.audit.page("m", shop.bot.id, 10, None)).items
    assert entry.detail == f"The test question {asked.id} was taken out of the tests."


async def test_a_case_that_is_approved_and_rejected_is_neither_asked_nor_waited_for(shop: Shop):
    odd = replace(shop.cases[0], id="odd", rejected=True)
    await shop.engine.records.test_cases.add("m", odd.id, odd)
    await shop.run(await shop.create())
    assert (await shop.latest()).total == len(PAIRS)
    assert "are new or were changed" not in (await accuracy(shop)).detail


async def test_answers_of_old_runs_are_forgotten_but_for_those_that_prove_something(shop: Shop):
    results, where = shop.engine.records.case_results, {"bot": shop.bot.id}
    pin = await shop.pin()
    pinned = await shop.run(await shop.create())
    await shop.engine.corrections.unpin("m", shop.bot.id, pin)
    counting = await shop.run(await shop.create())
    await shop.pin()
    for _ in range(5):
        await shop.run(await shop.create())
    assert await shop.engine.trials.results(counting) == [], "another run counts"
    assert await results.count("m", where) == 5 * len(PAIRS)
    assert not (await shop.engine.records.trials.get("m", pinned.id)).has_results
    assert (await accuracy(shop)).n == len(PAIRS)


async def test_the_run_that_counts_is_kept_however_old_it_is(shop: Shop):
    counting = await shop.run(await shop.create())
    pin = await shop.pin()
    await shop.run(await shop.create())
    await shop.engine.corrections.unpin("m", shop.bot.id, pin)
    for _ in range(6):
        trial = await shop.create()
        await shop.engine.trials.cancel("m", shop.bot.id, 1)
        await shop.run(trial)
    assert len(await shop.engine.trials.results(counting)) == len(PAIRS)
    assert (await accuracy(shop)).n == len(PAIRS)


async def test_what_a_purged_version_answered_is_forgotten(shop: Shop):
    await shop.run(await shop.create())
    await shop.engine.workflows.progress.purge(await shop.version())
    assert await shop.engine.records.case_results.count("m", {"bot": shop.bot.id}) == 0
