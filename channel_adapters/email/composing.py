"""Makes the mail that leaves: its headers, and its words as text and HTML.

Never here: sending; what a reply says.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from channel_adapters.email import limits
from channel_adapters.email.reading import Mail, one_line
from channel_adapters.email.rendering import with_note

__all__ = ["Envelope", "answer_mail", "place_of", "probe_mail"]

POLICY = SMTP.clone(max_line_length=limits.LINE, cte_type="7bit")
"""Lines are long enough that no Message-ID is ever cut, and every server takes the body."""
ANSWERED = re.compile(r"^\s*((re|aw|antw|sv|vs|odp|r|rif|res)\s*(\[\d+\])?\s*:\s*)+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Envelope:
    """Who writes to whom, and how the mail is called."""

    name: str
    """What the shopper sees as the sender."""
    sender: str
    to: str
    message_id: str
    at: datetime


def place_of(mail: Mail) -> dict[str, str]:
    """What has to be known of a mail to answer it."""
    return {
        "to": mail.sender,
        "subject": mail.subject,
        "message": mail.message_id,
        "references": " ".join(mail.references),
        "root": mail.root,
        "attachments": ", ".join(mail.attachments),
    }


def answer_mail(envelope: Envelope, place: Mapping[str, str], body: dict[str, str], *, automatic: bool) -> EmailMessage:
    """An answer in the thread of the mail it answers. `automatic` tells machines not to answer it (RFC 3834)."""
    made = headed(envelope, f"Re: {ANSWERED.sub('', place['subject'])}".strip())
    for header, ids in (("In-Reply-To", place["message"]), ("References", place["references"])):
        if ids:
            made[header] = ids
    if automatic:
        made["Auto-Submitted"] = "auto-replied"
        made["X-Auto-Response-Suppress"] = "All"
    attachments = place.get("attachments", "")
    note = f"Attachments are not opened here, so this was not read: {attachments}" if automatic and attachments else ""
    whole = with_note(body, note)
    made.set_content(whole["text"])
    made.add_alternative(whole["html"], subtype="html")
    return made


def probe_mail(envelope: Envelope) -> EmailMessage:
    """The mail that the doctor sends to the mailbox itself."""
    made = headed(envelope, "Storeclerk checks this mailbox")
    made["Auto-Submitted"] = "auto-generated"
    made["X-Auto-Response-Suppress"] = "All"
    made.set_content("This mail was sent to find out whether sending and reading works. You may delete it.")
    return made


def headed(envelope: Envelope, subject: str) -> EmailMessage:
    """A mail without words. Whatever names and subjects hold, each stays one line."""
    made = EmailMessage(policy=POLICY)
    made["From"] = addressed(one_line(envelope.name, 80), envelope.sender)
    made["To"] = addressed("", envelope.to)
    made["Subject"] = one_line(subject, limits.LONGEST_SUBJECT + 4)
    made["Date"] = format_datetime(envelope.at)
    made["Message-ID"] = envelope.message_id
    return made


def addressed(name: str, address: str) -> Address:
    """Name and address for a header; one with two dots in a row, as some providers gave away, is put in quotes."""
    local, _, domain = address.rpartition("@")
    return Address(name, local, domain)
