"""One batch of a crawl: pages read side by side, settled in the order of the queue.

Never here: where the state is stored.
"""

from __future__ import annotations

import asyncio

from engine.domain.knowledge import Document, ItemFailure, Product
from engine.knowledge.crawling.addresses import bare_host, matches, normal_url, same_site
from engine.knowledge.crawling.calls import PageCalls, PageResult
from engine.knowledge.crawling.frontier import Frontier
from engine.knowledge.crawling.likeness import double_of
from engine.knowledge.crawling.plan import CrawlPlan
from engine.knowledge.crawling.state import CrawlState, Target, mark
from engine.knowledge.crawling.visits import Visit
from engine.knowledge.failures import item_failure
from engine.knowledge.items import make_document
from engine.knowledge.pages.page import ParsedPage
from engine.knowledge.pages.products import Listing, page_products

__all__ = ["PageBatch"]

WORTH_IT = frozenset({"policy", "faq", "help"})
"""Kinds of pages that are learned although they ask search engines to leave them out: shops do so with their terms,
imprint and help for reasons of search, and these are what shoppers ask about."""


class PageBatch:
    """Takes some targets of the queue and moves the state on."""

    def __init__(self, plan: CrawlPlan, state: CrawlState, frontier: Frontier, source: str) -> None:
        self.plan, self.state, self.frontier, self.source = plan, state, frontier, source
        self.documents: list[Document] = []
        self.products: list[Product] = []
        self.failures: list[ItemFailure] = []
        self.visits: list[Visit] = []

    async def run(self, targets: list[Target], calls: PageCalls) -> None:
        """Read the targets."""
        state, plan = self.state, self.plan
        for result in await asyncio.gather(*(calls.read(target) for target in targets)):
            self.settle(result)
        if state.documents >= plan.max_pages or state.done >= 3 * plan.max_pages + 20:
            state.overfull = state.overfull or state.waiting > 0
            state.queue.clear()
            state.later.clear()
        if not state.waiting:
            if state.overfull:
                self.frontier.skip(plan.start, "page_limit", f"{state.documents} pages were read")
            self.frontier.close()
        self.failures += self.frontier.skipped

    def settle(self, result: PageResult) -> None:
        """Take one result into the state: its document, products, links or failure."""
        state, target, visit = self.state, result.target, result.visit
        state.done += 1
        if visit is None:
            assert result.failure is not None, "what was not visited failed"
            self.fail(target.url, result.failure.code, result.failure.detail)
            return
        if result.failure is not None:
            self.fail(target.url, "kept_copy", f"{result.failure.code}; from {visit.at:%d %B %Y, %H:%M} UTC")
        self.visits.append(visit)
        url = normal_url(visit.url) or visit.url
        if target.depth == 0 and bare_host(url) not in state.sites:
            state.sites.append(bare_host(url))
        if not same_site(url, state.sites, state.root):
            return  # forwards to another website: not this shop's page
        met = mark(url) in state.seen
        state.seen.add(mark(url))
        self.follow(visit.page, target)
        if mark(url) != mark(target.url) and met and target.depth > 0:
            self.frontier.learn(target.url, fresh=False)
            return  # forwards to a page that is read under its own address
        if self.plan.include and not matches(url, self.plan.include):
            return
        self.frontier.learn(target.url, fresh=self.keep(visit, url))

    def follow(self, page: ParsedPage, target: Target) -> None:
        """Take up where the page leads, unless it asks robots not to."""
        if target.depth == 0 and "noindex" in page.robots:
            self.state.everything = True
        asked = "nofollow" in page.robots or "none" in page.robots.split()
        if target.depth >= self.plan.max_depth or (asked and not self.state.everything):
            return
        languages = {url: language for language, url in page.alternates}
        self.frontier.offer(languages, max(target.depth, 1), languages)
        self.frontier.offer(page.links, target.depth + 1, languages)

    def own_address(self, page: ParsedPage, url: str) -> str:
        """The address under which the page is learned; nothing when it is read, or will be, under its own name."""
        state = self.state
        canonical = normal_url(page.canonical) if page.canonical else None
        if not canonical or mark(canonical) == mark(url) or not self.believable(canonical):
            return url
        if mark(canonical) in state.seen:
            return ""
        if bare_host(canonical) != bare_host(url):
            return url
        state.seen.add(mark(canonical))
        return canonical

    def believable(self, canonical: str) -> bool:
        """Whether a canonical address can be meant: of this site, and not the first page for every other one."""
        root = self.state.root
        starts = {mark(root), mark(self.plan.start)}
        return same_site(canonical, self.state.sites, root) and mark(canonical) not in starts

    def keep(self, visit: Visit, found: str) -> bool:
        """Learn the page and its products, unless it is left out; answers whether it says anything new."""
        page = visit.page
        url = self.own_address(page, found)
        if not url:
            return False
        if page.problem:
            self.fail(url, page.problem)
            return page.problem != "empty"
        reason = self.reason_against(page, url)
        if reason:
            self.frontier.skip(url, reason)
            return True
        twin = double_of(page, url, self.state)
        if twin:
            self.frontier.skip(url, "duplicate", twin)
            return False
        self.learn(visit, url)
        return True

    def reason_against(self, page: ParsedPage, url: str) -> str:
        """Why a good page is not learned, or nothing."""
        if self.plan.language and self.language_of(page, url) not in {"", self.plan.language}:
            return "language"
        hidden = "noindex" in page.robots or "none" in page.robots.split()
        return "noindex" if hidden and page.kind not in WORTH_IT and not self.state.everything else ""

    @staticmethod
    def language_of(page: ParsedPage, url: str) -> str:
        """The page's language by its own list of languages, else by its words."""
        named = {mark(normal_url(address) or address): language for language, address in page.alternates}
        return named.get(mark(url), page.language)

    def learn(self, visit: Visit, url: str) -> None:
        """The page's document and products."""
        page = visit.page
        self.products.extend(page_products(list(page.items), Listing(self.source, url, visit.at)))
        self.documents.append(
            make_document(
                source=self.source, item=url, title=page.title, text=page.text, now=visit.at, url=url,
                language=page.language, kind=page.kind, anchors=page.anchors, page_starts=page.page_starts,
            )
        )  # fmt: skip
        for note in page.notes:
            self.fail(url, note)
        self.state.documents += 1

    def fail(self, item: str, code: str, detail: str = "") -> None:
        """List what could not be learned."""
        self.failures.append(item_failure(item, code, detail))
