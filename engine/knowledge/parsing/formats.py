"""Which kinds of file can be read, told by name and by first bytes; both must agree.

Never here: reading them.
"""

from __future__ import annotations

from pathlib import PurePosixPath
from typing import Literal

from engine.errors import InvalidInput, TooLarge
from engine.knowledge.failures import REASONS, Unreadable
from engine.knowledge.limits import FILE_UPLOAD_BYTES
from engine.knowledge.parsing.archives import check_archive

__all__ = ["FORMATS", "FileFormat", "check_upload", "file_format"]

FileFormat = Literal["pdf", "docx", "xlsx", "csv", "html", "markdown", "text"]
FORMATS: dict[str, FileFormat] = {
    ".pdf": "pdf",
    ".docx": "docx",
    ".xlsx": "xlsx",
    ".csv": "csv",
    ".tsv": "csv",
    ".html": "html",
    ".htm": "html",
    ".md": "markdown",
    ".markdown": "markdown",
    ".txt": "text",
}
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


def file_format(filename: str, content: bytes) -> FileFormat:
    """The format of a file. Raises Unreadable `unsupported`, `empty`, `wrong_type`, `encrypted` or `damaged`."""
    extension = PurePosixPath(filename.replace("\\", "/").lower()).suffix
    name = FORMATS.get(extension)
    if name is None:
        raise Unreadable("unsupported", extension or "no extension")
    if not content.strip(b"\x00 \t\r\n"):
        raise Unreadable("empty")
    if name == "pdf":
        if b"%PDF-" not in content[:1024]:
            raise Unreadable("wrong_type", "it does not begin like a PDF")
    elif name in {"docx", "xlsx"}:
        if content.startswith(COMPOUND):  # Office wraps files with a password in its older format
            raise Unreadable("encrypted")
        if not content.startswith(b"PK\x03\x04"):
            raise Unreadable("wrong_type", f"it is not a {extension} file inside")
    elif content.startswith(BINARY_STARTS) or (b"\x00" in content[:4096] and not content.startswith(UTF16_MARKS)):
        raise Unreadable("wrong_type", "it holds no plain text")
    return name


def check_upload(filename: str, content: bytes, *, most: int = FILE_UPLOAD_BYTES) -> None:
    """Refuse at once what could not be read later.

    Raises TooLarge over `most` bytes; InvalidInput, with the failure's code, for a wrong or unsafe file.
    """
    if len(content) > most:
        raise TooLarge(f"{filename!r} is larger than {most / 1_000_000:.0f} MB. Split it into smaller files.")
    try:
        name = file_format(filename, content)
        if name in {"docx", "xlsx"}:
            check_archive(content)
    except Unreadable as error:
        detail = f" ({error.detail})" if error.detail else ""
        raise InvalidInput(f"{filename!r}: {REASONS[error.code]}{detail}", code=error.code) from error
