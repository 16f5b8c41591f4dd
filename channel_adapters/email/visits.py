"""Visits to a link's mail servers from asynchronous code: each in threads of their own, cut off when its caller ends.

Never here: IMAP or SMTP.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar

from channel_adapters.calling import VendorCalls
from channel_adapters.email.limits import IMAP_PORTS, SIGN_OFF_SECONDS, SMTP_PORTS, STEP_SECONDS, THREADS
from channel_adapters.email.mailbox import Folder, Mailbox
from channel_adapters.email.sending import Delivery
from channel_adapters.email.servers import MailServer
from channel_adapters.email.troubles import MailTrouble, reached_trouble
from engine.channels.gateway import DeliveryDelayed, NotDelivered, OpenLink

__all__ = ["MailServers", "Visit", "domain_of"]


class Visited(Protocol):
    """What a visit is to."""

    @property
    def server(self) -> MailServer:
        """Where it is."""
        ...

    def abort(self) -> None:
        """Cut the connection."""
        ...

    def close(self) -> None:
        """Sign off."""
        ...


VisitedT = TypeVar("VisitedT", bound=Visited)
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


class Visit(Generic[VisitedT]):
    """One connection; its methods are called one at a time, in threads."""

    def __init__(self, to: VisitedT, threads: ThreadPoolExecutor, step_seconds: float = STEP_SECONDS) -> None:
        self.to, self.threads, self.step_seconds = to, threads, step_seconds

    async def run(
        self, method: Callable[Concatenate[VisitedT, Given], Answer], *args: Given.args, **named: Given.kwargs
    ) -> Answer:
        """What the method answers. Raises MailTrouble, also when it takes too long.

        The connection is cut then, and when the caller is cancelled, so that the thread ends too.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self.step_seconds):
                return await loop.run_in_executor(self.threads, lambda: method(self.to, *args, **named))
        except TimeoutError as error:
            self.to.abort()
            raise reached_trouble(self.to.server, error) from error
        except asyncio.CancelledError:
            self.to.abort()
            raise

    async def end(self) -> None:
        """Sign off; who takes long for that is hung up on. Raises nothing: what was done before is done."""
        with suppress(TimeoutError, MailTrouble):
            async with asyncio.timeout(SIGN_OFF_SECONDS):
                await self.run(lambda to: to.close())


class MailServers:
    """The servers of all links of one process."""

    def __init__(self, calls: VendorCalls, *, step_seconds: float = STEP_SECONDS) -> None:
        self.calls, self.step_seconds = calls, step_seconds
        self.threads = ThreadPoolExecutor(THREADS, thread_name_prefix="mail")
        self.context: ssl.SSLContext | None = None

    async def server(self, link: OpenLink, way: str) -> MailServer:
        """The server for `imap` or `smtp`, at checked addresses. Raises MailTrouble."""
        host, security = link.settings[f"{way}_host"], link.settings[f"{way}_security"]
        port = int(link.settings[f"{way}_port"])
        ports = IMAP_PORTS if way == "imap" else SMTP_PORTS
        step = "Check the server's name and its port with your provider."
        try:
            addresses = await self.calls.server_addresses(host, port, ports)
            private = self.calls.check_server(host, port, ports)
        except NotDelivered as error:
            raise MailTrouble("wrong_url", error.message, step, "link") from error
        except DeliveryDelayed as error:
            raise MailTrouble("unreachable", error.message, step) from error
        if security == "none" and not private:
            raise MailTrouble("tls_refused", f"{host} is not spoken to in the open.", "Choose TLS or STARTTLS.", "link")
        if self.context is None:
            self.context = await asyncio.to_thread(ssl.create_default_context)
        return MailServer(host, port, security, addresses, self.context)

    @asynccontextmanager
    async def mailbox(self, link: OpenLink, folder: str | None = None) -> AsyncIterator[tuple[Visit[Mailbox], Folder]]:
        """Signed in at the link's folder, or another one. Raises MailTrouble."""
        visit = Visit(Mailbox(await self.server(link, "imap")), self.threads, self.step_seconds)
        where = folder or link.settings.get("folder") or "INBOX"
        try:
            opened = await visit.run(Mailbox.open, link.settings["username"], link.secrets["password"], where)
            yield visit, opened
        finally:
            await visit.end()

    @asynccontextmanager
    async def delivery(self, link: OpenLink) -> AsyncIterator[Visit[Delivery]]:
        """Signed in where mail is sent. Raises MailTrouble."""
        server = await self.server(link, "smtp")
        visit = Visit(Delivery(server, domain_of(link.settings["address"])), self.threads, self.step_seconds)
        try:
            await visit.run(Delivery.open, link.settings["username"], link.secrets["password"])
            yield visit
        finally:
            await visit.end()


def domain_of(address: str) -> str:
    """What follows the `@`."""
    return address.rpartition("@")[2].lower()
