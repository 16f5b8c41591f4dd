"""Each file format read into a title and Markdown. Runs inside a parsing process.

Never here: deciding the format, or where the text goes.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from pathlib import PurePosixPath

from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.content import Content, check_size
from engine.knowledge.parsing.formats import FileFormat, file_format

__all__ = ["ParsedFile", "parse_file"]

READERS: dict[FileFormat, tuple[str, str]] = {
    "pdf": ("pdf", "read_pdf"),
    "docx": ("word", "read_docx"),
    "pptx": ("slides", "read_pptx"),
    "xlsx": ("sheets", "read_workbook"),
    "xls": ("sheets", "read_workbook"),
    "ods": ("sheets", "read_workbook"),
    "epub": ("books", "read_epub"),
    "eml": ("mail", "read_eml"),
    "csv": ("plain", "read_csv"),
    "html": ("web", "read_html"),
    "markdown": ("plain", "read_markdown"),
    "text": ("plain", "read_text"),
    "picture": ("pictures", "read_picture"),
}
"""Module and function by format; a process imports only what its file needs."""
WITH_PICTURES = frozenset({"pdf", "picture"})


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file says."""

    title: str
    text: str
    language: str
    page_starts: tuple[int, ...] = ()
    anchors: dict[str, str] | None = None
    notes: tuple[str, ...] = ()
    """Codes of what the shop owner should know about it; keys of `failures.REASONS`."""


def parse_file(content: bytes, filename: str, *, ocr: bool = False) -> ParsedFile:
    """The file as Markdown. Raises Unreadable with the reason why not, `needs_ocr` where `ocr` would help."""
    name = file_format(filename, content)
    module, function = READERS[name]
    read: Callable[..., Content] = getattr(import_module(f"engine.knowledge.parsing.{module}"), function)
    found = read(content, ocr=ocr) if name in WITH_PICTURES else read(content)
    if len(re.sub(r"[\W_]+", "", found.text)) < 2:
        raise Unreadable("hidden_text" if "hidden_text" in found.notes else "empty")
    check_size(len(found.text))
    from engine.knowledge.pages.language import page_language  # noqa: PLC0415 - keeps the start of a process cheap

    return ParsedFile(
        title=found.title or readable_name(filename),
        text=found.text,
        language=page_language(found.text),
        page_starts=found.page_starts,
        anchors=found.anchors,
        notes=found.notes,
    )


def readable_name(filename: str) -> str:
    """A title made of a file name."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    return re.sub(r"[-_]+", " ", stem).strip() or filename
