"""The team's channel is named on the Inbox page, and who takes over in Slack is seen in the studio; in a browser."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from studio.entrypoints.screenshots import open_browser, settled
from tests.channel_adapters.team import Shopper, Team, shop_with_team
from tests.conftest import RunningServer
from tests.journey.test_linking import signed_in, studio_of

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def team(server: RunningServer) -> Iterator[Team]:
    with shop_with_team(server) as made:
        yield made


def test_a_merchant_names_the_channel_and_sees_who_answers_there(team: Team):
    with studio_of(team.server) as studio, open_browser() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(30_000)
        signed_in(page, studio, team.merchant, team.bot)
        page.goto(f"{studio}/inbox?bot={team.bot}")
        page.get_by_role("heading", name="Inbox", level=1).wait_for()
        settled(page)
        page.get_by_text("When a person is asked for").click()
        team.slack.refusals["chat.postMessage"] = ["not_in_channel"]
        page.get_by_role("textbox", name="Slack channel").fill("C0123ABCD")
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Write /invite and its name there").first).to_be_visible()
        page.get_by_role("button", name="Save").click()
        (hello,) = team.slack.wait_post("C0123ABCD", 2)[1:]
        assert "when a shopper wants a person" in hello["text"]
        team.room = "C0123ABCD"
        shopper = Shopper(team)
        shopper.wants_a_person()
        post = team.post()
        team.claims(post)
        team.event(team.written(post, "Hello, this is Ann."))
        shopper.hears("Hello, this is Ann.")
        page.goto(f"{studio}/inbox?bot={team.bot}")
        expect(page.get_by_text("ann (Slack) has taken this conversation over.")).to_be_visible()
        expect(page.get_by_text("Hello, this is Ann.")).to_be_visible()
        expect(page.get_by_text("ann (Slack) ·").first).to_be_visible()
