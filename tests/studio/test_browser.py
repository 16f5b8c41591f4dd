"""A real browser on the real thing: the journey, accessibility, narrow screens, and nothing sent outside."""

import os
import signal
import subprocess
import sys

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from studio.entrypoints import screenshots
from studio.entrypoints.run import ROOT
from studio.entrypoints.screenshots import open_browser, settled, sign_up, visit, walk
from studio.navigation import PAGES
from studio.session import COOKIE
from tests.studio.test_run import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="module")
def studio(tmp_path_factory):
    """The address of a studio with its server."""
    port = free_port()
    environment = os.environ | {
        "STORECLERK_PORT": str(free_port()),
        "STORECLERK_STUDIO_PORT": str(port),
        "STORECLERK_DATA_DIR": str(tmp_path_factory.mktemp("data")),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "studio.entrypoints.run"], env=environment, cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    with process.stdout as output:
        for line in output:
            if "is ready" in line:
                break
        yield f"http://127.0.0.1:{port}"
        process.send_signal(signal.SIGINT)
        output.read()
        process.wait(20)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as browser:
        yield browser


@pytest.fixture(scope="module")
def journey(studio, browser):
    """(what the browser keeps, every address it asked for, e-mail and password) from sign-up to a tested demo bot."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    asked = []
    page = context.new_page()
    page.on("request", lambda request: asked.append(request.url))
    account = sign_up(page, studio)
    walk(page)
    yield context.storage_state(), asked, account
    context.close()


def test_nothing_is_asked_of_the_outside(journey):
    _, asked, _ = journey
    assert not [url for url in asked if not url.startswith(("http://127.0.0.1:", "ws://127.0.0.1:", "data:", "blob:"))]
    assert not [url for url in asked if "token=" in url or "ticket=" in url]


def test_the_session_cookie_cannot_be_read_by_scripts(journey):
    state, _, _ = journey
    (cookie,) = [cookie for cookie in state["cookies"] if cookie["name"] == COOKIE]
    assert cookie["httpOnly"]
    assert cookie["sameSite"] == "Lax"


@pytest.mark.parametrize(("scheme", "width"), [("light", 1920), ("dark", 390)])
def test_no_page_has_a_serious_accessibility_problem_or_scrolls_sideways(studio, browser, journey, scheme, width):
    problems, wide = [], []
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, storage_state=journey[0]
    )
    page = context.new_page()
    for row in PAGES:
        visit(page, studio, row)
        problems += [(row.slug, *problem) for problem in serious(page)]
        if page.evaluate("document.querySelector('main').scrollWidth") > width:
            wide.append(row.slug)
    visitor = browser.new_context(color_scheme=scheme).new_page()
    visitor.goto(studio)
    settled(visitor)
    problems += [("sign in", *problem) for problem in serious(visitor)]
    visitor.goto(f"{studio}/reset")
    problems += [("reset", *problem) for problem in serious(visitor)]
    context.close()
    visitor.context.close()
    assert not problems
    assert not wide


def serious(page):
    found = Axe().run(page).response["violations"]
    return [(v["id"], v["nodes"][0]["html"][:120]) for v in found if v["impact"] in {"serious", "critical"}]


def test_every_page_is_pictured(studio, browser, journey, tmp_path, monkeypatch):
    monkeypatch.setattr(screenshots, "WIDTHS", {390: 844})
    monkeypatch.setattr(screenshots, "SCHEMES", ("dark",))
    taken = screenshots.take(browser, studio, journey[0], tmp_path)
    assert len(taken) == len(PAGES)
    assert all(path.stat().st_size > 5000 for path in taken)


def test_a_stolen_cookie_is_dead_after_signing_out(studio, browser):
    context = browser.new_context()
    page = context.new_page()
    sign_up(page, studio)
    stolen = context.storage_state()
    page.goto(f"{studio}/account")
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("heading", name="Sign in").wait_for()
    assert not [cookie for cookie in context.cookies() if cookie["name"] == COOKIE]
    thief = browser.new_context(storage_state=stolen).new_page()
    thief.goto(studio)
    thief.get_by_role("heading", name="Sign in").wait_for()
    assert thief.get_by_role("heading", name="Home").count() == 0
    context.close()
    thief.context.close()


def test_signing_in_again_works(studio, browser, journey):
    email, password = journey[2]
    page = browser.new_context().new_page()
    page.goto(studio)
    settled(page)
    password_field = page.get_by_role("textbox", name="Password", exact=True)
    expect(password_field).to_have_attribute("autocomplete", "current-password")
    page.get_by_role("textbox", name="E-mail").first.fill(email)
    password_field.fill(password)
    page.get_by_role("tabpanel").filter(visible=True).get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Your assistants").wait_for()
    page.context.close()
