"""Which kinds of file can be read, told by name and by first bytes; both must agree.

Never here: reading them.
"""

from __future__ import annotations

import re
import zipfile
from io import BytesIO
from pathlib import PurePosixPath
from typing import Literal

from engine.errors import InvalidInput, TooLarge
from engine.knowledge.failures import REASONS, Unreadable
from engine.knowledge.limits import FILE_UPLOAD_BYTES
from engine.knowledge.parsing.archives import BAD_ZIP, check_archive

__all__ = ["FORMATS", "ZIPPED", "FileFormat", "check_upload", "file_format"]

FileFormat = Literal[
    "pdf", "docx", "pptx", "xlsx", "xls", "ods", "epub", "eml", "csv", "html", "markdown", "text", "picture"
]
FORMATS: dict[str, FileFormat] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".pptx": "pptx",
    ".xlsx": "xlsx",
    ".xls": "xls",
    ".ods": "ods",
    ".epub": "epub",
    ".eml": "eml",
    ".csv": "csv",
    ".tsv": "csv",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
    ".png": "picture",
    ".jpg": "picture",
    ".jpeg": "picture",
    ".webp": "picture",
}
ZIPPED: frozenset[FileFormat] = frozenset({"docx", "pptx", "xlsx", "ods", "epub"})
INSIDE: dict[str, FileFormat] = {
    "word/": "docx",
    "ppt/": "pptx",
    "xl/": "xlsx",
    "application/vnd.oasis.opendocument.spreadsheet": "ods",
    "application/epub+zip": "epub",
}
"""What gives a zipped format away: the folder of its parts, or the text of its part `mimetype`."""
COMPOUND = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
BINARY_STARTS = (
    b"PK\x03\x04",
    b"%PDF-",
    COMPOUND,
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\x7fELF",
    b"MZ",
    b"\x1f\x8b",
)
UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
MAIL_FIELDS = re.compile(
    rb"^(from|to|subject|date|received|message-id|mime-version|return-path|delivered-to)\s*:", re.I | re.M
)


def file_format(filename: str, content: bytes) -> FileFormat:
    """The format of a file.

    Raises Unreadable `unsupported`, `empty_file`, `wrong_type`, `encrypted`, `damaged` or what `check_archive` refuses.
    """
    extension = PurePosixPath(filename.replace("\\", "/").lower()).suffix
    name = FORMATS.get(extension)
    if name is None:
        raise Unreadable("unsupported", extension or "no extension")
    if not content.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty_file")
    if name in ZIPPED:
        check_zipped(name, content, extension)
    elif not BEGINNINGS.get(name, begins_like_text)(content):
        raise Unreadable("wrong_type", f"it is not a {extension} file inside")
    return name


def check_zipped(name: FileFormat, content: bytes, extension: str) -> None:
    """Raises Unreadable when the archive is unsafe or holds another kind of document."""
    if content.startswith(COMPOUND):  # Office wraps files with a password in its older format
        raise Unreadable("encrypted")
    if not content.startswith(b"PK\x03\x04"):
        raise Unreadable("wrong_type", f"it is not a {extension} file inside")
    check_archive(content)
    found = inside(content)
    if found is None:
        raise Unreadable("damaged")
    if found != name:
        raise Unreadable("wrong_type", f"it is a .{found} file inside")


def inside(content: bytes) -> FileFormat | None:
    """The format of a safe archive by its parts."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            names = [name.replace("\\", "/").lower().lstrip("/") for name in archive.namelist()]
            if "mimetype" in names:
                with archive.open("mimetype") as part:
                    kind = part.read(100).decode("ascii", "replace").strip().removesuffix("-template")
                if kind in INSIDE:
                    return INSIDE[kind]
    except BAD_ZIP:
        return None
    return next((found for start, found in INSIDE.items() if any(name.startswith(start) for name in names)), None)


def begins_like_pdf(content: bytes) -> bool:
    """Whether the mark of a PDF stands near its beginning; some senders put a few bytes before it."""
    return b"%PDF-" in content[:1024]


def begins_like_picture(content: bytes) -> bool:
    """Whether these are the first bytes of a PNG, JPEG or WEBP."""
    return content.startswith((b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")) or (
        content[:4] == b"RIFF" and content[8:12] == b"WEBP"
    )


def begins_like_text(content: bytes) -> bool:
    """Whether these are the first bytes of text, in any encoding."""
    if content.startswith(UTF16_MARKS):
        return True
    return not content.startswith(BINARY_STARTS) and b"\x00" not in content[:4096]


def begins_like_mail(content: bytes) -> bool:
    """Whether a message's own fields stand at the top."""
    return begins_like_text(content) and bool(MAIL_FIELDS.search(content[:8192]))


BEGINNINGS = {
    "pdf": begins_like_pdf,
    "picture": begins_like_picture,
    "xls": lambda content: content.startswith(COMPOUND),
    "eml": begins_like_mail,
}


def check_upload(filename: str, content: bytes, *, most: int = FILE_UPLOAD_BYTES) -> None:
    """Refuse at once what could not be read later.

    Raises TooLarge over `most` bytes; InvalidInput, with the failure's code, for a wrong or unsafe file.
    """
    if len(content) > most:
        raise TooLarge(f"{filename!r} is larger than {most / 1_000_000:.0f} MB. Split it into smaller files.")
    try:
        file_format(filename, content)
    except Unreadable as error:
        detail = f" ({error.detail})" if error.detail else ""
        raise InvalidInput(f"{filename!r}: {REASONS[error.code]}{detail}", code=error.code) from error
