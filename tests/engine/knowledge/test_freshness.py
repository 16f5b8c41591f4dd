"""A live bot while its sources change, shrink, fail and go: old truth is never lost, new truth never untested."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.domain.bot import VersionKey
from engine.domain.conversation import Ask
from engine.domain.knowledge import Source
from engine.domain.trial import Rating
from engine.errors import Conflict, InvalidInput, NotFound
from engine.trials.cases import CaseText
from tests.plain_jobs import PlainJobs, engine_with_plain_jobs
from tests.sites.loopback import Answer, Handler, Site, serving

SUBJECTS = ("Delivery", "Returns", "Warranty", "Payment", "Gift wrapping", "Vouchers", "Opening hours", "Repairs")


def shop_page(subject: str, days: int = 30, price: str = "24.00", stock: str = "InStock") -> str:
    """A page of the shop; the one about repairs sells a mug."""
    product = (
        f"""<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "Product",
        "name": "Fern mug", "sku": "MUG-1", "offers": {{"@type": "Offer", "price": "{price}", "priceCurrency": "EUR",
        "availability": "https://schema.org/{stock}"}}}}</script>"""
        if subject == "Repairs"
        else ""
    )
    return (
        f"<html lang=en><head><title>{subject}</title>{product}</head><body><main><h1>{subject}</h1>"
        f"<p>Our rule about {subject.lower()}: it takes {days} days and our team in the workshop takes care of it "
        f"for every customer.</p><p>Questions about {subject.lower()} are answered within 14 hours.</p>"
        "</main></body></html>"
    )


def fill(site: Site, subjects: tuple[str, ...] = SUBJECTS, **changes: object) -> None:
    """The site with a page for each subject."""
    site.routes.clear()
    links = "".join(f'<a href="/{subject.lower().replace(" ", "-")}">{subject}</a> ' for subject in subjects)
    site.add(
        {"/": f"<html><head><title>Shop</title></head><body><main><p>Welcome to our shop. {links}</p></main></body>"}
    )
    for subject in subjects:
        site.add({f"/{subject.lower().replace(' ', '-')}": shop_page(subject, **changes)})  # type: ignore[arg-type]


@dataclass
class Shop:
    """A live bot that learned a website."""

    engine: Engine
    jobs: PlainJobs
    site: Site
    bot: str
    source: str

    async def sync(self) -> Source:
        """Read the website again, with all that follows."""
        await self.engine.sources.sync("m", self.bot, self.source)
        await self.jobs.finish()
        return await self.engine.sources.get("m", self.bot, self.source)

    async def ask(self, text: str):
        """What a shopper is answered."""
        bot = await self.engine.bots.get("m", self.bot)
        version = await self.engine.answerer.live_version(bot)
        return await self.engine.answerer.answer(bot, version, Ask(text), test=True)

    async def live(self) -> int | None:
        """The version shoppers meet."""
        return (await self.engine.bots.get("m", self.bot)).live


async def prove(engine: Engine, jobs: PlainJobs, bot: str) -> None:
    """Approve test questions, run them, rate answers."""
    for subject in SUBJECTS:
        text = CaseText(f"What is the rule about {subject.lower()}?", must_include=("days",), approved=True)
        await engine.cases.add("m", bot, text)
    for subject in SUBJECTS[:3]:
        question = f"Within how many hours are questions about {subject.lower()} answered?"
        await engine.cases.add("m", bot, CaseText(question, must_include=("14 hours",), approved=True))
    for _ in range(4):
        await engine.cases.add("m", bot, CaseText("Who won the cup in 1998?", "refusal", approved=True))
    version = await engine.versions.get("m", bot, 1)
    trial = await engine.trials.create(await engine.bots.get("m", bot), version)
    engine_trials = engine.trials
    cases = await engine_trials.begin("m", trial.id)
    await engine_trials.run_cases("m", trial.id, cases)
    await engine_trials.finish("m", trial.id)
    for number in range(10):
        rating = Rating(
            f"r{number}", "m", bot, 1, engine.gate.answering(version), f"tester{number % 2}", f"turn{number}", True, "",
            engine.adapters.clock.now(),
        )  # fmt: skip
        await engine.records.ratings.add("m", rating.id, rating)


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    with serving() as site:
        fill(site)
        engine, jobs = engine_with_plain_jobs(tmp_path, crawler_allowed_private_hosts=(site.host,))
        bot = await engine.bots.create("m", "Shop")
        source = await engine.sources.create("m", bot.id, "website", {"url": site.url})
        await engine.versions.create("m", bot.id)
        await jobs.finish()
        await prove(engine, jobs, bot.id)
        await engine.versions.deploy("m", bot.id, 1)
        yield Shop(engine, jobs, site, bot.id, source.id)
        await engine.close()


async def test_a_sync_that_brings_the_same_changes_nothing(shop: Shop):
    source = await shop.sync()
    assert source.freshness.state in {"fresh", "partial"}
    assert await shop.live() == 1
    assert (await shop.engine.versions.page("m", shop.bot, 9, None)).items[0].number == 1


async def test_half_of_the_pages_is_held_back_until_the_merchant_decides(shop: Shop):
    fill(shop.site, SUBJECTS[:4])
    source = await shop.sync()
    assert source.freshness.state == "held"
    assert "Only 5 of 9 pages" in source.freshness.reason
    assert "stays in use" in source.freshness.reason
    assert "30 days" in (await shop.ask("What is the rule about opening hours?")).text
    kept = await shop.engine.syncing.dismiss(source)
    assert (kept.held, kept.freshness.state, kept.documents) == (None, "fresh", 9)
    with pytest.raises(Conflict, match="waits"):
        await shop.engine.syncing.accept(kept)


async def test_an_accepted_reading_trains_a_version_that_must_pass(shop: Shop):
    fill(shop.site, SUBJECTS[:4])
    await shop.engine.updates.accept(await shop.sync())
    await shop.jobs.finish()
    candidate = await shop.engine.versions.get("m", shop.bot, 2)
    assert (candidate.origin, candidate.replaces) == ("sync", 1)
    assert await shop.live() == 1, "half of the test questions can no longer be answered"
    assert "did not pass" in candidate.note
    assert "30 days" in (await shop.ask("What is the rule about opening hours?")).text


@pytest.mark.parametrize("broken", ["nothing", "errors", "gone"])
async def test_a_failed_sync_keeps_the_last_good_copy(shop: Shop, broken: str):
    match broken:
        case "nothing":
            shop.site.routes = {"/": "<html><body></body></html>"}
        case "errors":
            shop.site.routes = dict.fromkeys(shop.site.routes, Answer("broken", 500))
        case _:
            shop.site.routes = {}
    source = await shop.sync()
    assert source.freshness.state in {"failed", "held"}
    assert "stays in use" in source.freshness.reason
    assert source.documents == 9
    assert source.failures or source.held
    assert "30 days" in (await shop.ask("What is the rule about returns?")).text
    await shop.engine.versions.create("m", shop.bot)
    await shop.jobs.finish()
    retrained = await shop.engine.versions.get("m", shop.bot, 2)
    assert retrained.status == "ready"
    assert retrained.documents == 9
    assert (
        retrained.progress.failures[-1].reason
        == (await shop.engine.sources.get("m", shop.bot, shop.source)).freshness.reason
    )


async def test_new_prices_reach_shoppers_without_a_new_version(shop: Shop):
    before = await shop.ask("How much is the Fern mug?")
    assert "24.00" in before.text
    fill(shop.site, price="19.00", stock="OutOfStock")
    source = await shop.sync()
    after = await shop.ask("How much is the Fern mug?")
    assert "19.00" in after.text
    assert "24.00" not in after.text
    assert after.products[0].availability == "out_of_stock"
    assert source.copy is not None
    assert after.products[0].as_of == source.copy.at or after.products[0].as_of > before.products[0].as_of
    assert await shop.live() == 1


async def test_a_version_that_goes_live_again_tells_the_prices_of_today(shop: Shop):
    for days in (41, 42):
        fill(shop.site, days=days)
        await shop.sync()
    fill(shop.site, days=42, price="17.00")
    await shop.sync()
    bot = await shop.engine.records.bots.change("m", shop.bot, lambda bot: bot.deploy(1))
    assert "24.00" in (await shop.ask("How much is the Fern mug?")).text
    await shop.engine.updates.catch_up(bot)
    await shop.jobs.finish()
    assert "17.00" in (await shop.ask("How much is the Fern mug?")).text


async def test_new_words_go_live_after_the_automatic_part_of_the_gate(shop: Shop):
    fill(shop.site, days=45)
    await shop.sync()
    assert await shop.live() == 2
    assert "45 days" in (await shop.ask("What is the rule about returns?")).text
    version = await shop.engine.versions.get("m", shop.bot, 2)
    assert (version.status, version.origin) == ("live", "sync")
    assert "took the place of version 1" in version.note
    assert (await shop.engine.versions.rollback("m", shop.bot)).live == 1
    assert "30 days" in (await shop.ask("What is the rule about returns?")).text


async def test_a_schedule_does_not_fill_the_disk(shop: Shop):
    for days in (41, 42, 43, 44, 45, 46):
        fill(shop.site, days=days)
        await shop.sync()
    statuses = {v.number: v.status for v in (await shop.engine.versions.page("m", shop.bot, 20, None)).items}
    assert statuses == {
        7: "live", 6: "retired", 5: "retired", 4: "retired", 3: "purged", 2: "purged", 1: "retired",
    }  # fmt: skip
    for number in (2, 3):
        key = VersionKey("m", shop.bot, number)
        assert await shop.engine.adapters.index.count(key) == await shop.engine.adapters.catalogue.count(key) == 0
    assert "46 days" in (await shop.ask("What is the rule about returns?")).text


async def test_without_test_questions_new_words_stay_beside(shop: Shop):
    for case in (await shop.engine.cases.page("m", shop.bot, 100, None)).items:
        await shop.engine.cases.delete("m", shop.bot, case.id)
    fill(shop.site, days=45)
    await shop.sync()
    assert await shop.live() == 1
    assert "beside the live version" in (await shop.engine.versions.get("m", shop.bot, 2)).note
    await shop.sync()
    assert (await shop.engine.versions.page("m", shop.bot, 9, None)).items[0].number == 2, "tried once, not again"


async def test_a_deleted_source_is_gone_from_the_next_answer_and_a_rollback_brings_it_back(shop: Shop):
    assert (await shop.ask("What is the rule about returns?")).outcome == "answered"
    await shop.engine.sources.delete("m", shop.bot, shop.source)
    gone = await shop.ask("What is the rule about returns?")
    assert (gone.outcome, gone.citations, gone.products) == ("refused", (), ())
    assert "30 days" not in gone.text
    await shop.engine.sources.create("m", shop.bot, "text", {"title": "Returns", "text": "Returns take 60 days now."})
    await shop.engine.versions.create("m", shop.bot)
    await shop.jobs.finish()
    bot = await shop.engine.records.bots.change("m", shop.bot, lambda bot: bot.deploy(2))
    assert bot.live == 2
    assert "60 days" in (await shop.ask("How long do returns take?")).text
    await shop.engine.versions.rollback("m", shop.bot)
    assert "30 days" in (await shop.ask("What is the rule about returns?")).text


async def test_a_deleted_feed_no_longer_speaks_for_the_page(shop: Shop):
    async def upload() -> AsyncIterator[bytes]:
        yield b"sku,title,price,currency,url\nMUG-1,Fern mug,13.37,EUR," + shop.site.url.encode() + b"repairs\n"

    kind, options = await shop.engine.sources.take_file("m", shop.bot, "feed.csv", upload(), 10**6)
    feed = await shop.engine.sources.create("m", shop.bot, kind, options)
    await shop.engine.versions.create("m", shop.bot)
    await shop.jobs.finish()
    await shop.engine.records.bots.change("m", shop.bot, lambda bot: bot.deploy(2))
    assert "13.37" in (await shop.ask("How much is the Fern mug?")).text
    await shop.engine.sources.delete("m", shop.bot, feed.id)
    gone = await shop.ask("How much is the Fern mug?")
    assert "13.37" not in gone.text
    assert gone.products == ()


async def test_prices_that_come_in_while_an_update_is_trained_are_told(shop: Shop):
    fill(shop.site, days=45)
    await shop.engine.sources.sync("m", shop.bot, shop.source)
    run, arguments = shop.jobs.waiting.pop(0)
    await shop.jobs.run(run, arguments)  # the sync; the training it asked for waits
    assert len(shop.jobs.waiting) == 1
    training = shop.jobs.waiting.pop(0)
    trained = shop.engine.workflows.training
    gather = trained.gather

    async def gather_then_sync(key):
        pieces = await gather(key)
        fill(shop.site, days=45, price="39.00")
        await shop.engine.syncing.begin("m", shop.source, "sync-x")
        batches, cursor = 0, None
        while batches == 0 or cursor is not None:
            cursor = (await shop.engine.syncing.read("m", shop.source, "sync-x", batches, cursor)).cursor
            batches += 1
        await shop.engine.syncing.finish("m", shop.source, "sync-x", batches)
        await shop.engine.updates.refresh("m", shop.source)
        return pieces

    trained.gather = gather_then_sync  # type: ignore[method-assign]
    await shop.jobs.run(*training)
    assert await shop.live() == 2
    assert "39.00" in (await shop.ask("How much is the Fern mug?")).text


async def test_an_edit_during_a_reading_is_read_again(shop: Shop):
    text = await shop.engine.sources.create("m", shop.bot, "text", {"title": "Bikes", "text": "We lend 14 bikes."})
    await shop.engine.syncing.begin("m", text.id, "sync-1")
    await shop.engine.syncing.read("m", text.id, "sync-1", 0, None)
    await shop.engine.sources.update("m", shop.bot, text.id, options={"text": "We lend 30 bikes."})
    await shop.engine.syncing.finish("m", text.id, "sync-1", 1)
    assert shop.engine.syncing.is_due(await shop.engine.sources.get("m", shop.bot, text.id))


async def test_a_reading_whose_job_was_lost_is_not_waited_for(shop: Shop):
    await shop.engine.syncing.begin("m", shop.source, "lost")
    with pytest.raises(Conflict, match="being read"):
        await shop.engine.sources.sync("m", shop.bot, shop.source)
    old = shop.engine.adapters.clock.now() - timedelta(hours=1)
    await shop.engine.records.sources.change("m", shop.source, lambda source: replace(source, progressed_at=old))
    source = await shop.sync()
    assert (source.reading, source.freshness.state) == (None, "fresh")


async def test_a_stopped_reading_does_not_replace_a_fuller_copy(shop: Shop):
    fill(shop.site, SUBJECTS[:7])
    await shop.engine.syncing.begin("m", shop.source, "sync-1")
    await shop.engine.syncing.read("m", shop.source, "sync-1", 0, None)
    await shop.engine.syncing.stop(await shop.engine.sources.get("m", shop.bot, shop.source))
    await shop.engine.syncing.finish("m", shop.source, "sync-1", 1)
    source = await shop.engine.sources.get("m", shop.bot, shop.source)
    assert source.copy is not None
    assert (source.copy.documents, source.freshness.state) == (9, "partial")


async def test_a_stopped_reading_keeps_what_was_fetched(shop: Shop):
    other = await shop.engine.sources.create("m", shop.bot, "website", {"url": shop.site.url})
    await shop.engine.syncing.begin("m", other.id, "sync-1")
    await shop.engine.syncing.read("m", other.id, "sync-1", 0, None)
    await shop.engine.syncing.stop(await shop.engine.sources.get("m", shop.bot, other.id))
    end = await shop.engine.syncing.read("m", other.id, "sync-1", 1, "wherever")
    assert end.cursor is None
    await shop.engine.syncing.finish("m", other.id, "sync-1", 2)
    stopped = await shop.engine.sources.get("m", shop.bot, other.id)
    assert stopped.freshness.state == "partial"
    assert "It was stopped" in stopped.freshness.reason
    assert stopped.documents > 0
    with pytest.raises(Conflict, match="not being read"):
        await shop.engine.syncing.stop(stopped)


async def test_a_training_that_is_cancelled_keeps_what_it_had_read(shop: Shop):
    loop = asyncio.get_running_loop()
    other = await shop.engine.sources.create("m", shop.bot, "website", {"url": shop.site.url})

    def cancel_and_answer(handler: Handler) -> None:
        work = shop.engine.versions.cancel("m", shop.bot, 2)
        asyncio.run_coroutine_threadsafe(work, loop).exception(10)  # the second source asks for it again
        handler.send(Answer(shop_page("Returns")))

    shop.site.add({"/returns": cancel_and_answer})
    await shop.engine.versions.create("m", shop.bot)
    await shop.jobs.finish()
    assert (await shop.engine.versions.get("m", shop.bot, 2)).status == "cancelled"
    first = await shop.engine.sources.get("m", shop.bot, shop.source)
    assert (first.reading, first.documents) == (None, 9)
    assert (await shop.engine.sources.get("m", shop.bot, other.id)).reading is None
    assert "30 days" in (await shop.ask("What is the rule about returns?")).text


async def test_schedules_start_what_is_due_once(shop: Shop):
    with pytest.raises(InvalidInput, match="minutes"):
        await shop.engine.sources.update("m", shop.bot, shop.source, schedule_minutes=7)
    source = await shop.engine.sources.update("m", shop.bot, shop.source, schedule_minutes=15)
    assert source.freshness.next_at is not None
    schedules = shop.engine.schedules
    assert await schedules.start_due(shop.jobs.start_sync) == 0
    late = source.freshness.next_at

    class Later:
        def now(self):
            return late

    schedules.clock = Later()
    assert await schedules.start_due(shop.jobs.start_sync) == 1
    assert await schedules.start_due(shop.jobs.start_sync) == 0
    assert len(shop.jobs.waiting) == 1
    moved = await shop.engine.sources.get("m", shop.bot, shop.source)
    assert (moved.freshness.next_at - late).total_seconds() == 15 * 60
    await shop.engine.sources.update("m", shop.bot, shop.source, schedule_minutes=0)
    assert (await shop.engine.sources.get("m", shop.bot, shop.source)).freshness.next_at is None


async def test_what_was_read_is_listed_item_by_item(shop: Shop):
    from engine.knowledge.browsing import items_read

    source = await shop.engine.sources.get("m", shop.bot, shop.source)
    copies = shop.engine.sources.copies
    everything = (await items_read(copies, source, 100, None)).items
    assert {item.title for item in everything if item.outcome == "learned"} == {"Shop", *SUBJECTS}
    paged, cursor = [], None
    while True:
        some = await items_read(copies, source, 4, cursor)
        paged += some.items
        cursor = some.cursor
        if cursor is None:
            break
    assert tuple(paged) == everything


async def test_corrections_hold_at_once(shop: Shop):
    engine = shop.engine
    version = await engine.versions.get("m", shop.bot, 1)
    found = await engine.answerer.finder.look_up(version, "What is the rule about warranty?", 3)
    passage = found.passages[0].passage
    assert found.confidence >= found.least_confidence
    edit = await engine.corrections.edit(version.key, passage.document, passage.position, "The warranty takes 77 days.")
    assert "77 days" in (await shop.ask("What is the rule about warranty?")).text
    left_out = await engine.corrections.exclude(version.key, passage.document, passage.position)
    assert "days" not in (await shop.ask("What is the rule about warranty?")).text
    again = await engine.answerer.finder.look_up(version, "What is the rule about warranty?", 3)
    assert again.left_out[0].passage.document == passage.document
    await engine.corrections.undo("m", shop.bot, left_out.id)
    assert "30 days" in (await shop.ask("What is the rule about warranty?")).text
    with pytest.raises(NotFound):
        await engine.corrections.undo("m", shop.bot, edit.id)


async def test_a_pinned_answer_is_given_word_for_word_and_only_to_its_question(shop: Shop):
    pin = await shop.engine.corrections.pin(
        "m", shop.bot, ["Are you open on Sunday?", "sunday hours"], "On Sundays we are open from 10 to 14."
    )
    for question in ("are you open on sundays", "Sunday hours?", "Are you open on Sunday"):
        reply = await shop.ask(question)
        assert (reply.text, reply.outcome) == (pin.answer, "answered")
    for other in ("Are you open on Saturday?", "Are you not open on Sunday?", "How long are you open on Sunday?"):
        assert (await shop.ask(other)).text != pin.answer
    await shop.engine.corrections.unpin("m", shop.bot, pin.id)
    assert (await shop.ask("Are you open on Sunday?")).text != pin.answer


async def test_unchanged_files_are_not_read_again(shop: Shop):
    text = await shop.engine.sources.create("m", shop.bot, "text", {"title": "Bikes", "text": "We lend bikes."})
    await shop.engine.versions.create("m", shop.bot)
    await shop.jobs.finish()
    first = await shop.engine.sources.get("m", shop.bot, text.id)
    await shop.engine.versions.create("m", shop.bot)
    await shop.jobs.finish()
    second = await shop.engine.sources.get("m", shop.bot, text.id)
    assert second == first
    await shop.engine.sources.update("m", shop.bot, text.id, options={"text": "We lend bikes and skis."})
    await shop.engine.versions.create("m", shop.bot)
    await shop.jobs.finish()
    third = await shop.engine.sources.get("m", shop.bot, text.id)
    assert third.copy is not None
    assert first.copy is not None
    assert third.copy.words != first.copy.words
    assert replace(third.copy, run="", at=first.copy.at).documents == 1
