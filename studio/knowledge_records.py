"""What the engine's API answers about a bot's knowledge, as the studio reads it.

Never here: behaviour.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from engine.domain.knowledge import Availability, ItemFailure, PageKind
from engine.domain.money import Money
from studio.records import Record

__all__ = [
    "Availability",
    "Column",
    "Columns",
    "Correction",
    "Document",
    "FoundPassage",
    "LookUp",
    "Pair",
    "Pairs",
    "Passage",
    "Pin",
    "Product",
    "ReadItem",
    "Variant",
]


class ReadItem(Record):
    """One page, file or row that a reading met."""

    item: str
    title: str = ""
    outcome: Literal["learned", "noted", "skipped", "failed"] = "learned"
    reason: str = ""
    code: str = ""


class Pair(Record):
    """A question with the shop's answer."""

    question: str
    answer: str


class Pairs(Record):
    """What was understood of pasted questions and answers."""

    pairs: tuple[Pair, ...] = ()
    failures: tuple[ItemFailure, ...] = ()


class Variant(Record):
    """One sellable form of a product."""

    id: str
    title: str = ""
    price: Money | None = None
    was_price: Money | None = None
    availability: Availability = "unknown"
    options: dict[str, str] = Field(default_factory=dict)


class Product(Record):
    """A row of the shop's catalogue."""

    id: str
    source: str = ""
    title: str = ""
    url: str = ""
    as_of: datetime | None = None
    price: Money | None = None
    was_price: Money | None = None
    availability: Availability = "unknown"
    brand: str = ""
    sku: str = ""
    category: str = ""
    image_url: str = ""
    variants: tuple[Variant, ...] = ()


class Column(Record):
    """One column of a feed."""

    name: str
    field: str = ""
    guess: str = ""
    samples: tuple[str, ...] = ()
    private: bool = False
    reason: str = ""
    certain: bool = False


class Columns(Record):
    """What a feed holds, as far as its first rows tell."""

    format: str = ""
    label: str = ""
    editable: bool = False
    fields: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()
    products: tuple[Product, ...] = ()
    failures: tuple[ItemFailure, ...] = ()
    rows: int = 0
    currency: str = ""
    asks_currency: bool = False
    asks_price_unit: bool = False


class Document(Record):
    """A page or file the bot knows."""

    id: str
    source: str = ""
    title: str = ""
    url: str = ""
    fetched_at: datetime | None = None
    language: str = ""
    kind: PageKind = "page"
    passages: int = 0


class Passage(Record):
    """A quotable piece of a document."""

    id: str
    document: str
    source: str = ""
    title: str = ""
    url: str = ""
    page: int | None = None
    digest: str = ""
    position: int = 0
    headings: tuple[str, ...] = ()
    text: str = ""


class FoundPassage(Record):
    """A passage that was found for a question, and why."""

    passage: Passage
    score: float = 0.0
    similarity: float = 0.0
    words: tuple[str, ...] = ()
    coverage: float = 0.0


class Pin(Record):
    """An answer that is given word for word."""

    id: str
    questions: tuple[str, ...]
    answer: str
    created_at: datetime | None = None


class Personal(Record):
    """Something that may belong to one customer."""

    kind: str
    text: str


class Suggestion(Record):
    """A question that a person of the shop answered, offered as an answer of the bot."""

    id: str
    conversation: str
    question: str
    answer: str
    member: str = ""
    at: datetime | None = None
    personal: tuple[Personal, ...] = ()


class Correction(Record):
    """One passage that is left out, or says something else."""

    id: str
    kind: Literal["exclude", "edit"]
    digest: str
    title: str = ""
    was: str = ""
    text: str = ""
    created_at: datetime | None = None


class LookUp(Record):
    """What would answer a question."""

    confidence: float
    least_confidence: float
    would_answer: bool
    pin: Pin | None = None
    passages: tuple[FoundPassage, ...] = ()
    left_out: tuple[FoundPassage, ...] = ()
