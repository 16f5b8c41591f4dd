"""Items of an XML feed, one at a time. Entities and document types are refused: no shop's feed needs them.

Never here: what the elements mean.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import ParseError

from engine.knowledge.catalogue.entries import Row
from engine.knowledge.catalogue.limits import LONGEST_CELL
from engine.knowledge.failures import Unreadable

__all__ = ["XmlRows"]

ITEMS = frozenset({"item", "entry", "product", "offer", "shopitem", "produkt", "produit", "producto", "prodotto"})
GOOGLE = "{http://base.google.com/ns/1.0}"
SEPARATOR = "\n"
"""Between the texts of an element that stands several times in an item."""


class XmlRows:
    """The items of a feed as rows: local name to text, with Google's own elements before others of that name."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __iter__(self) -> Iterator[Row]:
        """Raises Unreadable `damaged` with the place, or `unsafe_markup`."""
        from defusedxml.common import DefusedXmlException  # noqa: PLC0415 - needed for XML only
        from defusedxml.ElementTree import iterparse  # noqa: PLC0415 - as above

        number, open_elements = 0, []
        try:
            with self.path.open("rb") as file:
                for event, element in iterparse(file, events=("start", "end"), forbid_dtd=True):
                    if event == "start":
                        open_elements.append(element)
                        continue
                    open_elements.pop()
                    if local(element.tag) in ITEMS and not any(local(part.tag) in ITEMS for part in open_elements):
                        number += 1
                        yield Row(number, cells_of(element))
                        for part in open_elements:
                            part.clear()
        except DefusedXmlException as error:
            raise Unreadable("xml_entities", type(error).__name__) from error
        except ParseError as error:
            raise Unreadable("damaged", str(error)) from error
        except (ValueError, LookupError) as error:  # an encoding that does not exist
            raise Unreadable("damaged", type(error).__name__) from error


def local(tag: Any) -> str:
    """The name of an element without its namespace, lower case."""
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def cells_of(item: Any) -> dict[str, str]:
    """The texts of an item's elements by name."""
    found: dict[str, list[str]] = {}
    google: set[str] = set()
    for element in item:
        name = local(element.tag)
        if not name:
            continue
        parts = [part for part in element if local(part.tag)]
        text = nested(parts) if parts else (element.text or element.get("href") or "").strip()[:LONGEST_CELL]
        own = element.tag.startswith(GOOGLE)
        if not text or (name in google and not own):
            continue
        if own and name not in google:
            google.add(name)
            found[name] = []
        found.setdefault(name, []).append(text)
    return {name: SEPARATOR.join(texts) for name, texts in found.items()}


def nested(parts: list[Any]) -> str:
    """An element of elements on one line: `name: value`, as in Google's product details."""
    named = {local(part.tag): " ".join((part.text or "").split()) for part in parts}
    if named.get("attribute_name"):
        return f"{named['attribute_name']}: {named.get('attribute_value', '')}"
    return "; ".join(f"{name}: {text}" for name, text in named.items() if text)
