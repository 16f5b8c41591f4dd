"""Whether a page says anything that another one does not.

Never here: addresses. A page is a double only when its title is another page's, and every line and every product of it
stands there too. So nothing is lost by leaving it out, and two products or policies that differ in one word stay two:
measures of likeness with a threshold (SimHash over the text) put "Tee, red" and "Tee, blue" closer together than a
listing in two sort orders.
"""

from __future__ import annotations

import hashlib
import re
import zlib
from collections.abc import Iterator

from engine.knowledge.crawling.state import CrawlState
from engine.knowledge.pages.page import ParsedPage
from engine.knowledge.pages.products import PRODUCT_TYPES
from engine.knowledge.pages.structured import first_text, items_of, types_of

__all__ = ["double_of"]

MOST_LINES = 400
"""Longer pages are compared whole only."""
MOST_OF_A_TITLE = 12
IDENTITY = ("name", "sku", "gtin", "gtin13", "mpn", "productID", "color", "size")


def double_of(page: ParsedPage, url: str, state: CrawlState) -> str:
    """The address of the page that says all that this one says, or nothing; then this one is remembered."""
    goods = sorted(product_facts(page))
    whole = digest(f"{goods}" + re.sub(r"\s+", " ", f"{page.title}\n{page.text}"))
    twin = state.digests.setdefault(whole, url)
    if twin != url:
        return twin
    lines = sorted({*goods, *line_facts(page)})
    if not lines or len(lines) > MOST_LINES:
        return ""
    namesakes = state.lines.setdefault(digest(page.title.casefold()), [])
    for other, *known in namesakes:
        if other != url and set(lines) <= set(known):
            return str(other)
    if len(namesakes) < MOST_OF_A_TITLE:
        namesakes.append([url, *lines])
    return ""


def line_facts(page: ParsedPage) -> Iterator[int]:
    """A number for each line of the page."""
    for line in page.text.splitlines():
        plain = re.sub(r"[^\w.,%€$£]+", " ", line.casefold()).strip()
        if plain:
            yield zlib.crc32(plain.encode())


def product_facts(page: ParsedPage) -> Iterator[int]:
    """A number for each product of the page: what it is, and what it costs."""
    for item in page.items:
        if types_of(item) & PRODUCT_TYPES:
            prices = [first_text(offer.get("price")) for offer in items_of(item.get("offers"))]
            yield zlib.crc32("\x1f".join([*(first_text(item.get(name)) for name in IDENTITY), *prices]).encode())


def digest(text: str) -> str:
    """A short stand-in for a text."""
    return hashlib.sha256(text.encode()).hexdigest()[:24]
