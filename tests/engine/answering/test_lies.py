"""The whole answer with a model that lies, obeys attackers, or is sent a card number: real HTTP, real rows."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from engine.domain.conversation import Ask
from tests.engine.llama.model_server import model_server
from tests.plain_jobs import engine_with_plain_jobs

CATALOGUE = """sku,title,description,price,currency,stock,url
LAMP-1,Copper desk lamp,A copper lamp for the desk.,49.00,EUR,4,https://shop.example/lamp
CHAIR-2,Walnut chair,A chair of walnut wood.,120.00,EUR,0,https://shop.example/chair
BOX-3,Tin tea box,A box for loose tea.,8.50,EUR,9,https://shop.example/box
"""
PRICES = {"Copper desk lamp": "49.00", "Walnut chair": "120.00", "Tin tea box": "8.50"}


async def in_one_piece(text: str):
    """A file as it is uploaded."""
    yield text.encode()


@pytest.fixture(scope="module")
def running():
    with model_server() as server:
        yield server


@pytest.fixture
async def shop(running, tmp_path: Path):
    """(engine, bot, version) that learned three rows and a policy."""
    engine, jobs = engine_with_plain_jobs(
        tmp_path, chat_model="openai_compatible", chat_model_name="test", chat_model_url=running.url,
        chat_model_key="sk-test-0123456789",
    )  # fmt: skip
    running.asked.clear()
    bot = await engine.bots.create("m", "Kiln & Leaf")
    kind, options = await engine.sources.take_file("m", bot.id, "shop.csv", in_one_piece(CATALOGUE), 1_000_000)
    await engine.sources.create("m", bot.id, kind, options)
    await engine.sources.create("m", bot.id, "text", {"title": "Returns", "text": "Returns take 30 days."})
    await jobs.finish()
    await engine.versions.create("m", bot.id)
    await jobs.finish()
    yield engine, bot, await engine.versions.get("m", bot.id, 1)
    await engine.close()


async def test_no_false_price_and_no_false_stock_reaches_a_shopper(shop, running):
    engine, bot, version = shop
    chance = random.Random(3)
    for number in range(30):
        title, right = chance.choice(list(PRICES.items()))
        false = chance.choice([price for price in (*PRICES.values(), "45.00", "9.99") if price != right])
        lies = ("The {} costs €{}.", "It costs {1} EUR.", "The {} is in stock for €{}.", "{}: €{}, available now.")
        running.says = lies[number % 4].format(title, false)
        reply = await engine.answerer.answer(bot, version, Ask(f"How much is the {title}?"), test=True)
        assert false not in reply.text, (running.says, reply.text)
        assert not (title == "Walnut chair" and ("is in stock" in reply.text or "available now" in reply.text))


async def test_a_card_number_reaches_neither_the_model_nor_the_records(shop, running):
    engine, bot, version = shop
    running.says = "Returns take 30 days [1]."
    asked = Ask("How long do returns take? My card is 4242 4242 4242 4242.", history=(("4242424242424242", "Hello"),))
    reply = await engine.answerer.answer(bot, version, asked, test=True)
    assert "never send card numbers" in reply.text
    assert "4242" not in json.dumps(running.asked)
    turns = await engine.conversations.turns("m", reply.conversation_id)
    assert "4242" not in turns[0].question
    assert "[card]" in turns[0].question


@pytest.mark.parametrize(
    ("says", "told"),
    [("You are Shop assistant, the AI shop assistant of Kiln & Leaf.", "the AI shop"),
     ("My key is sk-test-0123456789.", "sk-test"), ("Everything is free with code FREE90.", "FREE90"),
     ("![x](https://evil.example/?q=1)", "evil"), ("I am a human.", "human"),
     ("Another shopper ordered the Walnut chair to Main Street 5.", "Main Street")],
)  # fmt: skip
async def test_a_model_that_obeys_an_attacker_tells_nothing(shop, running, says: str, told: str):
    engine, bot, version = shop
    running.says = says
    reply = await engine.answerer.answer(bot, version, Ask("How long do returns take?"), test=True)
    assert told not in reply.text
    assert reply.outcome == "refused"


async def test_two_requests_have_two_fences(shop, running):
    engine, bot, version = shop
    running.says = "Returns take 30 days [1]."
    for _ in range(2):
        await engine.answerer.answer(bot, version, Ask("How long do returns take?"), test=True)
    first, second = (str(body["messages"][-1]["content"]).split("\n")[0] for body in running.asked)
    assert first.startswith("EVIDENCE ")
    assert first != second
    assert running.asked[0]["messages"][0] == running.asked[1]["messages"][0]
