"""Testers who are faster than their connection: nothing they send, choose or type is lost to what arrives late."""

from __future__ import annotations

import asyncio
import re
import threading

import pytest
from playwright.sync_api import expect

from engine.answering.answerer import Done
from tests.studio.playground.visits import GIFTS, ask, barriers, ratings, visiting

pytestmark = pytest.mark.browser
BOX, NOTE, COMMENT = "#question textarea", "#noted", "#comment textarea"
RETURNS = "How long can I return what I bought?"
REPAIRS = "Do you offer repairs?"


class Held:
    """What goes over the line, until it is let through."""

    def __init__(self, page, address):
        self.page, self.routes, self.open = page, [], False
        page.route(re.compile(address), self.pass_on)

    def pass_on(self, route):
        if self.open:
            route.continue_()
        else:
            self.routes.append(route)

    def wait(self, number=1):
        """Until so many requests stand in the line."""
        for _ in range(500):
            if len(self.routes) >= number:
                return
            self.page.wait_for_timeout(20)
        raise AssertionError(f"{len(self.routes)} requests came, not {number}")

    def release(self):
        self.open = True
        while self.routes:
            self.routes.pop(0).continue_()


def answers(page):
    """Holds back all that the server says from now on; what is sent reaches it."""
    return Held(page, "/queue/data")


def clicks(page):
    """Holds back what is sent from now on."""
    return Held(page, "/queue/join")


def send(page, text):
    page.locator(BOX).fill(text)
    page.locator(BOX).press("Enter")


@pytest.fixture
def slow(playground):
    """The assistant's answers end only when told to."""
    engine = playground.state.engine

    class Slow:
        begun, may_end, cancelled = 0, threading.Event(), 0

        async def stream(self, *asked, **more):
            async for event in quick.stream(*asked, **more):
                if isinstance(event, Done):
                    self.begun += 1
                    try:
                        while not self.may_end.is_set():
                            await asyncio.sleep(0.01)
                    except (asyncio.CancelledError, GeneratorExit):
                        self.cancelled += 1
                        raise
                yield event

    quick, answerer = engine.answerer, Slow()
    object.__setattr__(engine, "answerer", answerer)
    yield answerer
    answerer.may_end.set()
    object.__setattr__(engine, "answerer", quick)


def said(page):
    return page.locator("#chat .message.user").all_inner_texts()


def test_questions_sent_while_an_answer_is_on_its_way_wait_their_turn(browser, fern, invite):
    with visiting(browser, invite(fern, "quick@friend.example").link) as page:
        line = answers(page)
        send(page, GIFTS)
        line.wait()
        send(page, RETURNS)
        page.locator("#examples button").first.click()
        send(page, REPAIRS)
        expect(page.locator(BOX)).to_have_value("")
        expect(page.locator("#upcoming p")).to_have_text(
            [f"Next: “{text}”" for text in (GIFTS, RETURNS, "How much does delivery to Germany cost?", REPAIRS)]
        )
        page.wait_for_timeout(400)
        assert barriers(page) == []
        line.release()
        bubbles = page.locator("#chat .message.bot")
        expect(bubbles).to_have_count(5)
        for place, words in enumerate(("three years", "30 days", "4.90", "first year"), start=1):
            expect(bubbles.nth(place)).to_contain_text(words)
        expect(page.locator("#good")).to_be_visible()
        expect(page.locator("#upcoming p")).to_have_count(0)
        assert [text.strip() for text in said(page)] == [
            GIFTS, RETURNS, "How much does delivery to Germany cost?", REPAIRS,
        ]  # fmt: skip
        page.locator("#good").click()
        expect(page.locator(NOTE)).to_contain_text(f"You rated “{REPAIRS}”: helpful")
        assert page.said == []


def test_a_question_sent_while_an_answer_is_written_waits_for_its_end(browser, fern, invite, slow):
    with visiting(browser, invite(fern, "mid@friend.example").link) as page:
        send(page, GIFTS)
        expect(page.locator("#chat .message.bot").last).to_contain_text("three years")
        send(page, RETURNS)
        expect(page.locator("#upcoming")).to_contain_text(f"Next: “{RETURNS}”")
        page.locator(BOX).fill("Is the pack")
        assert slow.begun == 1
        slow.may_end.set()
        expect(page.locator("#chat .message.bot").nth(2)).to_contain_text("30 days")
        expect(page.locator("#good")).to_be_visible()
        expect(page.locator(BOX)).to_have_value("Is the pack")
        assert slow.begun == 2


def test_what_is_typed_before_the_question_has_arrived_stays_in_the_box(browser, fern, invite):
    with visiting(browser, invite(fern, "typing@friend.example").link) as page:
        line = clicks(page)
        send(page, GIFTS)
        line.wait()
        page.locator(BOX).fill("And how mu")
        line.release()
        expect(page.locator("#chat .message.bot").last).to_contain_text("three years")
        expect(page.locator("#good")).to_be_visible()
        expect(page.locator(BOX)).to_have_value("And how mu")
        expect(page.locator(BOX)).to_be_focused()


def test_a_star_chosen_while_a_thumb_is_on_its_way_stays(browser, fern, invite):
    with visiting(browser, invite(fern, "both@friend.example").link) as page:
        ask(page, GIFTS, "three years")
        line = answers(page)
        page.locator("#bad").click()
        line.wait()
        sent = clicks(page)
        page.locator("#stars").get_by_label("2 ★").check()
        sent.wait()
        line.release()
        expect(page.locator(NOTE)).to_contain_text("not helpful. 1 answer rated")
        page.wait_for_timeout(200)
        expect(page.locator("#stars").get_by_label("2 ★")).to_be_checked()
        page.locator(COMMENT).fill("Which amo")
        sent.release()
        expect(page.locator(NOTE)).to_contain_text("not helpful, 2 stars")
        expect(page.locator("#stars").get_by_label("2 ★")).to_be_checked()
        expect(page.locator(COMMENT)).to_have_value("Which amo")
    assert [(one["helpful"], one["stars"]) for one in ratings(fern) if one["tester"] == "both@friend.example"] == [
        (False, 2)
    ]


def test_the_last_star_counts_when_several_are_chosen_quickly(browser, fern, invite):
    with visiting(browser, invite(fern, "many@friend.example").link) as page:
        ask(page, GIFTS, "three years")
        line = answers(page)
        for stars in ("1 ★", "5 ★", "3 ★"):
            page.locator("#stars").get_by_label(stars).check()
            line.wait()
        line.release()
        expect(page.locator(NOTE)).to_contain_text(": 3 stars.")
        expect(page.locator("#stars").get_by_label("3 ★")).to_be_checked()


def test_a_thumb_that_is_changed_quickly_counts_as_it_was_left(browser, fern, invite):
    with visiting(browser, invite(fern, "wavering@friend.example").link) as page:
        ask(page, GIFTS, "three years")
        line = answers(page)
        for thumb in ("#good", "#bad", "#good"):
            page.locator(thumb).click()
            line.wait()
            page.wait_for_timeout(300)
        line.release()
        expect(page.locator(NOTE)).to_contain_text(": helpful.")
        page.wait_for_timeout(300)
    assert [one["helpful"] for one in ratings(fern) if one["tester"] == "wavering@friend.example"] == [True]


def test_a_star_chosen_right_after_the_thumb_of_an_earlier_answer_stays(browser, fern, invite):
    with visiting(browser, invite(fern, "earlier@friend.example").link) as page:
        ask(page, GIFTS, "three years")
        ask(page, RETURNS, "30 days")
        page.locator("#stars").get_by_label("5 ★").check()
        expect(page.locator(NOTE)).to_contain_text("5 stars")
        line = answers(page)
        page.get_by_role("button", name="Dislike", exact=True).nth(1).click()
        line.wait()
        sent = clicks(page)
        page.locator("#stars").get_by_label("1 ★").check()
        sent.wait()
        line.release()
        expect(page.locator(NOTE)).to_contain_text(f"“{GIFTS}”: not helpful")
        page.wait_for_timeout(200)
        expect(page.locator("#stars").get_by_label("1 ★")).to_be_checked()
        sent.release()
        expect(page.locator(NOTE)).to_contain_text(f"“{GIFTS}”: not helpful, 1 star")
        expect(page.locator("#stars").get_by_label("1 ★")).to_be_checked()


def test_questions_behind_one_that_failed_come_back_into_the_box(browser, fern, invite, playground):
    engine = playground.state.engine
    usual = engine.settings
    try:
        with visiting(browser, invite(fern, "failing@friend.example").link) as page:
            ask(page, GIFTS, "three years")
            page.locator("#stars").get_by_label("4 ★").check()
            expect(page.locator(NOTE)).to_contain_text("4 stars")
            page.locator(COMMENT).fill("Which am")
            object.__setattr__(engine, "settings", usual.model_copy(update={"visitor_messages_per_minute": 1}))
            line = answers(page)
            send(page, RETURNS)
            line.wait()
            send(page, REPAIRS)
            expect(page.locator(BOX)).to_have_value("")
            page.locator(BOX).fill("Is the pack")
            line.release()
            expect(page.locator(NOTE)).to_contain_text("Please wait a moment")
            expect(page.locator(BOX)).to_have_value(f"{RETURNS}\n{REPAIRS}\nIs the pack")
            expect(page.locator("#upcoming p")).to_have_count(0)
            expect(page.locator("#stars").get_by_label("4 ★")).to_be_checked()
            expect(page.locator(COMMENT)).to_have_value("Which am")
            object.__setattr__(engine, "settings", usual)
            ask(page, REPAIRS, "first year")
            expect(page.locator("#stars input:checked")).to_have_count(0)
            expect(page.locator(COMMENT)).to_be_hidden()
            assert len(said(page)) == 2
    finally:
        object.__setattr__(engine, "settings", usual)


def test_a_question_that_the_server_refuses_comes_back_into_the_box(browser, fern, invite):
    invited = invite(fern, "late@friend.example")
    with visiting(browser, invited.link) as page:
        invited.close()
        send(page, GIFTS)
        expect(page.locator(BOX)).to_have_value(GIFTS)
        expect(page.locator("#upcoming p")).to_have_count(0)


def test_a_look_chosen_while_an_answer_is_on_its_way_loses_no_answer(browser, fern, invite):
    with visiting(browser, invite(fern, "looking@friend.example").link) as page:
        line = answers(page)
        send(page, GIFTS)
        line.wait()
        page.locator("#look").get_by_label("Slack").check()
        page.wait_for_timeout(300)
        line.release()
        expect(page.locator("#chat .look-slack")).to_contain_text("three years")


def test_a_conversation_cleared_while_an_answer_is_written_stays_clear(browser, fern, invite, slow):
    with visiting(browser, invite(fern, "clearing@friend.example").link) as page:
        send(page, GIFTS)
        expect(page.locator("#chat .message.bot").last).to_contain_text("three years")
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("#chat .message.user")).to_have_count(0)
        expect(page.locator("#chat")).to_contain_text("Hello!")
        slow.may_end.set()
        page.wait_for_timeout(500)
        expect(page.locator("#chat .message.user")).to_have_count(0)
        ask(page, RETURNS, "30 days")
        expect(page.locator("#chat .message.user")).to_have_count(1)
        expect(page.locator("#chat .message.bot")).to_have_count(2)


def test_a_question_that_waits_outlives_the_conversation_that_is_cleared(browser, fern, invite, slow):
    with visiting(browser, invite(fern, "next@friend.example").link) as page:
        send(page, GIFTS)
        expect(page.locator("#chat .message.bot").last).to_contain_text("three years")
        send(page, RETURNS)
        page.get_by_role("button", name="Clear").click()
        expect(page.locator(BOX)).to_have_value(RETURNS)
        expect(page.locator("#upcoming p")).to_have_count(0)
        expect(page.locator("#chat .message.user")).to_have_count(0)
        slow.may_end.set()
        page.locator(BOX).press("Enter")
        expect(page.locator("#chat .message.bot").last).to_contain_text("30 days")


def test_the_box_opens_when_the_page_is_filled(browser, fern, invite):
    context = browser.new_context()
    page = context.new_page()
    line = answers(page)
    page.goto(invite(fern, "opening@friend.example").link)
    line.wait()
    expect(page.locator(BOX)).to_be_disabled()
    line.release()
    ask(page, GIFTS, "three years")
    expect(page.locator("#chat")).to_contain_text("Hello!")
    context.close()
