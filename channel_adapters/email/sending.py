"""Hands one mail to the shop's mail server by SMTP.

Blocking: it is called from threads. Never here: what the mail says.
"""

from __future__ import annotations

import smtplib
import socket
from contextlib import suppress
from email.message import EmailMessage

from channel_adapters.email import limits
from channel_adapters.email.servers import Line, MailServer
from channel_adapters.email.troubles import sending_trouble

__all__ = ["Delivery"]


class PinnedSmtp(smtplib.SMTP):
    """SMTP over a connection to a checked address."""

    def __init__(self, line: Line, our_name: str) -> None:
        self.line = line
        super().__init__(local_hostname=our_name, timeout=limits.TALK_SECONDS)
        # Before connecting: STARTTLS checks the certificate against this name.
        self._host = line.server.host

    def _get_socket(self, host: str, port: int, timeout: float) -> socket.socket:
        """How smtplib lets subclasses connect."""
        return self.line.connect()


class Delivery:
    """One visit to a mail server. Every method raises MailTrouble."""

    def __init__(self, server: MailServer, our_name: str) -> None:
        self.server = server
        self.line = Line(server)
        self.smtp = PinnedSmtp(self.line, our_name)

    def open(self, user: str, password: str) -> None:
        """Connect and sign in; never over a way less secured than was asked."""
        try:
            self.smtp.connect(self.server.host, self.server.port)
            if self.server.security == "starttls":
                self.smtp.starttls(context=self.server.context)
            self.smtp.login(user, password)
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise sending_trouble(self.server, error) from error

    def send(self, message: EmailMessage, sender: str, to: str) -> None:
        """Let it leave; when this returns the server has taken it."""
        try:
            self.smtp.sendmail(sender, [to], message.as_bytes())
        except (smtplib.SMTPException, OSError, ValueError) as error:
            raise sending_trouble(self.server, error) from error

    def abort(self) -> None:
        """Cut the connection, from any thread."""
        self.line.cut()

    def close(self) -> None:
        """Sign off. Whatever goes wrong now, a mail that was taken is taken: it is not sent again for that."""
        with suppress(smtplib.SMTPException, OSError):
            self.smtp.quit()
        self.smtp.close()
        self.line.close()
