"""A whole page read: the one function of this package that others call.

Never here: the network, or the process this runs in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import html

from engine.domain.knowledge import PageKind
from engine.knowledge.limits import LEAST_TEXT
from engine.knowledge.pages.anchors import heading_anchors
from engine.knowledge.pages.asks import alternates_of, asks_for_cookies, page_links, robots_asks
from engine.knowledge.pages.content import main_text
from engine.knowledge.pages.language import page_language
from engine.knowledge.pages.products import PRODUCT_TYPES
from engine.knowledge.pages.questions import page_questions, with_questions
from engine.knowledge.pages.structured import Item, first_text, schema_items, types_of
from engine.knowledge.pages.titles import meta, page_kind, page_title
from engine.knowledge.pages.tree import page_tree, strip_hidden

__all__ = ["ParsedPage", "parse_page"]

LINK_SCHEMES = ("http://", "https://")


@dataclass(frozen=True, slots=True)
class ParsedPage:
    """What a page holds."""

    title: str
    text: str
    language: str
    kind: PageKind
    canonical: str
    """The address the page names as its own, or nothing."""
    links: tuple[str, ...]
    """Whole addresses, in the order of the page."""
    items: tuple[Item, ...]
    """schema.org items that matter for the catalogue."""
    problem: str = ""
    """Why the page cannot be learned: a failure code, or nothing. Its links are still good."""
    anchors: dict[str, str] = field(default_factory=dict)
    """Heading to the fragment of the address that opens there."""
    hidden: bool = False
    """Whether words were left out that a visitor cannot see."""
    alternates: tuple[tuple[str, str], ...] = ()
    """(language, address) of the page in other languages, as it names them."""
    robots: str = ""
    """What it asks of robots, such as `noindex`."""
    page_starts: tuple[int, ...] = ()
    """Where in `text` each page of a linked document begins."""
    notes: tuple[str, ...] = ()
    """Codes of what the shop owner should know about a linked document."""


def parse_page(content: bytes, url: str, charset: str = "") -> ParsedPage:
    """The page at `url`. Raises Unreadable when there is nothing at all."""
    tree = page_tree(content, charset)
    items = schema_items(tree) or open_graph_product(tree)
    links, canonical = page_links(tree, url), canonical_of(tree, url)
    scripts = sum(1 for _ in tree.iter("script"))
    password = bool(tree.xpath("boolean(.//input[@type='password'])"))
    declared = (tree.get("lang") or tree.get("{http://www.w3.org/XML/1998/namespace}lang") or "").strip()
    robots, alternates = robots_asks(tree), alternates_of(tree, url)
    cookies = asks_for_cookies(tree)
    shell = bool(tree.xpath("boolean(.//*[@id='root' or @id='app' or @id='__next' or @id='___gatsby'])"))
    hidden = strip_hidden(tree)
    title = page_title(tree, url)
    pairs = page_questions(items)
    text = without_title(with_questions(main_text(tree), pairs), title)
    products = [item for item in items if types_of(item) & (PRODUCT_TYPES | {"BreadcrumbList"})]
    if not text and any("BreadcrumbList" not in types_of(item) for item in products):
        text = first_text(products[0].get("description"))
    own_products = sum(1 for item in products if types_of(item) & PRODUCT_TYPES)
    return ParsedPage(
        title=title,
        text=text,
        language=page_language(text, declared),
        kind=page_kind(url, title, products=own_products, questions=len(pairs)),
        canonical=canonical,
        links=links,
        items=tuple(products),
        problem=problem_of(text, scripts=scripts, shell=shell, password=password, cookies=cookies),
        anchors=heading_anchors(tree),
        hidden=hidden,
        alternates=alternates,
        robots=robots,
    )


def problem_of(text: str, *, scripts: int, shell: bool, password: bool, cookies: bool = False) -> str:
    """The failure code of a page with next to no text."""
    useful = len(re.sub(r"[\W_]+", "", text))
    if password and useful < 10 * LEAST_TEXT:
        return "sign_in_needed"
    if cookies and useful < 10 * LEAST_TEXT:
        return "cookie_wall"
    asks_for_script = bool(re.search(r"(enable|requires?|activ\w+|need).{0,30}javascript", text, re.I))
    if useful >= LEAST_TEXT and not (asks_for_script and useful < 10 * LEAST_TEXT):
        return ""
    # "No products found." beside scripts is all there is; nothing at all beside scripts is still to come.
    return "javascript_only" if scripts and (shell or asks_for_script or (scripts > 1 and not useful)) else "empty"


def without_title(text: str, title: str) -> str:
    """`text` without a first heading that only repeats the title."""
    first, _, rest = text.partition("\n")
    return rest.lstrip("\n") if first.lstrip("# ").strip() == title and first.startswith("#") else text


def canonical_of(tree: html.HtmlElement, url: str) -> str:
    """The page's own address as it names it."""
    for link in tree.iter("link"):
        if "canonical" in (link.get("rel") or "").lower().split() and link.get("href"):
            try:
                whole = str(urljoin(url, (link.get("href") or "").strip()))
            except ValueError:
                continue
            if whole.startswith(LINK_SCHEMES):
                return whole
    return ""


def open_graph_product(tree: html.HtmlElement) -> list[Item]:
    """A product described by Open Graph marks only, in the shape of schema.org."""
    amount = meta(tree, "product:price:amount") or meta(tree, "og:price:amount")
    if not amount:
        return []
    currency = meta(tree, "product:price:currency") or meta(tree, "og:price:currency")
    offer: dict[str, Any] = {
        "price": amount,
        "priceCurrency": currency,
        "availability": meta(tree, "product:availability"),
    }
    return [
        {
            "@type": "Product",
            "name": meta(tree, "og:title") or first_text(tree.findtext(".//h1")),
            "description": meta(tree, "og:description"),
            "image": meta(tree, "og:image"),
            "brand": meta(tree, "product:brand"),
            "sku": meta(tree, "product:retailer_item_id"),
            "offers": [offer],
        }
    ]
