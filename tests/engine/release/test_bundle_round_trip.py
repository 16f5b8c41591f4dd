"""A bot that was taken along answers as it did, proves itself anew, and carries nobody with it."""

from __future__ import annotations

import json
import re
import tomllib
from dataclasses import replace
from pathlib import Path

import pytest

from engine.api.events import reply_body
from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask
from engine.errors import GateNotPassed
from engine.ports import PLATFORM
from engine.release.arriving import IMPORTED
from engine.trials.cases import CaseText
from tests.conftest import RunningServer
from tests.engine.release.bundles import QUESTIONS, SECRET_KEY, SHOPPER, TESTER, Packed, contents, without_ids
from tests.plain_jobs import PlainJobs

Elsewhere = tuple[Engine, PlainJobs]


async def brought(engine: Engine, packed: Packed) -> tuple[Bot, BotVersion]:
    """The file's bot in another installation, with its version."""
    bot = await engine.importing.bring("merchant_b", packed.path)
    return bot, await engine.versions.get("merchant_b", bot.id, 1)


async def test_it_answers_as_it_did(packed: Packed, elsewhere: Elsewhere):
    engine, _ = elsewhere
    bot, version = await brought(engine, packed)
    told = 0
    for question in QUESTIONS:
        here = reply_body(await engine.answerer.answer(bot, version, Ask(question), test=True))
        there = packed.owner.ask(packed.bot, question)
        assert without_ids(here) == without_ids(there), question
        told += here["outcome"] == "answered"
    assert told > len(QUESTIONS) // 2


async def test_nothing_was_embedded_and_ids_are_new_and_agree(packed: Packed, elsewhere: Elsewhere):
    engine, _ = elsewhere
    bot, version = await brought(engine, packed)
    there = packed.owner.http.get(f"/v1/bots/{packed.bot}/versions/1").json()
    assert version.fingerprint == there["fingerprint"], "made anew from what arrived, it is the same"
    assert (version.passages, version.products) == (there["passages"], there["products"])
    assert (bot.live, version.status, bot.next_version) == (None, "ready", 2)
    sources = await engine.records.sources.list("merchant_b", {"bot": bot.id})
    named = {source.id for source in sources}
    assert set(version.sources) < named, "the feed that was added later was not learned"
    assert set(version.copies) == set(version.data) == set(version.sources)
    known = {p.passage.source async for batch in engine.adapters.index.whole(version.key) for p in batch}
    assert known == set(version.sources)
    old = {s["id"] for s in packed.owner.http.get(f"/v1/bots/{packed.bot}/sources").json()["items"]}
    assert not named & old
    kept = json.dumps([dict(engine.records.sources.body(source)) for source in sources])
    assert packed.bot not in kept
    assert packed.merchant not in kept


async def test_cases_pins_corrections_and_look_arrive(packed: Packed, elsewhere: Elsewhere):
    engine, _ = elsewhere
    bot, version = await brought(engine, packed)
    cases = await engine.records.test_cases.list("merchant_b", {"bot": bot.id})
    there = packed.owner.http.get(f"/v1/bots/{packed.bot}").json()
    assert len(cases) == 15
    [source] = [case.expected_source for case in cases if case.expected_source]
    assert source in version.sources
    assert [case.expected_product for case in cases if case.expected_product] == ["Fernleaf Mug"]
    assert len((await engine.corrections.of("merchant_b", bot.id)).items) == 1
    assert await engine.records.pins.count("merchant_b", {"bot": bot.id}) == 1
    assert (bot.name, bot.persona.assistant_name) == (there["name"], "Fern")
    assert bot.theme is not None
    assert bot.theme.light.primary == there["theme"]["light"]["primary"]
    assert await engine.bots.icon(bot)


async def test_evidence_from_elsewhere_can_be_seen_but_opens_no_gate(packed: Packed, elsewhere: Elsewhere):
    engine, jobs = elsewhere
    bot, version = await brought(engine, packed)
    trial = await engine.trials.latest("merchant_b", bot.id, 1)
    results = await engine.trials.results(trial)
    assert (trial.status, len(results)) == ("done", 13)
    assert trial.fingerprint.startswith(IMPORTED)
    assert {result.case for result in results} <= {
        case.id for case in await engine.records.test_cases.list("merchant_b", {"bot": bot.id})
    }
    assert (await engine.gate.report(version)).verdict == "not_enough_evidence"
    with pytest.raises(GateNotPassed):
        await engine.versions.deploy("merchant_b", bot.id, 1)
    fresh = await engine.trials.create(bot, version)
    await jobs.run(engine.workflows.run_trial, ("merchant_b", fresh.id))
    done = await engine.trials.latest("merchant_b", bot.id, 1)
    assert [result.reasons for result in await engine.trials.results(done) if not result.passed] == []
    accuracy = next(m for m in (await engine.gate.report(version)).metrics if m.name == "accuracy")
    assert (accuracy.n, accuracy.verdict) == (15, "pass")


async def test_it_is_trained_again_without_the_uploaded_files(packed: Packed, elsewhere: Elsewhere):
    engine, jobs = elsewhere
    bot, _ = await brought(engine, packed)
    await engine.versions.create("merchant_b", bot.id)
    await jobs.finish()
    second = await engine.versions.get("merchant_b", bot.id, 2)
    assert second.status == "ready", second.failure
    assert second.reused_passages == second.passages, "vectors that came along serve again"
    assert (await engine.exporting.choose(bot, None)).number == 2, "none is live, so the newest is taken along"
    assert (await engine.exporting.choose(bot, 1)).number == 1
    assert (await engine.exporting.choose(replace(bot, live=1), None)).number == 1
    reply = await engine.answerer.answer(bot, second, Ask("Do you have the linen shirt in stock?"), test=True)
    assert "in stock" in reply.text


def test_nobody_and_no_secret_is_in_the_file(packed: Packed, server: RunningServer):
    parts = contents(packed.path)
    whole = b"\n".join(parts.values())
    assert len(whole) > 10_000
    for word in (SECRET_KEY, TESTER, SHOPPER, packed.owner.email, packed.merchant, "password", "11.1131", "7.7713"):
        assert word.encode() not in whole, word
    sources = parts["sources.jsonl"].decode()
    assert "https://feeds.shop.example/all.csv?lang=en" in sources
    people = re.findall(rb"(?:member|invite|conversation|turn|shopper|session|key)_[0-9A-Za-z]{20}\b", whole)
    assert people == []
    ratings = [json.loads(line) for line in parts["evidence/ratings.jsonl"].splitlines()]
    assert [rating["comment"] for rating in ratings] == [""] * 6
    assert all(rating["tester"].startswith("tester_") for rating in ratings)
    assert SHOPPER in packed.owner.http.get(f"/v1/bots/{packed.bot}/conversations?test=true").text


def test_the_manifest_says_what_it_is_and_by_which_release(packed: Packed):
    parts = contents(packed.path)
    told = json.loads(parts["manifest.json"])
    release = tomllib.loads(Path("pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert (told["format"], told["format_version"], told["product_version"]) == ("storeclerk-bundle", 1, release)
    assert (told["bot"], told["version"], told["model"]) == (packed.bot, 1, "extractive")
    assert {part["name"] for part in told["parts"]} == parts.keys() - {"manifest.json"}


def test_the_file_comes_with_a_safe_name_and_for_its_owner_only(packed: Packed, server: RunningServer):
    path = f"/v1/bots/{packed.bot}/export"
    answer = packed.owner.http.get(path)
    assert answer.headers["content-type"] == "application/zip"
    assert answer.headers["content-disposition"] == 'attachment; filename="kiln-l-af-shop-v1.storeclerk.zip"'
    assert server.merchant().http.get(path).status_code == 404
    assert server.client().get(path).status_code == 401
    assert packed.owner.http.get(path, params={"version": 7}).status_code == 404
    untrained = packed.owner.bot("Empty")
    refused = packed.owner.http.get(f"/v1/bots/{untrained}/export")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_trained")


def test_a_merchant_brings_a_file_in_over_http_and_again(packed: Packed, server: RunningServer):
    other = server.merchant()
    content = packed.path.read_bytes()
    made = [
        other.http.post("/v1/bots/import", files={"file": ("shop.zip", content)}).raise_for_status().json()
        for _ in range(2)
    ]
    assert made[0]["id"] != made[1]["id"] != packed.bot
    assert [bot["live"] for bot in made] == [None, None]
    question = "Do you have the linen shirt in stock?"
    assert without_ids(other.ask(made[1]["id"], question)) == without_ids(packed.owner.ask(packed.bot, question))
    assert other.http.get(f"/v1/bots/{made[0]['id']}/versions/1").json()["note"].startswith("Brought in")
    path = "versions/1/ratings"
    there = packed.owner.http.get(f"/v1/bots/{packed.bot}/{path}").json()["items"]
    here = other.http.get(f"/v1/bots/{made[0]['id']}/{path}").json()["items"]
    assert {rating["brought_in"] for rating in there} == {False}
    assert {(rating["brought_in"], rating["question"], rating["tester"]) for rating in here} == {(True, "", "")}
    people = [[rating["person"] for rating in ratings] for ratings in (there, here)]
    assert len(set(people[0])) == len(set(people[1])) == 1, "so many people, whoever they are"
    assert not set(people[0]) & set(people[1])
    again = other.http.get(f"/v1/bots/{made[0]['id']}/export")
    assert again.status_code == 200, "what was brought in can be taken further"


async def test_the_shops_own_address_stays_in_a_case_and_everybody_elses_goes(
    packed: Packed, elsewhere: Elsewhere, tmp_path: Path
):
    engine, _ = elsewhere
    bot, version = await brought(engine, packed)
    contact = replace(bot.guardrails, contact_text="Write to Hello@kiln.example.")
    bot = await engine.records.bots.change("merchant_b", bot.id, lambda current: replace(current, guardrails=contact))
    text = CaseText(f"I am {SHOPPER}, where can I write?", must_include=("hello@kiln.example", SHOPPER), kind="own")
    await engine.cases.add("merchant_b", bot.id, text, origin="imported")
    path = tmp_path / "further.zip"
    await engine.exporting.write(bot, version, path)
    assert SHOPPER.encode() not in b"".join(contents(path).values())
    again = await engine.importing.bring("merchant_c", path)
    case = (await engine.cases.all("merchant_c", again.id))[-1]
    assert case.question == "I am (e-mail address), where can I write?"
    assert case.must_include == ("hello@kiln.example", "(e-mail address)")


async def test_a_file_taken_further_says_the_same(packed: Packed, elsewhere: Elsewhere, tmp_path: Path):
    engine, _ = elsewhere
    bot, version = await brought(engine, packed)
    again = tmp_path / "again.zip"
    await engine.exporting.write(bot, version, again)
    first, second = contents(packed.path), contents(again)
    assert second["vectors.f32"] == first["vectors.f32"]
    assert len(second["passages.jsonl"].splitlines()) == len(first["passages.jsonl"].splitlines())
    assert json.loads(second["manifest.json"])["fingerprint"] == json.loads(first["manifest.json"])["fingerprint"]
    assert (await engine.records.store.query(PLATFORM, "imports", {})).items == ()
