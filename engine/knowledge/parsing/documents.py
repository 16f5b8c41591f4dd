"""Each file format read into a title and Markdown. Runs inside a parsing process.

Never here: deciding the format, or where the text goes.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import FILE_TEXT_CHARACTERS
from engine.knowledge.parsing.archives import check_archive
from engine.knowledge.parsing.formats import FileFormat, file_format
from engine.knowledge.parsing.pdf import read_pdf
from engine.knowledge.parsing.sheets import rows_to_markdown
from engine.knowledge.parsing.word import read_docx

__all__ = ["ParsedFile", "parse_file"]

WESTERN = frozenset("ÄÖÜäöüßÀÂÆÇÈÉÊËÎÏÔÙÛŒàâæçèéêëîïôùûœÁÍÓÚÑáíóúñÅØåøÌÒìòÃÕãõ€£§°²³½¼µ«»„“”‘’–—…™®©·¿¡×±•\u00a0")
"""What western European shops write beyond ASCII: enough to tell Windows-1252 where statistics guess Chinese."""
LIKELY_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5", "euc_kr"]


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What a file says."""

    title: str
    text: str
    language: str


def parse_file(content: bytes, filename: str) -> ParsedFile:
    """The file as Markdown. Raises Unreadable with the reason why not."""
    name = file_format(filename, content)
    if name in {"docx", "xlsx"}:
        check_archive(content)
    title, text = READERS[name](content)
    if len(re.sub(r"[\W_]+", "", text)) < 2:
        raise Unreadable("empty")
    if len(text) > FILE_TEXT_CHARACTERS:
        raise Unreadable("too_large", "more text than one file may hold")
    from engine.knowledge.pages.language import page_language  # noqa: PLC0415 - keeps the start of a process cheap

    return ParsedFile(title or readable_name(filename), text, page_language(text))


def readable_name(filename: str) -> str:
    """A title made of a file name."""
    stem = PurePosixPath(filename.replace("\\", "/")).stem
    return re.sub(r"[-_]+", " ", stem).strip() or filename


def decode(content: bytes) -> str:
    """Text of any encoding: by its mark, UTF-8, else by guess."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", "replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        western = content.decode("cp1252", "replace")
    foreign = [character for character in western[:200_000] if ord(character) > 127]
    if all(character in WESTERN for character in foreign) and len(foreign) < 0.15 * len(western):
        return western
    from charset_normalizer import from_bytes  # noqa: PLC0415 - only for old encodings of other scripts

    best = from_bytes(content[:200_000], cp_isolation=LIKELY_ENCODINGS).best()
    return content.decode(best.encoding, "replace") if best else western


def visible(text: str) -> str:
    """Text without invisible characters and with plain line ends."""
    from engine.knowledge.pages.tree import clean_text  # noqa: PLC0415 - brings lxml, which not every format needs

    return clean_text(text).replace("\r\n", "\n").replace("\r", "\n")


def read_csv(content: bytes) -> tuple[str, str]:
    """A table from text with separators."""
    text = visible(decode(content))
    try:
        dialect: type[csv.Dialect] = csv.Sniffer().sniff(text[:20_000], delimiters=",;\t|")
    except csv.Error:
        dialect = csv.excel
    csv.field_size_limit(FILE_TEXT_CHARACTERS)
    try:
        rows = [[cell.strip() for cell in row] for row in csv.reader(io.StringIO(text), dialect)]
    except csv.Error as error:
        raise Unreadable("damaged", str(error)) from error
    return "", rows_to_markdown(rows)


def read_xlsx(content: bytes) -> tuple[str, str]:
    """Every sheet as a table under its name."""
    from engine.knowledge.parsing.sheets import read_workbook  # noqa: PLC0415 - brings openpyxl

    return read_workbook(content)


def read_html(content: bytes) -> tuple[str, str]:
    """A saved web page."""
    from engine.knowledge.pages.page import parse_page  # noqa: PLC0415 - brings lxml

    page = parse_page(content, "https://file.invalid/")
    return ("" if page.title == "file.invalid" else page.title), page.text


def read_markdown(content: bytes) -> tuple[str, str]:
    """Markdown as it is; a first heading becomes the title."""
    text = re.sub(r"<!--.*?-->", "", visible(decode(content)), flags=re.S).strip()
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S).strip()
    title = re.match(r"#\s+(.+)\n?", text)
    return (title.group(1).strip(), text[title.end() :].strip()) if title else ("", text)


def read_text(content: bytes) -> tuple[str, str]:
    """Plain text as it is."""
    return "", "\n\n".join(paragraphs(visible(decode(content))))


def paragraphs(text: str) -> Iterator[str]:
    """The paragraphs of a text, blank lines dropped."""
    for block in re.split(r"\n\s*\n", text):
        if block.strip():
            yield block.strip("\n")


READERS: dict[FileFormat, Callable[[bytes], tuple[str, str]]] = {
    "pdf": read_pdf,
    "docx": read_docx,
    "xlsx": read_xlsx,
    "csv": read_csv,
    "html": read_html,
    "markdown": read_markdown,
    "text": read_text,
}
