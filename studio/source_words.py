"""Sources in a shop owner's words: state, age, schedule, and what a feed's columns hold.

Never here: Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from engine.domain.knowledge import ItemFailure
from engine.knowledge.failures import NOTES, SKIPPED
from studio.records import Source, Version
from studio.words import ago, aware, count

__all__ = [
    "FIELDS",
    "ICONS",
    "NAMES",
    "OUTCOMES",
    "SCHEDULES",
    "amount_words",
    "is_newer",
    "lies_elsewhere",
    "name_of",
    "reading_words",
    "sort_failures",
    "state_words",
    "times_words",
]

ICONS = {
    "website": ":material/language:",
    "file": ":material/description:",
    "text": ":material/edit_note:",
    "faq": ":material/quiz:",
    "feed": ":material/inventory_2:",
}
NAMES = {
    "website": "Website",
    "file": "File",
    "text": "Your words",
    "faq": "Questions and answers",
    "feed": "Product list",
}
SCHEDULES = {
    0: "never by itself",
    15: "every 15 minutes",
    30: "every 30 minutes",
    60: "every hour",
    180: "every 3 hours",
    360: "every 6 hours",
    720: "twice a day",
    1440: "once a day",
    4320: "every 3 days",
    10080: "once a week",
}
STATES = {
    "never": (":material/hourglass_empty:", "Not read yet"),
    "reading": (":material/sync:", "Being read"),
    "fresh": (":material/check_circle:", "Fresh"),
    "partial": (":material/rule:", "Partly read"),
    "held": (":material/pan_tool:", "Held back: it waits for your word"),
    "failed": (":material/error:", "Could not be read"),
}
OUTCOMES = {
    "learned": "Learned",
    "noted": "Learned, with a remark",
    "skipped": "Left out",
    "failed": "Could not be read",
}
FIELDS = {
    "": "Leave it out",
    "title": "Name of the product",
    "price": "Price",
    "price_cents": "Price in cents",
    "was_price": "Price before a reduction",
    "sale_price": "Reduced price",
    "sale_dates": "Days of the reduced price",
    "currency": "Currency",
    "availability": "In stock or not",
    "stock": "Pieces in stock",
    "description": "Description",
    "summary": "Short description",
    "url": "Address of its page",
    "image": "Picture",
    "brand": "Brand",
    "category": "Category",
    "sku": "Article number (SKU)",
    "gtin": "Barcode number (EAN, UPC)",
    "mpn": "Maker's part number",
    "id": "Number that names the product",
    "group": "Number that its variants share",
    "option": "Choice, such as size or colour",
    "attribute": "Another fact worth telling",
}
REMARKS = NOTES | {"not_for_sale"}
"""Reasons that say something of what was learned, or of what was left out on purpose."""


def name_of(source: Source) -> str:
    """Which kind of source it is."""
    return NAMES.get(source.kind, source.kind)


def lies_elsewhere(source: Source) -> bool:
    """Whether it can change without the merchant telling us: an address, not a file or typed words."""
    return bool(source.options.get("url"))


def is_newer(source: Source, version: Version) -> bool:
    """Whether a source was added or read after a version had learned."""
    read, learned = source.freshness.last_good_at or source.created_at, version.sealed_at or version.created_at
    return read is not None and learned is not None and aware(read) > aware(learned)


def state_words(source: Source) -> tuple[str, str]:
    """(icon, words) of how a source stands."""
    return STATES["reading" if source.is_reading else source.freshness.state]


def amount_words(source: Source) -> str:
    """What was found in it, and how much of it is read at most."""
    unit = {"website": "page", "file": "document", "text": "text", "faq": "answer", "feed": "page"}[source.kind]
    parts = [count(source.documents, unit)] if source.documents else []
    parts += [count(source.products, "product")] if source.products else []
    parts += [f"at most {count(source.limit, 'page')}"] if source.limit else []
    return " · ".join(parts)


def times_words(source: Source, now: datetime | None = None) -> str:
    """When it was read, when that last went well, and when it is read next."""
    fresh, parts = source.freshness, []
    if fresh.state in {"held", "failed"} and fresh.last_attempt_at is not None:
        parts.append(f"Tried {ago(fresh.last_attempt_at, now)}")
        parts.append(f"last good reading {ago(fresh.last_good_at, now)}" if fresh.last_good_at else "never read so far")
    elif fresh.last_good_at is not None:
        parts.append(f"Read {ago(fresh.last_good_at, now)}")
    if fresh.next_at is not None:
        is_due = now is not None and aware(fresh.next_at) <= now
        coming = "now" if is_due or ago(fresh.next_at, now) == "just now" else ago(fresh.next_at, now)
        parts.append(f"next reading {coming}")
    return " · ".join(parts)


def reading_words(source: Source) -> str:
    """How far the reading under way is."""
    if not source.total:
        return "Beginning to read"
    return f"{source.done:,} of {source.total:,} {'so far' if source.kind == 'website' else ''}".strip()


def sort_failures(failures: Sequence[ItemFailure]) -> tuple[list[ItemFailure], list[ItemFailure]]:
    """(what could not be read, what is worth knowing of the rest); what was left out as it should be is in neither."""
    notes = [failure for failure in failures if failure.code in REMARKS]
    return [failure for failure in failures if failure.code not in REMARKS | SKIPPED], notes
