"""Text read from pictures, with bounds on how many and how long.

Never here: opening pictures. The models come inside a package; nothing is fetched, and nothing is loaded before the
first picture.
"""

from __future__ import annotations

import time
from statistics import fmean
from typing import TYPE_CHECKING, Any

from engine.knowledge.limits import OCR_BUDGET_SECONDS, OCR_PAGES, OCR_SIDE
from engine.knowledge.parsing.layout import Segment, page_markdown, rows_of

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["NEEDS_OCR", "PictureText"]

NEEDS_OCR = "needs_ocr"
"""What a process without the means answers; the file is then given to one that has them, never shown to anyone."""
LEAST_SCORE = 0.5
CLEAR_SCORE = 0.85
FINDING_SIDE = 1280


class PictureText:
    """Reads pictures of one file until its budget is spent."""

    def __init__(self) -> None:
        self.engine: Any = None
        self.until = time.monotonic() + OCR_BUDGET_SECONDS
        self.pages = 0
        self.scores: list[float] = []

    @property
    def spent(self) -> bool:
        """Whether the pages or the time of one file are used up."""
        return self.pages >= OCR_PAGES or time.monotonic() > self.until

    @property
    def notes(self) -> list[str]:
        """What should be said about the text that was read."""
        if not self.scores:
            return []
        unclear = fmean(self.scores) < CLEAR_SCORE
        return ["read_from_pictures", "unclear_pictures"] if unclear else ["read_from_pictures"]

    def read(self, picture: Image) -> str:
        """The text of a picture as Markdown; empty when there is none."""
        import numpy as np  # noqa: PLC0415 - needed for pictures only

        if self.engine is None:
            self.engine = load_engine()
        self.pages += 1
        picture.thumbnail((OCR_SIDE, OCR_SIDE))
        found = self.engine(np.asarray(picture.convert("RGB"))[:, :, ::-1])
        if found.boxes is None or not found.txts:
            return ""
        segments = []
        for box, text, score in zip(found.boxes, found.txts, found.scores, strict=True):
            if score >= LEAST_SCORE and text.strip():
                (left, top), (right, bottom) = box.min(axis=0), box.max(axis=0)
                segments.append(Segment(text.strip(), *map(float, (left, top, right, bottom, bottom - top))))
                self.scores.append(float(score))
        return page_markdown(rows_of(segments), {})


def load_engine() -> Any:
    """The models, on one thread so that answering goes on beside them."""
    import cv2  # noqa: PLC0415
    from rapidocr import RapidOCR  # noqa: PLC0415 - a second of start, for pictures only

    cv2.setNumThreads(1)
    # Lines are found on a smaller copy, which costs half and finds the same; letters are read from the whole picture.
    finding = {"Det.limit_type": "max", "Det.limit_side_len": FINDING_SIDE}
    threads = {f"EngineConfig.onnxruntime.{kind}_op_num_threads": 1 for kind in ("intra", "inter")}
    return RapidOCR(params={"Global.log_level": "critical", "Global.use_cls": False, **finding, **threads})
