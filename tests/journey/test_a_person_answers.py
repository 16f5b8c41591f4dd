"""A refused question, the merchant's answer in the shopper's channel, and back: in a browser, on three channels."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from studio.entrypoints.screenshots import open_browser, settled
from tests.channel_adapters.platforms.graph import signed, whatsapp_message
from tests.channel_adapters.platforms.slack import callback, direct, post_event, texts_of
from tests.channel_adapters.shops import wait_for
from tests.conftest import RunningServer
from tests.journey.test_linking import signed_in, studio_of
from tests.journey.town import Town, linked_everywhere

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]
ANN = "Hello, this is Ann. For you it is 5 EUR."


class Shopper:
    """Somebody who writes in one channel, and all that was said to them there."""

    def __init__(self, town: Town, kind: str) -> None:
        self.town, self.kind, self.link = town, kind, town.links[kind]
        self.client, self.activities = self.link.server.client(), list[str]()

    def write(self, text: str) -> None:
        match self.kind:
            case "slack":
                path = self.link.hook("events")
                assert post_event(self.client, path, callback(direct(text, "D1ANN"))).status_code == 200
                return
            case "whatsapp":
                content, headers = signed(whatsapp_message(text, "4917"))
                path = self.link.hook("events")
            case _:
                service = self.town.service
                talk = {"id": "a:ann;messageid=1", "conversationType": "personal", "tenantId": service.tenant}
                activity = service.message(text, conversation=talk)
                headers, path = {"Authorization": f"Bearer {service.signed()}"}, self.link.hook("messages")
                assert self.client.post(path, json=activity, headers=headers).is_success
                return
        assert self.client.post(path, content=content, headers=headers).status_code == 200

    def heard(self) -> list[str]:
        """What was said so far, oldest first."""
        match self.kind:
            case "slack":
                return [" ".join(texts_of(post["blocks"])) for post in self.town.slack.posts("D1ANN")]
            case "whatsapp":
                return self.town.graph.texts_to("4917")
            case _:
                said = [s for s in list(self.town.service.sent) if "/v3/conversations/a%3Aann" in s.path]
                return [str(s.json.get("text", "")) for s in said if s.json["type"] == "message"]

    def hears(self, words: str) -> str:
        """What was said with these words in it, once it was."""
        return str(wait_for(lambda: next((text for text in reversed(self.heard()) if words in text), None)))


@pytest.fixture(scope="module")
def town(server: RunningServer) -> Iterator[Town]:
    with linked_everywhere(server) as made:
        link = made.links["slack"]
        rules: dict[str, Any] = {"on": True, "refusals": 2}
        link.merchant.http.patch(f"/v1/bots/{link.bot}/handover", json=rules).raise_for_status()
        yield made
        platforms = (made.slack, made.graph, made.service)
        assert [rule for platform in platforms for rule in platform.broken_rules] == []


def test_a_refused_question_is_answered_by_the_merchant_where_it_was_asked(town: Town):
    link = town.links["slack"]
    with studio_of(link.server) as studio, open_browser() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(30_000)
        signed_in(page, studio, link.merchant, link.bot)
        for kind in ("slack", "whatsapp", "teams"):
            shopper = Shopper(town, kind)
            shopper.write("Who won the world cup in 1998?")
            shopper.hears("can only help")
            shopper.write("What is the capital of Mongolia?")
            shopper.hears("I have asked a person")
            open_inbox(page, studio, link.bot, "Who won the world cup")
            page.get_by_role("button", name="Take over").click()
            expect(page.get_by_text("your bot is silent here")).to_be_visible()
            before = len(shopper.heard())
            shopper.write("How much is delivery to Germany?")
            expect(page.get_by_text("How much is delivery to Germany?").first).to_be_visible(timeout=20_000)
            box = page.get_by_role("textbox", name="Answer the shopper")
            box.fill(ANN)
            box.press("Enter")
            expect(page.get_by_text("delivered").first).to_be_visible(timeout=20_000)
            page.get_by_role("button", name="Hand back").click()
            expect(page.get_by_text("Nobody waits for a person")).to_be_visible()
            shopper.write("How much is delivery to France?")
            shopper.hears("7.90")
            ann, *after = [text for text in shopper.heard()[before:] if text]
            prices = [text for text in after if "EUR" in text]
            assert (ann, len(prices)) == (ANN, 1), "nobody but Ann spoke of Germany"
            assert any("AI assistant" in text for text in shopper.heard()[before + 1 :]), "it says that it is back"


def open_inbox(page: Page, studio: str, bot: str, question: str) -> None:
    """The inbox with the only conversation that waits."""
    page.goto(f"{studio}/inbox?bot={bot}")
    page.get_by_role("heading", name="Inbox", level=1).wait_for()
    settled(page)
    expect(page.get_by_text(question).first).to_be_visible()
