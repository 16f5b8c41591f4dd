"""Every page of the studio in one table: add a page by adding a row and a script in `pages/`.

Never here: what a page shows.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import streamlit as st
from streamlit.navigation.page import StreamlitPage

__all__ = ["PAGES", "PageRow", "Section", "page_row", "registered_page", "registered_pages"]

Section = Literal["Your shop", "Make", "Prove", "Run"]
ROOT = Path(__file__).resolve().parents[1] / "pages"


@dataclass(frozen=True, slots=True)
class PageRow:
    """One page: its address, its names, and where it stands on the way to a live bot."""

    slug: str
    title: str
    icon: str
    section: Section
    lead: str
    """What the page is for, in one sentence under its title."""
    step: int | None = None
    """Its place in the journey, or None beside it."""
    needs_bot: bool = True

    @property
    def script(self) -> Path:
        """The script that draws it."""
        return ROOT / f"{self.slug}.py"


PAGES: tuple[PageRow, ...] = (
    PageRow(
        "home",
        "Home",
        ":material/storefront:",
        "Your shop",
        "Your assistants, and how far each has come.",
        needs_bot=False,
    ),
    PageRow("look", "Look", ":material/palette:", "Make", "Your icon gives your assistant its colours.", step=1),
    PageRow(
        "knowledge",
        "What your bot knows",
        ":material/menu_book:",
        "Make",
        "Show your bot where the answers are: your website, your files, your own words.",
        step=2,
    ),
    PageRow(
        "train",
        "Train",
        ":material/model_training:",
        "Make",
        "Your bot reads everything you gave it. Shoppers do not see this version yet.",
        step=3,
    ),
    PageRow(
        "library",
        "What it learned",
        ":material/local_library:",
        "Make",
        "Look through its pages, passages and products, and put right what is wrong.",
    ),
    PageRow(
        "talk",
        "Talk to it",
        ":material/forum:",
        "Prove",
        "Ask what your shoppers ask, and see where it looked.",
        step=4,
    ),
    PageRow(
        "answers",
        "What would answer this?",
        ":material/manage_search:",
        "Prove",
        "See where your bot would look for an answer, and fix the answer where you want to.",
    ),
    PageRow(
        "questions",
        "Test questions",
        ":material/quiz:",
        "Prove",
        "What your bot has to answer rightly, and what it has to refuse. Only questions you keep count.",
    ),
    PageRow(
        "test",
        "Test",
        ":material/fact_check:",
        "Prove",
        "Prove that the answers are right before a shopper reads them.",
        step=5,
    ),
    PageRow(
        "live", "Go live", ":material/rocket_launch:", "Run", "Put the proven version to work on your site.", step=6
    ),
    PageRow(
        "channels",
        "Channels",
        ":material/hub:",
        "Run",
        "Answer shoppers where they already are: in your chats, your pages, your other programs.",
    ),
    PageRow("inbox", "Inbox", ":material/inbox:", "Run", "Shoppers who want a person."),
    PageRow("dashboard", "Dashboard", ":material/monitoring:", "Run", "How your bot serves your shoppers."),
    PageRow("conversations", "Conversations", ":material/chat:", "Run", "What shoppers asked and what they were told."),
    PageRow(
        "account",
        "Account",
        ":material/account_circle:",
        "Your shop",
        "Who you are here, your shop and your password, and mails to you.",
        needs_bot=False,
    ),
)


def page_row(slug: str) -> PageRow:
    """The row of a page. Raises KeyError for a slug that is not in the table."""
    for row in PAGES:
        if row.slug == slug:
            return row
    raise KeyError(slug)


def registered_page(slug: str) -> StreamlitPage:
    """The page as Streamlit knows it, made anew each time: it keeps state that visitors must not share.

    It has no icon, for Streamlit would fetch one from outside for the browser's tab.
    """
    row = page_row(slug)
    return st.Page(row.script, title=row.title, url_path=row.slug, default=row.slug == "home")


def registered_pages() -> list[StreamlitPage]:
    """All pages, in order."""
    return [registered_page(row.slug) for row in PAGES]
