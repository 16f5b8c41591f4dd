"""Text of PDF files, page by page: their own words, and what pictures of text say.

Never here: forms, scripts and attachments, which are not read.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import OCR_SIDE, PDF_PAGES
from engine.knowledge.parsing.content import Content, check_size, paged
from engine.knowledge.parsing.layout import Row, heading_sizes, page_markdown, rows_of, without_running_rows
from engine.knowledge.parsing.ocr import NEEDS_OCR, PictureText
from engine.knowledge.parsing.pdf_words import PageWords, WordReader

__all__ = ["read_pdf"]

LEAST_LETTERS = 20
"""A page with fewer and with pictures on it is taken for a scanned one."""
LEAST_COVERED = 0.1
MOST_COVERED = 0.6
DRAWN_PATHS = 100
"""So many drawn shapes on a page without text may be letters turned into outlines."""
COUNTED_OBJECTS = 2000


@dataclass(slots=True)
class Pages:
    """What was read so far, one entry a page."""

    rows: list[list[Row]] = field(default_factory=list)
    scanned: list[int] = field(default_factory=list)
    pictured: list[int] = field(default_factory=list)
    """Pages with any picture at all and without text."""
    notes: list[str] = field(default_factory=list)


def read_pdf(content: bytes, *, ocr: bool = False) -> Content:
    """Every page in order. Raises Unreadable; `needs_ocr` when pages are scanned and `ocr` is not allowed."""
    import pypdfium2  # noqa: PLC0415 - a native library, needed for PDF only

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable(opening_failure(str(error), content)) from error
    try:
        if len(document) > PDF_PAGES:
            raise Unreadable("too_many_pages", f"{len(document)} pages, {PDF_PAGES} at most")
        if len(document) == 0:
            raise Unreadable("damaged")
        pages = read_pages(document)
        wanted = pages.scanned or ([] if any(pages.rows) else pages.pictured)
        if wanted and not ocr:
            raise Unreadable(NEEDS_OCR)
        texts = read_scanned(document, wanted, pages.notes) if wanted else {}
        title = " ".join(str(document.get_metadata_dict().get("Title", "")).split())
    finally:
        document.close()
    rows = without_running_rows(pages.rows)
    sizes = heading_sizes(rows)
    found = [texts.get(at) or page_markdown(page, sizes) for at, page in enumerate(rows)]
    if len(re.sub(r"\W", "", "".join(found))) < 2:
        raise Unreadable("scanned" if wanted else "hidden_text" if "hidden_text" in pages.notes else "empty")
    return paged(title if good_title(title) else "", found, pages.notes)


def opening_failure(message: str, content: bytes) -> str:
    """Why a PDF cannot be opened."""
    if "assword" in message or "ecurity" in message:
        return "encrypted"
    return "damaged" if b"%%EOF" in content[-2048:] else "truncated"


def read_pages(document: Any) -> Pages:
    """The words of every page, and which pages are pictures of text."""
    import pypdfium2  # noqa: PLC0415

    pages, words = Pages(), WordReader()
    size = 0
    for number in range(len(document)):
        try:
            page = document[number]
            try:
                found = words.read(page)
                rows = page_rows(page, found, number, pages)
            finally:
                page.close()
        except pypdfium2.PdfiumError:
            pages.notes.append("damaged_pages")
            pages.rows.append([])
            continue
        pages.rows.append(rows)
        size += sum(len(row.text) for row in rows)
        check_size(size)
    return pages


def page_rows(page: Any, found: PageWords, number: int, pages: Pages) -> list[Row]:
    """The rows of a page; what a scanner wrote under its picture counts where nothing else is to be read."""
    if found.hidden:
        pages.notes.append("hidden_text")
    letters = sum(len(segment.text) for segment in found.segments)
    if letters >= LEAST_LETTERS:
        if found.under_picture:
            pages.notes.append("hidden_text")
        return rows_of(found.segments)
    covered, drawn = pictures_of(page)
    if found.under_picture:
        if covered >= MOST_COVERED:
            return rows_of((*found.segments, *found.under_picture))
        pages.notes.append("hidden_text")
    if covered >= LEAST_COVERED or drawn >= DRAWN_PATHS:
        pages.scanned.append(number)
    elif covered > 0:
        pages.pictured.append(number)
    return rows_of(found.segments)


def pictures_of(page: Any) -> tuple[float, int]:
    """How much of a page its pictures cover, 0 to 1, and how many shapes are drawn on it."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    width, height = page.get_size()
    covered, drawn = 0.0, 0
    for count, item in enumerate(page.get_objects(max_depth=3)):
        if count >= COUNTED_OBJECTS:
            break
        drawn += item.type == pdfium.FPDF_PAGEOBJ_PATH
        if item.type == pdfium.FPDF_PAGEOBJ_IMAGE:
            left, bottom, right, top = item.get_bounds()
            covered += max(abs((right - left) * (top - bottom)), 1e-6) / max(width * height, 1.0)
    return min(covered, 1.0), drawn


def read_scanned(document: Any, numbers: list[int], notes: list[str]) -> dict[int, str]:
    """Page number to the text read from its picture, as far as the budget goes."""
    reader = PictureText()
    texts: dict[int, str] = {}
    for number in numbers:
        if reader.spent:
            notes.append("scanned_partly")
            break
        page = document[number]
        width, height = page.get_size()
        picture = page.render(scale=min(4.0, OCR_SIDE / max(width, height, 1.0))).to_pil()
        page.close()
        texts[number] = reader.read(picture)
    notes += reader.notes
    return texts


def good_title(title: str) -> bool:
    """Whether a PDF's own title is for people, not a file name left by the program that made it."""
    if not 3 <= len(title) <= 150 or ("_" in title and " " not in title):
        return False
    return not re.search(r"\.(docx?|indd|pdf|xlsx?|tex|dvi|pptx?)\b|^untitled|^microsoft|^model$", title, re.I)
