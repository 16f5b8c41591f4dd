"""Looks at a zip's own table of contents before anything is made of it: a small file can list millions of parts.

Never here: what the parts are called or hold; see `bundle_reading`.
"""

from __future__ import annotations

import struct
from pathlib import Path

from engine.release.bundle import CUT_OFF, LARGEST_DIRECTORY, MOST_PARTS, broken

__all__ = ["check_directory"]

END = struct.Struct("<4s4H2LH")
"""End of central directory record (APPNOTE.TXT 4.3.16); a file that Storeclerk wrote has no comment after it."""
END_SIGNATURE = b"PK\x05\x06"
LOCATOR_SIZE = 20
LOCATOR_SIGNATURE = b"PK\x06\x07"
"""Of the second, larger record (4.3.15), which would be believed in place of the first; needed from 2 GiB on."""


def check_directory(path: Path, size: int) -> None:
    """Return when the zip lists as few parts as a portable file has. Reads 42 bytes. Raises InvalidInput."""
    with path.open("rb") as file:
        file.seek(max(0, size - END.size - LOCATOR_SIZE))
        tail = file.read(END.size + LOCATOR_SIZE)
    if len(tail) < END.size:
        raise broken(CUT_OFF)
    signature, _, _, _, parts, directory, _, comment = END.unpack(tail[-END.size :])
    if signature != END_SIGNATURE or comment:
        raise broken(CUT_OFF)
    if tail[: -END.size].startswith(LOCATOR_SIGNATURE):
        raise broken("it is packed in a way that Storeclerk does not use.")
    if parts > MOST_PARTS or directory > LARGEST_DIRECTORY:
        raise broken("it lists more parts than any file that Storeclerk writes.", "bundle_too_large")
