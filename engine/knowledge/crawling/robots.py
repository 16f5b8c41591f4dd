"""robots.txt: what a website asks of readers.

Never here: asking for it again for every page; the text travels in the crawl's state.
"""

from __future__ import annotations

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching import FetchSession
from engine.knowledge.limits import LONGEST_CRAWL_DELAY, ROBOTS_BYTES

__all__ = ["Rules", "fetch_robots"]

REFUSE_ALL = "User-agent: *\nDisallow: /"


async def fetch_robots(session: FetchSession, root: str) -> str:
    """The text of a site's robots.txt; nothing when it has none (RFC 9309: then all is allowed).

    A server error closes the site, as the RFC says. Raises Unreadable when the site cannot be reached at all.
    """
    try:
        fetched = await session.get(f"{root}robots.txt", types=(), most=ROBOTS_BYTES)
    except Unreadable as error:
        if error.code in {"dns", "unreachable", "timeout", "private_address", "bad_address", "tls"}:
            raise
        return REFUSE_ALL if error.code == "server_error" else ""
    if fetched.content_type == "text/html":
        return ""
    return fetched.content.decode("utf-8", "replace").lstrip("\ufeff")


class Rules:
    """The rules of one robots.txt for our reader."""

    def __init__(self, text: str, user_agent: str) -> None:
        from protego import Protego  # noqa: PLC0415 - needed by crawls only

        self.parsed = Protego.parse(text)
        self.user_agent = user_agent

    def allow(self, url: str) -> bool:
        """Whether the page may be read."""
        return bool(self.parsed.can_fetch(url, self.user_agent))

    @property
    def delay(self) -> float:
        """Seconds between requests that the site asks for, within reason."""
        asked = self.parsed.crawl_delay(self.user_agent)
        rate = self.parsed.request_rate(self.user_agent)
        if asked is None and rate is not None and rate.requests:
            asked = rate.seconds / rate.requests
        return min(float(asked or 0.0), LONGEST_CRAWL_DELAY)

    @property
    def sitemaps(self) -> list[str]:
        """Addresses of the sitemaps it names."""
        return [str(url) for url in self.parsed.sitemaps]
