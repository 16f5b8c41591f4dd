"""Shapes of sources, documents and passages."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict

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

__all__ = ["DocumentView", "FaqPair", "FormFieldView", "PassageView", "SourceKindView", "SourceRequest", "SourceView"]


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
    """Items that could not be learned, with the reason."""

    @classmethod
    def of(cls, source: Source) -> SourceView:
        """The view of a record; where a file is kept stays inside."""
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
    position: int
    """Its place in the document."""
    headings: tuple[str, ...]
    """Headings above it."""
    text: str
    """Literally as in the document."""

    @classmethod
    def of(cls, passage: Passage) -> PassageView:
        """The view of a record."""
        return cls(id=passage.id, position=passage.position, headings=passage.headings, text=passage.text)
