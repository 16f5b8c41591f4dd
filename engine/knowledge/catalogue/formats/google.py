"""Google Merchant feeds, as XML (RSS, Atom) and as separated text.

The attributes: https://support.google.com/merchants/answer/7052112. Never here: reading XML or tables.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.knowledge.catalogue.columns import SYNONYMS, Guess, guess_columns
from engine.knowledge.catalogue.entries import Entry, Field
from engine.knowledge.catalogue.formats import plain
from engine.knowledge.catalogue.formats.format import Found, Plan, Raw
from engine.knowledge.catalogue.headers import normal_name
from engine.knowledge.catalogue.privacy import private_column

__all__ = ["columns_fit", "entries", "guesses"]

FIELDS: dict[str, Field] = {
    "id": "id", "title": "title", "description": "description", "link": "url", "image link": "image",
    "additional image link": "image", "availability": "availability", "price": "price", "sale price": "sale_price",
    "sale price effective date": "sale_dates", "brand": "brand", "gtin": "gtin", "mpn": "mpn",
    "item group id": "group", "product type": "category", "color": "option", "size": "option", "material": "option",
    "pattern": "option", "age group": "attribute", "gender": "attribute", "condition": "attribute",
    "size type": "attribute", "size system": "attribute", "product detail": "attribute",
    "product highlight": "attribute", "product weight": "attribute", "product length": "attribute",
    "product width": "attribute", "product height": "attribute", "summary": "summary", "content": "description",
    "energy efficiency class": "attribute",
    "unit pricing measure": "attribute", "shipping weight": "attribute", "multipack": "attribute",
}  # fmt: skip
OWN_BUSINESS = ("cost of goods sold", "auto pricing min price", "custom label", "ads ", "maximum retail price")
BESIDE = ("currency", "stock", "sku")
"""What shops add to a feed of Google's that says more about its own attributes."""
NEVER = ("google product category", "canonical link", "mobile link", "identifier exists", "shipping", "tax", "adult")


def columns_fit(names: set[str]) -> bool:
    """Whether (normal) column names are those of a Google feed."""
    return {"id", "title", "link", "price"} <= names and bool(names & {"image link", "availability", "condition"})


def guesses(names: Iterable[str]) -> dict[str, Guess]:
    """Google's attributes; elements that a shop added are guessed like the columns of any table."""
    found: dict[str, Guess] = {}
    rest: list[str] = []
    for name in names:
        words = normal_name(name.removeprefix("g:"))
        mark = private_column(words)
        if words in FIELDS:
            found[name] = Guess(FIELDS[words])
        elif words.startswith(OWN_BUSINESS) or mark:
            found[name] = Guess("", mark.reason if mark else "It serves your own advertising.", certain=True)
        elif words.startswith(NEVER):
            found[name] = Guess("")
        else:
            rest.append(name)
    has_title = any(guess.field == "title" for guess in found.values())
    for name, guess in guess_columns(rest).items():
        own = guess if not has_title or guess.private or guess.field in BESIDE else Guess("")
        taken = own.field in SYNONYMS and any(other.field == own.field for other in found.values())
        found[name] = Guess("") if taken else own
    return found


def entries(rows: Iterable[Raw], plan: Plan) -> Iterator[Found]:
    """An entry for each product; items of one `item_group_id` are its forms."""
    for found in plain.entries(rows, plan):
        if isinstance(found, Entry):
            for line in found.attributes.pop("product detail", "").split("\n"):
                name, _, value = line.partition(":")
                found.attributes.setdefault(name.strip(), value.strip())
        yield found
