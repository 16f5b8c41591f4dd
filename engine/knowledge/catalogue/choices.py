"""What a shop owner chooses about a feed: its format, what its columns hold, the currency of bare prices.

Never here: whether the feed has such columns; that takes a look at it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.knowledge.catalogue.entries import FIELDS, SINGLE_FIELDS
from engine.knowledge.catalogue.formats import FORMATS
from engine.knowledge.items import optional_text, refused

__all__ = ["CHOICES", "checked_choices"]

CHOICES = ("format", "mapping", "currency")


def checked_choices(options: Mapping[str, object]) -> dict[str, object]:
    """Format, columns and currency, those that are stated. Raises InvalidInput naming the field."""
    form = optional_text(dict(options), "format", most=40)
    if form and form not in FORMATS:
        raise refused("format", f"must be one of {', '.join(FORMATS)}")
    currency = optional_text(dict(options), "currency", most=10).upper()
    if currency and not re.fullmatch(r"[A-Z]{3}", currency):
        raise refused("currency", "must be three letters, such as EUR")
    mapping = options.get("mapping") or {}
    if not isinstance(mapping, Mapping) or len(mapping) > 500:
        raise refused("mapping", "must say for each column what it holds")
    for column, meaning in mapping.items():
        if meaning not in FIELDS:
            raise refused(f"mapping.{column}", f"must be one of {', '.join(filter(None, FIELDS))}, or empty")
    meanings = [meaning for meaning in mapping.values() if meaning in SINGLE_FIELDS]
    twice = next((meaning for meaning in meanings if meanings.count(meaning) > 1), None)
    if twice:
        raise refused("mapping", f"gives {twice!r} to two columns; leave one out")
    stated = {"format": form, "currency": currency, "mapping": dict(mapping)}
    return {name: value for name, value in stated.items() if value}
