"""A proxy on loopback that lets a browser reach what our own fetcher may reach, and nothing else.

Never here: the browser. It resolves names by itself, so each of its connections is made here instead, to addresses that
were checked and pinned like those of every other fetch.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpcore

from engine.knowledge.failures import Unreadable
from engine.knowledge.fetching.fetcher import Fetcher
from engine.knowledge.fetching.locations import Location
from engine.knowledge.fetching.network import PinnedBackend
from engine.knowledge.limits import CONNECT_SECONDS, READ_SECONDS, RENDER_BYTES

__all__ = ["CheckingProxy"]

STEP = 64 * 1024
MOST_SENT = 1_000_000
OWN_HEADERS = re.compile(r"(proxy-.*|connection|keep-alive|upgrade|host|te|trailer)", re.I)
BROKEN = (OSError, TimeoutError, httpcore.NetworkError, httpcore.TimeoutException, asyncio.IncompleteReadError,
          asyncio.LimitOverrunError, ValueError)  # fmt: skip


class CheckingProxy:
    """Serves one browser for as long as it reads one page."""

    def __init__(self, fetcher: Fetcher, *, most: int = RENDER_BYTES) -> None:
        self.fetcher = fetcher
        self.left = most
        """Bytes that may still come in."""
        self.refused: list[str] = []
        """Hosts that were not let through."""

    @asynccontextmanager
    async def running(self) -> AsyncIterator[str]:
        """Its address, such as `127.0.0.1:41000`, while the block runs."""
        calls: set[asyncio.Task[None]] = set()

        async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            call = asyncio.ensure_future(self.serve(reader, writer))
            calls.add(call)
            call.add_done_callback(calls.discard)

        server = await asyncio.start_server(accept, "127.0.0.1", 0, limit=STEP)
        try:
            yield "127.0.0.1:{1}".format(*server.sockets[0].getsockname())
        finally:
            server.close()
            for call in list(calls):
                call.cancel()
            await asyncio.gather(*calls, return_exceptions=True)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection of the browser."""
        try:
            await self.relay(reader, writer)
        except Unreadable:
            writer.write(b"HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        except BROKEN:
            pass  # a connection that breaks off is the browser's to deal with
        finally:
            writer.close()

    async def relay(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pass one request on, or one tunnel. Raises Unreadable when it may not be."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, target, _ = head[0].split(" ", 2)
        tunnel = method == "CONNECT"
        location = self.checked(f"https://{target}/" if tunnel else target)
        stream = await self.connected(location)
        try:
            if tunnel:
                writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
                await self.both_ways(reader, writer, stream)
            else:
                # Just this request goes through: a second one on the same connection would not be checked.
                await stream.write("\r\n".join(request_head(method, location, head[1:])).encode("latin-1"))
                await stream.write(await reader.readexactly(body_length(head[1:])))
                await self.inward(stream, writer)
        finally:
            await stream.aclose()

    def checked(self, url: str) -> Location:
        """Where a request leads. Raises Unreadable."""
        try:
            return self.fetcher.check(url)
        except Unreadable:
            self.refused.append(url)
            raise

    async def connected(self, location: Location) -> httpcore.AsyncNetworkStream:
        """A connection to a checked address. Raises Unreadable."""
        backend = PinnedBackend(private_allowed=self.fetcher.trusts(location), resolver=self.fetcher.resolver)
        try:
            return await backend.connect_tcp(location.host, location.port, CONNECT_SECONDS)
        except Unreadable:
            self.refused.append(location.url)
            raise

    async def both_ways(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stream: httpcore.AsyncNetworkStream
    ) -> None:
        """Carry bytes in both directions until either side ends."""
        directions = [
            asyncio.ensure_future(self.inward(stream, writer)), asyncio.ensure_future(outward(reader, stream))
        ]  # fmt: skip
        try:
            await asyncio.wait(directions, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for direction in directions:
                direction.cancel()
            await asyncio.gather(*directions, return_exceptions=True)

    async def inward(self, stream: httpcore.AsyncNetworkStream, writer: asyncio.StreamWriter) -> None:
        """Carry the answer to the browser, as long as its bytes last."""
        while self.left > 0:
            piece = await stream.read(STEP, READ_SECONDS)
            if not piece:
                return
            self.left -= len(piece)
            writer.write(piece)
            await writer.drain()


async def outward(reader: asyncio.StreamReader, stream: httpcore.AsyncNetworkStream) -> None:
    """Carry what the browser sends through its tunnel."""
    sent = 0
    while sent < MOST_SENT and (piece := await reader.read(STEP)):
        sent += len(piece)
        await stream.write(piece, READ_SECONDS)


def request_head(method: str, location: Location, headers: list[str]) -> Iterator[str]:
    """The head of a request as it is sent on: to the address that was checked, for one answer."""
    yield f"{method} {location.path}{f'?{location.query}' if location.query else ''} HTTP/1.1"
    yield f"Host: {location.authority}"
    yield "Connection: close"
    yield from (line for line in headers if line and not OWN_HEADERS.fullmatch(line.partition(":")[0].strip()))
    yield from ("", "")


def body_length(headers: list[str]) -> int:
    """How many bytes follow the head. Raises ValueError for a body without a stated or with too great a length."""
    fields = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in headers)}
    length = int(fields.get("content-length", "0"))
    if "transfer-encoding" in fields or not 0 <= length <= MOST_SENT:
        raise ValueError("a body of unknown or too great a length")
    return length
