"""A page's main content as Markdown, without navigation, banners and other trimmings.

Never here: titles and products. A page that marks its main part is read there. On others trimmings and menus are cut
away; what is still mostly links is left to trafilatura, which on plain help pages would lose headings and lists.
"""

from __future__ import annotations

import re
from copy import deepcopy

from lxml import html

from engine.knowledge.pages.markdown import to_markdown
from engine.knowledge.pages.tree import classes_of, clean_text, drop

__all__ = ["main_text", "strip_trimmings"]

TRIMMING_TAGS = frozenset(
    {"nav", "footer", "form", "button", "input", "select", "textarea", "dialog", "video", "audio"}
)
TRIMMING_ROLES = frozenset(
    {"navigation", "banner", "contentinfo", "search", "dialog", "alertdialog", "menu", "menubar"}
)
TRIMMING_WORDS = re.compile(
    r"(?<![a-z])(breadcrumbs?|cookie[\w-]*|consent[\w-]*|newsletter[\w-]*|share|sharing|social[\w-]*|pagination|pager|"
    r"sidebar|side-bar|skip-(to|link|nav)[\w-]*|site-?(nav|header|footer|menu)[\w-]*|nav-?bar|main-?menu|mega-?menu|"
    r"related[\w-]*|recently-viewed|recommendations|you-may-also-like|upsell\w*|cross-sells?|comments?|"
    r"reviews?(-list|-section)?|was-this-helpful|article-votes?|feedback|announcement-bar|chat-widget|"
    r"cart-drawer|search-form|language-switcher)(?![a-z])",
    re.I,
)
KEPT_ASIDES = re.compile(r"note|tip|info|warning|callout|admonition|notice|alert|highlight", re.I)
MARKS = re.compile(r"\*\*([^*\n]+)\*\*|(?<![\w*])\*([^*\n]+)\*(?![\w*])|`([^`\n]+)`")
LEAST_LANDMARK = 60
MOST_LINKED = 0.4


def main_text(tree: html.HtmlElement) -> str:
    """The main content of a page from which hidden text is already gone."""
    landmark = find_landmark(tree)
    if landmark is not None:
        text = to_markdown(strip_trimmings(deepcopy(landmark)))
        if len(text) >= LEAST_LANDMARK:
            return text
    body = tree.find(".//body")
    trimmed = strip_trimmings(deepcopy(tree if body is None else body))
    whole = to_markdown(trimmed)
    if len(whole) < LEAST_LANDMARK * 2:
        return whole
    strip_menus(trimmed)
    own = to_markdown(trimmed)
    if len(own) >= LEAST_LANDMARK and link_share(trimmed) < MOST_LINKED:
        return own
    extracted = by_trafilatura(tree)
    return extracted if len(extracted) >= LEAST_LANDMARK else (own if len(own) >= LEAST_LANDMARK else whole)


def strip_menus(root: html.HtmlElement) -> None:
    """Remove groups of nothing but links, in place: menus that are not marked as such."""
    for element in list(root.iterdescendants("ul", "ol", "div", "p", "table", "section")):
        if sum(1 for _ in element.iter("a")) >= 3 and link_share(element) > 0.85:
            drop(element)


def find_landmark(tree: html.HtmlElement) -> html.HtmlElement | None:
    """The element that the page itself marks as its main part, when there is just one."""
    for path in (".//main", ".//*[@role='main']", ".//article", ".//*[@itemprop='articleBody']"):
        found = [element for element in tree.iterfind(path) if element.get("aria-hidden") != "true"]
        if len(found) == 1:
            return found[0]
    for name in ("main-content", "MainContent", "content", "main"):
        found = tree.xpath(".//*[@id=$name]", name=name)
        if isinstance(found, list) and len(found) == 1 and isinstance(found[0], html.HtmlElement):
            return found[0]
    return None


def strip_trimmings(root: html.HtmlElement) -> html.HtmlElement:
    """Remove navigation, forms, banners, reviews and the like from `root`, in place; answers `root`."""
    whole = max(len(root.text_content()), 1)
    for element in list(root.iterdescendants()):
        if isinstance(element.tag, str) and is_trimming(element, whole):
            drop(element)
    return root


def is_trimming(element: html.HtmlElement, whole: int) -> bool:
    """Whether an element belongs to the frame of the page rather than to its content."""
    if element.tag in TRIMMING_TAGS:
        return element.tag != "form" or len(element.text_content()) < 0.5 * whole
    if (element.get("role") or "") in TRIMMING_ROLES or element.get("itemprop") in {"review", "reviews"}:
        return True
    if element.tag == "header":
        return element.find(".//h1") is None
    if element.tag == "aside":
        return not KEPT_ASIDES.search(classes_of(element)) or link_share(element) > 0.5
    if TRIMMING_WORDS.search(classes_of(element)):
        # A theme may call its whole page "sidebar-left" or its article body "comments": never drop most of a page.
        return len(element.text_content()) < 0.5 * whole
    return False


def link_share(element: html.HtmlElement) -> float:
    """How much of the text of an element is links, 0 to 1."""
    everything = len(element.text_content().strip())
    linked = sum(len(link.text_content().strip()) for link in element.iter("a"))
    return linked / everything if everything else 1.0


def by_trafilatura(tree: html.HtmlElement) -> str:
    """What trafilatura takes for the main content, without its marks of bold and code."""
    import trafilatura  # noqa: PLC0415 - half a second, needed only for pages that mark no main part

    text = trafilatura.extract(
        deepcopy(tree), fast=True, include_comments=False, include_tables=True, include_formatting=True,
        output_format="markdown", with_metadata=False,
    )  # fmt: skip
    return clean_text(MARKS.sub(lambda found: next(filter(None, found.groups())), text or "")).strip()
