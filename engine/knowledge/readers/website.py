"""Websites: pages are found by links and sitemaps, and read batch by batch."""

from __future__ import annotations

import re

from engine.domain.knowledge import ItemFailure, Source, SourceKind
from engine.knowledge.crawling.addresses import bare_host, normal_url, site_root
from engine.knowledge.crawling.batches import PageBatch
from engine.knowledge.crawling.calls import PageCalls
from engine.knowledge.crawling.frontier import Frontier
from engine.knowledge.crawling.pace import Hosts, Pace
from engine.knowledge.crawling.plan import CrawlPlan
from engine.knowledge.crawling.robots import Rules, fetch_robots
from engine.knowledge.crawling.sitemaps import read_sitemaps
from engine.knowledge.crawling.state import CrawlState, CrawlStore, Target, mark
from engine.knowledge.crawling.visits import Visits
from engine.knowledge.failures import REASONS, Unreadable, item_failure
from engine.knowledge.fetching import Fetcher, FetchSession
from engine.knowledge.fetching.browser import Browser
from engine.knowledge.items import optional_text, refused, required_text
from engine.knowledge.limits import BATCH_PAGES, BATCH_SECONDS, CRAWL_DEPTH, CRAWL_PAGES
from engine.knowledge.parsing import ParsingProcesses
from engine.knowledge.reading import FormField, ReadBatch, ReadContext

__all__ = ["WebsiteReader"]


class WebsiteReader:
    """One document per page, and a product for each that a page offers."""

    kind: SourceKind = "website"
    label = "Website"
    form: tuple[FormField, ...] = (
        FormField("url", "Address", "url", help="The first page, such as https://www.example.com/", required=True),
        FormField("max_pages", "Most pages", "number", help="Reading stops after so many.", default=CRAWL_PAGES),
        FormField("max_depth", "Most clicks from the first page", "number", default=CRAWL_DEPTH),
        FormField("include", "Only addresses like", "patterns", help="One on each line, such as /help/*"),
        FormField("exclude", "Leave out addresses like", "patterns", help="One on each line, such as /blog/*"),
        FormField("language", "Only pages in language", "text", help="Two letters, such as en. Every one when empty."),
    )

    def __init__(
        self,
        *,
        fetcher: Fetcher,
        parsing: ParsingProcesses,
        requests_per_second: float,
        most_pages: int,
        browser: Browser | None = None,
    ) -> None:
        """Without `browser`, pages that need JavaScript are named and not read."""
        self.browser = browser
        self.fetcher = fetcher
        self.parsing = parsing
        self.requests_per_second = requests_per_second
        self.most_pages = most_pages
        self.hosts = Hosts()

    def check(self, options: dict[str, object]) -> tuple[str, dict[str, object]]:
        """(title, options). Raises InvalidInput naming the field."""
        url = required_text(options, "url", most=2048)
        if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url) or re.match(r"[\w.-]+:\d+", url):
            # Shops are on https; an address with a port of its own is somebody's own server.
            plain = re.match(r"[\w.-]+:(?!443\b|8443\b)\d+", url)
            url = f"{'http' if plain else 'https'}://{url}"
        try:
            location = self.fetcher.check(url.split("#")[0])
        except Unreadable as error:
            raise refused("url", f"cannot be used: {REASONS[error.code]} ({error.detail})") from error
        checked: dict[str, object] = {
            "url": location.url,
            "max_pages": min(number(options, "max_pages", CRAWL_PAGES, least=1), self.most_pages),
            "max_depth": number(options, "max_depth", CRAWL_DEPTH, least=0),
            "include": patterns(options, "include"),
            "exclude": patterns(options, "exclude"),
            "language": language(options),
        }
        return location.authority, checked

    async def read(self, source: Source, cursor: str | None, context: ReadContext) -> ReadBatch:
        """The next pages."""
        place, now = context.place(source), context.clock.now()
        store, visits = CrawlStore(context.blobs, place), Visits(context.blobs, place, context.previous_place(source))
        plan = self.plan_for(source)
        failures: list[ItemFailure] = []
        async with self.fetcher.session() as session:
            if cursor is None:
                await store.clear()
                try:
                    generation, state = 0, await self.start(plan, session, failures)
                except Unreadable as error:
                    failure = item_failure(plan.start, error.code, error.detail)
                    return ReadBatch(failures=(failure,), done=1, total=1)
            else:
                generation, state = await store.load(cursor)
            frontier = Frontier(plan, state)
            batch = PageBatch(plan, state, frontier, source.id)
            targets = frontier.take(self.batch_size(plan, state))
            pace = Pace(self.hosts, state, max(plan.pause, state.delay))
            before = await visits.before(target.url for target in targets)
            await batch.run(targets, PageCalls(session, self.parsing, pace, before, now, self.browser))
        generation += 1
        await visits.keep(generation, batch.visits)
        state.visited |= {mark(visit.asked): generation for visit in batch.visits}
        following = await store.save(generation, state)
        return ReadBatch(
            documents=tuple(batch.documents),
            products=tuple(batch.products),
            failures=(*failures, *batch.failures),
            cursor=following if state.waiting else None,
            done=state.done,
            total=state.done + min(state.waiting, max(plan.max_pages - state.documents, 0)),
        )

    def plan_for(self, source: Source) -> CrawlPlan:
        """The stored options as a plan."""
        options = source.options
        start = str(options["url"])
        return CrawlPlan(
            start=start,
            max_pages=min(int(str(options.get("max_pages", CRAWL_PAGES))), self.most_pages),
            max_depth=int(str(options.get("max_depth", CRAWL_DEPTH))),
            include=tuple(patterns(options, "include")),
            exclude=tuple(patterns(options, "exclude")),
            user_agent=self.fetcher.user_agent,
            language=str(options.get("language") or ""),
            pause=self.pause_for(start),
        )

    def pause_for(self, start: str) -> float:
        """Seconds between two requests; an address that may not be visited is refused when it is."""
        try:
            trusted = self.fetcher.trusts(self.fetcher.check(start))
        except Unreadable:
            trusted = False
        return 0.0 if trusted else 1.0 / self.requests_per_second

    def batch_size(self, plan: CrawlPlan, state: CrawlState) -> int:
        """How many pages one step reads: a few seconds' worth, and at first only one that is shown soon."""
        pause = max(plan.pause, state.delay, state.slowness)
        size = BATCH_PAGES if pause <= 0 else max(1, min(BATCH_PAGES, int(BATCH_SECONDS / pause)))
        return min(size if state.done or not plan.pause else 1, plan.max_pages - state.documents)

    async def start(self, plan: CrawlPlan, session: FetchSession, failures: list[ItemFailure]) -> CrawlState:
        """What is known before the first page: robots.txt and the sitemaps. Raises Unreadable."""
        location = self.fetcher.check(plan.start)
        root = site_root(plan.start, self.fetcher.prefix_of(location))
        text = await fetch_robots(session, root)
        rules = Rules(text, plan.user_agent)
        first = normal_url(plan.start) or plan.start
        state = CrawlState(sites=[bare_host(first)], root=root, robots=text, delay=rules.delay)
        if not rules.allow(first):
            raise Unreadable("robots")
        state.queue.append(Target(first, 0))
        state.seen.add(mark(first))
        if plan.max_depth > 0 and plan.max_pages > 1:
            pause = max(plan.pause, state.delay)
            found = await read_sitemaps(session, rules.sitemaps, f"{root}sitemap.xml", pause=pause)
            failures += [item_failure(url, error.code, error.detail) for url, error in found.failures]
            # What changed last comes first: a stop or the limit of pages then costs what is known the longest.
            pages = sorted(found.pages.values(), key=lambda page: page.modified, reverse=True)
            frontier = Frontier(plan, state)
            frontier.offer((page.url for page in pages), 1, {page.url: page.language for page in pages})
            failures += frontier.skipped
        return state


def number(options: dict[str, object], field: str, default: int, *, least: int) -> int:
    """A whole number, or its default. Raises InvalidInput naming the field."""
    value = options.get(field)
    if value is None or value == "":
        return default
    if isinstance(value, bool) or not re.fullmatch(r"\d{1,7}", str(value)) or int(str(value)) < least:
        raise refused(field, f"must be a whole number, {least} or more")
    return int(str(value))


def patterns(options: dict[str, object], field: str) -> list[str]:
    """Patterns, given as a list or one on each line. Raises InvalidInput naming the field."""
    value = options.get(field) or []
    lines = value.splitlines() if isinstance(value, str) else value
    if not isinstance(lines, (list, tuple)) or len(lines) > 100 or not all(isinstance(line, str) for line in lines):
        raise refused(field, "must be a list of at most 100 address patterns, such as /help/*")
    return [line.strip() for line in lines if line.strip()]


def language(options: dict[str, object]) -> str:
    """An ISO 639-1 code, or nothing. Raises InvalidInput naming the field."""
    code = optional_text(options, "language", most=10).lower()
    if code and not re.fullmatch(r"[a-z]{2}", code):
        raise refused("language", "must be two letters, such as en or de")
    return code
