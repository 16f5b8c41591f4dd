"""One page asked for and parsed, or taken from the last good reading when it did not change or cannot be had now.

Never here: what becomes of it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from engine.knowledge.crawling.addresses import is_document
from engine.knowledge.crawling.pace import MOMENTARY, Pace
from engine.knowledge.crawling.state import Target, mark
from engine.knowledge.crawling.visits import Visit
from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import Fetched, FetchSession
from engine.knowledge.fetching.browser import Browser
from engine.knowledge.fetching.fetcher import HTML_TYPES
from engine.knowledge.limits import PAGE_BYTES, PDF_BYTES
from engine.knowledge.pages.page import ParsedPage
from engine.knowledge.pages.titles import page_kind
from engine.knowledge.parsing import ParsingProcesses
from engine.records import adapter

__all__ = ["PageCalls", "PageResult"]

PDF_TYPES = frozenset({"application/pdf", "application/x-pdf", "application/octet-stream", "binary/octet-stream"})


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of one target: a visit, a failure, or an earlier visit that stands in for a failure."""

    target: Target
    visit: Visit | None = None
    failure: Unreadable | None = None


class PageCalls:
    """Reads single pages for one batch."""

    def __init__(
        self,
        session: FetchSession,
        parsing: ParsingProcesses,
        pace: Pace,
        before: Mapping[str, Visit],
        now: datetime,
        browser: Browser | None = None,
    ) -> None:
        self.browser, self.rendering = browser, asyncio.Semaphore(1)
        self.session, self.parsing, self.pace, self.before, self.now = session, parsing, pace, before, now

    async def read(self, target: Target) -> PageResult:
        """Fetch and parse one page."""
        before = self.before.get(mark(target.url))
        try:
            return PageResult(target, await self.visit(target.url, before))
        except Unreadable as error:
            # Without its first page the website is down: the whole last good copy stays, not this page of it.
            good = before is not None and not before.page.problem
            kept = good and error.code in MOMENTARY and target.depth > 0
            return PageResult(target, before if kept else None, error)

    async def visit(self, url: str, before: Visit | None) -> Visit:
        """The page as it is now. Raises Unreadable."""
        if is_document(url):
            return await self.document(url, before)
        try:
            fetched = await self.get(url, HTML_TYPES, PAGE_BYTES, before)
        except Unreadable as error:
            if error.code == "not_html" and error.detail == "application/pdf":
                return await self.document(url, before)
            raise
        if fetched.unchanged and before is not None:
            return replace(before, at=self.now, etag=fetched.etag, modified=fetched.modified)
        page = as_page(await self.parsing.page(fetched.content, fetched.url, fetched.charset))
        if page.problem == "javascript_only" and self.browser is not None:
            return await self.rendered(url, fetched, self.browser)
        return self.seen(url, fetched, replace(page, robots=f"{page.robots} {general(fetched.robots)}".strip()))

    async def rendered(self, url: str, fetched: Fetched, browser: Browser) -> Visit:
        """The page as a browser shows it. Raises Unreadable."""
        async with self.rendering:
            await self.pace.turn()
            content = await browser.render(fetched.url)
        page = as_page(await self.parsing.page(content, fetched.url, "utf-8"))
        # What the server calls unchanged is only the empty frame: the next reading has to look again.
        return Visit(url, fetched.url, self.now, page)

    async def document(self, url: str, before: Visit | None) -> Visit:
        """A linked PDF as it is now. Raises Unreadable."""
        fetched = await self.get(url, PDF_TYPES, PDF_BYTES, before)
        if fetched.unchanged and before is not None:
            return replace(before, at=self.now, etag=fetched.etag, modified=fetched.modified)
        name = PurePosixPath(unquote(urlsplit(fetched.url).path)).name or "document"
        name = name if name.lower().endswith(".pdf") else f"{name}.pdf"
        fields = await self.parsing.file(fetched.content, name)
        page = ParsedPage(
            title=fields["title"], text=fields["text"], language=fields["language"],
            kind=page_kind(fetched.url, fields["title"]), canonical="", links=(), items=(),
            page_starts=tuple(fields["page_starts"]), notes=tuple(fields["notes"]), anchors=fields["anchors"] or {},
        )  # fmt: skip
        return self.seen(url, fetched, page)

    async def get(self, url: str, types: frozenset[str], most: int, before: Visit | None) -> Fetched:
        """The content, or the word that it did not change."""
        # A page that could not be learned is looked at again in full: our means may have changed, if not the page.
        etag, modified = ("", "") if before is None or before.page.problem else (before.etag, before.modified)
        return await self.pace.get(self.session, url, types=types, most=most, etag=etag, modified=modified)

    def seen(self, url: str, fetched: Fetched, page: ParsedPage) -> Visit:
        """A visit of this moment."""
        return Visit(url, fetched.url, self.now, page, fetched.etag, fetched.modified)


def as_page(fields: dict[str, Any]) -> ParsedPage:
    """The record that a parsing process answered field by field."""
    page: ParsedPage = adapter(ParsedPage).validate_python(fields)
    return page


def general(robots: str) -> str:
    """What an `X-Robots-Tag` asks of every robot, not of one by name."""
    named = robots.partition(":")[0]
    return "" if ":" in robots and named.strip().isidentifier() and "unavailable" not in named else robots
