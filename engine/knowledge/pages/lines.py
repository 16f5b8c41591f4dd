"""The text of an element on one line.

Never here: blocks.
"""

from __future__ import annotations

import re

from lxml import html

from engine.knowledge.pages.tree import clean_text

__all__ = ["BLOCKS", "SPACES", "one_line"]

BLOCKS = frozenset(
    {
        "address",
        "article",
        "aside",
        "blockquote",
        "body",
        "center",
        "dd",
        "details",
        "dialog",
        "div",
        "dl",
        "dt",
        "fieldset",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "header",
        "hr",
        "legend",
        "li",
        "main",
        "nav",
        "ol",
        "p",
        "pre",
        "section",
        "summary",
        "table",
        "tbody",
        "td",
        "tfoot",
        "th",
        "thead",
        "tr",
        "ul",
    }
)
SPACES = re.compile(r"[ \t\r\n\f\u00a0]+")


def one_line(element: html.HtmlElement) -> str:
    """All text of an element on one line."""
    return SPACES.sub(" ", clean_text(inline_all(element))).strip()


def inline_all(element: html.HtmlElement) -> str:
    """The text of an element with a space wherever a block or a line ends."""
    parts = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            gap = " " if child.tag in BLOCKS or child.tag == "br" else ""
            parts.append(f"{gap}{inline_all(child)}{gap}")
        parts.append(child.tail or "")
    return "".join(parts)
