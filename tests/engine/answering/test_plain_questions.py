"""What a shopper of the demo shop asks in passing: no word of an earlier topic, no claim that no page makes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

import engine.demo_shop
from engine.answering.expectations import is_not_offered
from engine.answering.understanding import understand
from engine.bootstrap import Engine
from engine.domain.bot import Bot, BotVersion
from engine.domain.conversation import Ask, Reply
from tests.plain_jobs import engine_with_plain_jobs
from tests.sites.loopback import serving

pytestmark = pytest.mark.asyncio(loop_scope="module")
BEFORE = (("Do you ship to Australia?", "We do not deliver outside the European Union."),)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shop(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[Engine, Bot, BotVersion]]:
    pages = Path(engine.demo_shop.__file__).with_name("site")
    with serving() as site:
        site.add({f"/{page.relative_to(pages)}": page.read_text("utf-8") for page in pages.rglob("*.html")})
        made, jobs = engine_with_plain_jobs(tmp_path_factory.mktemp("shop"), crawler_allowed_private_hosts=(site.host,))
        bot = await made.bots.create("m", "Fernleaf & Kiln")
        await made.sources.create("m", bot.id, "website", {"url": f"{site.url}index.html", "max_pages": 60})
        await made.versions.create("m", bot.id)
        await jobs.finish()
        yield made, bot, await made.versions.get("m", bot.id, 1)
        await made.close()


async def talk(shop: tuple[Engine, Bot, BotVersion], *questions: str) -> Reply:
    """The answer to the last of some questions of one conversation."""
    made, bot, version = shop
    conversation = None
    for question in questions:
        reply = await made.answerer.answer(bot, version, Ask(question, conversation), test=True)
        conversation = reply.conversation_id
    return reply


@pytest.mark.parametrize(
    ("before", "question"),
    [("do you ship to australia?", "can you tell me a joke"),
     ("How long may I return something?", "I hate you, you idiot"),
     ("Which payment methods do you accept?", "Do you sell coffee machines?"),
     ("hello", "Do you sell coffee machines?"),
     ("do you ship to australia?", "🍵🍵🍵")],
)  # fmt: skip
async def test_what_the_shop_says_nothing_of_is_refused_also_after_another_topic(shop, before: str, question: str):
    assert (await talk(shop, before, question)).outcome == "refused"


async def test_a_new_topic_gets_nothing_of_the_old_one(shop):
    reply = await talk(shop, "which tea has no caffeine?", "do you ship to australia?")
    assert "outside the European Union" in reply.text
    assert reply.products == ()


async def test_a_message_that_leans_on_the_talk_still_does(shop):
    assert "7.90" not in (reply := await talk(shop, "How much is delivery to Germany?", "And to Belgium?")).text
    assert "4.50" in reply.text


async def test_of_a_table_the_row_asked_for_is_told(shop):
    reply = await talk(shop, "How much does delivery to Germany cost?")
    assert reply.text.startswith("Country: Germany, France, Delivery time: 2 to 4 working days, Cost: 6.90 EUR")
    assert "Austria" not in reply.text


async def test_silence_is_not_told_as_absence(shop):
    reply = await talk(shop, "teas without sugar")
    assert "whose entry does not mention sugar" in reply.text


async def test_a_thing_is_what_is_called_so(shop):
    reply = await talk(shop, "Do you have a mug under 15 euros?")
    assert reply.products == ()
    assert "nothing that fits all of that" in reply.text


async def test_the_cheapest_of_a_kind_is_looked_up(shop):
    reply = await talk(shop, "how much is the cheapest tea?")
    assert reply.text.startswith("The cheapest I found for “tea” is ")
    assert reply.products[0].price is not None


@pytest.mark.parametrize(
    ("text", "leans"),
    [("and to France?", True), ("Is it dishwasher safe?", True), ("why?", True), ("What about the other one?", True),
     ("Und nach Frankreich?", True), ("can you tell me a joke please", False), ("Do you sell gift cards?", False),
     ("Which payment methods do you accept?", False)],
)  # fmt: skip
async def test_what_leans_on_the_talk(text: str, leans: bool):
    assert understand(text, BEFORE, "en").leans is leans
    assert not understand(text, (), "en").leans, "nothing was said before"


@pytest.mark.parametrize(
    ("question", "missing"),
    [("Do you sell coffee machines?", True), ("Do you have gift cards?", False), ("Do you offer repairs?", True),
     ("How do I pay?", False), ("Do you carry any gift vouchers?", False)],
)  # fmt: skip
async def test_what_no_text_names_is_not_offered(question: str, missing: bool):
    assert is_not_offered(question, ["Gift cards are valid for three years."]) is missing
