"""schema.org data in a page: JSON-LD first, then microdata, then RDFa.

Never here: what the data means for the catalogue.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from html import escape as html_escape
from typing import Any

from lxml import html

__all__ = ["first_text", "items_of", "schema_items", "texts", "types_of"]

MOST_DEPTH = 6
RDFA_ROOT = "https://rdfa.invalid"
RDFA_BASE = f"{RDFA_ROOT}/page/"
"""Stands in for the page's address, so that links come out as they were written."""
CONTROL = re.compile(r"[\x00-\x1f]+")
WRAPPERS = ("@graph", "mainEntity", "mainEntityOfPage", "itemListElement", "item")
Item = dict[str, Any]


def schema_items(tree: html.HtmlElement) -> list[Item]:
    """Every top-level schema.org item of a page."""
    items = [item for block in json_ld_blocks(tree) for item in flattened(block)]
    return items or microdata_items(tree) or rdfa_items(tree)


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


def rdfa_items(tree: html.HtmlElement) -> list[Item]:
    """Items written as RDFa, in the shape of JSON-LD."""
    if not tree.xpath("boolean(.//*[@typeof])"):
        return []
    text = str(html.tostring(tree, encoding="unicode"))
    if "schema.org" not in text:
        return []
    from extruct.rdfa import RDFaExtractor  # noqa: PLC0415 - slow to import, seldom needed

    try:
        found = RDFaExtractor().extract(text, base_url=RDFA_BASE)
    except Exception:  # whatever a page writes, its text can still be learned
        return []
    nodes = {str(node.get("@id")): node for node in found if isinstance(node, dict)}
    inner = {part.get("@id") for node in nodes.values() for value in node.values() for part in items_of(value)}
    return [linked(name, nodes, text) for name in nodes if name not in inner and nodes[name].get("@type")]


def linked(name: str, nodes: Mapping[str, Any], text: str, depth: int = 0) -> Item:
    """A node of the graph with the nodes it names inside it. A graph has no order: that of the page is restored."""
    item: Item = {"@type": nodes[name].get("@type", [])}
    for key, values in nodes[name].items():
        if key.startswith("@"):
            continue
        parts: list[Any] = []
        for value in as_list(values):
            reference = str(value.get("@id", "")) if isinstance(value, dict) else ""
            if reference in nodes and depth < MOST_DEPTH:
                parts.append(linked(reference, nodes, text, depth + 1))
            elif isinstance(value, dict):
                parts.append(value.get("@value") or reference.removeprefix(RDFA_BASE).removeprefix(RDFA_ROOT))
        item[key.rpartition("/")[2]] = sorted(parts, key=lambda part: place_of(part, text))
    return item


def place_of(part: Any, text: str) -> int:
    """Where in the page a value, or the first value of an item, stands."""
    if isinstance(part, dict):
        inner = [value for key, values in part.items() if key != "@type" for value in values]
        return min((place_of(value, text) for value in inner), default=len(text))
    place = text.find(html_escape(str(part), quote=False))
    return place if place >= 0 else len(text)


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
        elif isinstance(part, (str, int, float, Decimal)) and not isinstance(part, bool):
            found.append(" ".join(str(part).split()))
    return [text for text in found if text]


def first_text(value: Any) -> str:
    """The first text in a property's value, or nothing."""
    return next(iter(texts(value)), "")
