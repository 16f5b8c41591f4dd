"""From a shopper's mail that the bot could not answer to an answer that everybody gets, in a real browser."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from studio.entrypoints.screenshots import open_browser, settled
from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.mail import mail, provider
from tests.channel_adapters.shops import wait_for
from tests.conftest import RunningServer
from tests.journey.test_linking import signed_in, studio_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
QUESTION = "Do you engrave initials on the mugs?"


def serious(page: Page) -> list[tuple[str, str]]:
    """What keeps somebody from using the page."""
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in {"serious", "critical"}]


def test_what_a_person_answered_by_mail_is_what_the_next_shopper_reads(server: RunningServer):
    with (
        provider() as box,
        platforms_and_server(server, {}, channel_private_hosts=box.hosts, channel_collect_seconds=0.4) as replica,
        studio_of(replica) as studio,
        open_browser() as browser,
    ):
        owner = replica.merchant()
        linked = Linked(replica, owner, owner.live_bot(), "email")
        linked.link(box.settings)
        owner.http.patch(f"/v1/bots/{linked.bot}/handover", json={"on": True}).raise_for_status()
        asked, other = mail(QUESTION), mail(QUESTION, sender="bo@people.example")
        box.put(asked)
        box.answers_to(asked)
        base = f"/v1/bots/{linked.bot}/conversations"
        talk = f"{base}/{owner.http.get(base).json()['items'][0]['id']}"
        owner.http.post(f"{talk}/claim").raise_for_status()
        words = {"text": "Yes, Anna, for order 10472 too. It takes a week."}
        owner.http.post(f"{talk}/messages", json=words).raise_for_status()
        assert "takes a week" in box.answers_to(asked, 2)[1].text
        page = browser.new_context(viewport={"width": 390, "height": 844}, color_scheme="dark").new_page()
        page.set_default_timeout(30_000)
        signed_in(page, studio, owner, linked.bot)
        page.goto(f"{studio}/inbox?bot={linked.bot}")
        page.get_by_role("link", name="Let the assistant say what you answered").click()
        expect(page.get_by_role("heading", name="You answered this yourself")).to_be_visible()
        settled(page)
        assert serious(page) == []
        assert page.evaluate("document.querySelector('main').scrollWidth") <= 390
        expect(page.get_by_text("10472 (a number, such as an order's)")).to_be_visible()
        page.get_by_role("button", name="Use it").click()
        expect(page.get_by_text("Take out what belongs to one customer")).to_be_visible()
        page.get_by_role("textbox", name="The answer, given word for word").fill("Yes, we engrave. It takes a week.")
        page.get_by_role("button", name="Use it").click()
        expect(page.get_by_role("heading", name="You answered this yourself")).to_be_hidden()
        wait_for(lambda: owner.http.get(f"/v1/bots/{linked.bot}/pins").json()["items"] or None)
        box.put(other)
        assert "Yes, we engrave. It takes a week." in box.answers_to(other)[0].text
