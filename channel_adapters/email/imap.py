"""An IMAP connection to a checked address, secured as was asked, that takes in no more than was asked for.

Never here: what is done over it.
"""

from __future__ import annotations

import imaplib
import socket
import ssl
from contextlib import suppress

from imap_tools.mailbox import BaseMailBox

from channel_adapters.email import limits
from channel_adapters.email.servers import Line

__all__ = ["PinnedBox"]


class PinnedImap(imaplib.IMAP4):
    """IMAP over a connection to a checked address, which takes nothing into memory that it did not ask for."""

    def __init__(self, line: Line) -> None:
        self.line, server = line, line.server
        super().__init__(server.host, server.port)
        try:
            if server.security == "starttls":
                self.secure()
        except Exception:
            with suppress(OSError):  # a handshake that failed has closed it
                self.shutdown()
            raise

    def secure(self) -> None:
        """Go on under TLS, or not at all."""
        if "STARTTLS" not in self.capabilities:
            raise ssl.SSLError("it offers no STARTTLS")
        self.starttls(self.line.server.context)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        """How imaplib lets subclasses connect."""
        return self.line.connect()

    def read(self, size: int) -> bytes:
        """Raises imaplib's abort for more than is ever asked for."""
        if size > limits.LITERAL_BYTES:
            raise self.abort("a piece is too large")
        return super().read(size)


class PinnedBox(BaseMailBox):
    """imap-tools over such a connection."""

    def __init__(self, line: Line) -> None:
        self.line = line
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        """How imap-tools lets subclasses connect."""
        return PinnedImap(self.line)
