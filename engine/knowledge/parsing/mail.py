"""E-mail messages: subject, text and the names of what is attached.

Never here: the content of attachments; each is a file that can be uploaded by itself.
"""

from __future__ import annotations

import re
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser

from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.content import Content, check_size
from engine.knowledge.parsing.plain import decode, visible
from engine.knowledge.parsing.web import page_content

__all__ = ["read_eml"]

MOST_ATTACHMENTS = 200


def read_eml(content: bytes) -> Content:
    """Raises Unreadable `damaged`, `encrypted` or `too_large`."""
    message = BytesParser(EmailMessage, policy=policy.default.clone(max_line_length=None)).parsebytes(content)
    if not isinstance(message, EmailMessage):  # pragma: no cover - the policy makes nothing else
        raise Unreadable("damaged")
    if message.get_content_type() in {"multipart/encrypted", "application/pkcs7-mime"}:
        raise Unreadable("encrypted")
    body = message.get_body(("plain", "html"))
    blocks = [fields_of(message)]
    notes: tuple[str, ...] = ()
    if isinstance(body, EmailMessage):
        if body.get_content_type() == "text/html":
            found = page_content(payload(body), charset_of(body))
            blocks.append(found.text)
            notes = found.notes
        else:
            blocks.append(re.sub(r"\n{3,}", "\n\n", visible(text_of(body))).strip())
    names = attachments(message)
    if names:
        blocks.append("## Attachments\n\n" + "\n".join(f"- {name}" for name in names))
    text = "\n\n".join(filter(None, blocks))
    check_size(len(text))
    return Content(field(message, "subject"), text, notes=notes)


def field(message: EmailMessage, name: str) -> str:
    """A header field on one line, or nothing."""
    try:
        return " ".join(visible(str(message.get(name) or "")).split())[:500]
    except (ValueError, IndexError, AttributeError, TypeError, LookupError):  # broken fields break the parser of fields
        return ""


def fields_of(message: EmailMessage) -> str:
    """When the message was written; the people in it stay out of what the bot knows."""
    date = field(message, "date")
    return f"Date: {date}" if date else ""


def payload(part: EmailMessage) -> bytes:
    """The bytes of a part."""
    found = part.get_payload(decode=True)
    return found if isinstance(found, bytes) else b""


def charset_of(part: EmailMessage) -> str:
    """The character set a part names."""
    return str(part.get_content_charset() or "")


def text_of(part: EmailMessage) -> str:
    """The text of a part in whatever character set it names, or else looks like."""
    try:
        return payload(part).decode(charset_of(part) or "utf-8")
    except (UnicodeDecodeError, LookupError):
        return decode(payload(part))


def attachments(message: EmailMessage) -> list[str]:
    """Names of the files attached, each once."""
    found: dict[str, None] = {}
    for part in message.walk():
        name = part.get_filename() if isinstance(part, EmailMessage) else None
        if name:
            found[" ".join(visible(name).split())[:200]] = None
        if len(found) >= MOST_ATTACHMENTS:
            break
    return list(found)
