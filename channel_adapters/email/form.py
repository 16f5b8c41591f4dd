"""What a shop owner fills in for a mailbox, and what it looks like at the large providers.

Never here: speaking to a server.
"""

from __future__ import annotations

from collections.abc import Mapping

from channel_adapters.calling import VendorCalls
from channel_adapters.channel import FormField, Step
from channel_adapters.email.limits import IMAP_PORTS, SMTP_PORTS
from channel_adapters.email.reading import ADDRESS
from engine.channels.gateway import NotDelivered

__all__ = ["FIELDS", "SECURITIES", "field_problems", "mailbox_steps"]

HOST = r"(?:[A-Za-z0-9-]{1,63}\.){0,8}[A-Za-z0-9-]{1,63}"
PORT = r"[1-9][0-9]{0,4}"
SECURITIES = (
    ("tls", "TLS from the start"),
    ("starttls", "STARTTLS"),
    ("none", "None (only for servers that this installation's operator named)"),
)
PROVIDERS = (
    (
        "Gmail, Google Workspace",
        "imap.gmail.com",
        "smtp.gmail.com",
        "an app password (myaccount.google.com/apppasswords)",
    ),
    ("iCloud", "imap.mail.me.com", "smtp.mail.me.com", "an app-specific password (account.apple.com)"),
    ("Yahoo", "imap.mail.yahoo.com", "smtp.mail.yahoo.com", "an app password"),
    ("Fastmail", "imap.fastmail.com", "smtp.fastmail.com", "an app password"),
    ("IONOS", "imap.ionos.com", "smtp.ionos.com", "your mailbox's password"),
    ("OVH", "ssl0.ovh.net", "ssl0.ovh.net", "your mailbox's password"),
    ("GMX", "imap.gmx.net", "mail.gmx.net", "your password, once POP3/IMAP is switched on in the settings"),
    ("Zoho", "imap.zoho.com", "smtp.zoho.com", "an app password"),
)
"""(provider, IMAP server, SMTP server, what the password is)."""
FIELDS = (
    FormField("address", "E-mail address", "The address shoppers write to.", example="hello@my-shop.example",
              pattern=ADDRESS.pattern),
    FormField("imap_host", "IMAP server", "Where mail is read, such as imap.gmail.com; your provider tells it.",
              example="imap.my-shop.example", pattern=HOST),
    FormField("imap_port", "IMAP port", "993 with TLS from the start, 143 with STARTTLS.", example="993", pattern=PORT,
              default="993"),
    FormField("imap_security", "IMAP security", "How the way to it is secured.", options=SECURITIES, default="tls"),
    FormField("smtp_host", "SMTP server", "Where mail is sent, such as smtp.gmail.com; your provider tells it.",
              example="smtp.my-shop.example", pattern=HOST),
    FormField("smtp_port", "SMTP port", "465 with TLS from the start, 587 with STARTTLS.", example="465", pattern=PORT,
              default="465"),
    FormField("smtp_security", "SMTP security", "How the way to it is secured.", options=SECURITIES, default="tls"),
    FormField("username", "User name", "Mostly the whole e-mail address.", example="hello@my-shop.example",
              pattern=r"[\x21-\x7e]{1,200}"),
    FormField("password", "Password", "An app password where your provider has them; your own may be refused.",
              secret=True, example="abcd efgh ijkl mnop", pattern=r"[\x20-\x7e]{1,200}"),
    FormField("folder", "Folder", "The folder that is read, as your mail program shows it.", required=False,
              example="INBOX", pattern=r"[^\x00-\x1f\x7f]{1,200}", default="INBOX"),
)  # fmt: skip


def field_problems(settings: Mapping[str, str], calls: VendorCalls) -> Mapping[str, str]:
    """What is wrong with filled-in settings beyond their pattern."""
    found: dict[str, str] = {}
    for way, ports in (("imap", IMAP_PORTS), ("smtp", SMTP_PORTS)):
        host, port, security = (settings.get(f"{way}_{name}", "") for name in ("host", "port", "security"))
        if not host or not port:
            continue
        try:
            private = calls.check_server(host, int(port), ports)
        except NotDelivered as error:
            found[f"{way}_port"] = error.message
            continue
        if security == "none" and not private:
            found[f"{way}_security"] = "is needed: your password would be readable on the way. Choose TLS or STARTTLS"
    return found


def mailbox_steps(settings: Mapping[str, str]) -> tuple[Step, ...]:
    """What to do at the provider's, and what happens then."""
    told = "\n".join(
        f"* **{provider}**: IMAP `{imap}`, SMTP `{smtp}`; {password}" for provider, imap, smtp, password in PROVIDERS
    )
    return (
        Step(
            "Let programs read the mailbox",
            "Switch IMAP on in your provider's settings, and make an app password where it has them. All of these "
            "take port 993 for IMAP and 465 for SMTP, with TLS from the start; iCloud takes 587 with STARTTLS for SMTP:"
            f"\n\n{told}\n\n"
            "Microsoft 365 and Outlook.com let no program in with a password any more: let them forward to a mailbox "
            "elsewhere.",
        ),
        Step(
            "Write a first mail",
            "Write to your shop from another address. Mails that were there before are not answered. What was taken is "
            "marked as read; newsletters, automatic mails and what only people can deal with stay unread.",
            (("Your shop's address", settings.get("address", "")),),
        ),
    )
