"""Fetching one address safely: checked, pinned, capped, redirects followed by hand.

Never here: crawling, parsing, politeness between requests.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from urllib.parse import urljoin

import httpcore

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching.answers import Fetched, Hop, Wanted
from engine.knowledge.fetching.bodies import read_body
from engine.knowledge.fetching.locations import Location, locate
from engine.knowledge.fetching.network import PinnedBackend, Resolver, resolve
from engine.knowledge.fetching.statuses import refuse_status
from engine.knowledge.limits import CONNECT_SECONDS, PAGE_BYTES, READ_SECONDS, REDIRECTS, TOTAL_SECONDS

__all__ = ["HTML_TYPES", "FetchSession", "Fetcher"]

HTML_TYPES = frozenset({"text/html", "application/xhtml+xml"})
PUBLIC_PORTS = frozenset({80, 443})
REDIRECT_STATUSES = frozenset({301, 302, 303, 307, 308})
LOGIN_PATH = re.compile(r"/(log[-_]?in|sign[-_]?in|wp-login\.php|account/login|auth|sso|password)(/|\.\w+)?$", re.I)
TIMEOUTS = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": TOTAL_SECONDS}


class Fetcher:
    """Opens sessions that fetch user-given addresses under one set of rules."""

    def __init__(
        self,
        *,
        user_agent: str,
        allowed_private_hosts: Collection[str] = (),
        allowed_prefixes: tuple[str, ...] = (),
        more_ports: Collection[int] = (),
        resolver: Resolver = resolve,
        total_seconds: float = TOTAL_SECONDS,
    ) -> None:
        """Hosts are `host:port`; prefixes are whole address beginnings of our own pages, ending in a slash.

        `more_ports` are allowed on public hosts beside 80 and 443.
        """
        self.user_agent = user_agent
        self.ports = PUBLIC_PORTS | frozenset(more_ports)
        self.allowed_private_hosts = frozenset(host.lower() for host in allowed_private_hosts)
        self.allowed_prefixes = tuple(locate(prefix).url for prefix in allowed_prefixes)
        self.resolver = resolver
        self.total_seconds = total_seconds

    def prefix_of(self, location: Location) -> str | None:
        """The allowed prefix that `location` lies under."""
        return next((prefix for prefix in self.allowed_prefixes if location.url.startswith(prefix)), None)

    def trusts(self, location: Location) -> bool:
        """Whether `location` may be private: named by the operator, or our own pages."""
        return location.host_and_port in self.allowed_private_hosts or self.prefix_of(location) is not None

    def check(self, url: str) -> Location:
        """`url` parsed and allowed by its form. Raises Unreadable `bad_address`."""
        location = locate(url)
        if location.port not in self.ports and not self.trusts(location):
            raise Unreadable("bad_address", f"port {location.port} is not a web port; use 80 or 443")
        return location

    @asynccontextmanager
    async def session(self) -> AsyncIterator[FetchSession]:
        """Connections that are shared while the session lasts. A session belongs to one event loop."""
        context = await asyncio.to_thread(ssl.create_default_context)
        async with (
            pool(context, PinnedBackend(private_allowed=False, resolver=self.resolver)) as public,
            pool(context, PinnedBackend(private_allowed=True, resolver=self.resolver)) as trusted,
        ):
            yield FetchSession(self, public, trusted)


def pool(context: ssl.SSLContext, backend: PinnedBackend) -> httpcore.AsyncConnectionPool:
    """Connections that know no proxy, no cookies and no redirects of their own."""
    return httpcore.AsyncConnectionPool(
        ssl_context=context, max_connections=16, keepalive_expiry=10.0, retries=0, network_backend=backend
    )


class FetchSession:
    """Fetches addresses over shared connections."""

    def __init__(
        self, fetcher: Fetcher, public: httpcore.AsyncConnectionPool, trusted: httpcore.AsyncConnectionPool
    ) -> None:
        self.fetcher = fetcher
        self.public = public
        self.trusted = trusted

    async def get(
        self,
        url: str,
        *,
        types: Collection[str] = HTML_TYPES,
        most: int = PAGE_BYTES,
        etag: str = "",
        modified: str = "",
    ) -> Fetched:
        """The content at `url`, of one of `types` (any when empty), at most `most` bytes unpacked.

        With `etag` or `modified` it may be the word that nothing changed since. Raises Unreadable with the code of
        what went wrong.
        """
        return await self.fetch(url, Wanted(frozenset(types), most, etag, modified), self.fetcher.total_seconds)

    async def download(
        self,
        url: str,
        keep: Callable[[bytes], object],
        *,
        most: int,
        seconds: float,
        etag: str = "",
        modified: str = "",
    ) -> Fetched:
        """The content at `url` given to `keep` piece by piece, or the word that it is unchanged since `etag`.

        Raises Unreadable with the code of what went wrong.
        """
        wanted = Wanted(frozenset(), most, etag, modified, keep)
        return await self.fetch(url, wanted, max(seconds, self.fetcher.total_seconds))

    async def fetch(self, url: str, wanted: Wanted, seconds: float) -> Fetched:
        """What is wanted from `url`, within so many seconds. Raises Unreadable."""
        try:
            async with asyncio.timeout(seconds):
                return await self.follow(self.fetcher.check(url), wanted)
        except TimeoutError as error:
            raise Unreadable("timeout") from error

    async def follow(self, location: Location, wanted: Wanted) -> Fetched:
        """Request `location`, and where it forwards to, each hop checked like the first."""
        first = location
        seen = {location.url}
        cookies = False
        for _ in range(REDIRECTS + 1):
            try:
                answer = await self.request(location, wanted)
            except Unreadable as error:
                if error.code == "private_address" and location is not first:
                    raise Unreadable("private_redirect", location.host) from error
                raise
            if isinstance(answer, Fetched):
                if LOGIN_PATH.search(location.path) and not LOGIN_PATH.search(first.path):
                    raise Unreadable("sign_in_needed")
                return answer
            cookies = cookies or answer.sets_cookie
            location = self.next_hop(location, answer.target)
            if location.url in seen:
                # Forwarding to itself with a cookie in hand: it waits for a visitor who keeps cookies.
                raise Unreadable("cookie_wall" if cookies else "redirect_loop")
            seen.add(location.url)
        raise Unreadable("cookie_wall" if cookies else "too_many_redirects")

    def next_hop(self, location: Location, target: str) -> Location:
        """Where a redirect leads. Raises Unreadable."""
        after = self.fetcher.check(urljoin(location.url, target))
        if location.scheme == "https" and after.scheme == "http":
            raise Unreadable("insecure_redirect")
        return after

    async def request(self, location: Location, wanted: Wanted) -> Fetched | Hop:
        """One exchange: the content, or where it forwards to."""
        connections = self.trusted if self.fetcher.trusts(location) else self.public
        headers = {
            "Host": location.authority,
            "User-Agent": self.fetcher.user_agent,
            "Accept": "text/html,application/xhtml+xml,*/*;q=0.5",
            "Accept-Encoding": "gzip, identity",
        } | wanted.headers()
        try:
            async with connections.stream(
                "GET", location.url, headers=list(headers.items()), extensions={"timeout": TIMEOUTS}
            ) as response:
                return await self.receive(location, response, wanted)
        except (httpcore.TimeoutException, TimeoutError) as error:
            raise Unreadable("timeout") from error
        except httpcore.ConnectError as error:
            code = "tls" if "certificate" in str(error).lower() or "ssl" in str(error).lower() else "unreachable"
            raise Unreadable(code) from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise Unreadable("unreachable", "the connection broke off") from error

    async def receive(self, location: Location, response: httpcore.Response, wanted: Wanted) -> Fetched | Hop:
        """The content of one response, or where it forwards to."""
        headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
        if response.status in REDIRECT_STATUSES and headers.get("location"):
            return Hop(headers["location"].strip(), "set-cookie" in headers)
        etag, modified = headers.get("etag", ""), headers.get("last-modified", "")
        if response.status == 304 and wanted.headers():
            return Fetched(location.url, b"", "", "", etag or wanted.etag, modified or wanted.modified, unchanged=True)
        refuse_status(response.status, headers)
        media, _, parameters = headers.get("content-type", "").partition(";")
        media = media.strip().lower()
        if wanted.types and media and media not in wanted.types:
            raise Unreadable("not_html", media)
        declared = headers.get("content-length", "")
        if declared.isdigit() and int(declared) > wanted.most:
            raise Unreadable("too_large", f"more than {wanted.most // 1_000_000 or 1} MB")
        encoding = headers.get("content-encoding", "").strip().lower()
        content = await read_body(response.aiter_stream(), encoding, wanted.most, wanted.keep)
        charset = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", parameters, re.I)
        robots = headers.get("x-robots-tag", "").lower()
        return Fetched(location.url, content, media, charset.group(1) if charset else "", etag, modified, robots=robots)
