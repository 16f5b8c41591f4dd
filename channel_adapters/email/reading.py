"""Reads a mail: who wrote it, what they say, and what it belongs to.

Never here: whether it is answered.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from imap_tools.message import MailMessage

from channel_adapters.email import limits
from channel_adapters.email.threads import digest, ids_in, root_of, shortened_references
from channel_adapters.email.words import own_words, text_of_html

__all__ = ["ADDRESS", "Mail", "one_line", "read_mail"]

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?:[A-Za-z0-9-]{1,63}\.){1,8}[A-Za-z0-9-]{2,63}")
CONTROLS = re.compile(r"[\x00-\x1f\x7f\u0080-\u009f\u2028\u2029\ud800-\udfff\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Signs that end a line, or turn its direction, where only words may be."""


@dataclass(frozen=True, slots=True)
class Mail:
    """What one mail says."""

    id: str
    """Its Message-ID, or one made of its bytes where it has none: the same however often it is read."""
    message_id: str
    """Its Message-ID; empty where it has none."""
    sender: str
    """Who an answer goes to, in lower case; empty when there is nobody, or more than one."""
    subject: str
    text: str
    """The shopper's own words, or the subject where there are none."""
    root: str
    """Names the thread."""
    references: tuple[str, ...]
    """Earlier mails of the thread, the oldest first, with this one as the last where it has a name."""
    attachments: tuple[str, ...]
    headers: Mapping[str, tuple[str, ...]]


def one_line(text: str, longest: int) -> str:
    """Words that can stand in a header: one line, without signs that steer."""
    line = " ".join(CONTROLS.sub(" ", text).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"


def read_mail(content: bytes) -> Mail:
    """Read a mail, or its beginning. Raises whatever parsers do for what none can read."""
    if content.lower().count(b"boundary") > limits.NESTED:
        raise ValueError("its parts are nested too deeply")
    found = MailMessage.from_bytes(content)
    names = {name: tuple(str(value) for value in values) for name, values in found.headers.items()}
    ids = ids_in(" ".join(names.get("message-id", ())))
    message_id = ids[0] if ids else ""
    own = message_id or f"bytes:{digest(content.decode('latin-1'))}"
    earlier = ids_in(" ".join((*names.get("references", ()), *names.get("in-reply-to", ()))))
    earlier = [one for one in earlier if one != message_id]
    subject = one_line(found.subject, limits.LONGEST_SUBJECT)
    return Mail(
        id=own,
        message_id=message_id,
        sender=answered_at(found),
        subject=subject,
        text=words_of(found) or subject,
        root=root_of(earlier, own),
        references=tuple(shortened_references([*earlier, message_id] if message_id else earlier)),
        attachments=names_of_files(found),
        headers=names,
    )


def answered_at(found: MailMessage) -> str:
    """The one address that wants the answer: Reply-To before From (RFC 5322, 3.6.2)."""
    wanted = [one.email for one in found.reply_to_values if one.email] or [found.from_]
    address = wanted[0].lower()
    return address if len(set(wanted)) == 1 and ADDRESS.fullmatch(address) else ""


def words_of(found: MailMessage) -> str:
    """The shopper's own words; the HTML counts where there is no text."""
    words = own_words(found.text) if found.text.strip() else ""
    words = words or own_words(text_of_html(found.html))
    if len(words) <= limits.LONGEST_TEXT:
        return words
    return f"{words[: limits.LONGEST_TEXT - 1].rsplit(None, 1)[0]}…"


def names_of_files(found: MailMessage) -> tuple[str, ...]:
    """What is attached, by name; pictures that stand in the text count too."""
    names = [one_line(one.filename, 60) or one.content_type for one in found.attachments]
    return tuple(dict.fromkeys(names))[: limits.ATTACHMENT_NAMES]
