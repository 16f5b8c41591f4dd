"""Visits to a link's mail servers from asynchronous code: each in threads of their own, cut off when its caller ends.

Never here: IMAP or SMTP.
"""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from typing import Concatenate, Generic, ParamSpec, Protocol, TypeVar

from channel_adapters.calling import VendorCalls
from channel_adapters.email.limits import IMAP_PORTS, SMTP_PORTS, THREADS
from channel_adapters.email.mailbox import Folder, Mailbox
from channel_adapters.email.sending import Delivery
from channel_adapters.email.servers import MailServer
from channel_adapters.email.troubles import MailTrouble
from engine.channels.gateway import DeliveryDelayed, NotDelivered, OpenLink

__all__ = ["MailServers", "Visit", "domain_of"]


class Visited(Protocol):
    """What a visit is to."""

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

    def __init__(self, to: VisitedT, threads: ThreadPoolExecutor) -> None:
        self.to, self.threads = to, threads

    async def run(
        self, method: Callable[Concatenate[VisitedT, Given], Answer], *args: Given.args, **named: Given.kwargs
    ) -> Answer:
        """What the method answers. When the caller is cancelled, the connection is cut, so that the thread ends too."""
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self.threads, lambda: method(self.to, *args, **named))
        except asyncio.CancelledError:
            self.to.abort()
            raise


class MailServers:
    """The servers of all links of one process."""

    def __init__(self, calls: VendorCalls) -> None:
        self.calls = calls
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
        visit = Visit(Mailbox(await self.server(link, "imap")), self.threads)
        where = folder or link.settings.get("folder") or "INBOX"
        try:
            opened = await visit.run(Mailbox.open, link.settings["username"], link.secrets["password"], where)
            yield visit, opened
        finally:
            await visit.run(Mailbox.close)

    @asynccontextmanager
    async def delivery(self, link: OpenLink) -> AsyncIterator[Visit[Delivery]]:
        """Signed in where mail is sent. Raises MailTrouble."""
        server = await self.server(link, "smtp")
        visit = Visit(Delivery(server, domain_of(link.settings["address"])), self.threads)
        try:
            await visit.run(Delivery.open, link.settings["username"], link.secrets["password"])
            yield visit
        finally:
            await visit.run(Delivery.close)


def domain_of(address: str) -> str:
    """What follows the `@`."""
    return address.rpartition("@")[2].lower()
