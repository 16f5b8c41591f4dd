"""Objects of a JSON file, one at a time: lists, lines, `{"products": [...]}`, or objects by number.

Never here: what their members mean.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from engine.knowledge.catalogue.encodings import encoding_of
from engine.knowledge.catalogue.limits import LONGEST_CELL
from engine.knowledge.catalogue.reasons import RowRefused
from engine.knowledge.failures import Unreadable

__all__ = ["JsonObjects", "Numbered"]

LONGEST_LINE = 8 * LONGEST_CELL
SCANNED_EVENTS = 20_000
PIECE_BYTES = 16_384
SCANNED_BYTES = 4096  # each event names its whole path: deep nesting in one large piece would take gigabytes
LISTS = ("products", "items", "data", "results", "@graph", "itemListElement", "catalog", "articles", "produkte")


@dataclass(frozen=True, slots=True)
class Numbered:
    """One object and its place: the line in a file of lines, else its position, counted from 1."""

    line: int
    value: dict[str, Any]
    name: str = ""
    """The name it stands under, where objects stand under names."""


class JsonObjects:
    """The objects of a file. Iterating again starts again."""

    def __init__(self, path: Path) -> None:
        """Raises Unreadable when there are none."""
        self.path = path
        self.encoding = encoding_of(path)
        self.by_lines = self.is_lines()
        self.prefix = "" if self.by_lines else self.find_prefix()

    def is_lines(self) -> bool:
        """Whether each line is an object of its own."""
        with self.path.open(encoding=self.encoding, errors="replace") as file:
            lines = [line.strip() for line in (file.readline(LONGEST_LINE), file.readline(LONGEST_LINE))]
        if not lines[0].startswith("{") or not (lines[1].startswith("{") or not lines[1]):
            return False
        try:
            first = json.loads(lines[0])
        except (ValueError, RecursionError):
            return False
        return not any(isinstance(first.get(name), list) for name in LISTS) and bool(lines[1])

    def find_prefix(self) -> str:
        """Where in the file the objects stand, in ijson's words; `` for objects under names of their own."""
        import ijson  # type: ignore[import-untyped]  # noqa: PLC0415 - needed for JSON only

        under_names, other = False, ""
        with opened(self.path) as file:
            try:
                for prefix, event, _ in itertools.islice(
                    ijson.parse(file, multiple_values=True, buf_size=SCANNED_BYTES), SCANNED_EVENTS
                ):
                    if event == "start_array" and prefix.count(".") < 2:
                        if not prefix or prefix.rpartition(".")[2] in LISTS:
                            return f"{prefix}.item".lstrip(".")
                        other = other or (f"{prefix}.item" if "." not in prefix else "")
                    under_names = under_names or (event == "start_map" and bool(prefix) and "." not in prefix)
            except (ijson.JSONError, UnicodeDecodeError) as error:
                raise Unreadable("damaged", str(error)[:100]) from error
        if under_names or other:
            return "" if under_names else other
        raise Unreadable("empty", "no list of products was found")

    def __iter__(self) -> Iterator[Numbered | tuple[int, RowRefused]]:
        """Raises Unreadable `damaged` where the file is not JSON."""
        if self.by_lines:
            yield from self.lines()
            return
        import ijson  # noqa: PLC0415 - as above

        try:
            with opened(self.path) as file:
                if self.prefix:
                    found = (
                        ("", value)
                        for value in ijson.items(file, self.prefix, multiple_values=True, buf_size=PIECE_BYTES)
                    )
                else:
                    found = ijson.kvitems(file, "", multiple_values=True, buf_size=PIECE_BYTES)
                for place, (name, value) in enumerate(found, 1):
                    yield self.numbered(place, value, name)
        except (ijson.JSONError, UnicodeDecodeError, ArithmeticError) as error:
            raise Unreadable("damaged", str(error)[:100]) from error

    def lines(self) -> Iterator[Numbered | tuple[int, RowRefused]]:
        """One object a line; a line that is none is named, and the next one is read."""
        with self.path.open(encoding=self.encoding, errors="replace") as file:
            number = 0
            while line := file.readline(LONGEST_LINE):
                number += 1
                if not line.strip():
                    continue
                try:
                    yield self.numbered(number, json.loads(line), "")
                except (ValueError, RecursionError) as error:
                    yield number, RowRefused("broken_row", type(error).__name__)

    @staticmethod
    def numbered(line: int, value: Any, name: str) -> Numbered | tuple[int, RowRefused]:
        """An object with its place, or why it is none."""
        return Numbered(line, value, name) if isinstance(value, dict) else (line, RowRefused("not_a_product"))


class Guarded:
    """A file whose strings are not too long: the parser would read one again with every piece that comes."""

    def __init__(self, file: IO[bytes]) -> None:
        self.file, self.unquoted = file, 0

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises Unreadable `damaged`."""
        piece = self.file.read(size)
        last = piece.rfind(b'"')
        self.unquoted = len(piece) - last if last >= 0 else self.unquoted + len(piece)
        if self.unquoted > LONGEST_LINE:
            raise Unreadable("damaged", "one of its texts has no end")
        return piece


@contextmanager
def opened(path: Path) -> Iterator[Guarded]:
    """The file behind its byte order mark, which JSON does not know."""
    with path.open("rb") as file:
        if file.read(3) != b"\xef\xbb\xbf":
            file.seek(0)
        yield Guarded(file)
