"""Pages that need JavaScript, rendered by a real browser that is kept from everything the fetcher is kept from."""

from __future__ import annotations

import asyncio
import os
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Fetcher
from engine.knowledge.fetching.browser import Browser
from engine.knowledge.fetching.proxy import CheckingProxy
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers import WebsiteReader
from tests.sites.loopback import Answer, Site, page, serving

WORDS = "We send every parcel with a number that shows where it is on its way to you."
CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium here")


def app(script: str) -> str:
    return f'<html><head><title>App</title></head><body><div id="root"></div><script>{script}</script></body></html>'


def showing(text: str) -> str:
    return f"document.getElementById('root').innerHTML = '<main><h1>Shown</h1><p>' + {text} + '</p></main>';"


@pytest.fixture
def chromium(tmp_path: Path) -> str:
    """Chromium for a machine that gives it no namespaces of its own, as containers do not."""
    folder = Path("/tmp") / f"storeclerk-test-{os.getpid()}"
    folder.mkdir(exist_ok=True)
    folder.chmod(0o755)
    script = folder / "chromium"
    script.write_text(f'#!/bin/sh\nexec {CHROMIUM} --no-sandbox "$@"\n')
    script.chmod(0o755)
    return str(script)


@pytest.mark.browser
@needs_chromium
async def test_page_that_needs_javascript_is_rendered_and_learned(
    site: Site, parsing: ParsingProcesses, read_all: Callable[..., Any], chromium: str
) -> None:
    site.add({
        "/": page("Welcome", f"<p>{WORDS}</p><a href='/app'>App</a>"),
        "/app": app(f"fetch('/words').then(answer => answer.text()).then(words => {{ {showing('words')} }})"),
        "/words": Answer(f"{WORDS} Said by a script.", media_type="text/plain"),
    })  # fmt: skip
    fetcher = Fetcher(user_agent="Storeclerk test", allowed_private_hosts=(site.host,))
    options = {"fetcher": fetcher, "parsing": parsing, "requests_per_second": 50, "most_pages": 10}
    batch = await read_all(WebsiteReader(**options), {"url": site.url})
    assert [failure.code for failure in batch.failures] == ["javascript_only"]
    batch = await read_all(WebsiteReader(**options, browser=Browser(chromium, fetcher)), {"url": site.url})
    assert batch.failures == ()
    assert {document.title for document in batch.documents} == {"Welcome", "Shown"}
    assert site.headers[-1]["user-agent"] == "Storeclerk test"


@pytest.mark.browser
@needs_chromium
async def test_browser_reaches_nothing_private(site: Site, chromium: str) -> None:
    with serving({"/secret": Answer("secret", headers={"Access-Control-Allow-Origin": "*"})}) as inner:
        tries = [f"{inner.url}secret", f"http://localhost:{inner.port}/secret", "http://169.254.169.254/latest/"]
        fetches = ",".join(f"fetch('{url}').then(a => a.text()).catch(() => 'refused')" for url in tries)
        site.add({"/": app(f"Promise.all([{fetches}]).then(found => {{ {showing('found.join()')} }})"
                           f"; new Image().src = '{inner.url}secret';")})  # fmt: skip
        fetcher = Fetcher(user_agent="x", allowed_private_hosts=(site.host,))
        content = await Browser(chromium, fetcher).render(site.url)
    assert sum(inner.hits.values()) == 0
    assert b"Shown" in content
    assert b"<p>secret" not in content


@pytest.mark.browser
@needs_chromium
async def test_page_that_never_ends_is_ended(site: Site, chromium: str) -> None:
    site.add({"/": app("while (true) {}")})
    fetcher = Fetcher(user_agent="x", allowed_private_hosts=(site.host,))
    started = time.perf_counter()
    with pytest.raises(Unreadable, match="javascript_only"):
        await Browser(chromium, fetcher, seconds=2.0).render(site.url)
    assert time.perf_counter() - started < 6


async def test_browser_that_is_not_there_is_said(site: Site) -> None:
    fetcher = Fetcher(user_agent="x", allowed_private_hosts=(site.host,))
    with pytest.raises(Unreadable, match="could not be started"):
        await Browser("/nowhere/chromium", fetcher).render(site.url)


async def asked(address: str, request: str) -> bytes:
    host, _, port = address.partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    writer.write(request.encode())
    try:
        return await reader.read()
    finally:
        writer.close()


async def test_proxy_lets_through_what_the_fetcher_may_reach_once_a_connection(site: Site) -> None:
    site.add({"/shop/": "good", "/v1/me": "secret"})
    proxy = CheckingProxy(Fetcher(user_agent="x", allowed_prefixes=(f"{site.url}shop/",)))
    async with proxy.running() as address:
        head = f"Host: {site.host}\r\nProxy-Connection: keep-alive\r\n\r\n"
        second = f"GET {site.url}v1/me HTTP/1.1\r\n{head}"
        answer = await asked(address, f"GET {site.url}shop/ HTTP/1.1\r\n{head}{second}")
        assert answer.endswith(b"good")
        for target in ("/v1/me", "/shop/../v1/me", "/shop/%2e%2e/v1/me"):
            assert b"403" in await asked(address, f"GET http://{site.host}{target} HTTP/1.1\r\n{head}")
        for target in (site.host, "127.0.0.1:443", "localhost:443", "[::1]:443", "169.254.169.254:80", "0x7f.1:443"):
            assert b"403" in await asked(address, f"CONNECT {target} HTTP/1.1\r\n{head}")
        assert await asked(address, "nonsense\r\n\r\n") == b""
    assert site.hits == {"/shop/": 1}
    assert len(proxy.refused) == 9


async def test_tunnel_carries_bytes_both_ways_and_no_more_than_allowed(site: Site) -> None:
    site.add({"/": "x" * 5_000})
    proxy = CheckingProxy(Fetcher(user_agent="x", allowed_private_hosts=(site.host,)), most=3_000)
    async with proxy.running() as address:
        answer = await asked(address, f"CONNECT {site.host} HTTP/1.1\r\n\r\nGET / HTTP/1.0\r\nHost: x\r\n\r\n")
    assert answer.startswith(b"HTTP/1.1 200 Connection established")
    assert site.hits == {"/": 1}
    assert proxy.left <= 0
