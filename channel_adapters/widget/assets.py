"""The widget's files as browsers get them: named by their content, packed once."""

from __future__ import annotations

import gzip
import hashlib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

__all__ = ["NAMES", "Asset", "asset"]

STATIC = Path(__file__).parent / "static"
MEDIA_TYPES = {".js": "text/javascript; charset=utf-8", ".css": "text/css; charset=utf-8"}
NAMES = ("loader.js", "chat.js", "chat.css")


@dataclass(frozen=True, slots=True)
class Asset:
    """One file."""

    content: bytes
    packed: bytes
    media_type: str
    mark: str
    """Changes with the content."""

    @property
    def address(self) -> str:
        """Query that makes the file's address its content's."""
        return f"?v={self.mark}"


@cache
def asset(name: str) -> Asset:
    """A file by its name, which is one of `NAMES`."""
    content = (STATIC / name).read_bytes()
    mark = hashlib.sha256(content).hexdigest()[:16]
    return Asset(content, gzip.compress(content, 9, mtime=0), MEDIA_TYPES[Path(name).suffix], mark)
