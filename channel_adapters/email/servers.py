"""A mail server that is spoken to: only at addresses that were checked, over a way that is secured as was asked.

Never here: IMAP or SMTP.
"""

from __future__ import annotations

import socket
import ssl
from contextlib import suppress
from dataclasses import dataclass, field

from channel_adapters.email.limits import CONNECT_SECONDS, TALK_SECONDS

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

    def connect(self) -> socket.socket:
        """A connection to the first address that answers, with TLS where it begins with that. Raises OSError."""
        failure: OSError = ConnectionRefusedError(self.host)
        for address in self.addresses:
            try:
                plain = socket.create_connection((address, self.port), CONNECT_SECONDS)
            except OSError as error:
                failure = error
                continue
            plain.settimeout(TALK_SECONDS)
            return self.secured(plain) if self.security == "tls" else plain
        raise failure

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
        self.connection: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> socket.socket:
        """A connection to the server. Raises OSError, also when it was cut meanwhile."""
        self.connection = self.server.connect()
        if self.is_cut:
            self.connection.close()
            raise ConnectionAbortedError(self.server.host)
        return self.connection

    def cut(self, current: socket.socket | None) -> None:
        """End it: who waits for the server gets an error at once. `current` took its place under STARTTLS."""
        self.is_cut = True
        connection = current or self.connection
        if connection is not None:
            # Not closed: that would wait for who reads from it.
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
