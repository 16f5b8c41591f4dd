"""Text of Word files, transitional and strict: headings, paragraphs, lists and tables in their order.

Never here: comments, deleted text, macros and pictures; styles have a module of their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.archives import Parts, all_text, local_name
from engine.knowledge.parsing.content import Content, check_size
from engine.knowledge.parsing.tables import rows_to_markdown
from engine.knowledge.parsing.word_styles import WordStyles, child, value_of

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["document_title", "read_docx"]

INLINE = frozenset(
    {"hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "customXml", "dir", "bdo"}
)
WRAPPERS = frozenset({"sdt", "sdtContent", "ins", "moveTo", "customXml"})


def read_docx(content: bytes) -> Content:
    """Raises Unreadable `damaged` or `xml_entities`."""
    parts = Parts(content)
    main = next((name for name in ("word/document.xml", *parts.related("").values()) if is_main(parts, name)), "")
    body = child(parts.xml(main), "body") if main else None
    if body is None:
        raise Unreadable("damaged")
    beside = {name.rpartition("/")[2].lower(): name for name in parts.related(main).values() if name in parts}
    styles = WordStyles(parts.xml(beside["styles.xml"]) if "styles.xml" in beside else None)
    walker = WordText(styles, painted=child(parts.xml(main), "background") is not None)
    blocks = list(walker.blocks(body))
    for name in ("footnotes.xml", "endnotes.xml"):
        if name in beside:
            for note in parts.xml(beside[name]):
                blocks += walker.blocks(note)
    title = document_title(parts)
    if blocks and (first := re.match(r"# (.+)$", blocks[0])):
        title, blocks = first.group(1), blocks[1:]
    notes = [code for code, found in (("hidden_text", walker.hidden), ("macros", parts.has_macros)) if found]
    return Content(title, joined(blocks), notes=tuple(notes))


def is_main(parts: Parts, name: str) -> bool:
    """Whether a part is the document itself; some programs name it in their own way."""
    return name in parts and re.fullmatch(r"word/document\d*\.xml", name) is not None


def document_title(parts: Parts) -> str:
    """The title an Office file gives itself, unless it is the one that the program gave."""
    if "docProps/core.xml" not in parts:
        return ""
    found = child(parts.xml("docProps/core.xml"), "title")
    title = all_text(found) if found is not None else ""
    return "" if re.fullmatch(r"(word |powerpoint )?(document|presentation)", title, re.I) else title


def joined(blocks: list[str]) -> str:
    """Blocks with a blank line between them; items of one list stay together."""
    texts: list[str] = []
    before = ""
    for block in blocks:
        near = block.lstrip().startswith("- ") and before.lstrip().startswith("- ")
        texts += ["\n" if near else "\n\n", block]
        before = block
    return "".join(texts[1:])


class WordText:
    """Walks through a Word document and remembers whether it met hidden text."""

    def __init__(self, styles: WordStyles, *, painted: bool = False) -> None:
        """`painted` when the page has a colour of its own, on which white is visible."""
        self.styles, self.painted = styles, painted
        self.hidden = False
        self.boxes: list[_Element] = []
        self.size = 0

    def blocks(self, parent: _Element) -> Iterator[str]:
        """Paragraphs and tables in the order of the document, text boxes after their paragraph."""
        for element in parent:
            name = local_name(element)
            if name == "p":
                text = self.paragraph(element)
                if text:
                    yield text
                boxes, self.boxes = self.boxes, []
                for box in boxes:
                    yield from self.blocks(box)
            elif name == "tbl":
                yield from self.table(element)
            elif name in WRAPPERS:
                yield from self.blocks(element)

    def paragraph(self, element: _Element) -> str:
        """One paragraph as Markdown."""
        properties = child(element, "pPr")
        style = self.styles.named(value_of(child(properties, "pStyle")), "paragraph")
        if style.name.lower().startswith(("toc ", "table of")):
            return ""
        text = " ".join(
            "".join(self.runs(element, hidden=style.hidden, shaded=child(properties, "shd") is not None)).split()
        )
        self.size += len(text)
        check_size(self.size)
        if not text:
            return ""
        if style.name.lower() == "title":
            return f"# {text}"
        outline = value_of(child(properties, "outlineLvl"))
        level = int(outline) if outline.isdigit() and int(outline) < 9 else style.level
        if level is not None and len(text) <= 200:
            return f"{'#' * min(level + 2, 6)} {text}"
        numbering = child(properties, "numPr")
        if numbering is None and not style.is_list:
            return text
        if value_of(child(numbering, "numId")) == "0":  # numbering of the style switched off
            return text
        depth = value_of(child(numbering, "ilvl"))
        return f"{'  ' * (min(int(depth), 8) if depth.isdigit() else 0)}- {text}"

    def runs(self, element: _Element, *, hidden: bool, shaded: bool) -> Iterator[str]:
        """The visible text of what stands within a line."""
        for part in element:
            name = local_name(part)
            if name in INLINE:
                yield from self.runs(part, hidden=hidden, shaded=shaded)
            elif name == "r":
                text = "".join(self.pieces(part))
                if text.strip() and self.styles.run_is_hidden(part, inherited=hidden, shaded=shaded or self.painted):
                    self.hidden = True
                else:
                    yield text

    def pieces(self, run: _Element) -> Iterator[str]:
        """The text of one run; its text boxes are kept for later."""
        for part in run:
            name = local_name(part)
            if name == "t":
                yield part.text or ""
            elif name in {"tab", "br", "cr", "ptab"}:
                yield " "
            elif name == "noBreakHyphen":
                yield "-"
            elif name in {"AlternateContent", "pict", "drawing", "object"}:
                self.boxes += [
                    box for box in part.iter("{*}txbxContent")
                    if not any(local_name(above) in {"Fallback", "txbxContent"} for above in box.iterancestors())
                ]  # fmt: skip

    def table(self, element: _Element) -> Iterator[str]:
        """A table; one of a single column is only a frame around its content."""
        rows: list[list[str]] = []
        cells_of = [list(row_cells(row)) for row in element.iter("{*}tr") if nearest_table(row) is element]
        if cells_of and max(len(cells) for cells in cells_of) <= 1:
            for cells in cells_of:
                for cell in cells:
                    yield from self.blocks(cell)
            return
        for cells in cells_of:
            row: list[str] = []
            for cell in cells:
                properties = child(cell, "tcPr")
                merge = child(properties, "vMerge")
                goes_on = merge is not None and value_of(merge) != "restart" and rows and len(row) < len(rows[-1])
                text = rows[-1][len(row)] if goes_on else self.flat(cell)
                span = value_of(child(properties, "gridSpan"))
                row += [text] * (min(int(span), 50) if span.isdigit() else 1)
            rows.append(row)
        yield rows_to_markdown(rows)

    def flat(self, cell: _Element) -> str:
        """A cell's text on one line."""
        return " ".join(re.sub(r"^(#+|-)\s+", "", block.strip()) for block in self.blocks(cell))


def nearest_table(row: _Element) -> _Element | None:
    """The table that a row belongs to."""
    return next((above for above in row.iterancestors() if local_name(above) == "tbl"), None)


def row_cells(row: _Element) -> Iterator[_Element]:
    """The cells of a row, also those within content controls."""
    for part in row:
        name = local_name(part)
        if name == "tc":
            yield part
        elif name in WRAPPERS:
            yield from row_cells(part)
