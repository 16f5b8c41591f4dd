"""How mails name each other: which conversation one belongs to, and what our answers are called.

Never here: parsing or making a mail.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from channel_adapters.email.limits import REFERENCES

__all__ = ["answer_id", "digest", "ids_in", "root_of", "shortened_references"]

MESSAGE_ID = re.compile(r"<[^<>\s@]{1,200}@[^<>\s@]{1,200}>")
OURS = re.compile(r"<answer\.[0-9a-f]{16}\.([0-9a-f]{16})@")


def digest(text: str) -> str:
    """A short name for a text: with two of them, a Message-ID still stands on one line, and is not torn by programs."""
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def ids_in(header: str) -> list[str]:
    """The Message-IDs that stand in a header, each once, in order."""
    return list(dict.fromkeys(MESSAGE_ID.findall(header.encode("ascii", "ignore").decode())))


def root_of(references: Sequence[str], own: str) -> str:
    """Names the thread of a mail that refers to others, or is its first.

    Programs that name only the mail they answer still belong to its thread: our answers carry its name.
    """
    for reference in references:
        if (ours := OURS.match(reference)) is not None:
            return ours[1]
    return digest(references[0] if references else own)


def answer_id(link: str, key: str, root: str, domain: str) -> str:
    """The Message-ID of an answer: the same when it is sent again after a crash, so that mail programs show it once."""
    return f"<answer.{digest(f'{link}|{key}')}.{root}@{domain}>"


def shortened_references(references: Sequence[str]) -> list[str]:
    """As many as may be named: the first, and the newest."""
    return list(references) if len(references) <= REFERENCES else [references[0], *references[-REFERENCES + 1 :]]
