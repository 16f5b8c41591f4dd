"""Five testers of one assistant at once: nothing of one reaches another."""

import re

import httpx
import pytest
from playwright.sync_api import expect, sync_playwright

from bench.testers import PAIRS, Figures, check_kept, run, strangers
from studio.playground import mount_playground
from tests.channel_adapters.shops import replica
from tests.conftest import Merchant

LIMITS = dict.fromkeys(
    (
        "visitor_messages_per_minute",
        "visitor_messages_per_day",
        "address_messages_per_minute",
        "bot_messages_per_minute",
    ),
    100_000,
)


@pytest.fixture(scope="module")
def busy(server):
    """A playground whose limits are out of the way."""
    with replica(server, mount_playground, **LIMITS) as app:
        yield app


@pytest.fixture
def shop(server, busy):
    """A merchant and their trained assistant, spoken to through the busy server."""
    merchant: Merchant = server.merchant("Fernleaf")
    bot = merchant.bot("Fernleaf")
    merchant.http.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
    assert merchant.train(bot)["status"] == "ready"
    with httpx.Client(base_url=busy.state.base, timeout=60, headers=merchant.http.headers) as client:
        yield client, bot


def test_hundred_exchanges_of_five_testers_stay_apart(shop):
    client, bot = shop
    figures = run(client, bot, 100)
    assert (figures.exchanges, figures.ratings) == (100, 35)
    assert (figures.crossed_messages, figures.crossed_ratings, figures.lost) == (0, 0, 0)
    invites = client.get(f"/v1/bots/{bot}/invites").json()["items"]
    assert {(invite["questions"], invite["ratings"]) for invite in invites} == {(20, 7)}


def test_a_stranger_s_mark_and_rating_would_be_noticed(shop):
    assert strangers("tester1x3 tester2x3 tester1x4", 1) == 1
    client, bot = shop
    asked = client.post(f"/v1/bots/{bot}/versions/1/ask", json={"text": "Do you sell gift cards? tester1x0"}).json()
    body = {"turn_id": asked["turn_id"], "helpful": True, "stars": 1, "comment": "comment tester2x0"}
    client.post(f"/v1/bots/{bot}/versions/1/ratings", json=body).raise_for_status()
    figures = Figures(ratings=1)
    check_kept(client, bot, figures)
    assert (figures.crossed_ratings, figures.clean) == (1, False)


@pytest.mark.browser
def test_five_browsers_show_each_tester_only_their_own(shop, busy):
    client, bot = shop
    links = []
    for number in range(5):
        invite = client.post(f"/v1/bots/{bot}/invites", json={"email": f"tester{number}@friend.example"}).json()
        links.append(busy.state.base + "/playground" + invite["link"].split("/playground", 1)[1])
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        pages = [browser.new_context().new_page() for _ in links]
        for page, link in zip(pages, links, strict=True):
            page.goto(link)
            expect(page.locator(".shop-header h1")).to_be_visible(timeout=20_000)
        for turn in range(4):
            for number, page in enumerate(pages):
                page.locator("#question textarea").fill(f"Do you sell gift cards? tester{number}x{turn}")
                page.locator("#question textarea").press("Enter")
            for page in pages:
                expect(page.locator("#chat .message.user")).to_have_count(turn + 1)
                expect(page.locator("#rating")).to_be_visible(timeout=20_000)
        for number, page in enumerate(pages):
            page.locator("#stars").get_by_label(f"{number + 1} ★").check()
            expect(page.locator("#noted")).to_contain_text(f"tester{number}x3")
            page.locator("#comment textarea").fill(f"comment tester{number}x{number + 5}")
            page.locator("#comment textarea").press("Enter")
            expect(page.locator("#noted")).to_contain_text("Your comment was added")
        for number, page in enumerate(pages):
            seen = page.locator("body").inner_text()
            assert set(re.findall(r"tester(\d)x", seen)) == {str(number)}
            cookies = page.context.cookies()
            assert [links[number].rsplit("/", 1)[1]] == [cookie["value"] for cookie in cookies]
        browser.close()
    kept = client.get(f"/v1/bots/{bot}/versions/1/ratings").json()["items"]
    assert {(one["tester"], one["stars"], one["comment"]) for one in kept} == {
        (f"tester{number}@friend.example", number + 1, f"comment tester{number}x{number + 5}") for number in range(5)
    }
