"""The whole way in one browser: from an empty installation to a shopper's answer and the figures about it."""

import io
import os
import re
import signal
import subprocess
import sys
from contextlib import contextmanager

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image
from playwright.sync_api import expect

from studio.entrypoints.run import ROOT
from studio.entrypoints.screenshots import let_one_person_be_enough, make_questions, open_browser, settled, sign_up
from tests.conftest import free_port
from tests.sites.loopback import Answer, page, serving

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

SHOP = {
    "/robots.txt": Answer("User-agent: *\nAllow: /\n", media_type="text/plain"),
    "/": page(
        "Kiln and Leaf",
        "<p>Kiln and Leaf makes stoneware and sells loose tea. Everything is fired in our own workshop in Ghent.</p>"
        '<p><a href="/delivery">Delivery</a> <a href="/returns">Returns</a> <a href="/payment">Payment</a></p>',
    ),
    "/delivery": page(
        "Delivery",
        "<p>Standard delivery to Germany costs 6.90 EUR and takes 2 to 4 working days.</p>"
        "<p>Delivery to France costs 7.90 EUR and takes 3 to 5 working days.</p>",
    ),
    "/returns": page(
        "Returns", "<p>You may return anything within 30 days of receiving it. Opened tea tins cannot be returned.</p>"
    ),
    "/payment": page("Payment", "<p>We accept Visa, Mastercard and PayPal. We do not accept cash or cheques.</p>"),
}
PAIRS = (
    ("Do you offer gift wrapping?", "Yes, gift wrapping costs 2.50 EUR an order."),
    ("How long is the warranty on ceramics?", "Our ceramics have a warranty of 24 months."),
)
QUESTIONS = {
    "How much is delivery to Germany?": "6.90",
    "How long may I return things?": "30 days",
    "Do you offer gift wrapping?": "2.50",
    "How long is the warranty on ceramics?": "24 months",
    "Which payment methods do you accept?": "PayPal",
}


class Way:
    """A browser at the studio, with every address it asked for and every accessibility problem it met."""

    def __init__(self, studio, browser):
        self.studio, self.browser = studio, browser
        self.asked, self.problems, self.faults = [], [], []
        self.page = self.open()

    def open(self):
        page = self.browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(30_000)
        page.context.on("request", lambda request: self.asked.append(request.url))
        page.on("websocket", lambda socket: self.asked.append(socket.url))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        return page

    def go(self, name, heading=None):
        self.page.get_by_test_id("stSidebar").get_by_role("link", name=name, exact=True).click()
        self.arrived(heading or name)

    def press(self, name):
        self.page.get_by_role("button", name=name).first.click()

    def arrived(self, heading):
        self.page.get_by_role("heading", name=heading, exact=True, level=1).wait_for()
        settled(self.page)

    def sees(self, text, seconds=30):
        expect(self.page.get_by_text(text).filter(visible=True).first).to_be_visible(timeout=seconds * 1000)

    def judge(self, where, page=None):
        found = Axe().run(page or self.page).response["violations"]
        self.problems += [
            (where, one["id"], one["nodes"][0]["html"][:160])
            for one in found
            if one["impact"] in {"serious", "critical"}
        ]


@contextmanager
def installation(data, site):
    """The address of a studio beside its server, both in processes of their own that inherit the environment."""
    port = free_port()
    environment = os.environ | {
        "STORECLERK_PORT": str(free_port()),
        "STORECLERK_STUDIO_PORT": str(port),
        "STORECLERK_DATA_DIR": str(data),
        "STORECLERK_CRAWLER_ALLOWED_PRIVATE_HOSTS": site.host,
    }
    command = [sys.executable, "-m", "studio.entrypoints.run"]
    process = subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    with process.stdout as output:
        said = []
        for line in output:
            said.append(line)
            if "is ready" in line:
                break
        else:
            raise AssertionError("".join(said))
        try:
            yield f"http://127.0.0.1:{port}"
        finally:
            process.send_signal(signal.SIGINT)
            output.read()
            process.wait(30)


def icon():
    out = io.BytesIO()
    Image.new("RGB", (64, 64), "#8a2d5b").save(out, "PNG")
    return {"name": "icon.png", "mimeType": "image/png", "buffer": out.getvalue()}


def test_from_sign_up_to_a_shoppers_answer(tmp_path):
    with (
        serving(SHOP) as site,
        serving() as storefront,
        installation(tmp_path / "data", site) as studio,
        open_browser() as browser,
    ):
        way = Way(studio, browser)
        make_an_account(way)
        give_it_a_look(way)
        give_it_knowledge(way, site)
        train(way)
        talk_and_rate(way)
        prove(way)
        snippet = go_live(way, storefront)
        meet_a_shopper(way, storefront, snippet)
        see_what_shoppers_did(way)
    assert not way.problems
    assert not way.faults
    assert len(way.asked) > 50
    assert not [url for url in way.asked if not re.match(r"(https?|ws)://127\.0\.0\.1:|data:|blob:|about:", url)], (
        "asked of the outside"
    )


def make_an_account(way):
    way.page.goto(way.studio)
    settled(way.page)
    way.judge("sign in")
    sign_up(way.page, way.studio, "Kiln and Leaf")
    way.judge("home, empty")
    way.press("Create a bot for my shop")
    way.arrived("Look")


def give_it_a_look(way):
    way.page.locator("input[type=file]").set_input_files(icon())
    way.page.locator("[role=img] img").first.wait_for()
    settled(way.page)
    header = way.page.locator("[role=img] > div").first
    assert header.evaluate("element => getComputedStyle(element).backgroundColor") != "rgb(31, 111, 102)"
    way.judge("look")
    way.press("Next")
    way.arrived("What your bot knows")


def give_it_knowledge(way, site):
    page = way.page
    page.get_by_role("textbox", name="Address").first.fill(site.url)
    page.get_by_role("tabpanel").filter(visible=True).get_by_role("button", name="Add", exact=True).click()
    way.sees("Not read yet. It will be when you train.")
    settled(page)
    page.get_by_role("tab", name="Questions and answers").click()
    write_pairs(page)
    page.get_by_role("tabpanel").filter(visible=True).get_by_role("button", name="Add", exact=True).click()
    expect(page.get_by_text("Not read yet. It will be when you train.")).to_have_count(2)
    settled(page)
    way.judge("knowledge")
    way.press("Next: have your bot read it")
    way.arrived("Train")


def write_pairs(page):
    for number, (question, answer) in enumerate(PAIRS, 1):
        page.get_by_role("textbox", name=f"Question {number}", exact=True).fill(question)
        page.get_by_role("textbox", name=f"Answer {number}", exact=True).fill(answer)


def train(way):
    way.judge("train, before")
    way.press("Train now")
    way.sees("Version 1 is trained.", seconds=60)
    settled(way.page)
    way.judge("train")
    way.press("Next: talk to it")
    way.arrived("Talk to it")


def talk_and_rate(way):
    page = way.page
    for number, (question, fact) in enumerate(QUESTIONS.items(), 1):
        page.get_by_placeholder("Ask what a shopper would ask").fill(question)
        page.keyboard.press("Enter")
        answer = page.get_by_test_id("stChatMessage").nth(2 * number)
        expect(answer.get_by_text("How this was answered")).to_be_visible()
        expect(answer).to_contain_text(fact)
        settled(page)
        answer.get_by_role("button", name="Helpful", exact=True).click()
        expect(answer).to_contain_text("You found this helpful.")
    first = page.get_by_test_id("stChatMessage").nth(2)
    expect(first).to_contain_text("From:")
    expect(first.get_by_role("link", name=re.compile("Delivery")).first).to_have_attribute(
        "href", re.compile("/delivery$")
    )
    way.sees("5 of 10 rated answers so far.")
    settled(page)
    way.judge("talk")
    way.press("Next: prove it")
    way.arrived("Test")


def prove(way):
    page = way.page
    way.sees("There is no test question in use yet.")
    way.judge("test, before")
    let_one_person_be_enough(page)
    make_questions(page)
    way.go("Test questions")
    page.get_by_role("tab", name="Write one").click()
    for question, fact in list(QUESTIONS.items())[:2]:
        page.get_by_role("textbox", name="What a shopper asks").fill(question)
        page.get_by_role("textbox", name="Words or numbers").fill(fact)
        way.press("Add the question")
        expect(page.get_by_role("textbox", name="What a shopper asks")).to_have_value("")
        settled(page)
    way.judge("questions")
    way.go("Test")
    way.press("Test with")
    way.sees("This version has proved itself. It may go live.", seconds=60)
    settled(page)
    way.judge("test")
    page.get_by_role("tab", name="Answers").click()
    way.sees("answered as they should be")
    way.judge("test, answers")
    page.get_by_role("tab", name="Verdict").click()
    way.press("Next: go live")
    way.arrived("Go live")


def go_live(way, storefront):
    page = way.page
    way.press("Put version 1 live")
    way.sees("Version 1 is live and answers your shoppers.")
    settled(page)
    page.get_by_role("textbox", name="Addresses of your shop").fill(storefront.url.rstrip("/"))
    way.press("Make the line")
    code = page.get_by_test_id("stCode").filter(has_text="data-key").first
    snippet = code.locator("code").inner_text()
    settled(page)
    way.judge("live")
    return snippet


def meet_a_shopper(way, storefront, snippet):
    assert snippet.startswith("<script src=")
    storefront.add({
        "/": f'<!doctype html><html lang="en"><head><title>Shop</title></head><body><main><h1>Shop</h1></main>{snippet}'
        "</body></html>",
        "/favicon.ico": Answer("", 204),
    })  # fmt: skip
    page = way.open()
    page.goto(storefront.url)
    page.locator("storeclerk-chat button").click()
    chat = page.frame_locator("storeclerk-chat iframe")
    chat.locator("textarea").fill("How much is delivery to France?")
    chat.locator("textarea").press("Enter")
    expect(chat.locator(".theirs").last).to_contain_text("7.90")
    expect(chat.locator(".rate").last).to_be_visible()
    way.judge("the shop's page", page)
    page.context.close()


def see_what_shoppers_did(way):
    way.go("Conversations")
    way.sees("1 conversation, the newest first")
    way.sees("How much is delivery to France?")
    way.judge("conversations")
    way.go("Dashboard")
    questions = way.page.get_by_test_id("stMetric").filter(has_text="Questions")
    expect(questions).to_contain_text("1")
    way.judge("dashboard")
    way.go("Account")
    way.judge("account")
    way.go("Home")
    way.sees("version 1 is live")
    way.judge("home")
