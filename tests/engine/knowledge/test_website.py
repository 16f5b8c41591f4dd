"""Reading websites of our own, good and bad."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

import pytest

from engine.domain.knowledge import Source
from engine.errors import InvalidInput, NotFound
from engine.knowledge.fetching import Fetcher
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.readers import WebsiteReader
from engine.knowledge.reading import ReadBatch, ReadContext
from tests.sites.loopback import Answer, Site, dripping, endless, gzipped, page, redirect

ReadAll = Callable[..., Any]
WORDS = "We send every parcel with a number that shows where it is on its way to you."
SHELL = '<html><head><title>App</title></head><body><div id="root"></div><script src="/a.js"></script></body></html>'


def links(*paths: str) -> str:
    return "".join(f'<p>See <a href="{path}">{path}</a> for more about it.</p>' for path in paths)


def failures_of(batch: ReadBatch, site: Site) -> dict[str, str]:
    return {failure.item.removeprefix(site.url.rstrip("/")): failure.code for failure in batch.failures}


async def test_site_is_read_by_its_links(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    site.add({
        "/": page("Welcome", WORDS + links("/delivery", "/about?utm_source=x#top", "http://other.example/")),
        "/delivery": page("Delivery", f"<h2>Costs</h2><p>{WORDS}</p><ul><li>4.90 EUR</li></ul>"),
        "/about": page("About us", "<p>Wir sind eine kleine Werkstatt und machen seit Jahren schöne Tassen.</p>"),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    by_title = {document.title: document for document in batch.documents}
    assert set(by_title) == {"Welcome", "Delivery", "About us"}
    assert by_title["Delivery"].text == f"## Costs\n\n{WORDS}\n\n- 4.90 EUR"
    assert (by_title["Delivery"].kind, by_title["About us"].language) == ("policy", "de")
    assert by_title["About us"].url == f"{site.url}about"
    assert batch.failures == ()
    assert (batch.done, batch.total) == (3, 3)


async def test_bad_pages_are_named_and_the_rest_is_read(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    bad = {
        "/missing": (Answer("", 404), "not_found"),
        "/locked": (Answer("", 401), "sign_in_needed"),
        "/private": (redirect("http://10.0.0.1/"), "private_redirect"),
        "/loop": (redirect("/loop"), "redirect_loop"),
        "/endless": (endless, "too_large"),
        "/drip": (dripping, "timeout"),
        "/bomb": (gzipped(b"\0" * 20_000_000), "decompression_bomb"),
        "/app": (SHELL, "javascript_only"),
        "/blank": (page("", ""), "empty"),
        "/members": (page("Sign in", "<form><input type=password></form>"), "sign_in_needed"),
        "/twin": (page("Delivery", f"<p>{WORDS}</p>"), "duplicate"),
        "/secret/": (page("Secret", WORDS), "robots"),
        "/broken": (Answer("", 500), "server_error"),
    }
    site.add({path: answer for path, (answer, _) in bad.items()})
    site.add({
        "/robots.txt": Answer("User-agent: *\nDisallow: /secret", media_type="text/plain"),
        "/": page("Welcome", WORDS + links("/delivery", *bad)),
        "/delivery": page("Delivery", f"<p>{WORDS}</p>"),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    assert failures_of(batch, site) == {path: code for path, (_, code) in bad.items()}
    assert [document.title for document in batch.documents] == ["Welcome", "Delivery"]
    assert site.hits["/secret/"] == 0


@pytest.mark.parametrize(
    ("robots", "code"),
    [("User-agent: *\nDisallow: /", "robots"), (Answer("", 500), "robots"), (Answer("<p>404", 200), "")],
)
async def test_robots_txt_decides_for_the_whole_site(
    site: Site, website: WebsiteReader, read_all: ReadAll, robots: object, code: str
) -> None:
    answer = Answer(robots, media_type="text/plain") if isinstance(robots, str) else robots
    site.add({"/": page("Welcome", WORDS), "/robots.txt": answer})
    batch = await read_all(website, {"url": site.url})
    assert [failure.code for failure in batch.failures] == ([code] if code else [])


async def test_website_that_is_down_is_one_failure(parsing: ParsingProcesses, read_all: ReadAll) -> None:
    fetcher = Fetcher(user_agent="x", allowed_private_hosts=("127.0.0.1:1",))
    reader = WebsiteReader(fetcher=fetcher, parsing=parsing, requests_per_second=1, most_pages=5)
    batch = await read_all(reader, {"url": "http://127.0.0.1:1/"})
    assert [failure.code for failure in batch.failures] == ["unreachable"]


async def test_sitemaps_are_followed_also_packed_and_nested(
    site: Site, website: WebsiteReader, read_all: ReadAll
) -> None:
    inner = f"<urlset><url><loc>{site.url}hidden-gem</loc></url><url><loc>http://other.example/x</loc></url></urlset>"
    site.add({
        "/": page("Welcome", WORDS),
        "/hidden-gem": page("Hidden gem", f"{WORDS} Nobody links here."),
        "/plain": page("Plain", f"{WORDS} In a list of plain text."),
        "/robots.txt": Answer(f"Sitemap: {site.url}maps.xml\nSitemap: {site.url}list.txt", media_type="text/plain"),
        "/maps.xml": Answer(
            f"<?xml version='1.0'?><sitemapindex xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>"
            f"<sitemap><loc>{site.url}inner.xml.gz</loc></sitemap><sitemap><loc>/gone.xml</loc></sitemap></sitemapindex>",
            media_type="application/xml",
        ),
        "/inner.xml.gz": Answer(gzip.compress(inner.encode()), media_type="application/gzip"),
        "/list.txt": Answer(f"{site.url}plain\nnonsense\n", media_type="text/plain"),
        "/sitemap.xml": Answer('<!DOCTYPE x [<!ENTITY a "b">]><urlset/>', media_type="application/xml"),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    assert {document.title for document in batch.documents} == {"Welcome", "Hidden gem", "Plain"}


async def test_limits_and_patterns_hold(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    site.add({f"/help/{number}": page(f"Help {number}", f"{WORDS} {number}" + links(f"/help/{number + 1}"))
              for number in range(9)})  # fmt: skip
    site.add({"/": page("Welcome", WORDS + links("/help/0", "/blog/1", "/help/old"))})
    options = {"url": site.url, "include": "/help/*", "exclude": ["*old*"], "max_depth": 3}
    batch = await read_all(website, options)
    assert [document.title for document in batch.documents] == ["Help 0", "Help 1", "Help 2"]
    batch = await read_all(website, {"url": site.url, "max_pages": 2, "exclude": ["/blog"]})
    assert len(batch.documents) == 2
    assert failures_of(batch, site) == {"/blog/1": "excluded", "/": "page_limit"}


async def test_crawl_resumes_from_its_cursor_with_the_same_result(
    site: Site, website: WebsiteReader, context: ReadContext, make_source: Callable[..., Source]
) -> None:
    site.add({f"/{number}": page(f"Page {number}", f"{WORDS} {number}") for number in range(100)})
    site.add({"/": page("Welcome", WORDS + links(*(f"/{number}" for number in range(100))))})
    source = make_source(website, {"url": site.url})
    batch = await website.read(source, None, context)
    read, cursors = list(batch.documents), []
    while batch.cursor:
        cursors.append(batch.cursor)
        first = await website.read(source, batch.cursor, context)
        again = await website.read(source, batch.cursor, context)
        assert first == again
        assert len(batch.cursor) < 100
        read += first.documents
        batch = first
    assert len({document.id for document in read}) == len(read) == 101
    for cursor in cursors[:-3]:
        with pytest.raises(NotFound):
            await website.read(source, cursor, context)


async def test_public_site_is_read_slowly_and_crawl_delay_is_kept(
    site: Site, parsing: ParsingProcesses, read_all: ReadAll, context: ReadContext, make_source: Callable[..., Source]
) -> None:
    site.add({"/": page("Welcome", WORDS + links("/a", "/b")), "/a": page("A", f"{WORDS} a"),
              "/b": page("B", f"{WORDS} b"), "/robots.txt": Answer("User-agent: *\nRequest-rate: 1/1")})  # fmt: skip
    fetcher = Fetcher(user_agent="x", allowed_private_hosts=(site.host,))
    reader = WebsiteReader(fetcher=fetcher, parsing=parsing, requests_per_second=1, most_pages=5)
    source = make_source(reader, {"url": site.url})
    plan = reader.plan_for(source)
    assert plan.pause == 0
    assert len((await read_all(reader, {"url": site.url})).documents) == 3
    public = make_source(reader, {"url": "https://shop.example/"})
    assert reader.plan_for(public).pause == 1.0


async def test_names_of_one_page_are_read_once(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    canonical = f'<link rel="canonical" href="{site.url}tea">'
    names = ("/index.html", "/tea?sort=a", "/tea?sort=b", "/tea", "/moved", "/away", "/b/")
    site.add({
        "/": page("Welcome", WORDS + links(*names)),
        "/index.html": page("Welcome", WORDS),
        "/tea": page("Tea", f"{WORDS} tea", head=canonical),
        "/tea?sort=a": page("Tea", f"{WORDS} tea a", head=canonical),
        "/tea?sort=b": page("Tea", f"{WORDS} tea b", head=canonical),
        "/moved": redirect("/tea"),
        "/away": redirect("http://other.invalid/"),
        "/b/": page("B", f"{WORDS} b", head=f'<link rel="canonical" href="{site.url}">'),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    assert sorted(document.title for document in batch.documents) == ["B", "Tea", "Welcome"]
    assert {document.url for document in batch.documents if document.title == "Tea"} == {f"{site.url}tea"}
    assert failures_of(batch, site) == {"/away": "dns"}


async def test_retry_after_is_honoured(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    def busy_once(handler: Any) -> None:
        busy = handler.site.hits["/busy"] == 1
        handler.send(Answer("", 429, headers={"Retry-After": "0"}) if busy else Answer(page("Busy", f"{WORDS} busy")))

    site.add({"/": page("Welcome", WORDS + links("/busy", "/later")), "/busy": busy_once,
              "/later": Answer("", 503, headers={"Retry-After": "3600"})})  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    assert "Busy" in {document.title for document in batch.documents}
    assert failures_of(batch, site) == {"/later": "server_error"}
    assert site.hits["/later"] == 1


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({}, "url"),
        ({"url": 5}, "url"),
        ({"url": "ftp://example.com"}, "url"),
        ({"url": "http://example.com:22/"}, "url"),
        ({"url": "https://example.com", "max_pages": 0}, "max_pages"),
        ({"url": "https://example.com", "max_depth": "many"}, "max_depth"),
        ({"url": "https://example.com", "include": 7}, "include"),
        ({"url": "https://example.com", "exclude": [7]}, "exclude"),
        ({"url": "https://example.com", "language": "english"}, "language"),
    ],
)
def test_wrong_option_is_named(website: WebsiteReader, options: dict[str, object], field: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        website.check(options)
    assert [problem.field for problem in caught.value.fields] == [field]


def test_options_are_stored_complete(website: WebsiteReader) -> None:
    title, options = website.check({"url": "Example.com/shop#top", "max_pages": "9999", "include": "/a\n\n/b"})
    assert title == "example.com"
    assert options == {
        "url": "https://example.com/shop", "max_pages": 500, "max_depth": 5, "include": ["/a", "/b"], "exclude": [],
        "language": "",
    }  # fmt: skip
