"""Calls from here to vendors and shops: guarded against inner networks, bounded in time and size.

Never here: what any vendor's answer means.
"""

from __future__ import annotations

import asyncio
import json
import math
import ssl
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlencode

import httpcore

from engine.channels.gateway import DeliveryDelayed, NotDelivered
from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching.addresses import is_public
from engine.knowledge.fetching.bodies import read_body
from engine.knowledge.fetching.locations import Location, locate
from engine.knowledge.fetching.network import PinnedBackend, Resolver, resolve

__all__ = ["Called", "VendorCalls"]

CONNECT_SECONDS, READ_SECONDS, TOTAL_SECONDS = 5.0, 15.0, 20.0
LEAST_WAIT, MOST_WAIT = 1.0, 3600.0
"""Seconds between which we wait as we are asked; who asks for none would be asked in a tight loop."""
ANSWER_BYTES = 1_000_000
PORTS = frozenset({443})


@dataclass(frozen=True, slots=True)
class Called:
    """What was answered."""

    status: int
    headers: Mapping[str, str]
    """Names in lower case."""
    content: bytes

    def json(self) -> dict[str, Any]:
        """The answer's JSON object; empty when it is none."""
        try:
            found = json.loads(self.content)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    @property
    def retry_after(self) -> float | None:
        """Seconds the other side asks to wait, from 1 to 3,600; None when it does not say so sensibly.

        A date counts from the answer's own `Date`, so that no clock of ours has to agree (RFC 9110, 10.2.3).
        """
        told = self.headers.get("retry-after", "").strip()
        try:
            asked = float(told)
        except ValueError:
            try:
                until, now = parsedate_to_datetime(told), parsedate_to_datetime(self.headers.get("date", ""))
                asked = (until - now).total_seconds()
            except (ValueError, TypeError, OverflowError):
                return None
        return min(max(asked, LEAST_WAIT), MOST_WAIT) if math.isfinite(asked) else None


class VendorCalls:
    """Shared connections of one event loop."""

    def __init__(self, private_hosts: Collection[str] = (), *, resolver: Resolver = resolve) -> None:
        """`private_hosts` are `host:port` that may be private, without TLS and on any port."""
        self.private_hosts = frozenset(host.lower() for host in private_hosts)
        self.resolver = resolver
        self.pools: dict[bool, httpcore.AsyncConnectionPool] = {}

    async def pool(self, *, private: bool) -> httpcore.AsyncConnectionPool:
        """Connections that may, or may not, lead into inner networks."""
        if private not in self.pools:
            context = await asyncio.to_thread(ssl.create_default_context)
            backend = PinnedBackend(private_allowed=private, resolver=self.resolver)
            self.pools[private] = httpcore.AsyncConnectionPool(
                ssl_context=context, max_connections=64, keepalive_expiry=20.0, retries=0, network_backend=backend
            )
        return self.pools[private]

    async def close(self) -> None:
        """Let go of all connections."""
        for pool in self.pools.values():
            await pool.aclose()
        self.pools.clear()

    def check(self, url: str) -> tuple[Location, bool]:
        """(the address, whether it may be private). Raises NotDelivered for one that nothing is sent to."""
        try:
            location = locate(url)
        except Unreadable as error:
            # Without the address: it may hold what only its owner should know.
            raise NotDelivered(f"This is no address that can be called: {error.detail or error.code}.") from error
        private = location.host_and_port in self.private_hosts
        if not private and (location.scheme != "https" or location.port not in PORTS):
            raise NotDelivered(f"{location.origin} is not called: only https on port 443 is.")
        return location, private

    def check_server(self, host: str, port: int, ports: Collection[int]) -> bool:
        """Whether a server that is no web server may be private. Raises NotDelivered for one that is not spoken to."""
        if f"{host}:{port}".lower() in self.private_hosts:
            return True
        if port not in ports:
            allowed = ", ".join(str(one) for one in sorted(ports))
            raise NotDelivered(f"Port {port} is not spoken to: only {allowed} are.")
        return False

    async def server_addresses(self, host: str, port: int, ports: Collection[int]) -> tuple[str, ...]:
        """Checked network addresses of such a server, to connect to and no others.

        Raises NotDelivered for one that is not spoken to, DeliveryDelayed when its name is not found just now.
        """
        private = self.check_server(host, port, ports)
        try:
            found = await self.resolver(host, port)
        except Unreadable as error:
            raise DeliveryDelayed(f"There is no server called {host}, or its name could not be looked up.") from error
        if not private and not all(is_public(address) for address in found):
            raise NotDelivered(f"{host} lies in an inner network, which is not called.")
        return tuple(found)

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: Any = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        seconds: float = TOTAL_SECONDS,
        most: int = ANSWER_BYTES,
    ) -> Called:
        """One call, with JSON, a form or bytes; redirects are not followed.

        Raises DeliveryDelayed when the other side is out of reach, NotDelivered for an address that is not called.
        """
        location, private = self.check(url)
        sent = {"Host": location.authority, "Accept": "application/json", "Accept-Encoding": "gzip, identity"}
        sent |= dict(headers or {})
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            sent["Content-Type"] = "application/json; charset=utf-8"
        elif form is not None:
            content = urlencode(form).encode()
            sent["Content-Type"] = "application/x-www-form-urlencoded"
        if content is not None:
            sent["Content-Length"] = str(len(content))
        if not all(value.isascii() for value in sent.values()):
            raise NotDelivered("The token holds a sign that none has: copy it once more.")
        try:
            async with asyncio.timeout(seconds):
                return await self.exchange(method, location.url, list(sent.items()), content, private, most)
        except (TimeoutError, httpcore.TimeoutException) as error:
            raise DeliveryDelayed(f"{location.host} did not answer in time.") from error
        except Unreadable as error:
            if error.code == "private_address":
                raise NotDelivered(f"{location.host} lies in an inner network, which is not called.") from error
            raise DeliveryDelayed(f"{location.host} could not be reached ({error.code}).") from error
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError) as error:
            raise DeliveryDelayed(f"{location.host} could not be reached ({type(error).__name__}).") from error

    async def exchange(
        self, method: str, url: str, headers: list[tuple[str, str]], content: bytes | None, private: bool, most: int
    ) -> Called:
        """One request and its answer."""
        pool = await self.pool(private=private)
        timeouts = {"connect": CONNECT_SECONDS, "read": READ_SECONDS, "write": READ_SECONDS, "pool": TOTAL_SECONDS}
        async with pool.stream(
            method, url, headers=headers, content=content, extensions={"timeout": timeouts}
        ) as response:
            told = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in response.headers}
            encoding = told.get("content-encoding", "").strip().lower()
            answer = await read_body(response.aiter_stream(), encoding, most, None)
            return Called(response.status, told, answer)
