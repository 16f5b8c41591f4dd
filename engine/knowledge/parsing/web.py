"""Saved web pages, and what else is written in HTML: chapters of books, bodies of messages.

Never here: pages of the shop's website; those are crawled.
"""

from __future__ import annotations

from engine.knowledge.parsing.content import Content

__all__ = ["page_content", "read_html"]


def read_html(content: bytes) -> Content:
    """A saved web page, reduced to its main content."""
    from engine.knowledge.pages.page import parse_page  # noqa: PLC0415 - brings lxml

    page = parse_page(content, "https://file.invalid/")
    title = "" if page.title == "file.invalid" else page.title
    return Content(title, page.text, notes=("hidden_text",) if page.hidden else ())


def page_content(content: bytes, charset: str = "") -> Content:
    """The whole body as Markdown without what is hidden: nothing of it is navigation."""
    from engine.knowledge.pages.markdown import to_markdown  # noqa: PLC0415
    from engine.knowledge.pages.tree import page_tree, strip_hidden  # noqa: PLC0415

    tree = page_tree(content, charset)
    hidden = strip_hidden(tree)
    body = tree.find(".//body")
    return Content("", to_markdown(tree if body is None else body), notes=("hidden_text",) if hidden else ())
