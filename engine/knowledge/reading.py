"""What a reader of one kind of source is: the seam between training and where knowledge comes from.

Never here: a reader itself; those live in `engine/knowledge/readers/`, one module each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal, Protocol, runtime_checkable

from engine.domain.knowledge import Document, ItemFailure, Product, Source, SourceKind
from engine.ports import BlobStore, Clock

__all__ = ["FormField", "ReadBatch", "ReadContext", "Reader", "Recogniser", "is_upload", "run_place"]


@dataclass(frozen=True, slots=True)
class FormField:
    """One field of the form that makes a source; the studio renders it without knowing the kind."""

    name: str
    label: str
    kind: Literal["url", "text", "long_text", "number", "pairs", "patterns"]
    help: str = ""
    required: bool = False
    default: object = None


@dataclass(frozen=True, slots=True)
class ReadContext:
    """What readers are given to work with."""

    blobs: BlobStore
    clock: Clock
    run: str = "run"
    """Names this reading; the same over all its batches and after a kill."""
    previous: str | None = None
    """The reading whose result is the source's last good copy."""

    def place(self, source: Source) -> str:
        """Where the reader may keep what it must remember of this reading: a prefix of blob names, with its slash.

        It is kept exactly as long as the reading's result.
        """
        return reader_place(source, self.run)

    def previous_place(self, source: Source) -> str | None:
        """The same of the last good copy's reading; None when there is none."""
        return None if self.previous is None else reader_place(source, self.previous)


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """One step's worth of reading. The work is saved between batches, so it can be resumed or stopped."""

    documents: tuple[Document, ...] = ()
    products: tuple[Product, ...] = ()
    failures: tuple[ItemFailure, ...] = ()
    cursor: str | None = None
    """Where to go on, as JSON; None when the source is read to its end."""
    done: int = 0
    """Items handled so far, over all batches."""
    total: int = 0
    """Items known so far, over all batches."""
    excluded_columns: tuple[str, ...] = ()
    """Columns of a feed that are the shop's own business and were left out."""
    unchanged: bool = False
    """The source says that nothing changed since the last good copy; such a batch holds nothing and is the only one."""


def run_place(source: Source, run: str) -> str:
    """Prefix of everything kept of one reading of a source."""
    return f"{source.merchant}/{source.bot}/sources/{source.id}/{run}/"


def reader_place(source: Source, run: str) -> str:
    """The part of it that belongs to the reader."""
    return f"{run_place(source, run)}reader/"


def is_upload(merchant: str, bot: str, blob: object) -> bool:
    """Whether a name is that of a file uploaded for this bot: nothing else may be read or removed as one."""
    place = re.escape(f"{merchant}/{bot}/files/")
    return isinstance(blob, str) and re.fullmatch(rf"{place}[0-9a-f]{{64}}", blob) is not None


class Reader(Protocol):
    """Reads sources of one kind."""

    kind: SourceKind
    label: str
    """In a shop owner's words, such as `Website`."""
    form: tuple[FormField, ...]

    def check(self, options: dict[str, object]) -> tuple[str, dict[str, object]]:
        """(title, options) as they are to be stored. Raises InvalidInput naming the field."""
        ...

    async def read(self, source: Source, cursor: str | None, context: ReadContext) -> ReadBatch:
        """The next batch: a few seconds of work at most, from the beginning when `cursor` is None.

        Reading the same cursor again gives the same items, unless the source changed in between.
        An item that cannot be learned becomes an ItemFailure; it never raises for one item.
        """
        ...


@runtime_checkable
class Recogniser(Protocol):
    """A reader that knows its own kind among uploaded files."""

    accepts: tuple[str, ...]
    """Endings of files that may be of this kind, such as `.csv`."""
    most_bytes: int
    """Size of the largest file it reads."""

    async def recognise(self, filename: str, blob: str, blobs: BlobStore) -> dict[str, object] | None:
        """The options to read a stored file with, or None when it is not of this kind."""
        ...
