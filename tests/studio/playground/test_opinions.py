"""What a tester says piece by piece adds up, also when the pieces come at the same moment."""

import asyncio

import pytest

from engine.answering.answerer import Done
from studio.playground import talking
from studio.playground.opinions import Opinion
from studio.playground.talking import Talk
from tests.conftest import PAIRS
from tests.plain_jobs import engine_with_plain_jobs


@pytest.fixture
async def engine(tmp_path):
    engine, jobs = engine_with_plain_jobs(tmp_path)
    bot = await engine.bots.create("m", "Kiln & Leaf")
    await engine.sources.create("m", bot.id, "faq", {"pairs": PAIRS})
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    yield engine
    await engine.close()


@pytest.fixture
async def tester(engine):
    [bot] = (await engine.bots.page("m", 10, None)).items
    version = await engine.versions.get("m", bot.id, 1)
    _, link = await engine.invites.create(bot, version, "tess@friend.example")
    return await talking.tester_of(engine, link.rsplit("/", 1)[1])


async def answered(engine, tester, question):
    """Id of the answer to a question."""
    asked = talking.ask(engine, tester, Talk(invite=tester.invite.id), question, "127.0.0.1")
    [done] = [event async for event in asked if isinstance(event, Done)]
    return done.reply.turn_id


async def test_pieces_of_an_opinion_that_come_at_the_same_moment_are_all_kept(engine, tester):
    turn = await answered(engine, tester, PAIRS[0]["question"])
    for _ in range(5):
        pieces = [Opinion(thumb=False), Opinion(stars=4), Opinion(thumb=False, comment="Which colours?")]
        await asyncio.gather(*(talking.rate(engine, tester, turn, piece) for piece in pieces))
        rating = await engine.records.ratings.get("m", f"{tester.invite.id}.{turn}")
        assert (rating.helpful, rating.by_thumb, rating.stars, rating.comment) == (False, True, 4, "Which colours?")
        await engine.records.ratings.delete("m", rating.id)


async def test_answers_that_are_rated_at_the_same_moment_are_all_counted(engine, tester):
    turns = [await answered(engine, tester, pair["question"]) for pair in PAIRS[:4]]
    said = await asyncio.gather(*(talking.rate(engine, tester, turn, Opinion(thumb=True)) for turn in turns))
    assert max(count for _, count in said) == 4
    assert (await engine.records.invites.get("m", tester.invite.id)).ratings == 4
