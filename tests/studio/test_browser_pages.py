"""A real browser on single pages, where it does what a script cannot be made to do: addresses, files, fingers."""

import os
import subprocess
import sys
import time

import httpx
import pytest
from playwright.sync_api import expect

from studio.client import Api
from studio.entrypoints.run import ROOT
from studio.entrypoints.screenshots import open_browser, settled
from studio.session import COOKIE
from tests.studio import contract
from tests.studio.test_run import free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
OWNER = "owner@shop.example"
PHONE = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}


@pytest.fixture(scope="module")
def joined(contract_server, tmp_path_factory):
    """(the contract's engine, its address, the address of a studio that talks to it)."""
    engine, port = contract_server
    studio = free_port()
    environment = os.environ | {
        "STORECLERK_PORT": str(port),
        "STORECLERK_STUDIO_PORT": str(studio),
        "STORECLERK_DATA_DIR": str(tmp_path_factory.mktemp("data")),
    }
    process = subprocess.Popen([sys.executable, "-m", "studio.entrypoints.studio"], env=environment, cwd=ROOT)
    try:
        wait_for(f"http://127.0.0.1:{studio}/_stcore/health")
        yield engine, f"http://127.0.0.1:{port}", f"http://127.0.0.1:{studio}"
    finally:
        process.terminate()
        process.wait(20)


def wait_for(url):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            if httpx.get(url).is_success:
                return
        except httpx.HTTPError:
            time.sleep(0.2)
    raise TimeoutError(url)


@pytest.fixture(scope="module")
def browser():
    with open_browser() as browser:
        yield browser


@pytest.fixture
def shop(joined):
    """The owner's API on an engine that was emptied."""
    engine, address, _ = joined
    engine.__init__()
    api = Api(address)
    token = api.sign_up(OWNER, "correct horse", "Harbour & Sons").access_token
    api.token = lambda: token
    yield api
    api.close()


@pytest.fixture
def visitor(joined, browser, shop):
    """Opens a page as the owner; each call is a tab in a browser of its own."""
    contexts = []

    def open_page(path="/", *, settle=True, **options):
        context = browser.new_context(**({"viewport": {"width": 1280, "height": 900}} | options))
        contexts.append(context)
        session = shop.start_session().session_token
        context.add_cookies([{"name": COOKIE, "value": session, "url": joined[2]}])
        page = context.new_page()
        page.goto(joined[2] + path)
        if settle:
            settled(page)
        return page

    yield open_page
    for context in contexts:
        context.close()


def trained_demo(engine, shop):
    bot = shop.create_demo()
    contract.trained(engine, bot.id)
    return bot


def chosen(page):
    return page.get_by_test_id("stSidebar").get_by_role("combobox").input_value()


def test_of_two_bots_with_one_name_each_can_be_looked_at(visitor, shop):
    first, second = shop.create_bot("Fernleaf"), shop.create_bot("Fernleaf")
    page = visitor("/look")
    assert chosen(page) == "Fernleaf (2)"
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name="Fernleaf", exact=True).click()
    page.wait_for_url(f"**/look?bot={first.id}")
    settled(page)
    page.get_by_label("Name of your assistant").fill("Mira")
    page.get_by_label("Name of your assistant").press("Tab")
    page.get_by_role("button", name="Save the words").click()
    page.get_by_role("button", name="Save the words").and_(page.locator(":disabled")).wait_for()
    settled(page)
    assert chosen(page) == "Fernleaf", "a press does not jump to the other"
    assert shop.bot(first.id).persona.assistant_name == "Mira"
    assert shop.bot(second.id).persona.assistant_name != "Mira"


def test_the_bot_of_the_address_outlasts_a_reload_and_the_way_back(visitor, shop):
    first, second = shop.create_bot("First"), shop.create_bot("Second")
    page = visitor(f"/look?bot={first.id}")
    assert chosen(page) == "First"
    page.reload()
    settled(page)
    assert chosen(page) == "First"
    page.get_by_test_id("stSidebar").get_by_role("link", name="Train").click()
    page.wait_for_url(f"**/train?bot={first.id}")
    settled(page)
    page.get_by_test_id("stSidebar").get_by_role("combobox").click()
    page.get_by_role("option", name="Second").click()
    page.wait_for_url(f"**/train?bot={second.id}")
    settled(page)
    page.go_back()
    page.wait_for_url(f"**/train?bot={first.id}")
    expect(page.get_by_test_id("stSidebar").get_by_role("combobox")).to_have_value("First")
    page.go_back()
    page.wait_for_url(f"**/look?bot={first.id}")
    page.get_by_role("heading", name="Look", exact=True).wait_for()
    page.go_forward()
    page.wait_for_url(f"**/train?bot={first.id}")
    page.get_by_role("heading", name="Train", exact=True).wait_for()


def test_an_address_without_a_bot_is_no_trap_on_the_way_back(visitor, shop, joined):
    bot = shop.create_bot("Only")
    page = visitor("/reset", settle=False)
    page.goto(f"{joined[2]}/look")
    page.wait_for_url(f"**/look?bot={bot.id}")
    settled(page)
    page.go_back()
    page.wait_for_url(f"**/look?bot={bot.id}")
    settled(page)
    page.go_back()
    page.wait_for_url("**/reset")


def test_on_a_phone_the_menu_makes_way_for_the_page_that_was_chosen(visitor, shop):
    shop.create_bot("Shop")
    page = visitor("/", **PHONE)
    menu = page.get_by_test_id("stSidebar")
    for title in ("Account", "Train"):
        assert menu.get_attribute("data-collapsed") == "true"
        page.get_by_test_id("stExpandSidebarButton").tap()
        expect(menu).to_have_attribute("data-collapsed", "false")
        page.wait_for_timeout(400)
        menu.get_by_role("link", name=title).tap()
        page.get_by_role("heading", name=title, exact=True, level=1).wait_for()
        expect(menu).to_have_attribute("data-collapsed", "true")
        settled(page)
        assert page.evaluate("document.elementFromPoint(100, 400).closest('[data-testid=stSidebar]')") is None


def test_beside_a_wide_page_the_menu_stays(visitor, shop):
    shop.create_bot("Shop")
    page = visitor()
    page.get_by_test_id("stSidebar").get_by_role("link", name="Train").click()
    page.get_by_role("heading", name="Train", exact=True, level=1).wait_for()
    settled(page)
    assert page.get_by_test_id("stSidebar").get_attribute("data-collapsed") == "false"


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_test_questions_are_downloaded(visitor, shop, joined, kind):
    bot = trained_demo(joined[0], shop)
    shop.add_test_case(bot.id, {"question": "Do you ship?", "approved": True})
    page = visitor("/questions")
    page.get_by_role("tab", name="Files").click()
    with page.expect_download() as caught:
        page.get_by_role("button", name=f"Download as {kind.upper()}").click()
    assert caught.value.suggested_filename == f"test-questions.{kind}"
    assert caught.value.path().read_text() == f"{kind}: 1"
