"""What a page says to robots rather than to people: where it leads, its other languages, what it asks them to leave.

Never here: its text.
"""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from lxml import html

from engine.knowledge.pages.titles import meta

__all__ = ["alternates_of", "asks_for_cookies", "page_links", "robots_asks"]

MOST_LINKS = 2_000
MOST_ALTERNATES = 100
LINK_SCHEMES = ("http://", "https://")
COOKIE_WALL = re.compile(
    r"(accept|allow|enable|consent to|agree to|akzeptier\w+|aktivier\w+|zustimm\w+|accepter|aceptar|accettare)"
    r"[^.]{0,40}\bcookies?\b|\bcookies?\b[^.]{0,40}(required|disabled|blocked|erforderlich|akzeptieren|zustimmen)",
    re.I,
)
WALL_LENGTH = 1_500


def page_links(tree: html.HtmlElement, url: str) -> tuple[str, ...]:
    """Where the page leads, each address once.

    A link marked `nofollow` with a query is left out: on their own pages shops mark filters, sort orders and cart
    buttons so. Without a query it is followed, for the mark speaks of trust and not of content.
    """
    found: dict[str, None] = {}
    base = tree.find(".//base[@href]")
    start = joined(url, base.get("href") or "") if base is not None else url
    for anchor in tree.iter("a", "area"):
        link = (anchor.get("href") or "").strip()
        if not link or link.startswith(("#", "javascript:", "mailto:", "tel:", "data:")):
            continue
        whole = joined(start, link)
        if whole and not ("nofollow" in (anchor.get("rel") or "").lower() and urlsplit(whole).query):
            found[whole] = None
        if len(found) >= MOST_LINKS:
            break
    return tuple(found)


def joined(url: str, link: str) -> str:
    """A link as a whole web address, or nothing."""
    try:
        whole = str(urljoin(url, link.strip()))
        urlsplit(whole)
    except ValueError:
        return ""
    return whole if whole.startswith(LINK_SCHEMES) else ""


def alternates_of(tree: html.HtmlElement, url: str) -> tuple[tuple[str, str], ...]:
    """(language, address) of each other language that the page names."""
    found: dict[str, str] = {}
    for link in tree.iter("link"):
        language = (link.get("hreflang") or "").lower()[:2]
        if "alternate" in (link.get("rel") or "").lower().split() and language.isalpha():
            whole = joined(url, link.get("href") or "")
            if whole and len(found) < MOST_ALTERNATES:
                found.setdefault(whole, language)
    # `x-default` is no language; two languages under one address are a slip that says nothing.
    return tuple((language, whole) for whole, language in found.items() if language != "x-")


def robots_asks(tree: html.HtmlElement) -> str:
    """The words of the page's robots mark."""
    return meta(tree, "robots").lower()


def asks_for_cookies(tree: html.HtmlElement) -> bool:
    """Whether the whole page is little more than the request to accept cookies."""
    body = tree.find(".//body")
    if body is None:
        return False
    text = " ".join(
        part for element in body.iter() if isinstance(element.tag, str) and element.tag not in {"script", "style"}
        for part in (element.text or "", element.tail or "")
    )  # fmt: skip
    text = " ".join(text.split())
    return len(text) < WALL_LENGTH and bool(COOKIE_WALL.search(text))
