"""Websites: pages are found by links and sitemaps, and read batch by batch."""

from __future__ import annotations

import re

from engine.domain.knowledge import Source, SourceKind
from engine.knowledge.crawling.addresses import bare_host, normal_url, site_root
from engine.knowledge.crawling.batches import CrawlPlan, PageBatch, queue_links
from engine.knowledge.crawling.robots import Rules, fetch_robots
from engine.knowledge.crawling.sitemaps import sitemap_urls
from engine.knowledge.crawling.state import CrawlState, CrawlStore, Target, mark
from engine.knowledge.failures import REASONS, Unreadable, item_failure
from engine.knowledge.fetching import Fetcher, FetchSession
from engine.knowledge.items import refused, required_text
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
    )

    def __init__(
        self, *, fetcher: Fetcher, parsing: ParsingProcesses, requests_per_second: float, most_pages: int
    ) -> None:
        self.fetcher = fetcher
        self.parsing = parsing
        self.requests_per_second = requests_per_second
        self.most_pages = most_pages

    def check(self, options: dict[str, object]) -> tuple[str, dict[str, object]]:
        """(title, options). Raises InvalidInput naming the field."""
        url = required_text(options, "url", most=2048)
        if not re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:", url) or re.match(r"[\w.-]+:\d+", url):
            url = f"https://{url}"
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
        }
        return location.authority, checked

    async def read(self, source: Source, cursor: str | None, context: ReadContext) -> ReadBatch:
        """The next pages."""
        store = CrawlStore(context.blobs, source)
        plan = self.plan_for(source)
        async with self.fetcher.session() as session:
            if cursor is None:
                run, generation = await store.begin(context.clock.now()), 0
                try:
                    state = await self.start(plan, session)
                except Unreadable as error:
                    failure = item_failure(plan.start, error.code, error.detail)
                    return ReadBatch(failures=(failure,), done=1, total=1)
            else:
                run, generation, state = await store.load(cursor)
            batch = PageBatch(
                plan, state, session=session, parsing=self.parsing, source=source.id, now=context.clock.now()
            )
            await batch.run(self.batch_size(plan, state))
        following = await store.save(run, generation + 1, state) if state.queue else None
        return ReadBatch(
            documents=tuple(batch.documents),
            products=tuple(batch.products),
            failures=tuple(batch.failures),
            cursor=following,
            done=state.done,
            total=state.done + min(len(state.queue), max(plan.max_pages - state.documents, 0)),
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
            pause=0.0 if self.fetcher.trusts(self.fetcher.check(start)) else 1.0 / self.requests_per_second,
        )

    def batch_size(self, plan: CrawlPlan, state: CrawlState) -> int:
        """How many pages one step reads: a few seconds' worth."""
        pause = max(plan.pause, state.delay)
        return BATCH_PAGES if pause <= 0 else max(1, min(BATCH_PAGES, int(BATCH_SECONDS / pause)))

    async def start(self, plan: CrawlPlan, session: FetchSession) -> CrawlState:
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
            starts = [*rules.sitemaps, f"{root}sitemap.xml"]
            found = await sitemap_urls(session, starts, pause=max(plan.pause, state.delay))
            queue_links(plan, state, found, 1)
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
