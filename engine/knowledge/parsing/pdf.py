"""Text of PDF files.

Never here: pictures of text; a scanned file is refused with that reason.
"""

from __future__ import annotations

import re
from collections import Counter

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import FILE_TEXT_CHARACTERS, PDF_PAGES

__all__ = ["join_lines", "read_pdf", "without_running_lines"]

PAGE_NUMBER = re.compile(r"\b(page|seite|pagina|página|p\.)\s*\d|^\W*\d+\W*$|\d\s*(of|/|von|sur|van|de)\s*\d", re.I)
SENTENCE_END = (".", "!", "?", ":", ";", "。", "！", "？")


def read_pdf(content: bytes) -> tuple[str, str]:
    """(title, text). Raises Unreadable `encrypted`, `damaged`, `too_many_pages`, `scanned` or `empty`."""
    import pypdfium2  # noqa: PLC0415 - a native library, needed for PDF only

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as error:
        raise Unreadable("encrypted" if "assword" in str(error) else "damaged") from error
    try:
        if len(document) > PDF_PAGES:
            raise Unreadable("too_many_pages", f"{len(document)} pages, {PDF_PAGES} at most")
        if len(document) == 0:
            raise Unreadable("damaged")
        pages, pictures = page_texts(document)
        title = str(document.get_metadata_dict().get("Title", "")).strip()
    finally:
        document.close()
    text = "\n\n".join(page for page in map(join_lines, without_running_lines(pages)) if page)
    if len(re.sub(r"\W", "", text)) < 2:
        raise Unreadable("scanned" if pictures else "empty")
    return (title if good_title(title) else ""), text


def page_texts(document: object) -> tuple[list[list[str]], int]:
    """The lines of every page, and how many pages hold pictures."""
    import pypdfium2  # noqa: PLC0415
    import pypdfium2.raw as pdfium  # noqa: PLC0415

    pages: list[list[str]] = []
    pictures = size = 0
    for number in range(len(document)):  # type: ignore[arg-type]
        try:
            page = document[number]  # type: ignore[index]
            text = page.get_textpage().get_text_bounded() if page else ""
            pictures += any(item.type == pdfium.FPDF_PAGEOBJ_IMAGE for item in page.get_objects(max_depth=3))
        except pypdfium2.PdfiumError:
            continue
        size += len(text)
        if size > FILE_TEXT_CHARACTERS:
            raise Unreadable("too_large", "more text than one file may hold")
        cleaned = re.sub(
            r"[\x00-\x08\x0b-\x1f\ufffe\uffff\u200b\ufeff\U000e0000-\U000e007f]",
            "",
            text.replace("\r\n", "\n").replace("\ufffe", "-"),
        )
        pages.append([" ".join(line.split()) for line in cleaned.split("\n")])
    return pages, pictures


def good_title(title: str) -> bool:
    """Whether a PDF's own title is for people, not a file name left by the program that made it."""
    if not 3 <= len(title) <= 150 or ("_" in title and " " not in title):
        return False
    return not re.search(r"\.(docx?|indd|pdf|xlsx?|tex|dvi|pptx?)\b|^untitled|^microsoft|^model$", title, re.I)


def without_running_lines(pages: list[list[str]]) -> list[list[str]]:
    """Pages without the headers, footers and page numbers that repeat on most of them."""
    if len(pages) < 3:
        return pages
    edges: Counter[str] = Counter()
    for lines in pages:
        filled = [line for line in lines if line]
        edges.update({running_form(line) for line in filled[:2] + filled[-2:]})
    running = {line for line, count in edges.items() if count >= max(3, 0.6 * len(pages))}
    return [[line for line in lines if running_form(line) not in running] for lines in pages]


def running_form(line: str) -> str:
    """A line as it is compared with other pages' lines: page numbers count as equal, other numbers do not."""
    numbered = PAGE_NUMBER.search(line) and len(line) < 60
    return re.sub(r"\d+", "#", line) if numbered else line


def join_lines(lines: list[str]) -> str:
    """Lines of a page as paragraphs: a line that fills the column goes on in the next one."""
    lengths = sorted(len(line) for line in lines if line)
    if not lengths:
        return ""
    column = lengths[int(0.9 * (len(lengths) - 1))]
    blocks: list[str] = []
    carry = False
    for line in lines:
        if not line:
            carry = False
            continue
        if carry and blocks and not re.match(r"([-•*–]|\(?\d{1,3}[.)]|[a-z]\))\s", line):
            blocks[-1] = blocks[-1][:-1] + line if re.search(r"[a-zà-ÿ]-$", blocks[-1]) else f"{blocks[-1]} {line}"
        else:
            blocks.append(line)
        carry = len(line) >= 0.75 * column and not (line.endswith(SENTENCE_END) and len(line) < 0.95 * column)
    return "\n\n".join(re.sub(r"^[•●▪]\s*", "- ", block) for block in blocks)
