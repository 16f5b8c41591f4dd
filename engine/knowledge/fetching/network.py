"""Connecting only to addresses that were checked: names are resolved, checked and pinned in one place.

Never here: HTTP. A second lookup between check and connect would let a name change its mind.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Iterable

import httpcore

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching.addresses import is_public
from engine.knowledge.limits import RESOLVE_SECONDS

__all__ = ["PinnedBackend", "Resolver", "resolve"]

Resolver = Callable[[str, int], Awaitable[list[str]]]
SocketOption = tuple[int, int, int] | tuple[int, int, bytes | bytearray] | tuple[int, int, None, int]


async def resolve(host: str, port: int) -> list[str]:
    """Every address of `host`, in the system's order. Raises Unreadable `dns`."""
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(RESOLVE_SECONDS):
            found = await loop.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except TimeoutError as error:
        raise Unreadable("dns", f"looking up {host!r} took too long") from error
    except (OSError, UnicodeError) as error:
        raise Unreadable("dns", host) from error
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


class PinnedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a name, refuses it unless every address is public, and connects to just those addresses."""

    def __init__(self, *, private_allowed: bool, resolver: Resolver = resolve) -> None:
        self.private_allowed = private_allowed
        self.resolver = resolver
        self.inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address of `host`; TLS still names and verifies the host itself."""
        addresses = await self.resolver(host, port)
        if not addresses:
            raise Unreadable("dns", host)
        if not self.private_allowed and not all(is_public(address) for address in addresses):
            raise Unreadable("private_address", host)
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self.inner.connect_tcp(address, port, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"no address of {host!r} could be reached")

    async def connect_unix_socket(
        self,
        path: str,
        timeout: float | None = None,  # noqa: ASYNC109 - httpcore's own signature
        socket_options: Iterable[SocketOption] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Never: a web address does not lead to a local socket."""
        raise Unreadable("private_address", path)

    async def sleep(self, seconds: float) -> None:
        """Wait, as httpcore asks between tries."""
        await asyncio.sleep(seconds)
