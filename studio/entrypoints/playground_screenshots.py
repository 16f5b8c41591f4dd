"""Visits a running playground as an invited tester would, and saves pictures of every look.

`python -m studio.entrypoints.playground_screenshots LINK`, with the link of an open invitation to the demo shop.
Never here: judging the pictures. Needs the development requirements and a Chromium.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from studio.entrypoints.screenshots import QUESTIONS, WIDTHS, open_browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["main", "take"]

LOOKS = ("Website", "Messenger", "Slack")
DRAWN = 900
"""Milliseconds until a change is drawn and its movement over."""


def take(browser: Browser, link: str, folder: Path) -> list[Path]:
    """Pictures of an answer in each look, and of the last questions, wide and narrow."""
    folder.mkdir(parents=True, exist_ok=True)
    taken = []
    for width, height in WIDTHS.items():
        context = browser.new_context(viewport={"width": width, "height": height})
        page = context.new_page()
        page.goto(link)
        page.locator("#question textarea").fill(QUESTIONS[0])
        page.locator("#question textarea").press("Enter")
        page.locator("#stars").get_by_label("4 ★").check(timeout=30_000)
        for look in LOOKS:
            page.locator("#look").get_by_label(look, exact=True).check()
            page.wait_for_timeout(DRAWN)
            taken.append(folder / f"playground-{look.lower()}-{width}.png")
            page.screenshot(path=taken[-1], full_page=True)
        page.locator("#finish").click()
        page.wait_for_timeout(DRAWN)
        taken.append(folder / f"playground-finish-{width}.png")
        page.screenshot(path=taken[-1], full_page=True)
        context.close()
    return taken


def main(arguments: list[str] | None = None) -> int:
    """Take the pictures. Returns the exit code."""
    parser = argparse.ArgumentParser(description="Save pictures of a running playground.")
    parser.add_argument("link", help="link of an open invitation to the demo shop")
    parser.add_argument("--out", type=Path, default=Path("docs/screenshots"), help="folder for the pictures")
    chosen = parser.parse_args(arguments)
    with open_browser() as browser:
        taken = take(browser, chosen.link, chosen.out)
    print(f"{len(taken)} pictures in {chosen.out}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
