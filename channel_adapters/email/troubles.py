"""What goes wrong between here and a mail server, in a shop owner's words.

Never here: speaking to one.
"""

from __future__ import annotations

import smtplib
import ssl
from typing import Literal

from channel_adapters.email.servers import MailServer
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, DeliveryFailed, NotDelivered

__all__ = ["MailTrouble", "reached_trouble", "refused_sign_in", "sending_trouble"]

Reach = Literal["now", "this", "link"]
"""Whether it may work later, never for this mail, or for nothing of the link any more."""
FULL = {422, 452, 552}
"""SMTP codes of a mailbox, or an account, that is full."""


class MailTrouble(Exception):
    """One thing that went wrong; the doctor tells it, deliveries and looks become a failure of the channel."""

    def __init__(self, cause: str, says: str, next_step: str, reach: Reach = "now") -> None:
        super().__init__(says)
        self.cause, self.says, self.next_step, self.reach = cause, says, next_step, reach

    def failure(self) -> DeliveryFailed:
        """The same for who delivers."""
        told = f"{self.says} {self.next_step}"
        match self.reach:
            case "now":
                return DeliveryDelayed(told)
            case "this":
                return NotDelivered(told)
            case "link":
                return ConnectionBroken(told)


def refused_sign_in(server: MailServer) -> MailTrouble:
    """The server knows no such user, or not with this password."""
    return MailTrouble(
        "wrong_secret",
        f"{server.host} refused the user name or the password.",
        "Fill both in anew. Gmail, iCloud, Yahoo and others want an app password, made in your account's security "
        "settings, instead of your own.",
        "link",
    )


def reached_trouble(server: MailServer, error: Exception) -> MailTrouble:
    """Why a server was not reached, or stopped in the middle."""
    match error:
        case ssl.SSLCertVerificationError():
            return MailTrouble(
                "tls_refused",
                f"The certificate of {server.name} is not to be trusted ({error.verify_message.rstrip('.')}).",
                "Use the server name that your provider tells; it stands in the certificate.",
            )
        case ssl.SSLError() | smtplib.SMTPNotSupportedError():
            return MailTrouble(
                "tls_refused",
                f"The way to {server.name} could not be secured.",
                "Choose the other kind of security, or the port that belongs to it.",
            )
        case TimeoutError():
            return MailTrouble(
                "unreachable",
                f"{server.name} did not answer in time.",
                "Check the server's name and its port with your provider.",
            )
        case _:
            return MailTrouble(
                "unreachable",
                f"{server.name} could not be reached ({type(error).__name__}).",
                "Check the server's name and its port with your provider.",
            )


def sending_trouble(server: MailServer, error: Exception) -> MailTrouble:
    """Why a mail was not taken. The server's own words may repeat addresses: only its number is told."""
    match error:
        case smtplib.SMTPAuthenticationError():
            return refused_sign_in(server) if error.smtp_code >= 500 else not_now(server, error.smtp_code)
        case smtplib.SMTPRecipientsRefused():
            code = next((code for code, _ in error.recipients.values()), 550)
            return by_code(server, code, "does not deliver to the shopper's address")
        case smtplib.SMTPSenderRefused():
            return by_code(server, error.smtp_code, "lets this user not send from the mailbox's address")
        case smtplib.SMTPNotSupportedError() if "AUTH" in str(error):
            return MailTrouble(
                "tls_refused",
                f"{server.name} lets nobody sign in this way.",
                "Choose the kind of security, and the port, that your provider tells.",
            )
        case smtplib.SMTPResponseException():
            return by_code(server, error.smtp_code, "refused the mail")
        case _:
            return reached_trouble(server, error)


def not_now(server: MailServer, code: int) -> MailTrouble:
    """The server asks to come back later."""
    return MailTrouble("busy", f"{server.host} takes no mail just now (code {code}).", "Look again in a few minutes.")


def by_code(server: MailServer, code: int, refused: str) -> MailTrouble:
    """A refusal by its number: 4xx for now, 530 the whole sign-in, any other for good."""
    if code in FULL:
        reach: Reach = "now" if code < 500 else "this"
        return MailTrouble(
            "over_quota", f"{server.host} says that a mailbox is full (code {code}).",
            "Make room in your mailbox, or ask your provider for more.", reach,
        )  # fmt: skip
    if code < 500:
        return not_now(server, code)
    if code == 530:
        return refused_sign_in(server)
    return MailTrouble(
        "sending_refused", f"{server.host} {refused} (code {code}).",
        "Check the address and the user name; some providers switch sending on in their settings.", "this",
    )  # fmt: skip
