"""Text of presentations: one page a slide, its title as heading, tables with their header.

Never here: speaker's notes, which are not for the audience, and pictures.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.archives import Parts, local_name
from engine.knowledge.parsing.content import Content, check_size, paged
from engine.knowledge.parsing.tables import rows_to_markdown
from engine.knowledge.parsing.word import document_title
from engine.knowledge.parsing.word_styles import child, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["read_pptx"]

TITLES = frozenset({"title", "ctrTitle"})
FRAME = frozenset({"sldNum", "dt", "ftr", "hdr"})


def read_pptx(content: bytes) -> Content:
    """Raises Unreadable `damaged`, `xml_entities` or `too_large`."""
    parts = Parts(content)
    main = "ppt/presentation.xml"
    order = child(parts.xml(main), "sldIdLst") if main in parts else None
    related = parts.related(main)
    names = [related.get(slide_id(entry), "") for entry in (order if order is not None else ())]
    pages: list[str] = []
    notes: list[str] = ["macros"] if parts.has_macros else []
    size = 0
    for name in names:
        if name not in parts:
            raise Unreadable("damaged")
        slide = parts.xml(name)
        if slide.get("show") in {"0", "false"}:
            notes.append("hidden_parts")
            pages.append("")  # keeps the numbers of the slides after it
            continue
        tree = child(child(slide, "cSld"), "spTree")
        found = list(shape_blocks(tree, notes)) if tree is not None else []
        # The title stands first, wherever in the drawing order it is.
        found.sort(key=lambda block: not block.startswith("## "))
        pages.append("\n\n".join(found))
        size += len(pages[-1])
        check_size(size)
    return paged(document_title(parts), pages, notes)


def slide_id(entry: _Element) -> str:
    """The relation id of a slide: the one `id` in a namespace."""
    return next((str(text) for key, text in entry.attrib.items() if str(key).endswith("}id")), "")


def shape_blocks(parent: _Element, notes: list[str]) -> Iterator[str]:
    """Title, text and tables of the shapes within a slide or group."""
    for shape in parent:
        name = local_name(shape)
        if name == "grpSp":
            yield from shape_blocks(shape, notes)
        elif name == "AlternateContent" and (choice := child(shape, "Choice")) is not None:
            yield from shape_blocks(choice, notes)
        elif name in {"sp", "graphicFrame"} and is_hidden(shape):
            notes.append("hidden_text")
        elif name == "sp":
            yield from body_blocks(shape)
        elif name == "graphicFrame":
            for table in shape.iter("{*}tbl"):
                yield rows_to_markdown(
                    [
                        [" ".join(filter(None, lines_of(cell))) for cell in row.iter("{*}tc")]
                        for row in table.iter("{*}tr")
                    ]
                )


def body_blocks(shape: _Element) -> Iterator[str]:
    """The text of one shape, as a heading when it is the slide's title."""
    body = child(shape, "txBody")
    kind = next((value_of(mark, "type") for mark in shape.iter("{*}ph")), None)
    if body is None or kind in FRAME:
        return
    lines = [line for line in lines_of(body) if line]
    if not lines:
        return
    if kind in TITLES:
        yield f"## {' '.join(lines)}"
    elif kind is not None and kind != "subTitle" and len(lines) > 1:
        yield "\n".join(f"- {line}" for line in lines)
    else:
        yield "\n\n".join(lines)


def is_hidden(shape: _Element) -> bool:
    """Whether a shape is switched off in the selection pane."""
    return any(mark.get("hidden") in {"1", "true"} for mark in shape.iter("{*}cNvPr"))


def lines_of(body: _Element) -> Iterator[str]:
    """The paragraphs of a text body, each on one line."""
    for paragraph in body.iter("{*}p"):
        pieces = [(part.text or "") if local_name(part) == "t" else " " for part in paragraph.iter("{*}t", "{*}br")]
        yield " ".join("".join(pieces).split())
