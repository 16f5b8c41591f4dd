"""Testers in real browsers."""

from dataclasses import replace
from types import SimpleNamespace

import pytest
from playwright.sync_api import expect

from engine.answering.answerer import Answerer, Token
from engine.domain.conversation import Reply
from engine.errors import ModelUnavailable
from studio.playground.opinions import Opinion
from studio.playground.talking import Answer, Choice, Talk
from tests.studio.playground.visits import GIFTS, ask, barriers, ratings, visiting


@pytest.mark.browser
def test_tester_asks_rates_and_comments(browser, fern, invite):
    invited = invite(fern, "rita@friend.example")
    with visiting(browser, invited.link) as page:
        assert page.url == f"{fern.base}/playground/"
        expect(page.locator(".shop-header")).to_contain_text("is an AI assistant, not a person")
        expect(page.locator("#chat")).to_contain_text("Hello!")
        page.locator("#examples button").first.click()
        expect(page.locator("#chat .message.bot").last).to_contain_text("4.90")
        expect(page.locator("#examples")).to_be_hidden()
        ask(page, "What is the Fernleaf Mug made of?", "stoneware")
        expect(page.locator(".shop-card").first).to_contain_text("Fernleaf Mug")
        expect(page.locator(".shop-card").first).to_contain_text("€19.00")
        expect(page.locator(".shop-sources").last).to_contain_text("Where this comes from")
        page.locator("#bad").click()
        expect(page.locator("#noted")).to_contain_text("1 answer rated by you")
        page.locator("#comment textarea").fill("It should name the colours.")
        page.locator("#comment textarea").press("Enter")
        expect(page.locator("#noted")).to_contain_text("Your comment was added")
        page.locator("#stars").get_by_label("2 ★").check()
        expect(page.locator("#noted")).to_contain_text("not helpful, 2 stars")
        expect(page.locator("#comment textarea")).to_have_value("It should name the colours.")
        # The thumb of the earlier answer: the greeting is the first message, the first answer the third.
        page.get_by_role("button", name="Like", exact=True).nth(1).click()
        expect(page.locator("#noted")).to_contain_text("2 answers rated by you")
        assert page.said == []
        assert page.hosts <= {fern.base.split("//")[1], "shop.example"}
    mine = [rating for rating in ratings(fern) if rating["tester"] == "rita@friend.example"]
    assert {(rating["helpful"], rating["stars"], rating["comment"]) for rating in mine} == {
        (False, 2, "It should name the colours."),
        (True, None, ""),
    }
    assert fern.call("GET", f"/v1/bots/{fern.bot}/conversations")["items"] == []


@pytest.mark.browser
def test_two_testers_at_once_never_mix(browser, fern, harbour, invite):
    one, two = invite(fern, "one@friend.example"), invite(harbour, "two@friend.example")
    with visiting(browser, one.link) as left, visiting(browser, two.link) as right:
        expect(left.locator(".shop-header h1")).to_have_text("Fernleaf")
        expect(right.locator(".shop-header h1")).to_have_text("Harbour")
        left.locator("#question textarea").fill(GIFTS)
        right.locator("#question textarea").fill("When do boats leave?")
        left.locator("#question textarea").press("Enter")
        right.locator("#question textarea").press("Enter")
        expect(left.locator("#chat .message.bot").last).to_contain_text("three years")
        expect(right.locator("#chat .message.bot").last).to_contain_text("pier nine")
        expect(left.locator("#chat")).not_to_contain_text("boats")
        expect(right.locator("#chat")).not_to_contain_text("Gift")
        ask(right, "Do you offer repairs?", "could not find")
        left.locator("#good").click()
        expect(left.locator("#noted")).to_contain_text("1 answer rated")
        right.reload()
        expect(right.locator(".shop-header h1")).to_have_text("Harbour")
        expect(right.locator("#chat .message.user")).to_have_count(0)
    assert [rating["tester"] for rating in ratings(harbour)] == []
    assert "one@friend.example" in {rating["tester"] for rating in ratings(fern)}


@pytest.mark.browser
def test_an_invitation_that_ends_meanwhile_stops_the_talk(browser, fern, invite):
    invited = invite(fern)
    with visiting(browser, invited.link) as page:
        invited.close()
        page.locator("#question textarea").fill(GIFTS)
        page.locator("#question textarea").press("Enter")
        page.wait_for_timeout(1000)
        expect(page.locator("#chat")).not_to_contain_text("three years")
        page.reload()
        expect(page.get_by_role("heading", name="This invitation does not open the playground")).to_be_visible()
        assert barriers(page) == []


@pytest.mark.browser
def test_limits_and_failures_are_told_and_the_question_is_kept(browser, fern, invite, playground, monkeypatch):
    async def breaking(*_, **__):
        yield Token("Gift")
        raise ModelUnavailable("The model went away.", reason="down")

    async def faulty(*_, **__):
        raise RuntimeError("secret")
        yield

    with visiting(browser, invite(fern, "busy@friend.example").link) as page:
        box, note = page.locator("#question textarea"), page.locator("#noted")
        for answer, words in ((breaking, "went away"), (faulty, "because of a fault")):
            with monkeypatch.context() as patch:
                patch.setattr(Answerer, "stream", answer)
                box.fill(GIFTS)
                box.press("Enter")
                expect(note).to_contain_text(words)
            expect(box).to_have_value(GIFTS)
        box.fill("   ")
        box.press("Enter")
        for _ in range(2):
            page.wait_for_timeout(100)
        limits = playground.state.engine.settings.model_copy(update={"visitor_messages_per_minute": 1})
        object.__setattr__(playground.state.engine, "settings", limits)
        box.fill(GIFTS)
        box.press("Enter")
        expect(note).to_contain_text("Please wait a moment")
        object.__setattr__(
            playground.state.engine, "settings", limits.model_copy(update={"visitor_messages_per_minute": 20})
        )


@pytest.mark.browser
def test_conversation_can_be_cleared(browser, fern, invite):
    with visiting(browser, invite(fern, "clear@friend.example").link) as page:
        ask(page, GIFTS, "three years")
        page.get_by_role("button", name="Clear").click()
        expect(page.locator("#chat .message.user")).to_have_count(0)
        expect(page.locator("#chat")).to_contain_text("Hello!")
        expect(page.locator("#examples")).to_be_visible()


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 1280), ("light", 390), ("dark", 390)])
def test_no_barriers(browser, fern, invite, scheme, width):
    link = invite(fern, f"{scheme}{width}@friend.example").link
    with visiting(browser, link, color_scheme=scheme, viewport={"width": width, "height": 844}) as page:
        ask(page, "What is the Fernleaf Mug made of?", "stoneware")
        page.locator(".shop-sources summary").last.click()
        page.locator("#good").click()
        page.locator("#stars").get_by_label("4 ★").check()
        expect(page.locator("#comment textarea")).to_be_visible()
        page.locator("#finish").click()
        expect(page.locator("#closing h2")).to_be_visible()
        page.wait_for_timeout(400)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


@pytest.mark.browser
@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 390)])
def test_looks_redraw_what_is_shown_and_ask_nothing_outside(browser, fern, invite, scheme, width):
    link = invite(fern, f"look{width}@friend.example").link
    with visiting(browser, link, color_scheme=scheme, viewport={"width": width, "height": 844}) as page:
        look = page.locator("#look")
        ask(page, "What is the Fernleaf Mug made of?", "stoneware")
        look.get_by_label("Slack").check()
        expect(page.locator(".look-slack .look-section a").first).to_have_text("Fernleaf Mug")
        expect(page.locator(".shop-card")).to_have_count(0)
        page.wait_for_timeout(300)
        assert barriers(page) == []
        look.get_by_label("Messenger").check()
        expect(page.locator(".look-messenger .look-card strong").first).to_have_text("Fernleaf Mug")
        ask(page, "Do you rent out helicopters?", "could not find")
        quick = page.locator(".look-messenger").last.locator(".look-quick span")
        expect(quick.first).to_have_text("How much does…")
        page.wait_for_timeout(300)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        look.get_by_label("Website").check()
        expect(page.locator(".shop-card").first).to_contain_text("Fernleaf Mug")
        assert page.said == []
        assert page.hosts <= {fern.base.split("//")[1], "shop.example"}


@pytest.mark.browser
def test_stars_alone_are_a_rating_and_an_earlier_answer_can_be_chosen(browser, fern, invite):
    with visiting(browser, invite(fern, "stella@friend.example").link) as page:
        ask(page, GIFTS, "three years")
        page.locator("#stars").get_by_label("3 ★").check()
        expect(page.locator("#noted")).to_contain_text("3 stars. 1 answer rated")
        ask(page, "Is the packaging recyclable?", "cardboard")
        expect(page.locator("#stars input:checked")).to_have_count(0)
        page.locator("#stars").get_by_label("5 ★").check()
        expect(page.locator("#noted")).to_contain_text("2 answers rated")
        page.get_by_role("button", name="Dislike", exact=True).nth(1).click()
        expect(page.locator("#noted")).to_contain_text("“Do you sell gift cards?”: not helpful, 3 stars")
        expect(page.locator("#stars").get_by_label("3 ★")).to_be_checked()
        page.locator("#comment textarea").fill("Which amounts?")
        page.locator("#comment textarea").press("Enter")
        expect(page.locator("#noted")).to_contain_text("Your comment was added")
        page.get_by_role("button", name="Like", exact=True).first.click()
        expect(page.locator("#noted")).to_contain_text("only the greeting")
    mine = [rating for rating in ratings(fern) if rating["tester"] == "stella@friend.example"]
    assert {(one["question"], one["helpful"], one["stars"], one["comment"]) for one in mine} == {
        (GIFTS, False, 3, "Which amounts?"),
        ("Is the packaging recyclable?", True, 5, ""),
    }


@pytest.mark.browser
def test_tester_finishes_by_keyboard_on_a_phone_and_changes_the_answers(browser, fern, invite):
    invited = invite(fern, "fay@friend.example")

    def said():
        items = fern.call("GET", f"/v1/bots/{fern.bot}/versions/1/questionnaires")["items"]
        return [
            (one["would_use"], one["trusts"], one["missing"]) for one in items if one["tester"] == "fay@friend.example"
        ]

    with visiting(browser, invited.link, viewport={"width": 390, "height": 844}) as page:
        page.locator("#finish").focus()
        page.keyboard.press("Enter")
        form = page.locator("#closing")
        expect(form.locator("input").first).to_be_focused()
        page.locator("#send_closing").click()
        expect(form).to_contain_text("Please answer the first two questions")
        form.locator("input").first.focus()
        for key in ("Space", "ArrowRight", "ArrowRight", "ArrowRight", "Tab", "Space", "ArrowRight", "Tab"):
            page.keyboard.press(key)
        page.keyboard.type("A size guide")
        page.locator("#send_closing").focus()
        page.keyboard.press("Enter")
        expect(form).to_contain_text("Thank you! The shop has your answers.")
        assert said() == [(4, 2, "A size guide")]
        page.reload()
        page.get_by_role("button", name="Change your last answers").click()
        expect(form.locator("textarea")).to_have_value("A size guide")
        form.get_by_label("5", exact=True).first.check()
        page.locator("#send_closing").click()
        expect(form).to_contain_text("Thank you!")
        assert said() == [(5, 2, "A size guide")]


def test_events_refuse_a_stolen_page_state():
    """The page's own memory names no tester: a state of somebody else begins a fresh talk."""
    tester = SimpleNamespace(invite=SimpleNamespace(id="invite_mine"))
    theirs = Answer(2, "q", Reply("conversation_theirs", "turn_theirs", "a", "en", "answered"))
    stolen = Talk("invite_theirs", "conversation_theirs", (theirs,))
    assert stolen.belonging_to(tester) == Talk(invite="invite_mine")
    own = Talk("invite_mine").answered(2, "q", replace(theirs.reply, turn_id="t"))
    assert own.belonging_to(tester) is own
    assert (own.answer_at(2), own.answer_at(1)) == (own.answers[0], None)


def test_a_chosen_answer_is_rated_until_a_newer_one_comes():
    first = Reply("c", "t1", "a", "en", "answered")
    talk = Talk("i").answered(2, "one", first).answered(4, "two", replace(first, turn_id="t2"))
    choice = Choice("t1", 2)
    assert choice.answer(talk) is talk.answers[0]
    later = talk.answered(6, "three", replace(first, turn_id="t3"))
    assert choice.answer(later) is later.answers[2]
    assert Choice().answer(talk) is talk.answers[1]
    assert Choice().answer(Talk()) is None


@pytest.mark.parametrize(
    ("opinion", "helpful"),
    [
        (Opinion(), None), (Opinion(stars=3), False), (Opinion(stars=4), True), (Opinion(thumb=True, stars=1), True),
        (Opinion(thumb=False, stars=5), False), (Opinion(comment="x"), None),
    ],
)  # fmt: skip
def test_the_thumb_goes_before_the_stars(opinion, helpful):
    assert opinion.helpful is helpful


def test_server_entry_point_offers_the_playground_only_when_wished(monkeypatch, tmp_path):
    import uvicorn

    from engine.settings import Settings
    from studio.entrypoints import server as entry

    served = []
    monkeypatch.setattr(uvicorn.Server, "run", lambda self: served.append(self.config.app))
    monkeypatch.setenv("STORECLERK_DATA_DIR", str(tmp_path))
    monkeypatch.setattr("engine.logging.configure_logging", lambda _: None)
    for wished in ("true", "false"):
        monkeypatch.setenv("STORECLERK_PLAYGROUND", wished)
        assert Settings(_env_file=None).playground is (wished == "true")
        assert entry.main() == 0
    paths = [{getattr(route, "path", "") for route in app.routes} for app in served]
    assert "/playground" in paths[0]
    assert "/playground" not in paths[1]
