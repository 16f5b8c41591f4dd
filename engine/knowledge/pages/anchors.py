"""Where on a page each heading can be opened.

Never here: the text of the page.
"""

from __future__ import annotations

import re

from lxml import html

from engine.knowledge.pages.lines import one_line

__all__ = ["heading_anchors"]

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary")
MOST_ANCHORS = 500
LONGEST_ID = 200
STEPS_UP = 3


def heading_anchors(tree: html.HtmlElement) -> dict[str, str]:
    """Heading to the id that opens at it. A heading that stands twice is left out: it could open at the wrong one."""
    found: dict[str, str] = {}
    seen: set[str] = set()
    twice: set[str] = set()
    for element in tree.iter(*HEADINGS):
        text = one_line(element).rstrip("#¶").strip("*_ ")
        (twice if text in seen else seen).add(text)
        name = anchor_of(element)
        if text and name and len(found) < MOST_ANCHORS:
            found.setdefault(text, name)
    return {text: name for text, name in found.items() if text not in twice}


def anchor_of(element: html.HtmlElement) -> str:
    """The id of a heading: its own, of a mark within or right before it, or of the section that it begins."""
    inner = (mark.get("id") or mark.get("name") for mark in element.iter("a", "span"))
    before = element.getprevious()
    marked = before is not None and before.tag in {"a", "span"} and not before.text_content().strip()
    beside = (before.get("id") or before.get("name")) if before is not None and marked else None
    names: list[str | None] = [element.get("id"), *inner, beside, section_id(element)]
    for name in names:
        if name and len(name) <= LONGEST_ID and not re.search(r"\s", name):
            return name
    return ""


def section_id(element: html.HtmlElement) -> str:
    """The id of the nearest element around a heading that has nothing before the heading."""
    current = element
    for _ in range(STEPS_UP):
        parent = current.getparent()
        if parent is None or parent.tag in {"body", "html", "main"} or (parent.text or "").strip():
            return ""
        if any(
            part.text_content().strip() for part in current.itersiblings(preceding=True) if isinstance(part.tag, str)
        ):
            return ""
        if parent.get("id"):
            return parent.get("id") or ""
        current = parent
    return ""
