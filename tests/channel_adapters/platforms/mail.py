"""A shop's mailbox at a provider: an independent IMAP server (pymap), and an SMTP server (aiosmtpd) beside it.

What is sent to the shop's own address lies in the mailbox; what is sent to others is kept in `outside`.
"""

from __future__ import annotations

import asyncio
import imaplib
import select
import socket
import socketserver
import subprocess
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import make_msgid
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from tests.conftest import free_port

__all__ = ["ADDRESS", "PASSWORD", "Provider", "Sent", "mail", "provider"]

ADDRESS, PASSWORD = "hello@my-shop.example", "mailbox-pass-4711"
SHOPPER = "anna@shopper.example"
RUN = "from pymap.main import main; main()"


@dataclass
class Sent:
    """A mail that left."""

    sender: str
    to: list[str]
    message: EmailMessage
    at: float = field(default_factory=time.monotonic)

    @property
    def text(self) -> str:
        part = self.message.get_body(("plain",))
        assert part is not None
        return str(part.get_content())

    @property
    def html(self) -> str:
        part = self.message.get_body(("html",))
        assert part is not None
        return str(part.get_content())


def mail(text: str, subject: str = "A question", sender: str = SHOPPER, **headers: str) -> EmailMessage:
    """A shopper's mail, as a mail program writes it; `reply_to` becomes Reply-To."""
    made = EmailMessage(policy=policy.SMTP)
    made["From"], made["To"], made["Subject"] = f"Anna <{sender}>", ADDRESS, subject
    made["Message-ID"] = headers.pop("message_id", make_msgid(domain="shopper.example"))
    for name, value in headers.items():
        made[name.replace("_", "-")] = value
    made.set_content(text)
    return made


class Wire:
    """What lies between us and the IMAP server: it counts visits, and can go wrong in the middle of one."""

    def __init__(self, port: int, to: int) -> None:
        self.to, self.lock = to, threading.Lock()
        self.open_now, self.most_at_once, self.visits = 0, 0, 0
        self.cut_at, self.stall_at = b"", b""
        """The next command that holds this is not passed on: the connection is cut, or left hanging."""
        self.always_cut_at = b""
        """The same for every such command."""
        self.stalled = threading.Event()
        wire = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with wire.lock:
                    wire.visits += 1
                    wire.open_now += 1
                    wire.most_at_once = max(wire.most_at_once, wire.open_now)
                try:
                    wire.carry(self.request)
                finally:
                    with wire.lock:
                        wire.open_now -= 1

        self.server = socketserver.ThreadingTCPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def carry(self, near: socket.socket) -> None:
        """Pass everything on, both ways, until one side ends."""
        try:
            far = socket.create_connection(("127.0.0.1", self.to))
        except OSError:
            return
        with far:
            while True:
                for ready in select.select([near, far], [], [])[0]:
                    try:
                        data = ready.recv(65_536)
                        if not data or (ready is near and not self.lets_through(data)):
                            return
                        (far if ready is near else near).sendall(data)
                    except OSError:
                        return

    def lets_through(self, data: bytes) -> bool:
        """Whether a command is passed on."""
        if self.cut_at and self.cut_at in data:
            self.cut_at = b""
            return False
        if self.always_cut_at and self.always_cut_at in data:
            return False
        if self.stall_at and self.stall_at in data:
            self.stall_at = b""
            self.stalled.set()
            time.sleep(30)
            return False
        return True

    def close(self) -> None:
        """Take no more."""
        self.server.shutdown()
        self.server.server_close()


class Provider:
    """Both servers; the next mails are answered with `smtp_answers`, `""` for taking them."""

    def __init__(self) -> None:
        self.imap_port, self.inner_port, self.smtp_port = free_port(), free_port(), free_port()
        self.wire = Wire(self.imap_port, self.inner_port)
        self.outside: list[Sent] = []
        self.smtp_answers: list[str] = []
        self.smtp_troubles: list[str] = []
        """What goes wrong once the next mails are taken: `cut` the connection, or let it `stall`."""
        self.smtp_stalled = threading.Event()
        self.smtp_password = PASSWORD
        self.lock = threading.Lock()
        self.imap: subprocess.Popen[bytes] | None = None

    @property
    def settings(self) -> dict[str, str]:
        """What a shop owner fills in."""
        return {
            "address": ADDRESS, "imap_host": "127.0.0.1", "imap_port": str(self.imap_port), "imap_security": "none",
            "smtp_host": "127.0.0.1", "smtp_port": str(self.smtp_port), "smtp_security": "none",
            "username": ADDRESS, "password": PASSWORD, "folder": "INBOX",
        }  # fmt: skip

    @property
    def hosts(self) -> tuple[str, ...]:
        """What the operator of the installation names."""
        return (f"127.0.0.1:{self.imap_port}", f"127.0.0.1:{self.smtp_port}")

    def start_imap(self) -> None:
        """Let the mailbox be reached; what lay in it before a stop is gone."""
        options = ["--host", "127.0.0.1", "--port", str(self.inner_port), "--no-tls", "dict"]
        user = ["--demo-user", ADDRESS, "--demo-password", PASSWORD]
        self.imap = subprocess.Popen([sys.executable, "-W", "ignore", "-c", RUN, *options, *user])
        for _ in range(200):
            try:
                with self.client():
                    return
            except OSError:
                time.sleep(0.05)
        raise AssertionError("the IMAP server did not start")

    def stop_imap(self) -> None:
        """Let it be out of reach."""
        if self.imap is not None:
            self.imap.kill()
            self.imap.wait()
            self.imap = None

    @contextmanager
    def client(self) -> Iterator[imaplib.IMAP4]:
        """The mailbox as its owner's mail program sees it."""
        client = imaplib.IMAP4("127.0.0.1", self.inner_port)
        client.login(ADDRESS, PASSWORD)
        client.select("INBOX")
        try:
            yield client
        finally:
            client.logout()

    def put(self, message: EmailMessage | bytes, folder: str = "INBOX", arrived: datetime | None = None) -> None:
        """A mail arrives."""
        content = message if isinstance(message, bytes) else message.as_bytes()
        moment = imaplib.Time2Internaldate(arrived or datetime.now(UTC))
        with self.client() as client:
            status, told = client.append(folder, "", moment, content)
            assert status == "OK", told

    def flags(self, message: EmailMessage, folder: str = "INBOX") -> set[str]:
        """The marks of a mail."""
        with self.client() as client:
            client.select(folder)
            _, found = client.uid("SEARCH", "HEADER", "Message-ID", f'"{message["Message-ID"]}"')
            assert found[0], "it lies there"
            _, told = client.uid("FETCH", found[0].decode().split()[-1], "(FLAGS)")
            return {flag.decode() for flag in imaplib.ParseFlags(told[0])} - {"\\Recent"}

    def next_uid(self) -> int:
        """The number that the next mail in the inbox will have."""
        with self.client() as client:
            _, told = client.status("INBOX", "(UIDNEXT)")
            return int(told[0].decode().split()[-1].rstrip(")"))

    def count(self) -> int:
        """How many mails lie in the inbox."""
        with self.client() as client:
            return int(client.select("INBOX")[1][0])

    def sent(self, wanted: Callable[[Sent], bool], count: int = 1, seconds: float = 30) -> list[Sent]:
        """The mails that are wanted, once so many have left."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            with self.lock:
                found = [one for one in self.outside if wanted(one)]
            if len(found) >= count:
                return found
            time.sleep(0.05)
        raise AssertionError(f"{len(found)} of {count} left; {[(s.to, s.message['Subject']) for s in self.outside]}")

    def answers_to(self, message: EmailMessage, count: int = 1, seconds: float = 30) -> list[Sent]:
        """What was answered to a mail."""
        return self.sent(lambda one: one.message["In-Reply-To"] == message["Message-ID"], count, seconds)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        """aiosmtpd asks what to do with a mail."""
        with self.lock:
            if self.smtp_answers and (answer := self.smtp_answers.pop(0)):
                return answer
        if ADDRESS in envelope.rcpt_tos:
            self.put(bytes(envelope.content))
            return "250 OK"
        message = message_from_bytes(envelope.content, policy=policy.default)
        assert isinstance(message, EmailMessage)
        with self.lock:
            self.outside.append(Sent(envelope.mail_from, envelope.rcpt_tos, message))
            trouble = self.smtp_troubles.pop(0) if self.smtp_troubles else ""
        if trouble == "cut":
            server.transport.close()
        elif trouble == "stall":
            self.smtp_stalled.set()
            await asyncio.sleep(30)
        return "250 OK"

    def allow(self, server: Any, session: Any, envelope: Any, mechanism: str, given: Any) -> AuthResult:
        """aiosmtpd asks who may sign in."""
        right = (given.login, given.password) == (ADDRESS.encode(), self.smtp_password.encode())
        return AuthResult(success=right, handled=False)


@contextmanager
def provider() -> Iterator[Provider]:
    """A provider while the block lasts."""
    made = Provider()

    class Served(Controller):
        def factory(self) -> SMTP:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # it warns of sign-in without TLS, which is on this machine only
                return SMTP(made, hostname="localhost", auth_require_tls=False, authenticator=made.allow,
                            auth_required=True)  # fmt: skip

    served = Served(made, hostname="127.0.0.1", port=made.smtp_port)
    made.start_imap()
    served.start()
    try:
        yield made
    finally:
        served.stop()
        made.wire.close()
        made.stop_imap()
