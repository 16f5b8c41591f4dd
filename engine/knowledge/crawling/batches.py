"""One batch of a crawl: pages fetched and parsed side by side, kept in the order of the queue.

Never here: where the state is stored.
"""

from __future__ import annotations

import asyncio
import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.domain.knowledge import Document, ItemFailure, Product
from engine.knowledge.crawling.addresses import bare_host, is_page, matches, normal_url, same_site
from engine.knowledge.crawling.pace import Pace
from engine.knowledge.crawling.robots import Rules
from engine.knowledge.crawling.state import CrawlState, Target, mark
from engine.knowledge.failures import Unreadable, item_failure
from engine.knowledge.fetching import FetchSession
from engine.knowledge.items import make_document
from engine.knowledge.limits import ROBOTS_FAILURES
from engine.knowledge.pages.page import ParsedPage
from engine.knowledge.pages.products import Listing, page_products
from engine.knowledge.parsing import ParsingProcesses

__all__ = ["CrawlPlan", "PageBatch", "queue_links"]

QUEUE_FACTOR = 10
"""Addresses kept for every page that may be read: a calendar without end must not fill the state."""


@dataclass(frozen=True, slots=True)
class CrawlPlan:
    """What the shop owner asked for."""

    start: str
    max_pages: int
    max_depth: int
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    user_agent: str
    pause: float
    """Least seconds between two requests; nothing for a site of the operator's own."""


@dataclass(frozen=True, slots=True)
class PageResult:
    """What became of one target."""

    target: Target
    url: str
    """Where it was found in the end."""
    page: ParsedPage | None = None
    failure: Unreadable | None = None


def queue_links(plan: CrawlPlan, state: CrawlState, links: Iterable[str], depth: int) -> None:
    """Put pages of the site that were not seen before into the queue."""
    for link in links:
        url = normal_url(link)
        if url is None or len(state.seen) >= QUEUE_FACTOR * plan.max_pages + 1000:
            continue
        if not is_page(url) or not same_site(url, state.sites, state.root) or mark(url) in state.seen:
            continue
        if matches(url, plan.exclude) or (plan.include and not matches(url, plan.include)):
            continue
        state.seen.add(mark(url))
        state.queue.append(Target(url, depth))


class PageBatch:
    """Reads some targets of the queue and moves the state on."""

    def __init__(
        self,
        plan: CrawlPlan,
        state: CrawlState,
        *,
        session: FetchSession,
        parsing: ParsingProcesses,
        source: str,
        now: datetime,
    ) -> None:
        self.plan, self.state, self.session, self.parsing = plan, state, session, parsing
        self.source, self.now = source, now
        self.rules = Rules(state.robots, plan.user_agent)
        self.documents: list[Document] = []
        self.products: list[Product] = []
        self.failures: list[ItemFailure] = []

    async def run(self, size: int) -> None:
        """Read the next `size` targets at most."""
        state, plan = self.state, self.plan
        size = min(size, plan.max_pages - state.documents)
        if not state.done:
            size = min(size, 1 if plan.pause else size)
        targets = self.take(size)
        pace = Pace(max(plan.pause, state.delay))
        for result in await asyncio.gather(*(self.read_page(target, pace) for target in targets)):
            self.settle(result)
        if state.documents >= plan.max_pages or state.done >= 3 * plan.max_pages + 20:
            if state.queue:
                self.failures.append(item_failure(plan.start, "page_limit", f"{state.documents} pages were read"))
            state.queue.clear()

    def take(self, size: int) -> list[Target]:
        """The next targets that robots.txt allows; the others are reported."""
        taken: list[Target] = []
        while self.state.queue and len(taken) < size:
            target = self.state.queue.pop(0)
            if self.rules.allow(target.url):
                taken.append(target)
                continue
            self.state.refused += 1
            if self.state.refused <= ROBOTS_FAILURES:
                self.state.done += 1
                self.failures.append(item_failure(target.url, "robots"))
        return taken

    async def read_page(self, target: Target, pace: Pace) -> PageResult:
        """Fetch and parse one page."""
        try:
            fetched = await pace.get(self.session, target.url)
            fields = await self.parsing.page(fetched.content, fetched.url, fetched.charset)
        except Unreadable as error:
            return PageResult(target, target.url, failure=error)
        page = ParsedPage(**{**fields, "links": tuple(fields["links"]), "items": tuple(fields["items"])})
        return PageResult(target, fetched.url, page)

    def settle(self, result: PageResult) -> None:
        """Take one result into the state: its document, products, links or failure."""
        state, target = self.state, result.target
        state.done += 1
        if result.page is None:
            assert result.failure is not None
            self.failures.append(item_failure(target.url, result.failure.code, result.failure.detail))
            return
        url = normal_url(result.url) or result.url
        if target.depth == 0 and bare_host(url) not in state.sites:
            state.sites.append(bare_host(url))
        if not same_site(url, state.sites, state.root):
            return  # forwards to another website: not this shop's page
        if target.depth < self.plan.max_depth:
            queue_links(self.plan, state, result.page.links, target.depth + 1)
        if mark(url) != mark(target.url) and mark(url) in state.seen and target.depth > 0:
            return  # forwards to a page that is read under its own address
        state.seen.add(mark(url))
        if self.plan.include and not matches(url, self.plan.include):
            return
        self.keep(result.page, url)

    def believable(self, canonical: str) -> bool:
        """Whether a canonical address can be meant: of this site, and not the first page for every other one."""
        root = self.state.root
        return same_site(canonical, self.state.sites, root) and mark(canonical) not in {
            mark(root),
            mark(self.plan.start),
        }

    def keep(self, page: ParsedPage, url: str) -> None:
        """The page's document and products, unless it repeats another one."""
        state = self.state
        canonical = normal_url(page.canonical) if page.canonical else None
        if canonical and mark(canonical) != mark(url) and self.believable(canonical):
            if mark(canonical) in state.seen:
                return  # read, or about to be read, under its own name
            if bare_host(canonical) == bare_host(url):
                state.seen.add(mark(canonical))
                url = canonical
        if page.problem:
            self.failures.append(item_failure(url, page.problem))
            return
        digest = hashlib.sha256(re.sub(r"\s+", " ", f"{page.title}\n{page.text}").encode()).hexdigest()[:24]
        twin = state.digests.setdefault(digest, url)
        if twin != url:
            self.failures.append(item_failure(url, "duplicate", twin))
            return
        self.products.extend(page_products(list(page.items), Listing(self.source, url, self.now)))
        self.documents.append(
            make_document(
                source=self.source, item=url, title=page.title, text=page.text, now=self.now, url=url,
                language=page.language, kind=page.kind, anchors=page.anchors,
            )
        )  # fmt: skip
        state.documents += 1
