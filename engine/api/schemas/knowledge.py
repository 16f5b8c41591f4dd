"""Shapes of sources, documents and passages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict, Field

from engine.api.schemas.shared import View
from engine.domain.knowledge import (
    Freshness,
    ItemFailure,
    LearnedDocument,
    PageKind,
    Passage,
    Source,
    SourceKind,
)

__all__ = [
    "DocumentView",
    "FaqPair",
    "FormFieldView",
    "HeldReading",
    "PairsText",
    "PairsView",
    "PassageView",
    "SourceChange",
    "SourceKindView",
    "SourceRequest",
    "SourceView",
]


class FaqPair(View):
    """A question and its answer."""

    question: str
    """As a shopper asks it."""
    answer: str
    """What the shop says."""


class SourceRequest(BaseModel):
    """A new source: its kind, and the fields of that kind's form (see `GET /v1/source_kinds`)."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    kind: SourceKind
    """Which kind of source."""
    url: str | None = None
    """Website and feed: the address."""
    max_pages: int | None = None
    """Website: most pages to read."""
    max_depth: int | None = None
    """Website: most links away from the first page."""
    include: list[str] | str | None = None
    """Website: patterns of addresses to read; all when empty."""
    exclude: list[str] | str | None = None
    """Website: patterns of addresses to leave out."""
    title: str | None = None
    """Text: its title."""
    text: str | None = None
    """Text: what the bot shall know."""
    pairs: list[FaqPair] | None = None
    """Answers: questions with their answers."""


class HeldReading(View):
    """A reading that was not taken over."""

    at: datetime
    """When it was made."""
    documents: int
    """Documents it found."""
    products: int
    """Products it found."""


class SourceChange(BaseModel):
    """What is to change about a source: its schedule, or any field of its kind's form."""

    model_config = ConfigDict(use_attribute_docstrings=True, extra="allow")

    schedule_minutes: int | None = None
    """Minutes between two readings by itself: 0 (never), 15, 30, 60, 180, 360, 720, 1440, 4320 or 10080."""
    title: str | None = None
    """Text and answers: the title."""
    text: str | None = None
    """Text: what the bot shall know."""
    pairs: list[FaqPair] | None = None
    """Answers: all questions with their answers."""
    max_pages: int | None = None
    """Website: most pages to read."""
    include: list[str] | str | None = None
    """Website: patterns of addresses to read; all when empty."""
    exclude: list[str] | str | None = None
    """Website: patterns of addresses to leave out."""


class SourceView(View):
    """Somewhere knowledge comes from."""

    id: str
    """Id of the source."""
    kind: SourceKind
    """Which kind."""
    title: str
    """As the merchant knows it."""
    options: dict[str, Any]
    """What it was made with."""
    created_at: datetime
    """When it was added."""
    freshness: Freshness
    """When it was last read, and with what result."""
    documents: int
    """Documents found at the last reading."""
    products: int
    """Products found at the last reading."""
    failures: tuple[ItemFailure, ...]
    """Items that could not be learned at the last reading, with the reason."""
    excluded_columns: tuple[str, ...]
    """Columns of a feed that are your own business: never learned, never shown to shoppers."""
    schedule_minutes: int
    """Minutes between two readings by itself; 0 for none."""
    is_reading: bool
    """Whether it is being read at this moment."""
    done: int
    """Items that the reading under way has handled."""
    total: int
    """Items that it knows of so far."""
    limit: int
    """Most pages that are read of it; 0 where there is no such limit."""
    asks_currency: bool
    """Whether prices of this feed say no currency: choose it with `PUT .../columns`."""
    held: HeldReading | None
    """A reading that brought suspiciously less and waits for your word, or null."""

    @classmethod
    def of(cls, source: Source) -> SourceView:
        """The view of a record; where a file is kept stays inside."""
        held = source.held
        options = {name: value for name, value in source.options.items() if name != "blob"}
        return cls(
            id=source.id,
            kind=source.kind,
            title=source.title,
            options=options,
            created_at=source.created_at,
            freshness=source.freshness,
            documents=source.documents,
            products=source.products,
            failures=source.failures,
            excluded_columns=source.excluded_columns,
            schedule_minutes=source.schedule_minutes,
            is_reading=source.reading is not None,
            done=source.done,
            total=source.total,
            limit=int(str(source.options.get("max_pages") or 0)),
            asks_currency=source.copy is not None and source.copy.without_currency > 0,
            held=None if held is None else HeldReading(at=held.at, documents=held.documents, products=held.products),
        )


class FormFieldView(View):
    """One field of a form."""

    name: str
    """Name in the request."""
    label: str
    """Words beside it."""
    kind: str
    """How it is entered."""
    help: str
    """What to know."""
    required: bool
    """Whether it must be filled."""
    default: Any
    """Value when it is left out."""


class SourceKindView(View):
    """A kind of source, and its form."""

    kind: SourceKind
    """Name in requests."""
    label: str
    """Words for a shop owner."""
    form: list[FormFieldView]
    """Its fields."""
    accepts: list[str]
    """Endings of files that can be uploaded for it, such as `.pdf`."""


class DocumentView(View):
    """A page or file the bot knows."""

    id: str
    """Id of the document."""
    source: str
    """Id of its source."""
    title: str
    """Its title."""
    url: str
    """Where it can be opened."""
    fetched_at: datetime
    """When it was read."""
    language: str
    """ISO 639-1, or empty."""
    kind: PageKind
    """Which kind of page."""
    passages: int
    """How many passages it holds."""

    @classmethod
    def of(cls, document: LearnedDocument) -> DocumentView:
        """The view of a record."""
        return cls(
            id=document.id,
            source=document.source,
            title=document.title,
            url=document.url,
            fetched_at=document.fetched_at,
            language=document.language,
            kind=document.kind,
            passages=document.passages,
        )


class PassageView(View):
    """A quotable piece of a document."""

    id: str
    """Id of the passage."""
    document: str
    """Id of its document."""
    source: str
    """Id of its source."""
    title: str
    """Title of its document."""
    url: str
    """Where it can be opened, at this very place where the page allows it."""
    page: int | None
    """Page it begins on, when its document has pages."""
    digest: str
    """SHA-256 of its title, headings and text: what a correction goes by."""
    position: int
    """Its place in the document."""
    headings: tuple[str, ...]
    """Headings above it."""
    text: str
    """Literally as in the document."""

    @classmethod
    def of(cls, passage: Passage) -> PassageView:
        """The view of a record."""
        return cls(
            id=passage.id,
            document=passage.document,
            source=passage.source,
            title=passage.title,
            url=passage.url,
            page=passage.page,
            digest=passage.digest,
            position=passage.position,
            headings=passage.headings,
            text=passage.text,
        )


class PairsText(BaseModel):
    """Questions with answers, as pasted."""

    model_config = ConfigDict(use_attribute_docstrings=True)

    text: str = Field(max_length=2_000_000)
    """A table with the columns question and answer, lines with Q: and A:, or blocks with blank lines between them."""


class PairsView(View):
    """What was understood of it."""

    pairs: list[FaqPair]
    """The questions with their answers."""
    failures: tuple[ItemFailure, ...]
    """Parts that could not be used, with the reason."""
