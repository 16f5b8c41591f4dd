"""Walks a running studio as a new merchant would, and saves a picture of every page.

Never here: judging the pictures; tests do that. Needs the development requirements and a Chromium.
"""

from __future__ import annotations

import argparse
import re
import secrets
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import httpx

from engine.settings import Settings
from studio.navigation import PAGES, PageRow, page_row

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, StorageState

__all__ = [
    "FLAGS",
    "let_one_person_be_enough",
    "main",
    "make_questions",
    "open_browser",
    "settled",
    "sign_up",
    "visit",
    "walk",
]

CHROMIUM = "/usr/bin/chromium"
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WIDTHS = {1280: 900, 390: 844}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
TALLEST = 4000
"""Pixels."""
PATIENCE = 120_000
"""Milliseconds for training and tests of the demo shop."""
PASSWORD_BYTES = 12
QUESTIONS = (
    "How much is the Kiln Teapot?",
    "How long does delivery take?",
    "Do you wrap gifts?",
    "Are your mugs safe in the dishwasher?",
    "Can I collect my order myself?",
)
"""What the demo shop can answer; five, the fewest rated answers that the gate can be made to ask for."""


@contextmanager
def open_browser() -> Iterator[Browser]:
    """A Chromium without a window, which asks nothing of the network by itself."""
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only developers have it

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()


def settled(page: Page) -> None:
    """Wait until Streamlit has drawn everything."""
    page.get_by_test_id("stApp").wait_for()
    page.wait_for_function(
        """() => document.querySelector('[data-testid=stApp]')?.getAttribute('data-test-script-state') === 'notRunning'
             && document.querySelector('h1') !== null
             && [...document.querySelectorAll('[data-stale=true], [data-testid=stSkeleton]')]
               .every(element => element.offsetParent === null)"""
    )
    page.wait_for_timeout(250)


def visit(page: Page, address: str, row: PageRow) -> None:
    """Go to a page of the studio; once there, without loading the studio itself again."""
    path = f"/{'' if row.slug == 'home' else row.slug}"
    if page.url.startswith(address):
        page.evaluate(
            "path => { history.pushState({}, '', path); dispatchEvent(new PopStateEvent('popstate')); }", path
        )
    else:
        page.goto(address + path)
    page.get_by_role("heading", name=row.title, exact=True, level=1).wait_for()
    settled(page)


def sign_up(page: Page, address: str, shop: str = "Harbour Ceramics") -> tuple[str, str]:
    """Open an account through the form; returns e-mail and password."""
    email = f"owner-{secrets.token_hex(4)}@example.com"
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    page.goto(address)
    settled(page)
    page.get_by_role("tab", name="Create account").click()
    page.get_by_role("textbox", name="Name of your shop", exact=True).fill(shop)
    panel = page.get_by_role("tabpanel").filter(visible=True)
    panel.get_by_role("textbox", name="E-mail").fill(email)
    panel.get_by_role("textbox", name="Password, at least 8 characters").fill(password)
    panel.get_by_role("textbox", name="Password once more").fill(password)
    panel.get_by_role("button", name="Create account").click()
    page.get_by_role("heading", name="You have no assistant yet").wait_for(timeout=30_000)
    settled(page)
    return email, password


def walk(page: Page) -> None:
    """From an empty account to a tested demo bot."""
    page.get_by_role("button", name="Try the demo shop").click()
    page.get_by_role("button", name="Next: talk to it").wait_for(timeout=PATIENCE)
    page.get_by_role("button", name="Next: talk to it").click()
    page.get_by_placeholder("Ask what a shopper would ask").wait_for()
    settled(page)
    ask(page, QUESTIONS[0])
    page.get_by_role("button", name="Next: prove it").wait_for(timeout=30_000)
    page.get_by_role("button", name="Next: prove it").click()
    page.get_by_role("tab", name="What it has to reach").wait_for(timeout=30_000)
    settled(page)
    let_one_person_be_enough(page)
    make_questions(page)
    page.get_by_role("button", name="Test with").click()
    page.get_by_role("button", name="Test again").wait_for(timeout=PATIENCE)
    settled(page)


def let_one_person_be_enough(page: Page) -> None:
    """On the page Test, ask for as few ratings as the gate allows, as a shop owner without friends at hand would."""
    page.get_by_role("tab", name="What it has to reach").click()
    page.get_by_label("Measured at least so often").last.fill("5")
    page.get_by_label("By so many people").fill("1")
    page.get_by_label("By so many people").press("Tab")
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text("Happy testers: 70%, 10 observations, 2 people").wait_for()
    settled(page)
    page.get_by_role("tab", name="Verdict").click()


def make_questions(page: Page) -> None:
    """From the page Test to questions and back: ten proposals are read, and the others kept too."""
    page.get_by_role("button", name="Make test questions first").click()
    page.get_by_role("button", name="Propose questions").wait_for()
    settled(page)
    page.get_by_role("button", name="Propose questions").click()
    page.get_by_role("button", name="Keep the ticked").click(timeout=PATIENCE)
    page.get_by_text("10 questions in use").wait_for()
    settled(page)
    page.get_by_role("button", name="Use all").and_(page.locator(":enabled")).click(timeout=PATIENCE)
    page.get_by_text("0 waiting to be read").wait_for(timeout=PATIENCE)
    settled(page)
    page.get_by_role("button", name="Test with").click()
    page.get_by_role("tab", name="Verdict").wait_for()
    settled(page)


def ask(page: Page, question: str) -> None:
    """Ask on the page Talk, and wait for the whole answer."""
    rated = page.get_by_role("button", name="Helpful", exact=True)
    before = rated.count()
    page.get_by_placeholder("Ask what a shopper would ask").fill(question)
    page.keyboard.press("Enter")
    rated.nth(before).wait_for(timeout=30_000)
    settled(page)


def go_live(page: Page, address: str) -> str:
    """Rate answers until the gate is content, and deploy; returns a secret key."""
    visit(page, address, page_row("talk"))
    for number, question in enumerate(QUESTIONS):
        if page.get_by_role("button", name="Helpful", exact=True).count() <= number:
            ask(page, question)
        page.get_by_role("button", name="Helpful", exact=True).nth(number).click()
        page.get_by_text("You found this helpful.").nth(number).wait_for()
        settled(page)
    visit(page, address, page_row("live"))
    page.get_by_role("button", name="Put version").click()
    page.get_by_role("tab", name="For developers").click()
    page.get_by_role("button", name="Make a secret key").click()
    key = page.get_by_text(re.compile(r"^sk_[\w-]+$"))
    key.wait_for()
    return key.inner_text()


def serve_shoppers(server: str, bot: str, key: str) -> None:
    """Ask as shoppers do, so that the figures show something."""
    for question in (*QUESTIONS, "Do you rent out bicycles?"):
        body = {"model": bot, "messages": [{"role": "user", "content": question}]}
        headers = {"Authorization": f"Bearer {key}"}
        httpx.post(f"{server}/v1/chat/completions", json=body, headers=headers, timeout=30).raise_for_status()


def content_height(page: Page) -> int:
    """How tall the page's content is: Streamlit scrolls inside, so a full-page picture would cut it off."""
    return int(page.evaluate("document.querySelector('main')?.scrollHeight ?? 0"))


def take(browser: Browser, address: str, state: StorageState, folder: Path) -> list[Path]:
    """A picture of every page, narrow and wide, light and dark."""
    folder.mkdir(parents=True, exist_ok=True)
    taken: list[Path] = []
    for width, height in WIDTHS.items():
        for scheme in SCHEMES:
            context = browser.new_context(
                viewport={"width": width, "height": height}, color_scheme=scheme, storage_state=state
            )
            page = context.new_page()
            for row in PAGES:
                visit(page, address, row)
                if row.slug == "talk":
                    ask(page, QUESTIONS[0])
                page.set_viewport_size({"width": width, "height": max(height, min(content_height(page), TALLEST))})
                settled(page)
                path = folder / f"{row.slug}-{width}-{scheme}.png"
                page.screenshot(path=path, full_page=True)
                taken.append(path)
                page.set_viewport_size({"width": width, "height": height})
            context.close()
    return taken


def main(arguments: list[str] | None = None) -> int:
    """Walk and take pictures. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Save a picture of every page of a running studio.")
    parser.add_argument("--address", default=Settings().studio_address, help="where the studio runs")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"), help="folder for the pictures")
    chosen = parser.parse_args(arguments)
    with open_browser() as browser:
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        sign_up(page, chosen.address)
        walk(page)
        key = go_live(page, chosen.address)
        example = page.get_by_test_id("stCode").filter(has_text="/v1/chat/completions").first.inner_text()
        server, bot = re.search(r"(http\S+)/v1/chat", example), re.search(r'"model": "([^"]+)"', example)
        if server and bot:
            serve_shoppers(server[1], bot[1], key)
        state = context.storage_state()
        taken = take(browser, chosen.address, state, chosen.out)
        context.close()
    print(f"{len(taken)} pictures in {chosen.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
