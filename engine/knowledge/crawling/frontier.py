"""Which addresses are read, in which order, and why the others are not.

Never here: fetching, or what pages say.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from engine.domain.knowledge import ItemFailure
from engine.knowledge.crawling.addresses import is_document, is_page, matches, normal_url, same_site
from engine.knowledge.crawling.plan import CrawlPlan
from engine.knowledge.crawling.robots import Rules
from engine.knowledge.crawling.state import CrawlState, Target, mark
from engine.knowledge.crawling.views import is_dated, is_shop_function, plain_view, same_listing, shape, viewed_path
from engine.knowledge.failures import SKIPPED, item_failure
from engine.knowledge.limits import CRAWL_FILES, DATED_PAGES, IDLE_PAGES, LISTED_SKIPS

__all__ = ["Frontier"]

QUEUE_FACTOR = 10
"""Addresses kept for every page that may be read: a trap without end must not fill the state."""


class Frontier:
    """The addresses of one crawl that are still to be read."""

    def __init__(self, plan: CrawlPlan, state: CrawlState) -> None:
        self.plan, self.state = plan, state
        self.rules = Rules(state.robots, plan.user_agent)
        self.skipped: list[ItemFailure] = []

    def offer(
        self, links: Iterable[str], depth: int, languages: dict[str, str] | None = None, origin: str = ""
    ) -> None:
        """Take up pages of the site that were not met before; those that are not read are listed with the reason.

        The next page of a listing, seen from its page `origin`, is no click deeper: what it lists is as near.
        """
        state = self.state
        for link in links:
            address = normal_url(link)
            if address is None or not same_site(address, state.sites, state.root):
                continue
            url = normal_url(plain_view(address)) or address
            if mark(url) in state.seen:
                continue
            if len(state.seen) >= QUEUE_FACTOR * self.plan.max_pages + 1000:
                state.overfull = True
                return
            if viewed_path(url) and mark(viewed_path(url)) in state.seen:
                continue  # a print or AMP view of a page that is read
            state.seen.add(mark(url))
            reason = self.refusal(url)
            if reason:
                self.skip(url, reason)
                continue
            nearer = origin and depth > 1 and same_listing(origin, url)
            target = Target(url, depth - 1 if nearer else depth, (languages or {}).get(link, ""))
            plain = not (urlsplit(url).query or is_document(url) or is_dated(url))
            (state.queue if plain else state.later).append(target)

    def refusal(self, url: str) -> str:
        """Why an address is not taken up, or nothing; `other` for what is no page and not worth a word."""
        state, plan = self.state, self.plan
        if is_document(url):
            if self.unwanted(url):
                return "excluded"
            state.files += 1
            return "file_limit" if state.files > CRAWL_FILES else ""
        if not is_page(url):
            return "other"
        if self.unwanted(url):
            return "excluded"
        if is_shop_function(url) and mark(url) != mark(plan.start):
            return "shop_function"
        if is_dated(url):
            days = state.dated[shape(url)] = state.dated.get(shape(url), 0) + 1
            return "calendar" if days > DATED_PAGES else ""
        return ""

    def unwanted(self, url: str) -> bool:
        """Whether the shop owner's choice of addresses leaves it out."""
        plan = self.plan
        return matches(url, plan.exclude) or bool(plan.include and not matches(url, plan.include))

    def take(self, size: int) -> list[Target]:
        """The next targets; those that are not to be asked for are listed with the reason."""
        state = self.state
        taken: list[Target] = []
        while len(taken) < size and state.waiting:
            target = (state.queue or state.later).pop(0)
            if not self.rules.allow(target.url):
                self.skip(target.url, "robots")
            elif self.plan.language and target.language not in {"", self.plan.language}:
                self.skip(target.url, "language")
            elif self.is_idle(target.url):
                self.skip(target.url, "duplicate")
            else:
                taken.append(target)
        return taken

    def is_idle(self, url: str) -> bool:
        """Whether addresses of this shape have shown to be other views of the same pages."""
        fresh, idle = self.state.shapes.get(shape(url), (0, 0))
        return fresh == 0 and idle >= IDLE_PAGES

    def learn(self, url: str, *, fresh: bool) -> None:
        """Note whether an address with a query brought anything new."""
        if urlsplit(url).query:
            counts = self.state.shapes.setdefault(shape(url), [0, 0])
            counts[0 if fresh else 1] += 1

    def skip(self, url: str, code: str, detail: str = "") -> None:
        """List an address that is left out; of each reason only the first ones."""
        if code == "other":
            return
        number = self.state.skips[code] = self.state.skips.get(code, 0) + 1
        if number <= LISTED_SKIPS or code not in SKIPPED:
            self.skipped.append(item_failure(url, code, detail))

    def close(self) -> None:
        """At the end: say how many were left out beyond those that are listed."""
        for code, number in sorted(self.state.skips.items()):
            if number > LISTED_SKIPS and code in SKIPPED:
                self.skipped.append(item_failure(self.plan.start, code, f"and {number - LISTED_SKIPS:,} more"))
