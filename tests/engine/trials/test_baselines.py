"""A version held against the last proved one: what jumped or went missing waits until a person says it is meant."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.bootstrap import Engine
from engine.domain.bot import BotVersion
from engine.domain.trial import Metric
from engine.errors import Conflict
from engine.trials.baselines import blob_name
from tests.plain_jobs import PlainJobs, engine_with_plain_jobs
from tests.sites.loopback import Answer, Site, serving

GOODS = {"a": "24.00", "b": "8.00", "c": "12.00", "d": "100.00"}


def feed(goods: dict[str, str]) -> Answer:
    """Goods as the shop's feed."""
    rows = "".join(f"{sku},Mug {sku},A mug,{price},EUR,in stock\n" for sku, price in goods.items())
    return Answer(f"id,title,description,price,currency,availability\n{rows}", media_type="text/csv")


@dataclass
class Shop:
    """A bot that is trained on a feed, again and again."""

    engine: Engine
    jobs: PlainJobs
    site: Site
    bot: str
    source: str = ""

    async def trained(self, goods: dict[str, str]) -> BotVersion:
        """A new version that knows these goods alone, from a feed that was added anew."""
        if self.source:
            await self.engine.sources.delete("m", self.bot, self.source)
        self.site.add({"/goods.csv": feed(goods)})
        options: dict[str, object] = {"url": f"{self.site.url}goods.csv"}
        self.source = (await self.engine.sources.create("m", self.bot, "feed", options)).id
        number = (await self.engine.versions.create("m", self.bot)).number
        await self.jobs.finish()
        return await self.engine.versions.get("m", self.bot, number)

    async def metric(self, version: BotVersion) -> Metric:
        report = await self.engine.gate.report(version)
        return next(metric for metric in report.metrics if metric.name == "expected_changes")


@pytest.fixture
async def shop(tmp_path: Path) -> AsyncIterator[Shop]:
    with serving() as site:
        engine, jobs = engine_with_plain_jobs(tmp_path, crawler_allowed_private_hosts=(site.host,))
        bot = await engine.bots.create("m", "Kiln & Leaf")
        yield Shop(engine, jobs, site, bot.id)
        await engine.close()


async def test_the_first_version_has_nothing_to_be_held_against(shop: Shop):
    metric = await shop.metric(await shop.trained(GOODS))
    assert (metric.verdict, metric.n, metric.value, metric.method) == ("pass", 0, None, "count")


async def test_one_wrong_price_is_named_though_no_question_is_about_it(shop: Shop):
    await shop.engine.baselines.keep(await shop.trained(GOODS))
    assert (await shop.metric(await shop.trained(GOODS | {"b": "9.50"}))).verdict == "pass"
    spoilt = await shop.trained(GOODS | {"d": "1.00"})
    metric = await shop.metric(spoilt)
    assert (metric.verdict, metric.n) == ("fail", 4)
    assert metric.examples == ("Mug d: €100.00 → €1.00",)
    assert "version 1 was proved" in metric.detail
    with pytest.raises(Conflict):
        await shop.engine.versions.deploy("m", shop.bot, spoilt.number)


async def test_what_a_member_confirms_is_expected_until_it_changes_again(shop: Shop):
    engine = shop.engine
    await engine.baselines.keep(await shop.trained(GOODS))
    sale = await shop.trained(GOODS | {"d": "1.00"})
    seen = await engine.baselines.surprises(sale)
    with pytest.raises(Conflict) as other:
        await engine.baselines.confirm(sale, "0" * 64, by="owner@shop.example")
    assert other.value.code == "changed_meanwhile"
    await engine.baselines.confirm(sale, seen.digest, by="owner@shop.example")
    assert (await shop.metric(sale)).verdict == "pass"
    log = (await engine.audit.page("m", shop.bot, 1, None)).items[0]
    assert (log.action, log.by) == ("changes_confirmed", "owner@shop.example")
    assert "Mug d: €100.00 -> €1.00" in log.detail
    worse = await shop.trained(GOODS | {"d": "0.10"})
    assert (await shop.metric(worse)).verdict == "fail", "a confirmation is for one version and its very changes"
    same = await shop.trained(GOODS)
    with pytest.raises(Conflict) as nothing:
        await engine.baselines.confirm(same, seen.digest, by="owner@shop.example")
    assert nothing.value.code == "nothing_to_confirm"


async def test_a_price_that_is_refreshed_in_a_proved_version_is_seen_too(shop: Shop):
    version = await shop.trained(GOODS)
    await shop.engine.baselines.keep(version)
    assert (await shop.metric(version)).verdict == "pass"
    shop.site.add({"/goods.csv": feed(GOODS | {"a": "2400.00"})})
    await shop.engine.sources.sync("m", shop.bot, shop.source)
    await shop.jobs.finish()
    refreshed = await shop.engine.versions.get("m", shop.bot, version.number)
    metric = await shop.metric(refreshed)
    assert (metric.verdict, metric.examples) == ("fail", ("Mug a: €24.00 → €2,400.00",))


async def test_the_newest_proved_version_counts_and_is_kept_once(shop: Shop):
    engine = shop.engine
    first = await shop.trained(GOODS)
    await engine.baselines.keep(first)
    kept = (await engine.records.baselines.get("m", f"{shop.bot}.1")).at
    await engine.baselines.keep(first)
    assert (await engine.records.baselines.get("m", f"{shop.bot}.1")).at == kept
    second = await shop.trained(GOODS | {"d": "1.00"})
    await engine.baselines.keep(second)
    assert (await shop.metric(second)).verdict == "pass", "it was proved as it is"
    assert (await shop.metric(first)).verdict == "pass", "never held against a newer one"
    third = await shop.trained(GOODS)
    assert (await engine.baselines.surprises(third)).against == 2
    assert (await shop.metric(third)).verdict == "fail"


async def test_a_comparison_that_was_made_is_not_made_again(shop: Shop):
    await shop.engine.baselines.keep(await shop.trained(GOODS))
    second = await shop.trained(GOODS | {"d": "1.00"})
    found = await shop.engine.baselines.surprises(second)
    await shop.engine.adapters.blobs.delete(blob_name("m", shop.bot, 1))
    assert await shop.engine.baselines.surprises(second) == found


async def test_a_baseline_whose_content_was_lost_blocks_nobody(shop: Shop):
    await shop.engine.baselines.keep(await shop.trained(GOODS))
    await shop.engine.adapters.blobs.delete(blob_name("m", shop.bot, 1))
    second = await shop.trained(GOODS | {"d": "1.00"})
    assert (await shop.engine.baselines.surprises(second)).against is None
    assert await shop.engine.records.baselines.count("m", {"bot": shop.bot}) == 0
