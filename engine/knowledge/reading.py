"""What a reader of one kind of source is: the seam between training and where knowledge comes from.

Never here: a reader itself; those live in `engine/knowledge/readers/`, one module each.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from engine.domain.knowledge import Document, ItemFailure, Product, Source, SourceKind
from engine.ports import BlobStore, Clock

__all__ = ["FormField", "ReadBatch", "ReadContext", "Reader"]


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
