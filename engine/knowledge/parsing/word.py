"""Text of Word files: headings, paragraphs, lists and tables in their order.

Never here: comments, deleted text, macros and pictures.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

from engine.knowledge.failures import Unreadable

__all__ = ["read_docx"]

HEADING_STYLE = re.compile(r"(?:heading|überschrift|titre|título|titolo|kop)\s*(\d)", re.I)


def read_docx(content: bytes) -> tuple[str, str]:
    """(title, Markdown). Raises Unreadable `damaged` or `wrong_type`."""
    import docx  # noqa: PLC0415 - needed for Word only
    from docx.opc.exceptions import OpcError  # noqa: PLC0415
    from lxml.etree import XMLSyntaxError  # noqa: PLC0415

    try:
        document = docx.Document(io.BytesIO(content))
        blocks = list(document_blocks(document))
        title = str(document.core_properties.title or "").strip()
    except (KeyError, ValueError, AttributeError, OpcError, XMLSyntaxError, zipfile.BadZipFile, OSError) as error:
        if isinstance(error, ValueError) and "content type" in str(error):
            raise Unreadable("wrong_type", "it is not a Word document inside") from error
        raise Unreadable("damaged") from error
    if blocks and (first := re.match(r"# (.+)$", blocks[0])):
        title, blocks = first.group(1), blocks[1:]
    return ("" if title.lower() in {"word document", "document"} else title), joined(blocks)


def joined(blocks: list[str]) -> str:
    """Blocks with a blank line between them; items of one list stay together."""
    text = ""
    for block in blocks:
        near = block.lstrip().startswith("- ") and text.rpartition("\n")[2].lstrip().startswith("- ")
        text += ("\n" if near else "\n\n") + block
    return text.strip()


def document_blocks(document: Any) -> Iterator[str]:
    """Paragraphs and tables in the order of the document, text boxes after their paragraph."""
    from docx.table import Table  # noqa: PLC0415

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            yield table_text(part)
            continue
        text = paragraph_text(part)
        if text:
            yield text
        for box in part._p.iter("{http://schemas.openxmlformats.org/wordprocessingml/2006/main}txbxContent"):
            if not any(ancestor.tag.endswith("}Fallback") for ancestor in box.iterancestors()):
                yield " ".join("".join(box.itertext()).split())


def paragraph_text(paragraph: Any) -> str:
    """One paragraph as Markdown."""
    text = " ".join(visible_text(paragraph).split())
    if not text:
        return ""
    style = str(getattr(paragraph.style, "name", "") or "")
    if style == "Title":
        return f"# {text}"
    level = HEADING_STYLE.match(style)
    if level:
        return f"{'#' * min(int(level.group(1)) + 1, 6)} {text}"
    properties = paragraph._p.pPr
    if (properties is not None and properties.numPr is not None) or style.startswith("List"):
        depth = (
            properties.numPr.ilvl.val
            if properties is not None and properties.numPr is not None and properties.numPr.ilvl is not None
            else 0
        )
        return f"{'  ' * int(depth)}- {text}"
    return text


def visible_text(paragraph: Any) -> str:
    """The text of a paragraph without runs that are marked as hidden."""
    hidden = "".join(run.text for run in paragraph.runs if run.font.hidden)
    text = str(paragraph.text)
    return "".join(run.text for run in paragraph.runs if not run.font.hidden) if hidden else text


def table_text(table: Any) -> str:
    """A table as Markdown; merged cells are repeated."""
    from engine.knowledge.parsing.sheets import rows_to_markdown  # noqa: PLC0415

    return rows_to_markdown([[" ".join(cell.text.split()) for cell in row.cells] for row in table.rows])
