"""A mail server that is spoken to: only at addresses that were checked, over a way that is secured as was asked.

Never here: IMAP or SMTP.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from channel_adapters.email.limits import CONNECT_SECONDS, MOST_ADDRESSES, TALK_SECONDS

__all__ = ["Line", "MailServer"]


@dataclass(frozen=True, slots=True)
class MailServer:
    """One server of a link."""

    host: str
    port: int
    security: str
    """`tls` from the start, `starttls`, or `none`."""
    addresses: tuple[str, ...]
    """Network addresses that were checked; a name is not looked up again, as it might change its mind."""
    context: ssl.SSLContext = field(repr=False)

    @property
    def name(self) -> str:
        """As people know it."""
        return f"{self.host} (port {self.port})"

    def secured(self, plain: socket.socket) -> socket.socket:
        """The connection with TLS, its certificate checked against the host's name."""
        try:
            return self.context.wrap_socket(plain, server_hostname=self.host)
        except OSError:
            plain.close()
            raise


class Line:
    """A connection that another thread can cut, from before its first moment on."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.handle: socket.socket | None = None
        """The same connection once more: it stays in our hands while TLS takes the first one over, or waits for it."""
        self.is_cut = False

    def connect(self) -> socket.socket:
        """A connection, with TLS where it begins with that. Raises OSError, also when it was cut meanwhile."""
        plain = self.reach()
        self.handle = plain.dup()
        if self.is_cut:
            plain.close()
            raise ConnectionAbortedError(self.server.host)
        return self.server.secured(plain) if self.server.security == "tls" else plain

    def reach(self) -> socket.socket:
        """A connection to the first address that answers. Raises OSError."""
        failure: OSError = ConnectionRefusedError(self.server.host)
        for address in self.server.addresses[:MOST_ADDRESSES]:
            if self.is_cut:
                break
            try:
                plain = socket.create_connection((address, self.server.port), CONNECT_SECONDS)
            except OSError as error:
                failure = error
                continue
            plain.settimeout(TALK_SECONDS)
            return plain
        raise failure

    def cut(self) -> None:
        """End it: who waits for the server gets an error at once."""
        self.is_cut = True
        if self.handle is not None:
            # Not closed: that would wait for who reads from it.
            with suppress(OSError):
                self.handle.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of it, once nobody uses it any more."""
        if self.handle is not None:
            self.handle.close()
