"""What a bot knows: sources, the documents read from them, passages, and products."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain.money import Money

__all__ = [
    "Availability",
    "Document",
    "Freshness",
    "ItemFailure",
    "LearnedDocument",
    "PageKind",
    "Passage",
    "Product",
    "Source",
    "SourceCopy",
    "SourceKind",
    "Variant",
]

SourceKind = Literal["website", "file", "text", "faq", "feed"]
Availability = Literal["in_stock", "out_of_stock", "preorder", "unknown"]
PageKind = Literal["policy", "product", "help", "blog", "faq", "page"]


@dataclass(frozen=True, slots=True)
class ItemFailure:
    """One page, file or row that could not be learned, and why."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    item: str
    """The address, file name or row, as the merchant knows it."""
    reason: str
    """What is wrong and what to do, in a shop owner's words."""
    code: str
    """Stable name of the kind of failure, such as `not_found` or `encrypted`."""


@dataclass(frozen=True, slots=True)
class Freshness:
    """When a source was last read, and with what result."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    state: Literal["never", "reading", "fresh", "partial", "held", "failed"] = "never"
    """How the last reading went. `held`: it brought so much less that the last good copy stays until you decide."""
    last_attempt_at: datetime | None = None
    """When it was last tried."""
    last_good_at: datetime | None = None
    """When it last went well."""
    reason: str = ""
    """Why it did not go well."""
    next_at: datetime | None = None
    """When it is read again by itself; null when it is read only by hand."""


@dataclass(frozen=True, slots=True)
class SourceCopy:
    """What one reading of a source brought, kept whole."""

    run: str
    """Names the reading, and where its batches lie."""
    at: datetime
    batches: int
    documents: int
    products: int
    words: str
    """SHA-256 over all that is learned by heart: titles, texts and facts, in any order."""
    data: str
    """SHA-256 over all that may change inside a live version: prices, stock, addresses and pictures of products."""
    options: str
    """SHA-256 of the options it was read with: another choice of pages is no shrinking."""
    without_currency: int = 0
    """Products whose price says no currency: the merchant is asked for it."""


@dataclass(frozen=True, slots=True)
class Source:
    """Somewhere knowledge comes from: a website, a file, typed text, answers or a feed."""

    id: str
    merchant: str
    bot: str
    kind: SourceKind
    title: str
    options: dict[str, object]
    """What its reader needs, checked when the source was made: `url`, `text`, `blob`, ..."""
    created_at: datetime
    freshness: Freshness = field(default_factory=Freshness)
    documents: int = 0
    products: int = 0
    failures: tuple[ItemFailure, ...] = ()
    excluded_columns: tuple[str, ...] = ()
    """Columns of a feed that are the shop's own business: never learned, never shown to shoppers."""
    schedule_minutes: int = 0
    """Minutes between two readings by itself; 0 for none."""
    reading: str | None = None
    """The reading that is under way."""
    reading_options: str = ""
    """SHA-256 of the options that the reading under way began with."""
    progressed_at: datetime | None = None
    """When the reading under way last came on."""
    stopping: bool = False
    """Whether the reading under way shall end with what it has."""
    done: int = 0
    """Items that the reading under way has handled."""
    total: int = 0
    """Items that it knows of."""
    copy: SourceCopy | None = None
    """The last good copy: what versions are trained on."""
    before: SourceCopy | None = None
    """The good copy before that; a training that began with it may still be at work."""
    held: SourceCopy | None = None
    """A later reading that brought suspiciously less and waits for the merchant's word."""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Document:
    """One page or file, reduced to its main content."""

    id: str
    """Stable for the same item of the same source, so that versions can be compared."""
    source: str
    title: str
    text: str
    """Markdown: headings, paragraphs, lists and tables of the main content only."""
    url: str
    """Where a shopper can open it; empty for files and typed text."""
    digest: str
    """SHA-256 of title and text."""
    fetched_at: datetime
    language: str = ""
    """ISO 639-1 code, or empty when unknown."""
    kind: PageKind = "page"
    page_starts: tuple[int, ...] = ()
    """Where in `text` each page begins, in characters; empty for what has no pages."""
    anchors: dict[str, str] = field(default_factory=dict)
    """Heading to the fragment of the address that opens there."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of a document small enough to quote, with its place in it."""

    id: str
    """Document id and position: unique within a version."""
    source: str
    document: str
    position: int
    """0-based order within the document."""
    title: str
    headings: tuple[str, ...]
    """Headings above the passage, outermost first, without the title."""
    text: str
    """Literally as it stands in the document."""
    url: str
    digest: str
    """SHA-256 of all that is embedded: equal digests have equal vectors."""
    fetched_at: datetime
    kind: PageKind = "page"
    language: str = ""
    product: str | None = None
    """Id of the product this passage describes."""
    question: str | None = None
    """The merchant's own question, when the passage is its answer."""
    page: int | None = None
    """1-based page it begins on, when its document has pages."""


@dataclass(frozen=True, slots=True)
class Variant:
    """One sellable form of a product, such as a size or a colour."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    id: str
    """Id."""
    title: str
    """Title."""
    price: Money | None
    """Present price, or null when the shop states none."""
    availability: Availability = "unknown"
    """Stock, as the shop states it."""
    sku: str = ""
    """The shop's own article number."""
    gtin: str = ""
    """Global trade item number (EAN, UPC)."""
    mpn: str = ""
    """The maker's part number."""
    options: dict[str, str] = field(default_factory=dict)
    """Option name to value, such as `{"size": "M"}`."""
    was_price: Money | None = None
    """Price before a reduction, or null."""
    image_url: str = ""
    """Address of a picture."""
    url: str = ""
    """Where a shopper can open it."""


@dataclass(frozen=True, slots=True)
class Product:
    """A row of the shop's catalogue: the only place a price may come from."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    id: str
    """Id."""
    source: str
    """Id of the source it came from."""
    title: str
    """Title."""
    description: str
    """Description, as plain text."""
    url: str
    """Where a shopper can open it."""
    as_of: datetime
    """When this was read from the shop."""
    price: Money | None = None
    """Present price, or null when the shop states none."""
    was_price: Money | None = None
    """Price before a reduction, or null."""
    availability: Availability = "unknown"
    """Stock, as the shop states it."""
    brand: str = ""
    """Brand."""
    sku: str = ""
    """The shop's own article number."""
    gtin: str = ""
    """Global trade item number (EAN, UPC)."""
    mpn: str = ""
    """The maker's part number."""
    category: str = ""
    """Category, as the shop names it."""
    image_url: str = ""
    """Address of a picture."""
    images: tuple[str, ...] = ()
    """Addresses of all pictures, the leading one first."""
    attributes: dict[str, str] = field(default_factory=dict)
    """Further facts, name to value."""
    variants: tuple[Variant, ...] = ()
    """Sellable forms, such as sizes."""


@dataclass(frozen=True, slots=True)
class LearnedDocument:
    """A document as one version of a bot knows it; its text stands in its passages."""

    merchant: str
    bot: str
    version: int
    id: str
    source: str
    title: str
    url: str
    digest: str
    fetched_at: datetime
    language: str
    kind: PageKind
    passages: int
    schema: int = 1
