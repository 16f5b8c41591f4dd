"""A literal line of a passage that an answer's sentence rests on."""

from __future__ import annotations

import re

from engine.answering.markup import BULLET, plain_line
from engine.domain.knowledge import Passage
from engine.ports import Quote

__all__ = ["quote_of"]

WORD = re.compile(r"\w{3,}|\d+")


def quote_of(passage: Passage, sentence: str) -> Quote:
    """The line that shares most with a sentence, as it stands in the source."""
    said = set(WORD.findall(sentence.lower()))
    lines = [line.strip() for line in passage.text.splitlines() if WORD.search(line)] or [passage.text.strip()]
    best = max(lines, key=lambda line: len(said & set(WORD.findall(line.lower()))))
    if best.startswith("|"):
        # On a page the cells stand beside each other; in typed text the row stands as it was typed.
        return Quote(passage.id, " ".join(c.strip() for c in best.strip("|").split("|")) if passage.url else best)
    return Quote(passage.id, plain_line(best) if passage.url else BULLET.sub("", best))
