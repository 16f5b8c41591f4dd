"""Files that are zip archives inside: whether they are safe to unpack, and their parts one by one.

Never here: what a part means.
"""

from __future__ import annotations

import io
import posixpath
import stat
import zipfile
import zlib
from pathlib import PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import unquote

from engine.knowledge.failures import Unreadable
from engine.knowledge.limits import EXPANSION_RATIO, EXPANSION_START_BYTES, ZIP_ENTRIES, ZIP_EXPANDED_BYTES

if TYPE_CHECKING:
    from lxml.etree import _Element

__all__ = ["Parts", "all_text", "check_archive", "local_name", "resolved"]

PACKED = (".zip", ".7z", ".rar", ".tar", ".tgz", ".jar", ".bz2", ".xz")
MARKUP = (".xml", ".rels", ".opf", ".ncx", ".xhtml", ".html", ".htm", ".vml", ".svg")
PROLOGUE_BYTES = 65_536
"""Definitions of entities stand before the first element; no real file pushes that so far down."""
BAD_ZIP = (zipfile.BadZipFile, zlib.error, ValueError, OSError, EOFError, NotImplementedError, KeyError)


def check_archive(content: bytes) -> None:
    """Raises Unreadable by what is wrong: `damaged`, `encrypted`, `path_traversal`, `decompression_bomb` and the like.

    Sizes are those the archive states; `Parts` holds an archive that lies to them.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
    except BAD_ZIP as error:
        raise Unreadable("damaged" if b"PK\x05\x06" in content[-66_000:] else "truncated") from error
    if len(entries) > ZIP_ENTRIES:
        raise Unreadable("too_many_parts", f"more than {ZIP_ENTRIES}")
    for entry in entries:
        path = PurePosixPath(entry.filename.replace("\\", "/"))
        if (
            path.is_absolute()
            or ".." in path.parts
            or ":" in path.parts[0:1]
            or stat.S_ISLNK(entry.external_attr >> 16)
        ):
            raise Unreadable("path_traversal")
        if path.suffix.lower() in PACKED:
            raise Unreadable("nested_archive")
        if entry.flag_bits & 0x1:
            raise Unreadable("encrypted")
    expanded = sum(entry.file_size for entry in entries)
    packed = max(sum(entry.compress_size for entry in entries), 1)
    if expanded > ZIP_EXPANDED_BYTES or (expanded > EXPANSION_START_BYTES and expanded > EXPANSION_RATIO * packed):
        raise Unreadable("decompression_bomb")


class Parts:
    """The parts of an archive that `check_archive` let pass; nothing is ever written to disk."""

    def __init__(self, content: bytes) -> None:
        """Raises Unreadable `damaged`, or `xml_entities` when a part defines entities."""
        try:
            self.archive = zipfile.ZipFile(io.BytesIO(content))
        except BAD_ZIP as error:
            raise Unreadable("damaged") from error
        self.names = {name.lower().lstrip("/"): name for name in self.archive.namelist()}
        self.left = ZIP_EXPANDED_BYTES
        for name in self.names:
            if name.endswith(MARKUP) and b"<!ENTITY" in self.start(name, PROLOGUE_BYTES).replace(b"\0", b""):
                raise Unreadable("xml_entities")

    def __contains__(self, name: str) -> bool:
        return name.lower().lstrip("/") in self.names

    @property
    def has_macros(self) -> bool:
        """Whether programs are packed with the document."""
        return any(name.endswith("vbaproject.bin") or name.startswith("basic/") for name in self.names)

    def start(self, name: str, size: int) -> bytes:
        """The first `size` bytes of a part. Raises Unreadable `damaged`."""
        try:
            with self.archive.open(self.names[name.lower().lstrip("/")]) as part:
                return part.read(size)
        except BAD_ZIP as error:
            raise Unreadable("damaged") from error

    def read(self, name: str) -> bytes:
        """A whole part. Raises Unreadable `damaged` or `decompression_bomb`."""
        found = self.start(name, self.left + 1)
        self.left -= len(found)
        if self.left < 0:
            raise Unreadable("decompression_bomb")
        return found

    def xml(self, name: str) -> _Element:
        """A part as XML, without entities, DTD or network. Raises Unreadable `damaged`."""
        from lxml import etree  # noqa: PLC0415 - needed for packed XML only

        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True)
        try:
            return etree.fromstring(self.read(name), parser)
        except (etree.XMLSyntaxError, ValueError) as error:
            raise Unreadable("damaged") from error

    def related(self, name: str) -> dict[str, str]:
        """Relation id to part name, for the parts that an Office part refers to within its archive."""
        folder, _, base = name.rpartition("/")
        table = f"{folder}/_rels/{base}.rels".lstrip("/")
        if table not in self:
            return {}
        return {
            relation.get("Id", ""): resolved(folder, relation.get("Target", ""))
            for relation in self.xml(table)
            if isinstance(relation.tag, str) and relation.get("TargetMode") != "External"
        }


def resolved(folder: str, target: str) -> str:
    """The name of a part from a reference beside it."""
    whole = target if target.startswith("/") else f"{folder}/{target}"
    return posixpath.normpath(unquote(whole)).lstrip("/")


def local_name(element: _Element) -> str:
    """The name of an element without its namespace: strict and transitional Office files differ only there."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def all_text(element: _Element) -> str:
    """All text within an element on one line."""
    return " ".join("".join(map(str, element.itertext())).split())
