"""Testers in real browsers."""

from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from engine.answering.answerer import Answerer, Token
from engine.errors import ModelUnavailable

GIFTS = "Do you sell gift cards?"


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


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
        expect(page.locator(".shop-confirmation")).to_contain_text("1 rating from you")
        page.locator("#comment textarea").fill("It should name the colours.")
        page.locator("#comment textarea").press("Enter")
        expect(page.locator(".shop-confirmation")).to_contain_text("Your comment was added")
        # The thumb of the earlier answer: the greeting is the first message, the first answer the third.
        page.get_by_role("button", name="Like", exact=True).nth(1).click()
        expect(page.locator(".shop-confirmation")).to_contain_text("2 ratings from you")
        assert page.said == []
        assert page.hosts <= {fern.base.split("//")[1], "shop.example"}
    mine = [rating for rating in ratings(fern) if rating["tester"] == "rita@friend.example"]
    assert {(rating["helpful"], rating["comment"]) for rating in mine} == {
        (False, "It should name the colours."),
        (True, ""),
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
        expect(left.locator(".shop-confirmation")).to_contain_text("1 rating")
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
        box, note = page.locator("#question textarea"), page.locator(".shop-confirmation")
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
        expect(page.locator("#comment textarea")).to_be_visible()
        page.wait_for_timeout(300)
        assert barriers(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def barriers(page):
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in {"serious", "critical"}]


def test_events_refuse_a_stolen_page_state(fern, harbour, invite):
    """The page's own memory names no tester: a state of somebody else begins a fresh talk."""
    from types import SimpleNamespace

    from studio.playground.talking import Talk

    tester = SimpleNamespace(invite=SimpleNamespace(id="invite_mine"))
    stolen = Talk("invite_theirs", "conversation_theirs", ((2, "turn_theirs"),), "turn_theirs")
    assert stolen.belonging_to(tester) == Talk(invite="invite_mine")
    own = Talk("invite_mine").answered(2, "c", "t")
    assert own.belonging_to(tester) is own
    assert (own.turn_at(2), own.turn_at(1), own.last_turn, Talk().last_turn) == ("t", None, "t", None)


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
