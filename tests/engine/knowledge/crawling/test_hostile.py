"""A hostile website: every case ends, has its name, and the rest of the site is learned."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import pytest

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Fetcher
from engine.knowledge.fetching.network import resolve
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers import WebsiteReader
from tests.sites.hostile import CASES, GOOD, make_hostile
from tests.sites.loopback import Answer, Site, page

ReadAll = Callable[..., Any]


async def test_every_trap_is_named_and_the_rest_is_learned(
    site: Site, parsing: ParsingProcesses, read_all: ReadAll
) -> None:
    asked: list[str] = []

    async def two_faced(host: str, port: int) -> list[str]:
        if host != "rebinding.example":
            return await resolve(host, port)
        asked.append(host)
        return ["93.184.216.34", "127.0.0.1"]  # a public answer, and one that leads inside

    fetcher = Fetcher(user_agent="x", allowed_private_hosts=(site.host,), resolver=two_faced, total_seconds=1.5)
    reader = WebsiteReader(fetcher=fetcher, parsing=parsing, requests_per_second=50, most_pages=200)
    make_hostile(site)
    started = time.perf_counter()
    batch = await read_all(reader, {"url": site.url})
    codes = {failure.item.removeprefix(site.url.rstrip("/")): failure.code for failure in batch.failures}
    for path, (_, code) in CASES.items():
        assert codes.get(path) == code, path
    assert codes["/bomb.xml.gz"] == "decompression_bomb"
    assert codes["/sitemap.xml"] == "too_large"
    assert asked
    learned = {document.title for document in batch.documents}
    assert {title for title, _ in GOOD.values()} <= learned
    assert sum(1 for title in learned if title.startswith("Day ")) <= 12
    assert sum(1 for document in batch.documents if document.title == "Mugs") == 1
    said = [failure.reason for failure in batch.failures if failure.code == "calendar"]
    assert any("more" in reason for reason in said)
    assert len(said) <= 21
    assert site.hits["/closed"] == site.hits["/cart"] == 0
    assert sum(site.hits.values()) < 150
    assert time.perf_counter() - started < 20


async def test_name_that_changes_its_answer_is_refused_when_it_turns_private(
    site: Site, parsing: ParsingProcesses
) -> None:
    answers = iter([["127.0.0.1"], ["10.0.0.1"], ["169.254.169.254"]])

    async def changing(host: str, port: int) -> list[str]:
        return next(answers)

    name = f"shop.example:{site.port}"
    allowed = Fetcher(user_agent="x", allowed_private_hosts=(name,), resolver=changing)
    site.add({"/": Answer(page("Home", "hi"), headers={"Connection": "close"})})
    async with allowed.session() as session:
        assert (await session.get(f"http://{name}/")).content
    public = Fetcher(user_agent="x", resolver=changing, more_ports=(site.port,))
    async with public.session() as session:
        for _ in range(2):
            with pytest.raises(Unreadable, match="private_address"):
                await session.get(f"http://{name}/")


async def test_site_that_stops_answering_is_left_alone(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    links = "".join(f'<a href="/{number}">{number}</a>' for number in range(100))
    site.add({"/": page("Home", f"<p>All that we have stands behind these links.</p>{links}")})
    site.add({f"/{number}": Answer("", 502) for number in range(100)})
    batch = await read_all(website, {"url": site.url})
    assert len(batch.documents) == 1
    assert len(batch.failures) == 100
    assert sum(site.hits.values()) < 80
