"""Mail through a mail server by SMTP.

Never here: what is mailed.
"""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from typing import Literal

from engine.errors import InvalidInput, MailNotSent
from engine.ports import Mail

__all__ = ["Security", "SmtpMailer"]

Security = Literal["starttls", "tls", "none"]


class SmtpMailer:
    """`Mailer` over one mail server; each message is sent over a connection of its own, in a thread."""

    delivers = True

    def __init__(
        self,
        host: str,
        port: int,
        sender: str,
        username: str,
        password: str,
        security: Security,
        timeout: float,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self.host, self.port, self.timeout, self.security = host, port, timeout, security
        self.username, self.password = username, password
        self.context = context or ssl.create_default_context()
        name, address = parseaddr(sender)
        try:
            self.sender = Address(name, addr_spec=address)
        except ValueError as error:
            raise InvalidInput(f"STORECLERK_SMTP_FROM is not an e-mail address: {sender!r}") from error

    async def send(self, merchant: str, mail: Mail) -> None:
        """Hand the message to the mail server. Raises MailNotSent."""
        try:
            await asyncio.to_thread(self.deliver, self.message(mail))
        except (smtplib.SMTPException, OSError, ValueError) as error:
            # The server's own words may repeat addresses and names: they stay in the chain, not in the message.
            raise MailNotSent(self.why(error)) from error

    def why(self, error: Exception) -> str:
        """What went wrong, for the shop owner or who runs this."""
        match error:
            case smtplib.SMTPAuthenticationError():
                return "The mail server refused the sign-in; check STORECLERK_SMTP_USERNAME and _PASSWORD."
            case smtplib.SMTPRecipientsRefused():
                return "The mail server does not deliver to this address; check its spelling."
            case smtplib.SMTPSenderRefused():
                return "The mail server refused the sender; check STORECLERK_SMTP_FROM."
            case smtplib.SMTPNotSupportedError() | ssl.SSLError():
                return "The way to the mail server could not be secured; check STORECLERK_SMTP_SECURITY and _PORT."
            case smtplib.SMTPResponseException():
                return f"The mail server refused the mail (code {error.smtp_code})."
            case _:
                return f"The mail server {self.host!r} could not be reached; check STORECLERK_SMTP_HOST and _PORT."

    def message(self, mail: Mail) -> EmailMessage:
        """The mail as a message. Raises ValueError for a line break where none may be."""
        made = EmailMessage(policy=SMTP)
        made["From"] = self.sender
        made["To"] = Address(addr_spec=mail.to)
        # A shop's name may hold anything; a header holds one line.
        made["Subject"] = " ".join(mail.subject.split())
        made["Date"] = format_datetime(mail.at)
        made["Message-ID"] = make_msgid(domain=self.sender.domain)
        made["Auto-Submitted"] = "auto-generated"
        made.set_content(mail.text)
        return made

    def deliver(self, message: EmailMessage) -> None:
        """Speak to the server; never sends over a way less secured than was asked."""
        if self.security == "tls":
            server: smtplib.SMTP = smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self.context)
        else:
            server = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        with server:
            if self.security == "starttls":
                server.starttls(context=self.context)
            if self.username:
                server.login(self.username, self.password)
            server.send_message(message)
