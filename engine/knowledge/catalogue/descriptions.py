"""Descriptions as plain text: shops keep them as HTML.

Never here: anything a shopper could not see; scripts, comments and hidden characters go.
"""

from __future__ import annotations

import re

__all__ = ["plain_text"]

LONGEST_MARKUP = 60_000
"""Characters of HTML that are parsed; a description beyond that is not one."""
BLOCKS = (
    "p", "div", "br", "li", "ul", "ol", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "dt", "dd", "hr",
)  # fmt: skip
CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")
HIDING = re.compile(r"<(script|style|noscript|template|iframe|object|embed|svg|canvas|math)\b|hidden|style\s*=", re.I)
MARKUP = re.compile(r"</?[a-zA-Z!]|&[#\w]+;")


def plain_text(text: str, most: int) -> str:
    """`text` without tags and entities, blocks on lines of their own, at most `most` characters."""
    from engine.knowledge.pages.tree import clean_text  # noqa: PLC0415 - brings lxml, which not every format needs

    cleaned = clean_text(text[:LONGEST_MARKUP])
    if MARKUP.search(cleaned):
        cleaned = without_markup(cleaned)
    lines = (" ".join(line.split()) for line in cleaned.replace("\\n", "\n").splitlines())
    whole = "\n".join(line for line in lines if line)
    if len(whole) <= most:
        return whole
    return whole[: most - 1].rsplit(" ", 1)[0] + "…"


def without_markup(text: str) -> str:
    """The text that a browser would show."""
    from lxml import etree, html  # noqa: PLC0415 - as above

    from engine.knowledge.pages.tree import strip_hidden  # noqa: PLC0415 - as above

    parser = html.HTMLParser(remove_comments=True, remove_pis=True, no_network=True, huge_tree=True)
    try:
        tree = html.fragment_fromstring(CONTROL.sub("", text), create_parent="div", parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return re.sub(r"<[^>]*>", " ", text)
    if HIDING.search(text):
        strip_hidden(tree)
    for element in tree.iter(*BLOCKS):
        element.text = "\n" + (element.text or "")
        element.tail = "\n" + (element.tail or "")
    shown = str(tree.text_content())
    return shown if shown.strip() else re.sub(r"<[^>]*>", " ", text)  # nested deeper than the parser goes
