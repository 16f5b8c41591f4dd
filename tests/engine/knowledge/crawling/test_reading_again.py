"""Reading a website again: only what changed is sent, and what fails for the moment is kept."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from tests.engine.knowledge.conftest import NOW
from tests.sites.loopback import Answer, Site, dripping, page, tagged

WORDS = "We send every parcel with a number that shows where it is on its way to you."
OFFER = (
    '<script type="application/ld+json">{"@type": "Product", "name": "Mug", "sku": "M1", "offers": {"@type": "Offer", '
    '"price": "12.90", "priceCurrency": "EUR", "availability": "InStock"}}</script>'
)
PAGES = {
    "/": page("Welcome", f"<p>{WORDS}</p><a href='/delivery'>Delivery</a> <a href='/mug'>Mug</a>"),
    "/delivery": page("Delivery", f"<p>{WORDS} It costs 4.90 EUR.</p><a href='/deep'>More</a>"),
    "/deep": page("Deep", f"<p>{WORDS} This stands two clicks away.</p>"),
    "/mug": page("Mug", f"<p>{WORDS} A mug of stoneware.</p>", head=OFFER),
}


async def test_unchanged_site_is_confirmed_without_being_sent(
    site: Site, readings: Callable[..., Any], words_of: Callable[..., Any]
) -> None:
    site.add({path: tagged(f"v1{path}", body) for path, body in PAGES.items()})
    reader = readings({"url": site.url})
    first, second, third = await reader.next(), await reader.next(), await reader.next()
    assert len(first.documents) == 4
    assert len(first.products) == 1
    assert words_of(first) == words_of(second) == words_of(third)
    assert first.failures == third.failures == ()
    asked = [headers.get("if-none-match") for headers in site.headers]
    assert sum(1 for condition in asked if condition) == 8
    assert {document.fetched_at for document in third.documents} == {NOW + timedelta(hours=2)}


async def test_changed_page_is_learned_anew_and_a_removed_one_is_gone(site: Site, readings: Callable[..., Any]) -> None:
    site.add({path: tagged(f"v1{path}", body) for path, body in PAGES.items()})
    reader = readings({"url": site.url})
    await reader.next()
    site.add({"/delivery": tagged("v2", page("Delivery", f"<p>{WORDS} It costs 6.90 EUR.</p>"))})
    second = await reader.next()
    by_title = {document.title: document.text for document in second.documents}
    assert "6.90 EUR" in by_title["Delivery"]
    assert "Deep" not in by_title


async def test_page_that_fails_for_the_moment_is_kept_with_its_date(site: Site, readings: Callable[..., Any]) -> None:
    site.add(PAGES)
    reader = readings({"url": site.url})
    first = await reader.next()
    site.add({"/delivery": Answer("", 502), "/mug": dripping})
    for _ in range(2):
        again = await reader.next()
        dates = {document.title: document.fetched_at for document in again.documents}
        assert dates["Delivery"] == dates["Mug"] == NOW
        assert dates["Welcome"] == dates["Deep"] > NOW
        assert again.products == first.products
        assert {failure.item.removeprefix(site.url): failure.code for failure in again.failures} == {
            "delivery": "kept_copy", "mug": "kept_copy"
        }  # fmt: skip
    site.add({"/delivery": Answer("", 404)})
    assert "Delivery" not in {document.title for document in (await reader.next()).documents}


async def test_page_that_could_not_be_learned_is_asked_for_in_full(site: Site, readings: Callable[..., Any]) -> None:
    shell = '<html><body><div id="app"></div><script></script></body></html>'
    site.add({"/": PAGES["/"], "/delivery": tagged("v1", shell)})
    reader = readings({"url": site.url})
    for _ in range(2):
        batch = await reader.next()
        assert "javascript_only" in {failure.code for failure in batch.failures}
    assert not any("if-none-match" in headers for headers in site.headers)
    site.add({"/delivery": Answer("", 502)})
    assert "kept_copy" not in {failure.code for failure in (await reader.next()).failures}


async def test_host_that_asks_for_a_rest_gets_it_and_is_read_to_its_end(
    site: Site, readings: Callable[..., Any]
) -> None:
    def limited(handler: Any) -> None:
        if 3 <= sum(site.hits.values()) <= 5:
            handler.send(Answer("", 429, headers={"Retry-After": "1"}))
        else:
            handler.send(Answer(page(handler.path, f"<p>{WORDS} This is {handler.path}.</p>")))

    paths = [f"/page-{number}" for number in range(6)]
    site.add({"/": page("Home", WORDS + "".join(f'<a href="{path}">x</a>' for path in paths))})
    site.add(dict.fromkeys(paths, limited))
    batch = await readings({"url": site.url}).next()
    assert batch.failures == ()
    assert len(batch.documents) == 7
