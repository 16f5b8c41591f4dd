"""Text files: any encoding, separated values, Markdown, plain text.

Never here: web pages; those have a package of their own.
"""

from __future__ import annotations

import csv
import io
import re

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import FILE_TEXT_CHARACTERS
from engine.knowledge.parsing.content import Content
from engine.knowledge.parsing.tables import rows_to_markdown, without_private

__all__ = ["decode", "read_csv", "read_markdown", "read_text", "visible"]

WESTERN = frozenset("ÄÖÜäöüßÀÂÆÇÈÉÊËÎÏÔÙÛŒàâæçèéêëîïôùûœÁÍÓÚÑáíóúñÅØåøÌÒìòÃÕãõ€£§°²³½¼µ«»„“”‘’–—…™®©·¿¡×±•\u00a0")
"""What western European shops write beyond ASCII: enough to tell Windows-1252 where statistics guess Chinese."""
LIKELY_ENCODINGS = ["cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "shift_jis", "gb18030", "big5", "euc_kr"]


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


def read_csv(content: bytes) -> Content:
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
    rows, private = without_private(rows)
    return Content("", rows_to_markdown(rows), notes=("private_columns",) if private else ())


def read_markdown(content: bytes) -> Content:
    """Markdown as it is; a first heading becomes the title."""
    shown = visible(decode(content))
    text = re.sub(r"<!--.*?-->", "", shown, flags=re.S).strip()
    text = re.sub(r"\A---\n.*?\n---\n", "", text, flags=re.S).strip()
    notes = ("hidden_text",) if re.search(r"<!--\s*\w", shown) else ()
    title = re.match(r"#\s+(.+)\n?", text)
    if title:
        return Content(title.group(1).strip(), text[title.end() :].strip(), notes=notes)
    return Content("", text, notes=notes)


def read_text(content: bytes) -> Content:
    """Plain text as it is, blank lines in a row as one."""
    blocks = re.split(r"\n\s*\n", visible(decode(content)))
    return Content("", "\n\n".join(block.strip("\n") for block in blocks if block.strip()))
