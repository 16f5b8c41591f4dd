"""The words of a PDF page with their places, without those that a reader cannot see.

Never here: pictures of text, and what the words make together.
"""

from __future__ import annotations

import ctypes
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from engine.knowledge.parsing.layout import Segment

__all__ = ["PageWords", "WordReader"]

SPACE = frozenset({0, 9, 10, 11, 12, 13, 32, 160, 8203, 65279, 65534})
LINE_END = frozenset({10, 13})
HYPHEN = 2
"""What PDFium calls a hyphen at the end of a line."""
UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\ufffe\uffff\u200b\ufeff\u2060-\u2064\U000e0000-\U000e007f]")
TINY = 2.0
"""Points: smaller letters cannot be read."""
LIGHT = 200
"""Of 255: ink this light is looked at on the page itself, where a dark ground may make it visible."""
CONTRAST = 24
MOST_RENDERED = 100
RENDERED_SIDE = 1200
INVISIBLE_MODES = frozenset({3, 7})
CELL_GAP = 1.0
Place = Callable[[float, float, float, float], tuple[float, float, float, float]]
"""Left, bottom, right, top of the page's own space to left, top, right, bottom as a reader sees it."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word and whether it is to be seen."""

    segment: Segment
    invisible: bool
    """By its mode, as scanners write what they read under a picture."""
    concealed: bool
    """Too small, off the page, or in the colour of its ground."""
    ends_line: bool


@dataclass(frozen=True, slots=True)
class PageWords:
    """The text of one page."""

    segments: tuple[Segment, ...]
    under_picture: tuple[Segment, ...]
    """Text in invisible mode: right for a scanned page, hidden on any other."""
    hidden: bool
    """Whether any word was left out because it cannot be seen."""


class WordReader:
    """Reads page after page of one document."""

    def __init__(self) -> None:
        import pypdfium2.raw as pdfium  # noqa: PLC0415 - a native library, needed for PDF only

        self.pdfium = pdfium
        self.rendered = 0
        # Asked for every word: made once, which takes a third off a long document.
        self.rectangle = pdfium.FS_RECTF()
        self.channels = [ctypes.c_uint() for _ in range(4)]
        self.to_rectangle = ctypes.byref(self.rectangle)
        self.to_channels = [ctypes.byref(channel) for channel in self.channels]

    def read(self, page: Any) -> PageWords:
        """The words of one page. Raises PdfiumError for a broken one."""
        text_page = page.get_textpage()
        try:
            words = list(self.words(page, text_page.raw))
        finally:
            text_page.close()
        shown = [word for word in words if not (word.invisible or word.concealed)]
        under = [word for word in words if word.invisible and not word.concealed]
        concealed = any(word.concealed and re.search(r"\w", word.segment.text) for word in words)
        return PageWords(tuple(segments_of(shown)), tuple(segments_of(under)), concealed)

    def words(self, page: Any, text: Any) -> Iterator[Word]:
        """Every word of a page in its own order."""
        place = placing(page)
        ground = Ground(self, page)
        codes = [self.pdfium.FPDFText_GetUnicode(text, at) for at in range(self.pdfium.FPDFText_CountChars(text))]
        start = 0
        for at in range(len(codes) + 1):
            if at < len(codes) and codes[at] not in SPACE:
                continue
            if at > start:
                yield self.word(text, codes, start, at, place, ground)
            start = at + 1

    def word(self, text: Any, codes: list[int], start: int, end: int, place: Place, ground: Ground) -> Word:
        """The word of the characters from `start` to `end`."""
        raw = "".join(chr(code) if code != HYPHEN else "-" for code in codes[start:end])
        letters = UNSEEN.sub("", raw.encode("utf-16", "surrogatepass").decode("utf-16", "replace"))
        first, last = self.box(text, start), self.box(text, end - 1)
        box = place(min(first[0], last[0]), min(first[1], last[1]), max(first[2], last[2]), max(first[3], last[3]))
        left, top, right, bottom = box
        segment = Segment(letters, left, top, right, bottom, max(bottom - top, 0.0))
        mode = self.pdfium.FPDFTextObj_GetTextRenderMode(self.pdfium.FPDFText_GetTextObject(text, start))
        after = next((code for code in codes[end : end + 2] if code in LINE_END), None)
        return Word(
            segment, mode in INVISIBLE_MODES, ground.conceals(segment, self.ink(text, start)), after is not None
        )

    def box(self, text: Any, at: int) -> tuple[float, float, float, float]:
        """Left, bottom, right and top of a character in the page's own space."""
        found = self.rectangle
        if not self.pdfium.FPDFText_GetLooseCharBox(text, at, self.to_rectangle):
            return 0.0, 0.0, 0.0, 0.0
        return found.left, found.bottom, found.right, found.top

    def ink(self, text: Any, at: int) -> tuple[int, int]:
        """How light a character is painted, and how opaque, 0 to 255 each."""
        if not self.pdfium.FPDFText_GetFillColor(text, at, *self.to_channels):
            return 0, 255
        red, green, blue, opaque = (channel.value for channel in self.channels)
        return min(red, green, blue), opaque


class Ground:
    """What stands behind the words of a page; painted only when a word is light."""

    def __init__(self, reader: WordReader, page: Any) -> None:
        self.reader, self.page = reader, page
        self.width, self.height = page.get_size()
        self.pixels: Any = None
        self.scale = 1.0

    def conceals(self, word: Segment, ink: tuple[int, int]) -> bool:
        """Whether a word is too small, outside of the page, or cannot be told from its ground."""
        light, opaque = ink
        if word.size < TINY or opaque < 8:
            return True
        across, down = (word.left + word.right) / 2, (word.top + word.bottom) / 2
        if not (0 <= across <= self.width and 0 <= down <= self.height):
            return True
        return light >= LIGHT and not self.shows(word)

    def shows(self, word: Segment) -> bool:
        """Whether something can be seen where a word stands."""
        if self.pixels is None:
            if self.reader.rendered >= MOST_RENDERED:
                return False
            self.reader.rendered += 1
            self.scale = min(1.5, RENDERED_SIDE / max(self.width, self.height, 1.0))
            self.pixels = self.page.render(scale=self.scale, grayscale=True).to_numpy()
        part = self.pixels[
            max(int(word.top * self.scale), 0) : int(word.bottom * self.scale) + 1,
            max(int(word.left * self.scale), 0) : int(word.right * self.scale) + 1,
        ]
        return bool(part.size) and int(part.max()) - int(part.min()) >= CONTRAST


def placing(page: Any) -> Place:
    """From the page's own space to what a reader sees, its rotation included."""
    x0, y0, x1, y1 = page.get_cropbox()
    turn = page.get_rotation()

    def place(left: float, bottom: float, right: float, top: float) -> tuple[float, float, float, float]:
        if turn == 90:
            return bottom - y0, left - x0, top - y0, right - x0
        if turn == 180:
            return x1 - right, bottom - y0, x1 - left, top - y0
        if turn == 270:
            return y1 - top, x1 - right, y1 - bottom, x1 - left
        return left - x0, y1 - top, right - x0, y1 - bottom

    return place


def segments_of(words: list[Word]) -> Iterator[Segment]:
    """Words of one line that stand close together, joined."""
    current: Segment | None = None
    ended = False
    for word in words:
        new = word.segment
        if not new.text:
            continue
        if current is not None and not ended and -1.0 <= new.left - current.right <= CELL_GAP * max(new.size, 1.0):
            current = replace(
                current, text=f"{current.text} {new.text}", right=new.right,
                top=min(current.top, new.top), bottom=max(current.bottom, new.bottom),
            )  # fmt: skip
        else:
            if current is not None:
                yield current
            current = new
        ended = word.ends_line
    if current is not None:
        yield current
