"""What is read of a good website, and why the rest is not."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from typing import Any

from engine.knowledge.crawling.sitemaps import parse_sitemap
from engine.knowledge.readers import WebsiteReader
from engine.knowledge.reading import ReadBatch
from tests.engine.knowledge.parsing.files import lines, pdf
from tests.sites.loopback import Answer, Site, page

ReadAll = Callable[..., Any]
WORDS = "We send every parcel with a number that shows where it is on its way to you."
GERMAN = "Wir verschicken jedes Paket mit einer Nummer, an der man sieht, wo es gerade unterwegs ist."


def links(*paths: str) -> str:
    return "".join(f'<p>See <a href="{path}">{path}</a> for more about it.</p>' for path in paths)


def codes(batch: ReadBatch, site: Site) -> dict[str, str]:
    return {failure.item.removeprefix(site.url.rstrip("/")): failure.code for failure in batch.failures}


async def test_only_the_language_that_was_chosen_is_learned(
    site: Site, website: WebsiteReader, read_all: ReadAll
) -> None:
    both = (
        f'<link rel="alternate" hreflang="en-GB" href="{site.url}">'
        f'<link rel="alternate" hreflang="de" href="{site.url}de/"><link rel="alternate" hreflang="x-default" href="/">'
    )
    site.add({
        "/": page("Welcome", WORDS + links("/versand", "/delivery"), head=both),
        "/de/": page("Willkommen", GERMAN),
        "/versand": page("Versand", f"<p>{GERMAN} Das kostet 4,90 Euro.</p>"),
        "/delivery": page("Delivery", f"<p>{WORDS} It costs 4.90 EUR.</p>"),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url, "language": "en"})
    assert {document.title for document in batch.documents} == {"Welcome", "Delivery"}
    assert codes(batch, site) == {"/de/": "language", "/versand": "language"}
    assert site.hits["/de/"] == 0
    assert len((await read_all(website, {"url": site.url})).documents) == 4


async def test_noindex_holds_but_not_for_terms_and_not_for_a_shop_before_its_opening(
    site: Site, website: WebsiteReader, read_all: ReadAll
) -> None:
    mark = '<meta name="robots" content="noindex, follow">'
    site.add({
        "/": page("Welcome", WORDS + links("/tag/red", "/terms", "/by-header")),
        "/tag/red": page("Red", f"<p>{WORDS} All that is red.</p>" + links("/deep"), head=mark),
        "/terms": page("Terms", f"<p>{WORDS} These are our terms.</p>", head=mark),
        "/deep": page("Deep", f"<p>{WORDS} Found behind the tag.</p>"),
        "/by-header": Answer(page("Header", f"{WORDS} A header."), headers={"X-Robots-Tag": "noindex"}),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    assert {document.title for document in batch.documents} == {"Welcome", "Terms", "Deep"}
    assert codes(batch, site) == {"/tag/red": "noindex", "/by-header": "noindex"}
    site.add({"/": page("Welcome", WORDS + links("/tag/red"), head=mark)})
    assert {document.title for document in (await read_all(website, {"url": site.url})).documents} == {
        "Welcome", "Red", "Deep"
    }  # fmt: skip


async def test_linked_documents_of_the_site_are_read_with_their_pages(
    site: Site, website: WebsiteReader, read_all: ReadAll
) -> None:
    terms = pdf(
        lines("Terms of the shop, which nobody reads to their end."), lines("Returns are possible within thirty days.")
    )
    site.add({
        "/": page("Welcome", WORDS + links("/files/terms.pdf", "/download?id=7", "/broken.pdf", "/photo.jpg")),
        "/files/terms.pdf": Answer(terms, media_type="application/pdf"),
        "/download?id=7": Answer(terms.replace(b"thirty", b"ninety"), media_type="application/pdf"),
        "/broken.pdf": Answer(b"no PDF at all", media_type="application/pdf"),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    by_url = {document.url.removeprefix(site.url): document for document in batch.documents}
    assert set(by_url) == {"", "files/terms.pdf", "download?id=7"}
    found = by_url["files/terms.pdf"]
    assert found.kind == "policy"
    assert found.text[found.page_starts[1] :].startswith("Returns are possible")
    assert set(codes(batch, site)) == {"/broken.pdf"}


async def test_views_of_a_page_are_asked_for_once(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    site.add({
        "/": page("Welcome", WORDS + links("/mugs", "/mugs?sort=price", "/mugs?filter.p=red&print=1", "/mugs/amp/",
                  "/cart", "/?s=tea", "/mugs?x=1", "/mugs?x=2", "/mugs?x=3", "/mugs?x=4", "/mugs?x=5", "/mugs?x=6")),
        **dict.fromkeys(["/mugs", *(f"/mugs?x={n}" for n in range(7))], page("Mugs", f"<p>{WORDS} All our mugs.</p>")),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    assert len(batch.documents) == 2
    assert codes(batch, site) == {"/cart": "shop_function", "/?s=tea": "shop_function",
                                  **{f"/mugs?x={number}": "duplicate" for number in range(1, 7)}}  # fmt: skip
    assert sum(site.hits[f"/mugs?x={number}"] for number in range(7)) < 7
    assert site.hits["/mugs?sort=price"] == site.hits["/mugs/amp/"] == 0


def test_sitemap_names_languages_and_changes() -> None:
    text = """<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
      <url><loc>https://a.example/en</loc><lastmod>2026-11-01</lastmod>
        <xhtml:link rel="alternate" hreflang="de-AT" href="https://a.example/de"/>
        <xhtml:link rel="alternate" hreflang="x-default" href="https://a.example/"/></url>
      <url><loc>https://a.example/de</loc></url><url><loc>javascript:alert(1)</loc></url><url>broken"""
    found = parse_sitemap(text.encode(), "https://a.example/sitemap.xml")
    assert {(page.url, page.modified, page.language) for page in found.pages.values()} == {
        ("https://a.example/en", "2026-11-01", ""), ("https://a.example/de", "", "de"),
    }  # fmt: skip
    assert not parse_sitemap(b"<!doctype html><html>", "https://a.example/").pages


async def test_sitemap_that_cannot_be_read_is_named(site: Site, website: WebsiteReader, read_all: ReadAll) -> None:
    site.add({
        "/": page("Welcome", WORDS),
        "/robots.txt": Answer(f"Sitemap: {site.url}gone.xml\nSitemap: {site.url}zip.gz", media_type="text/plain"),
        "/zip.gz": Answer(gzip.compress(b"\0" * 60_000_000), media_type="application/gzip"),
    })  # fmt: skip
    batch = await read_all(website, {"url": site.url})
    assert codes(batch, site) == {"/gone.xml": "not_found", "/zip.gz": "decompression_bomb"}
    assert len(batch.documents) == 1
