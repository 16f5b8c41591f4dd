"""What the readers share: making documents, and checking options field by field.

Never here: anything about one kind of source.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from datetime import datetime

from engine.domain.knowledge import Document, PageKind
from engine.errors import FieldProblem, InvalidInput

__all__ = ["make_document", "optional_text", "refused", "required_text", "short_digest"]

NAMES = {
    "url": "The address",
    "max_pages": "The number of pages",
    "max_depth": "The number of clicks",
    "include": "What is read only",
    "exclude": "What is left out",
    "pairs": "The list of questions",
    "mapping": "The choice of columns",
}


def short_digest(*parts: str) -> str:
    """A short stable name made of `parts`."""
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:20]


def make_document(
    *, source: str, item: str, title: str, text: str, now: datetime, url: str = "", language: str = "",
    kind: PageKind = "page", page_starts: Iterable[int] = (), anchors: Mapping[str, str] | None = None,
) -> Document:  # fmt: skip
    """A document whose id is stable for the same item of the same source."""
    return Document(
        id="doc_" + short_digest(source, item),
        source=source,
        title=title,
        text=text,
        url=url,
        digest=hashlib.sha256(f"{title}\n{text}".encode()).hexdigest(),
        fetched_at=now,
        language=language,
        kind=kind,
        page_starts=tuple(page_starts),
        anchors=dict(anchors or {}),
    )


def refused(field: str, message: str) -> InvalidInput:
    """The error for one field that cannot be used; `message` goes on from the field's name."""
    return InvalidInput(f"{name_of(field)} {message}".rstrip(".") + ".", fields=[FieldProblem(field, message)])


def name_of(field: str) -> str:
    """What a shop owner calls a field of a source, at the beginning of a sentence."""
    first, _, rest = field.partition(".")
    if first == "pairs" and rest.isdigit():
        return f"Question {int(rest) + 1}"
    if first == "mapping" and rest:
        return f"The column {rest!r}"
    return NAMES.get(field, f"The {field.replace('_', ' ')}")


def required_text(options: dict[str, object], field: str, *, most: int) -> str:
    """A text that must be there. Raises InvalidInput naming the field."""
    value = optional_text(options, field, most=most)
    if not value:
        raise refused(field, "is needed; fill it in")
    return value


def optional_text(options: dict[str, object], field: str, *, most: int) -> str:
    """A text, or nothing. Raises InvalidInput naming the field."""
    value = options.get(field)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise refused(field, "must be text")
    text = re.sub(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", "", value.replace("\r\n", "\n")).strip()
    if len(text) > most:
        raise refused(field, f"is longer than {most:,} characters; shorten it")
    return text
