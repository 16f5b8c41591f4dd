"""Whether a zip-based file is safe to unpack.

Never here: unpacking it.
"""

from __future__ import annotations

import io
import stat
import zipfile
from pathlib import PurePosixPath

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import EXPANSION_RATIO, EXPANSION_START_BYTES, ZIP_ENTRIES, ZIP_EXPANDED_BYTES

__all__ = ["check_archive"]


def check_archive(content: bytes) -> None:
    """Raises Unreadable `damaged`, `encrypted`, `unsafe_archive` or `decompression_bomb`.

    Sizes are those the archive states; the bounds on the parsing process hold against an archive that lies.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise Unreadable("damaged") from error
    if len(entries) > ZIP_ENTRIES:
        raise Unreadable("unsafe_archive", f"more than {ZIP_ENTRIES} parts")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if path.is_absolute() or ".." in path.parts or stat.S_ISLNK(entry.external_attr >> 16):
            raise Unreadable("unsafe_archive", "a part would leave its folder")
        if entry.flag_bits & 0x1:
            raise Unreadable("encrypted")
    expanded = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if expanded > ZIP_EXPANDED_BYTES or (expanded > EXPANSION_START_BYTES and expanded > EXPANSION_RATIO * packed):
        raise Unreadable("decompression_bomb")
