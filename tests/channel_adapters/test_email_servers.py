"""The way to mail servers: TLS that is checked, and answers that no server should give."""

from __future__ import annotations

import asyncio
import socket
import socketserver
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult

from channel_adapters.calling import VendorCalls
from channel_adapters.email.mailbox import Mailbox
from channel_adapters.email.sending import Delivery
from channel_adapters.email.servers import MailServer
from channel_adapters.email.troubles import MailTrouble
from channel_adapters.email.visits import MailServers, Visit
from engine.channels.gateway import DeliveryDelayed, NotDelivered, OpenLink
from tests.certificates import make_certificate
from tests.channel_adapters.platforms.mail import ADDRESS, PASSWORD, RUN
from tests.conftest import free_port

# aiosmtpd warns of what a test may do.
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning", "ignore::DeprecationWarning")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A certificate for `localhost` that nobody knows, with its key."""
    return make_certificate(tmp_path_factory.mktemp("tls") / "both.pem")


@pytest.fixture(scope="module")
def trusting(certificate: Path) -> ssl.SSLContext:
    """How somebody sees it who knows it."""
    return ssl.create_default_context(cafile=str(certificate))


@pytest.fixture(scope="module")
def imap_port(certificate: Path) -> Iterator[int]:
    """An IMAP server with STARTTLS."""
    port = free_port()
    options = [
        "--host",
        "127.0.0.1",
        "--port",
        str(port),
        "--cert",
        str(certificate),
        "--key",
        str(certificate),
        "dict",
    ]
    command = [sys.executable, "-W", "ignore", "-c", RUN, *options, "--demo-user", ADDRESS, "--demo-password", PASSWORD]
    process = subprocess.Popen(command)
    try:
        for _ in range(200):
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield port
    finally:
        process.kill()
        process.wait()


def server(port: int, security: str, context: ssl.SSLContext | None = None, host: str = "localhost") -> MailServer:
    return MailServer(host, port, security, ("127.0.0.1",), context or ssl.create_default_context())


def visited(mailbox: Mailbox, password: str = PASSWORD) -> None:
    try:
        mailbox.open(ADDRESS, password, "INBOX")
    finally:
        mailbox.close()


def trouble(call: Callable[[], object]) -> MailTrouble:
    with pytest.raises(MailTrouble) as raised:
        call()
    return raised.value


def test_a_mailbox_is_read_under_starttls(imap_port: int, trusting: ssl.SSLContext):
    mailbox = Mailbox(server(imap_port, "starttls", trusting))
    try:
        folder = mailbox.open(ADDRESS, PASSWORD, "INBOX")
        assert isinstance(mailbox.box and mailbox.box.client.sock, ssl.SSLSocket)
        assert mailbox.unread(folder.next) == []
    finally:
        mailbox.close()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_a_mailbox_whose_certificate_nobody_knows_gets_no_password(imap_port: int, certificate: Path, security: str):
    port = imap_port
    if security == "starttls":
        found = trouble(lambda: visited(Mailbox(server(port, security))))
    else:
        with tls_listener(certificate) as listening:
            found = trouble(lambda: visited(Mailbox(server(listening, security))))
    assert (found.cause, "not to be trusted" in found.says) == ("tls_refused", True)


def test_a_certificate_of_another_name_counts_for_nothing(imap_port: int, trusting: ssl.SSLContext):
    found = trouble(lambda: visited(Mailbox(server(imap_port, "starttls", trusting, "mail.other.example"))))
    assert found.cause == "tls_refused"


@contextmanager
def tls_listener(certificate: Path) -> Iterator[int]:
    """Something that speaks TLS from the start, and nothing else."""
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            try:
                with context.wrap_socket(self.request, server_side=True) as secured:
                    secured.recv(100)
            except OSError:
                pass

    with serving(Handler) as port:
        yield port


@contextmanager
def serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[int]:
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as listening:
        listening.daemon_threads = True
        threading.Thread(target=listening.serve_forever, daemon=True).start()
        yield int(listening.server_address[1])
        listening.shutdown()


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_is_sent_under_tls_only_to_who_is_known(certificate: Path, trusting: ssl.SSLContext, security: str):
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    options = {"tls_context": context, "require_starttls": True} if security == "starttls" else {}

    def right(_server: object, _session: object, _envelope: object, _mechanism: str, given: object) -> AuthResult:
        return AuthResult(success=True)

    class Own(Controller):
        def factory(self) -> SMTP:
            plain = security == "tls"
            return SMTP(self.handler, hostname="localhost", authenticator=right, auth_require_tls=not plain, **options)

    port = free_port()
    served = Own(object(), hostname="127.0.0.1", port=port, ssl_context=context if security == "tls" else None)
    served.start()
    try:
        delivery = Delivery(server(port, security, trusting), "my-shop.example")
        delivery.open(ADDRESS, PASSWORD)
        delivery.close()
        stranger = Delivery(server(port, security), "my-shop.example")
        assert trouble(lambda: stranger.open(ADDRESS, PASSWORD)).cause == "tls_refused"
        stranger.close()
    finally:
        served.stop()


NONSENSE = {
    "silence": b"",
    "another protocol": b"HTTP/1.1 400 Bad Request\r\n\r\n",
    "no more room": b"* BYE too many\r\n",
    "half a line": b"* OK",
    "a literal without end": b"* PREAUTH hi\r\n* STATUS INBOX {99999999999}\r\n",
    "bytes": bytes(range(256)) * 4,
}


@pytest.mark.parametrize("case", list(NONSENSE))
def test_a_server_that_speaks_nonsense_is_a_trouble_and_no_fault(case: str):
    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(NONSENSE[case])

    with serving(Handler) as port:
        found = trouble(lambda: visited(Mailbox(server(port, "none", host="127.0.0.1"))))
        assert (found.cause, bool(found.next_step)) == ("unreachable", True)
        delivery = Delivery(server(port, "none", host="127.0.0.1"), "my-shop.example")
        assert trouble(lambda: delivery.open(ADDRESS, PASSWORD)).cause in {"unreachable", "busy", "sending_refused"}
        delivery.close()


def hung(case: str) -> type[socketserver.BaseRequestHandler]:
    """A server that keeps who speaks to it: without a word, or with a byte now and then."""

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            if case == "after its greeting":
                self.request.sendall(b"* OK [CAPABILITY IMAP4rev1] ready\r\n")
            if case == "in the middle of TLS":
                self.request.recv(4096)
                self.request.sendall(b"\x16\x03\x03\x10\x00")  # a long record begins, and never ends
            try:
                while case != "after its greeting":
                    self.request.sendall(b"*")
                    time.sleep(0.1)
                while self.request.recv(4096):
                    pass
            except OSError:
                pass

    return Handler


@pytest.mark.parametrize("case", ["after its greeting", "byte by byte", "in the middle of TLS"])
def test_who_is_cancelled_does_not_wait_for_a_server_that_hangs(case: str):
    async def cancelled(port: int) -> float:
        servers = MailServers(VendorCalls((f"127.0.0.1:{port}",)))
        security = "tls" if case == "in the middle of TLS" else "none"
        visit = Visit(Mailbox(server(port, security, host="127.0.0.1")), servers.threads)
        began = time.monotonic()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.5):
                await visit.run(Mailbox.open, ADDRESS, PASSWORD, "INBOX")
        await visit.end()
        await asyncio.to_thread(servers.threads.shutdown, wait=True)
        return time.monotonic() - began

    with serving(hung(case)) as port:
        assert asyncio.run(asyncio.wait_for(cancelled(port), 8)) < 5


def test_a_server_that_sends_a_byte_now_and_then_is_left_after_a_while():
    async def visited_it(port: int) -> MailTrouble:
        settings = {"imap_host": "127.0.0.1", "imap_port": str(port), "imap_security": "none", "username": ADDRESS}
        link = OpenLink("link_1", "m", "b", "email", settings, {"password": PASSWORD}, "")
        with pytest.raises(MailTrouble) as raised:
            async with MailServers(VendorCalls((f"127.0.0.1:{port}",)), step_seconds=0.5).mailbox(link):
                pass
        return raised.value

    with serving(hung("byte by byte")) as port:
        found = asyncio.run(asyncio.wait_for(visited_it(port), 8))
    assert (found.cause, found.reach) == ("unreachable", "now")


@pytest.mark.parametrize(
    ("host", "port"), [("10.1.2.3", 993), ("::1", 993), ("127.0.0.1", 993), ("inner.example", 993)]
)
def test_addresses_in_inner_networks_are_not_spoken_to(host: str, port: int):
    async def inner(name: str, _: int) -> list[str]:
        return ["93.184.216.34", "192.168.1.1"] if name == "inner.example" else [name]

    async def asked() -> None:
        await VendorCalls((), resolver=inner).server_addresses(host, port, frozenset({993}))

    with pytest.raises(NotDelivered, match="inner network"):
        asyncio.run(asked())


def test_a_name_that_is_not_there_may_come_back():
    async def asked() -> None:
        await VendorCalls(()).server_addresses("no-such-name.invalid", 993, frozenset({993}))

    with pytest.raises(DeliveryDelayed, match="no server called"):
        asyncio.run(asked())


def test_no_password_goes_over_an_open_way_that_was_private_once():
    """The operator took the server from the list after it was linked."""

    async def public(_: str, __: int) -> list[str]:
        return ["93.184.216.34"]

    settings = {"imap_host": "imap.example.com", "imap_port": "143", "imap_security": "none"}
    link = OpenLink("link_1", "m", "b", "email", settings, {}, "")
    servers = MailServers(VendorCalls((), resolver=public))
    with pytest.raises(MailTrouble) as raised:
        asyncio.run(servers.server(link, "imap"))
    assert (raised.value.cause, raised.value.reach) == ("tls_refused", "link")


def test_a_line_that_is_cut_before_it_stands_is_not_spoken_over():
    said: list[bytes] = []

    class Handler(socketserver.BaseRequestHandler):
        def handle(self) -> None:
            self.request.sendall(b"220 hello\r\n")
            said.append(self.request.recv(100))

    with serving(Handler) as port:
        delivery = Delivery(server(port, "none", host="127.0.0.1"), "my-shop.example")
        delivery.abort()
        assert trouble(lambda: delivery.open(ADDRESS, PASSWORD)).cause == "unreachable"
        delivery.close()
    assert not any(said)
