"""schema.org data in a page: JSON-LD first, microdata when there is none.

Never here: what the data means for the catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from lxml import html

__all__ = ["first_text", "items_of", "schema_items", "texts", "types_of"]

CONTROL = re.compile(r"[\x00-\x1f]+")
WRAPPERS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
Item = dict[str, Any]


def schema_items(tree: html.HtmlElement) -> list[Item]:
    """Every top-level schema.org item of a page."""
    items = [item for block in json_ld_blocks(tree) for item in flattened(block)]
    return items or microdata_items(tree)


def json_ld_blocks(tree: html.HtmlElement) -> Iterator[Any]:
    """Each JSON-LD script of the page that can be read, with the usual slips forgiven."""
    for script in tree.iter("script"):
        if "ld+json" not in (script.get("type") or "").lower():
            continue
        text = (script.text or "").strip().removeprefix("<!--").removesuffix("-->").strip()
        text = text.removeprefix("//<![CDATA[").removesuffix("//]]>").strip().rstrip(";")
        for attempt in (text, re.sub(r",\s*([}\]])", r"\1", CONTROL.sub(" ", text))):
            try:
                yield json.loads(attempt, strict=False)
            except (ValueError, RecursionError):
                continue
            break


def flattened(block: Any, depth: int = 0) -> Iterator[Item]:
    """Items at the top of a block: lists, graphs and page wrappers opened."""
    if depth > 6:
        return
    if isinstance(block, list):
        for part in block:
            yield from flattened(part, depth + 1)
    elif isinstance(block, dict):
        yield block
        for wrapper in WRAPPERS:
            if isinstance(block.get(wrapper), (list, dict)) and "FAQPage" not in types_of(block):
                yield from flattened(block[wrapper], depth + 1)


def microdata_items(tree: html.HtmlElement) -> list[Item]:
    """Items written as microdata, in the shape of JSON-LD."""
    if not tree.xpath("boolean(.//*[@itemscope])"):
        return []
    from extruct.w3cmicrodata import MicrodataExtractor  # noqa: PLC0415 - slow to import, seldom needed

    found = MicrodataExtractor().extract_items(tree, base_url=None)
    return [like_json_ld(item) for item in found if isinstance(item, dict)]


def like_json_ld(value: Any) -> Any:
    """A microdata item with its type and properties where JSON-LD has them."""
    if isinstance(value, list):
        return [like_json_ld(part) for part in value]
    if not isinstance(value, dict):
        return value
    properties = {name: like_json_ld(part) for name, part in (value.get("properties") or {}).items()}
    return {"@type": value.get("type", ""), **properties}


def types_of(item: Any) -> set[str]:
    """The type names of an item, without their namespace."""
    if not isinstance(item, dict):
        return set()
    names = item.get("@type") or []
    return {str(name).rstrip("/").rpartition("/")[2].rpartition(":")[2] for name in as_list(names)}


def as_list(value: Any) -> list[Any]:
    """`value` as a list: nothing, one or many."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def items_of(value: Any) -> list[Item]:
    """The items in a property's value."""
    return [part for part in as_list(value) if isinstance(part, dict)]


def texts(value: Any) -> list[str]:
    """The texts in a property's value, also those wrapped in items."""
    found: list[str] = []
    for part in as_list(value):
        if isinstance(part, dict):
            found.extend(texts(part.get("name") or part.get("@value") or part.get("url") or part.get("contentUrl")))
        elif isinstance(part, (str, int, float)) and not isinstance(part, bool):
            found.append(" ".join(str(part).split()))
    return [text for text in found if text]


def first_text(value: Any) -> str:
    """The first text in a property's value, or nothing."""
    return next(iter(texts(value)), "")
