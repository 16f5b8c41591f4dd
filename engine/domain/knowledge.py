"""What a bot knows: sources, the documents read from them, passages, and products."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain.money import Money

__all__ = [
    "Availability",
    "CatalogueRow",
    "Document",
    "Freshness",
    "ItemFailure",
    "LearnedDocument",
    "PageKind",
    "Passage",
    "Product",
    "Source",
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

    state: Literal["never", "fresh", "failed", "partial"] = "never"
    """How the last reading went."""
    last_attempt_at: datetime | None = None
    """When it was last tried."""
    last_good_at: datetime | None = None
    """When it last went well."""
    reason: str = ""
    """Why it did not go well."""


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
    attributes: dict[str, str] = field(default_factory=dict)
    """Further facts, name to value."""
    variants: tuple[Variant, ...] = ()
    """Sellable forms, such as sizes."""


@dataclass(frozen=True, slots=True)
class CatalogueRow:
    """A product as one version of a bot knows it."""

    merchant: str
    bot: str
    version: int
    product: Product
    schema: int = 1


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
