"""Elements written as Markdown: headings, paragraphs, lists and tables, without decoration.

Never here: choosing which elements. Bold, links and images leave their text only, so that a quote from the
text stands on the page letter by letter.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import html

from engine.knowledge.pages.lines import BLOCKS, SPACES, one_line
from engine.knowledge.pages.tables import is_data_table, is_fact_table, table_lines, table_rows
from engine.knowledge.pages.tree import clean_text

__all__ = ["to_markdown"]

HEADINGS = {f"h{level}": level for level in range(1, 7)}
DEEPEST = 150
"""Deeper than any real page; what lies below is read flat."""


def to_markdown(root: html.HtmlElement) -> str:
    """The content of `root` as Markdown."""
    blocks = [block for block in render(root, 0) if block.strip()]
    return re.sub(r"\n{3,}", "\n\n", "\n\n".join(blocks)).strip()


def render(element: html.HtmlElement, depth: int) -> Iterator[str]:
    """The blocks inside `element`: text between blocks becomes paragraphs."""
    pending: list[str] = [SPACES.sub(" ", element.text or "")]
    for child in element:
        if isinstance(child.tag, str):
            if holds_block(child):
                yield flush(pending)
                yield from render_block(child, depth + 1)
            elif child.tag == "br":
                pending.append("\n")
            else:
                pending.append(inline(child))
        pending.append(SPACES.sub(" ", child.tail or ""))
    yield flush(pending)


def flush(pending: list[str]) -> str:
    """The collected text as one paragraph; empties the collection."""
    paragraph = lines_of("".join(pending))
    pending.clear()
    return paragraph


def lines_of(text: str) -> str:
    """Text with single spaces, keeping the line breaks that `br` made."""
    lines = (SPACES.sub(" ", line).strip() for line in clean_text(text).split("\n"))
    return "\n".join(line for line in lines if line)


def holds_block(element: html.HtmlElement) -> bool:
    """Whether an element is a block, or an inline element wrapped around blocks."""
    return element.tag in BLOCKS or any(inner.tag in BLOCKS for inner in element.iterdescendants())


def inline(element: html.HtmlElement) -> str:
    """The text of an element that stands within a line."""
    parts = [SPACES.sub(" ", element.text or "")]
    for child in element:
        if isinstance(child.tag, str):
            parts.append("\n" if child.tag == "br" else inline(child))
        parts.append(SPACES.sub(" ", child.tail or ""))
    if element.tag in {"button", "option", "label"}:
        parts.append(" ")
    return "".join(parts)


def render_block(element: html.HtmlElement, depth: int) -> Iterator[str]:
    """One block element as Markdown blocks."""
    if depth > DEEPEST:
        yield SPACES.sub(" ", clean_text("".join(element.itertext()))).strip()
    elif element.tag in HEADINGS:
        yield heading(HEADINGS[element.tag], element)
    elif element.tag == "summary":
        yield heading(3, element)
    elif element.tag in {"ul", "ol"}:
        yield "\n".join(list_lines(element, 0))
    elif element.tag == "dl":
        yield "\n".join(definition_lines(element))
    elif element.tag == "table" and is_fact_table(element):
        yield "\n".join(f"- {name.rstrip(':')}: {value}" for name, value in table_rows(element))
    elif element.tag == "table" and is_data_table(element):
        yield table_lines(table_rows(element))
    elif element.tag == "pre":
        yield f"```\n{clean_text(''.join(element.itertext())).strip(chr(10))}\n```"
    elif element.tag == "hr":
        yield ""
    elif element.tag == "blockquote":
        inner = "\n\n".join(block for block in render(element, depth) if block.strip())
        yield "\n".join(f"> {line}" if line else ">" for line in inner.split("\n")) if inner else ""
    else:
        yield from render(element, depth)


def heading(level: int, element: html.HtmlElement) -> str:
    """A heading line, or nothing for an empty one."""
    text = one_line(element).rstrip("#¶").strip()
    return f"{'#' * level} {text}" if text else ""


def list_lines(element: html.HtmlElement, indent: int) -> Iterator[str]:
    """The items of a list, nested ones indented."""
    number = int(element.get("start") or 1) if (element.get("start") or "1").isdigit() else 1
    for child in element:
        if not isinstance(child.tag, str):
            continue
        if child.tag in {"ul", "ol"}:
            yield from list_lines(child, indent + 2)
            continue
        marker = f"{number}." if element.tag == "ol" else "-"
        number += 1
        blocks = [block for block in render(child, indent // 2 + 1) if block.strip()]
        if blocks:
            yield f"{' ' * indent}{marker} {blocks[0].lstrip()}"
            yield from (indented(block, indent + 2) for block in blocks[1:])


def indented(block: str, indent: int) -> str:
    """A block moved to the right, so that it belongs to its list item."""
    return "\n".join(f"{' ' * indent}{line}" for line in block.split("\n"))


def definition_lines(element: html.HtmlElement) -> Iterator[str]:
    """`Term: meaning` lines of a definition list, also when its pairs are wrapped."""
    term = ""
    for child in element.iter("dt", "dd"):
        text = one_line(child)
        if child.tag == "dt":
            if term:
                yield f"- {term}"
            term = text
        elif text:
            yield f"- {term.rstrip(':')}: {text}" if term else f"- {text}"
            term = ""
    if term:
        yield f"- {term}"
