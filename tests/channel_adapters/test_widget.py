"""The widget: its files and headers, and the chat in a real browser on a shop's page of another origin."""

import gzip
import json
import re
from contextlib import contextmanager
from dataclasses import replace

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from channel_adapters.widget import widget_snippet
from channel_adapters.widget.assets import NAMES, asset
from channel_adapters.widget.page import chat_page, in_script, variables
from channel_adapters.widget.words import LANGUAGES, language_for, words_in
from engine.answering.answerer import Answerer, Done, Token
from engine.api.events import reply_body
from tests.channel_adapters.shops import SHOP_ORIGIN
from tests.channel_adapters.test_every_reply import SHAPES
from tests.sites.loopback import Answer, serving

GIFTS = "Do you sell gift cards?"
MUG = "How much is the Fernleaf Mug?"


# --- files and headers


def frame(shop, key=None, **query):
    return httpx.get(f"{shop.base}/widget/{shop.bot}", params={"key": key or shop.publishable, **query})


def test_everything_a_shopper_loads_is_under_20_kb():
    assert sum(len(asset(name).packed) for name in NAMES) < 20_000


def test_loader_is_small_cached_and_packed(shop):
    answer = httpx.get(f"{shop.base}/widget.js")
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["content-encoding"] == "gzip"
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    again = httpx.get(f"{shop.base}/widget.js", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304
    raw = httpx.get(f"{shop.base}/widget.js", headers={"Accept-Encoding": "identity"})
    assert raw.content == asset("loader.js").content == gzip.decompress(asset("loader.js").packed)


def test_no_file_names_another_host():
    for name in NAMES:
        hosts = set(re.findall(rb"https?://([\w.-]+)", asset(name).content))
        assert hosts <= {b"www.w3.org"}, name


def test_frame_asset_is_known_by_its_content(shop):
    answer = httpx.get(f"{shop.base}/widget/assets/chat.js{asset('chat.js').address}")
    assert "immutable" in answer.headers["cache-control"]
    assert httpx.get(f"{shop.base}/widget/assets/secret.txt").status_code == 404


def test_frame_has_a_strict_policy_for_the_keys_pages(shop):
    answer = frame(shop, origin=SHOP_ORIGIN)
    policy = dict(rule.split(" ", 1) for rule in answer.headers["content-security-policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    nonce = re.search(r'<style nonce="(\w+)">', answer.text)[1]
    assert policy["style-src"] == f"'self' 'nonce-{nonce}'"
    assert policy["frame-ancestors"] == f"'self' {SHOP_ORIGIN} https://*.shop.example {shop.base}"
    assert "x-frame-options" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "strict-origin-when-cross-origin"
    assert answer.headers["cache-control"] == "no-store"
    assert "AI assistant of Fernleaf" in answer.text
    assert nonce not in frame(shop).text


@pytest.mark.parametrize(
    ("changes", "status"),
    [({"key": "pk_live_x_y"}, 401), ({"key": "x"}, 401), ({"origin": "https://evil.example"}, 403)],
)
def test_frame_is_refused_for_strangers(shop, changes, status):
    answer = frame(shop, **changes)
    assert answer.status_code == status
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "pk_live" not in answer.text


def test_frame_of_another_bot_is_not_found(shop, other_shop):
    assert frame(shop, key=other_shop.publishable).status_code == 404


@pytest.mark.parametrize("choice", ["light", "dark"])
def test_a_shop_may_choose_light_or_dark(shop, choice):
    text = frame(shop, theme=choice).text
    assert f"color-scheme:{choice};" in text
    assert "prefers-color-scheme" not in text


def test_nothing_in_a_record_breaks_out_of_the_page(shop):
    from channel_adapters.native import PublicBot
    from engine.branding.theme import theme_from_seed

    theme = theme_from_seed("#2f6f62")
    evil = "</script><script>alert(1)</script><img src=x onerror=alert(1)>"
    bot = PublicBot(
        id="bot_1", name=evil, assistant_name=evil, greeting=evil, example_questions=(evil,), icon_url=None,
        theme=theme, state="live", contact=evil,
    )  # fmt: skip
    html = chat_page(bot, theme, key=evil, visitor="v", parent=evil, choice="auto", nonce="n")
    assert "<script>alert" not in html
    assert "<img" not in html
    assert "<" not in in_script(evil)


def test_only_colours_reach_the_style():
    from engine.branding.theme import theme_from_seed

    palette = replace(theme_from_seed("#2f6f62").light, text="red;} body{display:none")
    assert "display" not in variables(palette)
    assert "--on-primary:#" in variables(palette)


def test_snippet_escapes_its_values():
    assert '"' not in widget_snippet("https://s.example", 'b"x', "k").split('data-bot="')[1].split('" data-key')[0]


def test_demo_shop_carries_the_assistant_through_its_pages(shop):
    with httpx.Client(base_url=shop.base) as browser:
        plain = browser.get("/demo-shop/")
        assert "widget.js" not in plain.text
        tried = browser.get("/demo-shop/", params={"assistant": shop.bot, "key": shop.publishable})
        assert widget_snippet(shop.base, shop.bot, shop.publishable) in tried.text
        assert "widget.js" in browser.get("/demo-shop/").text
        browser.get("/demo-shop/", params={"assistant": ""})
        assert "widget.js" not in browser.get("/demo-shop/").text
        assert "<b>" not in browser.get("/demo-shop/", params={"assistant": '"><b>', "key": "k"}).text
        assert browser.get("/demo-shop").headers["location"] == "/demo-shop/"
        assert browser.get("/demo-shop/nothing").status_code == 404


# --- in a browser


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def site(shop):
    """A shop's own pages on another origin, with a strict policy, and a key for them."""
    with serving() as site:
        origin = site.url.rstrip("/")
        key = shop.key("publishable", [origin])
        policy = f"default-src 'none'; script-src {shop.base}; frame-src {shop.base}; style-src 'self'; img-src 'self'"

        def page(more="", key=key):
            snippet = widget_snippet(shop.base, shop.bot, key).replace(" async", f" {more} async")
            html = (
                '<!doctype html><html lang="en"><head><title>Shop</title><meta name="viewport" '
                'content="width=device-width"></head><body><main><h1>Shop</h1><a href="/next">Next page</a>'
                f'<button id="buy">Buy</button></main>{snippet}</body></html>'
            )
            return Answer(html, headers={"Content-Security-Policy": policy})

        site.add({
            "/": page(), "/next": page(), "/left": page('data-position="left" data-theme="dark"'),
            "/french": page('data-language="fr"'),
            "/stranger": page(key=shop.key("publishable", ["https://elsewhere.example"])),
        })  # fmt: skip
        yield origin


@contextmanager
def visiting(browser, address, **options):
    """A page with the widget; answers the page, its launcher, the frame, and what the console said."""
    context = browser.new_context(**({"viewport": {"width": 1280, "height": 800}} | options))
    page = context.new_page()
    page.set_default_timeout(10_000)
    page.said, page.hosts = [], set()
    page.on("console", lambda message: page.said.append(message.text))
    page.on("pageerror", lambda error: page.said.append(f"error: {error}"))
    page.on("request", lambda request: page.hosts.add(request.url.split("/")[2]))
    page.goto(address)
    try:
        yield page, page.locator("storeclerk-chat button"), page.frame_locator("storeclerk-chat iframe")
    finally:
        context.close()


def ask(chat, text):
    before = chat.locator(".rate").count()
    chat.locator("textarea").fill(text)
    chat.locator("textarea").press("Enter")
    expect(chat.locator(".rate")).to_have_count(before + 1)
    return chat.locator(".theirs").last


@pytest.mark.browser
def test_chat_works_under_a_strict_policy_and_asks_no_other_host(browser, shop, site):
    with visiting(browser, site) as (page, launcher, chat):
        expect(launcher).to_have_attribute("aria-label", "Chat with Fernleaf")
        launcher.click()
        expect(chat.get_by_text("AI assistant of Fernleaf")).to_be_visible()
        assert "three years" in ask(chat, GIFTS).inner_text()
        ask(chat, MUG)
        expect(chat.locator(".notice")).to_have_count(1)
        expect(chat.locator(".mine").first.locator("+ .notice")).to_contain_text("not with a person")
        card = chat.locator(".cards li")
        expect(card.first).to_contain_text("Fernleaf Mug")
        expect(card.locator("a").first).to_have_attribute("rel", "noopener nofollow ugc")
        expect(card.first).to_contain_text("In stock")
        page.wait_for_timeout(300)
        own = {shop.base.split("//")[1], site.split("//")[1]}
        # The picture in the catalogue stands on the shop's own host.
        assert page.hosts <= own | {"shop.example"}
        assert not [text for text in page.said if "Content Security Policy" in text or text.startswith("error")]


@pytest.mark.browser
def test_answers_are_rated_and_sources_shown(browser, shop, site):
    with visiting(browser, site) as (_, launcher, chat):
        launcher.click()
        ask(chat, GIFTS)
        chat.locator("summary").click()
        expect(chat.locator("details q").first).to_be_visible()
        chat.get_by_role("button", name="Not helpful").click()
        expect(chat.locator(".rate")).to_contain_text("Thank you")
        expect(chat.get_by_role("button", name="Not helpful")).to_have_attribute("aria-pressed", "true")
    listed = shop.call("GET", f"/v1/bots/{shop.bot}/conversations?limit=1")["items"][0]
    turn = shop.call("GET", f"/v1/bots/{shop.bot}/conversations/{listed['id']}")["turns"][0]
    assert turn["feedback"]["helpful"] is False


@pytest.mark.browser
def test_nothing_is_kept_before_the_first_message_and_a_talk_survives_the_next_page(browser, site):
    with visiting(browser, site) as (page, launcher, chat):
        launcher.click()
        chat.locator("textarea").wait_for()
        kept = lambda: page.frames[1].evaluate("sessionStorage.length + localStorage.length + document.cookie.length")  # noqa: E731
        assert kept() == 0
        ask(chat, GIFTS)
        assert kept() == 1
        page.goto(f"{site}/next")
        expect(chat.locator(".mine")).to_contain_text(GIFTS)
        assert "three years" in ask(chat, "and how long are they valid?").inner_text()
        chat.get_by_role("button", name="New conversation").click()
        expect(chat.locator(".mine")).to_have_count(0)
        assert kept() == 0


@pytest.mark.browser
def test_keyboard_alone_is_enough(browser, site):
    with visiting(browser, site) as (page, launcher, chat):
        expect(launcher).to_be_visible()
        launcher.focus()
        page.keyboard.press("Enter")
        expect(chat.locator("textarea")).to_be_focused()
        expect(launcher).to_have_attribute("aria-expanded", "true")
        page.keyboard.type(GIFTS)
        page.keyboard.press("Enter")
        expect(chat.locator(".rate")).to_be_visible()
        expect(chat.locator("#said")).to_contain_text("Fern: ")
        page.keyboard.press("Escape")
        expect(launcher).to_be_focused()
        expect(launcher).to_have_attribute("aria-expanded", "false")
        expect(page.locator("storeclerk-chat iframe")).to_be_hidden()


@pytest.mark.browser
def test_on_a_phone_the_chat_fills_the_screen_and_keeps_the_focus(browser, site):
    with visiting(browser, site, viewport={"width": 390, "height": 780}) as (page, launcher, chat):
        launcher.click()
        expect(launcher).to_be_hidden()
        box = page.locator("storeclerk-chat iframe").bounding_box()
        assert (box["x"], box["width"], box["height"]) == (0, 390, 780)
        expect(chat.locator("textarea")).to_be_focused()
        for _ in range(12):
            page.keyboard.press("Tab")
            assert page.evaluate("document.activeElement.localName") == "storeclerk-chat"
        for _ in range(12):
            page.keyboard.press("Shift+Tab")
            assert page.evaluate("document.activeElement.localName") == "storeclerk-chat"
        small = page.frames[1].evaluate(
            """[...document.querySelectorAll("button,a,summary,textarea")].filter((e) => e.offsetParent).map((e) =>
            e.getBoundingClientRect()).filter((r) => r.width < 24 || r.height < 24).length"""
        )
        assert small == 0
        assert page.frames[1].evaluate("document.documentElement.scrollWidth") <= 390
        chat.get_by_role("button", name="Close the chat").click()
        expect(launcher).to_be_focused()


@pytest.mark.browser
def test_text_from_outside_is_never_html(browser, shop, site, monkeypatch):
    evil = (
        "<img src=x onerror=alert(1)> [click](javascript:alert(1)) **bold** [shop](https://shop.example/a)\n"
        "- one\n- two\n\n1. first\n\n| a | b |\n|---|---|\n| 1 | `2` |\n# Head\nhttp://evil.example x@shop.example"
    )
    original = Answerer.stream

    async def speaking(self, bot, version, ask, **more):
        async for event in original(self, bot, version, ask, **more):
            if isinstance(event, Done):
                yield Token(evil)
                yield Done(replace(event.reply, text=evil))

    monkeypatch.setattr(Answerer, "stream", speaking)
    with visiting(browser, site) as (page, launcher, chat):
        launcher.click()
        bubble = ask(chat, "<b>hi</b>")
        assert "<b>hi</b>" in chat.locator(".mine").inner_text()
        assert chat.locator(".log img").count() == 0
        assert "<img" in bubble.inner_text()
        assert bubble.locator("a").evaluate_all("all => all.map((a) => a.href)") == [
            "https://shop.example/a",
            "mailto:x@shop.example",
        ]
        for mark in ("strong", "ul li", "ol li", "table th", "td code"):
            assert bubble.locator(mark).count() > 0, mark
        assert not [text for text in page.said if text.startswith("error")]


def answered_with(page, reply):
    """Let every question in this page be answered with this reply, a few words at a time."""
    body = reply_body(reply)
    lines = [("token", {"text": reply.text[at : at + 9]}) for at in range(0, len(reply.text), 9)]
    lines += [("products", body["products"]), ("citations", body["citations"]), ("reply", body)]
    stream = "".join(f"event: {kind}\ndata: {json.dumps(data)}\n\n" for kind, data in lines)
    page.context.route(
        re.compile(r"/chat/bot_\w+$"), lambda route: route.fulfill(content_type="text/event-stream", body=stream)
    )


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_every_reply_is_shown_without_barriers_and_harms_nobody(browser, site, width):
    with visiting(browser, site, viewport={"width": width, "height": 780}) as (page, launcher, chat):
        launcher.click()
        for made in SHAPES.values():
            looked_through(page, chat, made)
        for _ in range(4):
            ask(chat, "And another one?")
        assert page.frames[1].evaluate("document.documentElement.scrollHeight <= innerHeight"), (
            "only the talk is scrolled"
        )
        assert not [text for text in page.said if text.startswith("error")]


def looked_through(page, chat, made):
    """A conversation with this reply alone: all of it is there, nothing leads astray or stands in anybody's way."""
    page.context.unroute_all()
    answered_with(page, made)
    chat.get_by_role("button", name="New conversation").click()
    ask(chat, "Show me")
    said = chat.locator(".log").inner_text()
    for word in re.findall(r"\w{4,}", re.sub(r"\]\([^)]*\)|```", " ", made.text))[:30]:
        assert word in said
    prices = [f"{product.price.amount:.2f}" for product in made.products if product.price]
    assert [price for price in prices if price not in said] == []
    addresses = chat.locator(".log a").evaluate_all("all => all.map((a) => a.href)")
    assert all(address.startswith(("https://", "mailto:")) for address in addresses), addresses
    assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert page.frames[1].evaluate("document.documentElement.scrollHeight <= innerHeight"), "only the talk is scrolled"
    assert barriers(page) == []


@pytest.mark.browser
def test_many_products_lie_side_by_side_and_are_turned(browser, site):
    with visiting(browser, site, viewport={"width": 390, "height": 780}, reduced_motion="reduce") as (
        page,
        launcher,
        chat,
    ):
        answered_with(page, SHAPES["twelve products"])
        launcher.click()
        ask(chat, "Show me")
        row = chat.locator(".cards.row")
        tops = row.locator("li").evaluate_all("all => all.map((e) => e.getBoundingClientRect().top)")
        assert len(tops) == 12
        assert max(tops) - min(tops) < 2
        last = chat.get_by_text("Mug 12")
        expect(last).not_to_be_in_viewport()
        for _ in range(14):
            chat.get_by_role("button", name="Next products").click()
        expect(last).to_be_in_viewport()
        first = chat.get_by_role("link", name="Mug 1", exact=True)
        first.focus()
        expect(first).to_be_in_viewport()


@pytest.mark.browser
def test_code_and_letters_that_run_to_the_left_are_shown_as_such(browser, site):
    with visiting(browser, site) as (page, launcher, chat):
        answered_with(page, SHAPES["code"])
        launcher.click()
        assert "    buy('mug')" in ask(chat, "Show me").locator("pre code").inner_text()
        page.context.unroute_all()
        answered_with(page, SHAPES["right to left"])
        bubble = ask(chat, "ספל")
        directions = "e => getComputedStyle(e).direction"
        assert bubble.evaluate(directions) == chat.locator(".mine").last.evaluate(directions) == "rtl"
        assert chat.locator(".mine").first.evaluate(directions) == "ltr"


@pytest.mark.browser
def test_the_widget_speaks_the_language_of_the_browser_or_the_one_the_shop_chose(browser, shop, site):
    with visiting(browser, site, locale="de-BE") as (_, launcher, chat):
        expect(launcher).to_have_attribute("aria-label", "Chat mit Fernleaf")
        launcher.click()
        expect(chat.locator("html")).to_have_attribute("lang", "de")
        expect(chat.locator("textarea")).to_have_attribute("placeholder", "Stellen Sie eine Frage")
        ask(chat, MUG)
        expect(chat.locator(".cards .stock").first).to_have_text("Auf Lager")
    with visiting(browser, f"{site}/french", locale="de-BE") as (_, launcher, _):
        expect(launcher).to_have_attribute("aria-label", "Discuter avec Fernleaf")


@pytest.mark.parametrize(
    ("wished", "accepted", "language"),
    [("", "", "en"), ("fr", "de", "fr"), ("xx", "de-AT,en;q=0.5", "de"), ("", "pl, nl-BE;q=0.8, en;q=0.7", "nl"),
     ("", "en;q=0.1,it;q=0.9", "it"), ("", "*;q=x,;;,", "en"), ("ES-mx", "", "es")],
)  # fmt: skip
def test_which_language_the_widget_speaks(wished, accepted, language):
    assert language_for(wished, accepted) == language


def test_every_language_says_everything_with_the_same_places():
    places = re.compile(r"\{\w+\}")
    for language in LANGUAGES:
        said = words_in(language)
        assert all(text.strip() for text in said.values())
        assert {name: places.findall(text) for name, text in said.items()} == {
            name: places.findall(text) for name, text in words_in("en").items()
        }


@pytest.mark.browser
def test_what_lies_before_the_shopper_goes_with_the_question(browser, site):
    with visiting(browser, f"{site}/next") as (page, launcher, chat):
        asked = []
        page.context.on(
            "request", lambda request: asked.append(request.post_data) if "/chat/bot_" in request.url else None
        )
        launcher.click()
        ask(chat, GIFTS)
        assert json.loads(asked[-1])["page"] == {"url": f"{site}/next", "title": "Shop"}
        page.evaluate("history.pushState({}, '', '/other')")
        page.wait_for_timeout(1_200)
        ask(chat, GIFTS)
        assert json.loads(asked[-1])["page"]["url"] == f"{site}/other"


@pytest.mark.browser
def test_a_late_failure_offers_to_try_again(browser, site, monkeypatch):
    async def breaking(*_, **__):
        yield Token("Gift")
        raise RuntimeError("secret")

    with visiting(browser, site) as (page, launcher, chat):
        launcher.click()
        with monkeypatch.context() as patch:
            patch.setattr(Answerer, "stream", breaking)
            chat.locator("textarea").fill(GIFTS)
            chat.locator("textarea").press("Enter")
            expect(chat.locator(".wrong")).to_contain_text("fault")
        chat.get_by_role("button", name="Try again").click()
        expect(chat.locator(".theirs").last).to_contain_text("three years")
        expect(chat.locator(".mine")).to_have_count(1)
        page.context.set_offline(True)
        expect(chat.locator(".offline")).to_be_visible()
        chat.locator("textarea").fill("hello")
        chat.locator("textarea").press("Enter")
        expect(chat.locator(".wrong")).to_contain_text("offline")
        page.context.set_offline(False)
        expect(chat.locator(".offline")).to_be_hidden()


@pytest.mark.browser
def test_too_many_messages_are_told_kindly(browser, site):
    with visiting(browser, site) as (_, launcher, chat):
        launcher.click()
        for number in range(21):
            chat.locator("textarea").fill(f"hello {number}")
            chat.locator("textarea").press("Enter")
            expect(chat.locator(".send")).to_have_attribute("aria-disabled", "false")
            if chat.locator(".wrong").count():
                break
        expect(chat.locator(".wrong")).to_contain_text("Please wait")


@pytest.mark.browser
def test_answer_that_comes_while_closed_is_counted_on_the_button(browser, site, monkeypatch):
    import asyncio

    original = Answerer.stream

    async def slow(self, *given, **more):
        await asyncio.sleep(0.7)
        async for event in original(self, *given, **more):
            yield event

    monkeypatch.setattr(Answerer, "stream", slow)
    with visiting(browser, site) as (page, launcher, chat):
        launcher.click()
        chat.locator("textarea").fill(GIFTS)
        chat.locator("textarea").press("Enter")
        page.keyboard.press("Escape")
        expect(launcher).to_have_attribute("aria-label", "Chat with Fernleaf, new answers: 1")


@pytest.mark.browser
def test_paused_assistant_says_so(browser, shop, site):
    shop.call("POST", f"/v1/bots/{shop.bot}/pause")
    try:
        with visiting(browser, site) as (_, launcher, chat):
            launcher.click()
            expect(chat.locator(".log")).to_contain_text("taking a break")
            expect(chat.locator(".log")).to_contain_text("hello@fernleaf.example")
            expect(chat.locator("textarea")).to_be_disabled()
    finally:
        shop.call("POST", f"/v1/bots/{shop.bot}/resume")


@pytest.mark.browser
def test_a_person_of_the_shop_answers_in_the_chat(browser, shop, site):
    bot = f"/v1/bots/{shop.bot}"
    shop.call("PATCH", f"{bot}/handover", json={"on": True})
    try:
        with visiting(browser, site) as (page, launcher, chat):
            launcher.click()
            assert "I have asked a person" in ask(chat, "May I talk to a real person?").inner_text()
            (waiting,) = shop.call("GET", f"{bot}/inbox?owner=waiting")["items"]
            talk = f"{bot}/conversations/{waiting['id']}"
            shop.call("POST", f"{talk}/claim")
            chat.locator("textarea").fill(GIFTS)
            chat.locator("textarea").press("Enter")
            expect(chat.locator(".mine")).to_have_count(2)
            shop.call("POST", f"{talk}/messages", json={"text": "Ann here: **yes** <b>we do</b>."})
            said = chat.locator(".person")
            expect(said).to_contain_text("Ann here: yes <b>we do</b>.")
            expect(said).to_contain_text("A person of Fernleaf")
            assert chat.locator(".rate").count() == 1, "the bot was silent"
            assert barriers(page) == []
            page.reload()
            expect(chat.locator(".person")).to_have_count(1)
            shop.call("POST", f"{talk}/hand_back")
            assert "three years" in ask(chat, GIFTS).inner_text()
            expect(chat.locator(".notice")).to_have_count(2)
    finally:
        shop.call("PATCH", f"{bot}/handover", json={"on": False})


@pytest.mark.browser
def test_a_key_of_other_pages_shows_nothing(browser, site):
    with visiting(browser, f"{site}/stranger") as (page, launcher, _):
        page.wait_for_timeout(1500)
        assert launcher.is_hidden()


@pytest.mark.browser
def test_messages_of_strangers_are_ignored(browser, site):
    with visiting(browser, site) as (page, launcher, _):
        expect(launcher).to_be_visible()
        page.evaluate("window.postMessage({ storeclerk: 1, type: 'unread' }, '*')")
        page.frames[1].evaluate("window.postMessage({ storeclerk: 1, type: 'open' }, '*')")
        page.frames[1].evaluate("window.parent.postMessage({ storeclerk: 1, type: 'dance' }, '*')")
        page.wait_for_timeout(200)
        expect(launcher).to_have_attribute("aria-label", "Chat with Fernleaf")
        expect(page.locator("storeclerk-chat iframe")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.parametrize(
    ("scheme", "width", "path"), [("light", 1280, ""), ("dark", 390, ""), ("light", 1280, "/left")]
)
def test_no_barriers(browser, site, scheme, width, path):
    options = {"color_scheme": scheme, "viewport": {"width": width, "height": 780}, "reduced_motion": "reduce"}
    with visiting(browser, f"{site}{path}", **options) as (page, launcher, chat):
        expect(launcher).to_be_visible()
        if path == "/left":
            assert launcher.bounding_box()["x"] < 100
        assert not barriers(page)
        launcher.click()
        ask(chat, MUG)
        chat.locator("summary").click()
        chat.get_by_role("button", name="Helpful", exact=True).click()
        assert not barriers(page)
        assert page.frames[1].evaluate("getComputedStyle(document.body).backgroundColor") != "rgba(0, 0, 0, 0)"


def barriers(page):
    found = Axe().run(page).response["violations"]
    return [(item["id"], item["nodes"][0]["html"]) for item in found if item["impact"] in {"serious", "critical"}]
