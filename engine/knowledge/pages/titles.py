"""What a page is called, and what kind of page it is, by its address and title.

Never here: its text.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from lxml import html

from engine.domain.knowledge import PageKind
from engine.knowledge.pages.tree import clean_text

__all__ = ["page_kind", "page_title"]

SEPARATOR = re.compile(r"\s+[|·•»–—:-]\s+|\s*\|\s*|\s*»\s*")
KINDS: tuple[tuple[PageKind, re.Pattern[str]], ...] = (
    ("faq", re.compile(r"\bfaqs?\b|frequently asked|häufige fragen|questions fréquentes|preguntas frecuentes")),
    (
        "policy",
        re.compile(
            r"\bpolic(y|ies)\b|\bterms\b|\bprivacy\b|\bshipping\b|\bdelivery\b|\breturns?\b|\brefunds?\b|\bwarranty\b|"
            r"\bguarantee\b|\bpayments?\b|\bimprint\b|\bconditions\b|\bwithdrawal\b|\bcookies?\b|"
            r"\bagb\b|\bversand|\bimpressum\b|\bdatenschutz|\bwiderruf|\brückgabe|\blieferung|\bzahlung|\bgarantie|"
            r"\blivraison\b|\bretours?\b|\benvíos?\b|\bdevoluciones\b|\bspedizion|\bresi\b|\bverzending\b"
        ),
    ),
    ("blog", re.compile(r"\bblogs?\b|\bnews\b|\bjournal\b|\bstories\b|\bmagazine?\b")),
    (
        "help",
        re.compile(
            r"\bhelp\b|\bsupport\b|\bhow to\b|\bguides?\b|\bcare\b|\bsize chart\b|\bcontact\b|\bhilfe\b|\bkontakt\b"
        ),
    ),
)
PRODUCT_PATH = re.compile(r"/(products?|produkte?|produits?|productos?|p|item|dp)/[^/]+")


def page_title(tree: html.HtmlElement, url: str) -> str:
    """The page's own name without the shop's: its one heading, else og:title, else its title."""
    site = meta(tree, "og:site_name")
    main = tree.find(".//main")
    for scope in ([main] if main is not None else []) + [tree]:
        headings = [normal(heading.text_content()) for heading in scope.iter("h1")]
        headings = [heading for heading in headings if 1 <= len(heading) <= 200 and heading.lower() != site.lower()]
        if len(headings) == 1:
            return headings[0]
    for candidate in (meta(tree, "og:title"), normal(tree.findtext(".//title") or "")):
        if candidate:
            return without_site(candidate, site, url)
    heading = next((normal(found.text_content()) for found in tree.iter("h1", "h2")), "")
    return heading or last_segment(url)


def normal(text: str) -> str:
    """Text on one line."""
    return " ".join(clean_text(text).split())


def meta(tree: html.HtmlElement, name: str) -> str:
    """The content of a meta element by property or name, or nothing."""
    for element in tree.iter("meta"):
        if (element.get("property") or element.get("name") or "").lower() == name:
            return normal(element.get("content") or "")
    return ""


def without_site(title: str, site: str, url: str) -> str:
    """`title` without the shop's name at its end or beginning."""
    parts = [part for part in SEPARATOR.split(title) if part]
    if len(parts) < 2:
        return title
    host = (urlsplit(url).hostname or "").removeprefix("www.").split(".")[0]
    names = {compact(site), compact(host)} - {""}
    kept = [part for part in parts if compact(part) not in names]
    if len(kept) == len(parts):
        # Nothing names the shop: by custom the last part does, unless it is the longer one.
        kept = parts[:-1] if len(parts[-1]) <= len(" ".join(parts[:-1])) else parts
    end = title.find(kept[-1], title.find(kept[0])) + len(kept[-1]) if kept else 0
    return title[title.find(kept[0]) : end].strip() if kept else title


def compact(text: str) -> str:
    """Letters and digits only, for comparing names."""
    return re.sub(r"[\W_]", "", text.lower())


def last_segment(url: str) -> str:
    """A readable name from an address."""
    path = unquote(urlsplit(url).path).rstrip("/")
    name = re.sub(r"\.\w{2,5}$", "", path.rpartition("/")[2])
    return re.sub(r"[-_]+", " ", name).strip().capitalize() or (urlsplit(url).hostname or url)


def page_kind(url: str, title: str, *, products: int = 0, questions: int = 0) -> PageKind:
    """What kind of page this is."""
    path = unquote(urlsplit(url).path)
    if products == 1 or PRODUCT_PATH.search(path):
        return "product"
    words = re.sub(r"[-_/.]+", " ", path).lower()
    for text in (words, title.lower()):
        for kind, pattern in KINDS:
            if pattern.search(text):
                return "faq" if kind == "help" and questions >= 2 else kind
    return "faq" if questions >= 2 else "page"
