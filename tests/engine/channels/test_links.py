"""What becomes of a link that the vendor refuses, or tells something about, while somebody fills it in anew."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.adapters.embedded.document_store import SqliteDocumentStore
from engine.adapters.embedded.key_custodian import LocalKeyCustodian
from engine.adapters.embedded.system import SystemClock, SystemIdentifiers
from engine.audit import Audit
from engine.channels.links import ChannelLinks
from engine.domain.bot import Bot
from engine.domain.channel import ChannelLink
from engine.records import Records

BOT = Bot("bot_1", "merchant_1", "Fern", datetime(2026, 11, 30, 12, tzinfo=UTC))
ANN = "ann@shop.example"


@pytest.fixture
async def links(tmp_path: Path) -> AsyncIterator[ChannelLinks]:
    store = SqliteDocumentStore(tmp_path / "records.sqlite")
    records, clock, identifiers = Records(store), SystemClock(), SystemIdentifiers()
    custodian = LocalKeyCustodian("a key for tests only, long enough")
    yield ChannelLinks(records, custodian, Audit(records, clock, identifiers), clock, identifiers)
    store.close()


async def filled_in(links: ChannelLinks, password: str) -> ChannelLink:
    return await links.put(BOT, "email", {"username": "hello"}, {"password": password}, by=ANN)


async def test_a_refused_link_is_broken(links: ChannelLinks):
    await links.refused(await filled_in(links, "wrong"), "The password was refused.")
    link = await links.find(BOT, "email")
    assert (link.status, link.problem) == ("broken", "The password was refused.")


async def test_a_password_that_was_put_right_is_not_blamed_for_the_old_one(links: ChannelLinks):
    before = await filled_in(links, "wrong")
    await filled_in(links, "right")
    await links.refused(before, "The password was refused.")
    assert (await links.find(BOT, "email")).status == "on"


async def test_what_is_noted_of_a_broken_link_does_not_mend_it(links: ChannelLinks):
    link = await filled_in(links, "wrong")
    await links.refused(link, "The password was refused.")
    await links.learn(link, {}, position="7")
    kept = await links.find(BOT, "email")
    assert (kept.status, kept.settings["position"]) == ("broken", "7")


async def test_secrets_that_the_vendor_gives_connect_a_link_anew(links: ChannelLinks):
    link = await filled_in(links, "wrong")
    await links.refused(link, "The token has ended.")
    await links.learn(link, {"token": "new"})
    assert (await links.find(BOT, "email")).status == "on"
