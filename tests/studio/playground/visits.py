"""What testers do in a browser, for the tests of the playground's page."""

from __future__ import annotations

from contextlib import contextmanager

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

GIFTS = "Do you sell gift cards?"


@contextmanager
def visiting(browser, link, **options):
    """The playground as one tester sees it."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
    page = context.new_page()
    page.set_default_timeout(15_000)
    page.hosts, page.said = set(), []
    page.on("request", lambda request: page.hosts.add(request.url.split("/")[2]))
    page.on("pageerror", lambda error: page.said.append(str(error)))
    page.goto(link)
    expect(page.locator(".shop-header h1")).to_be_visible(timeout=20_000)
    try:
        yield page
    finally:
        context.close()


def ask(page, text, words):
    page.locator("#question textarea").fill(text)
    page.locator("#question textarea").press("Enter")
    expect(page.locator("#chat .message.bot").last).to_contain_text(words)
    expect(page.locator("#good")).to_be_visible()


def ratings(shop):
    return shop.call("GET", f"/v1/bots/{shop.bot}/versions/1/ratings")["items"]


def barriers(page):
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in {"serious", "critical"}]
