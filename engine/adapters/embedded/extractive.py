"""The extractive composer: a `ChatModel` that answers only in the passages' own words.

It needs no model and no key. It cannot state what no passage and no catalogue row states.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

from engine.answering.markup import plain_line, plain_text
from engine.answering.wording import product_sentence
from engine.domain.knowledge import Passage
from engine.ports import CompositionLimits, CompositionRequest, Finish, Quote, ScoredPassage, TextDelta

__all__ = ["ExtractiveChatModel"]

CLOSE_ENOUGH = 0.7
"""A further passage is shown when its score is at least so large a share of the best one's."""
MOST_PASSAGES = 3
SENTENCE_END = re.compile(r"(?<=[.!?])\s+|\n")
WORD = re.compile(r"\w{3,}")


class ExtractiveChatModel:
    """Picks, joins and quotes."""

    @property
    def name(self) -> str:
        """Shown with each answer."""
        return "extractive"

    @property
    def least_confidence(self) -> float:
        """Below even odds it is better to offer a person."""
        return 0.5

    async def stream(self, request: CompositionRequest, limits: CompositionLimits) -> AsyncIterator[TextDelta | Finish]:
        """The answer, sentence by sentence."""
        chosen = choose(request.evidence, limits.max_words)
        if not chosen:
            yield Finish("no_answer")
            return
        rows = {product.id: product for product in request.products}
        pieces: list[str] = []
        told: set[str] = set()
        for passage in chosen:
            product = rows.get(passage.product or "")
            if product is not None and product.id not in told:
                told.add(product.id)
                pieces.append(product_sentence(product))
            pieces.append(plain_text(relevant_rows(passage.text, request.question), passage.headings))
        text = shorten("\n".join(dict.fromkeys(piece for piece in pieces if piece)), limits.max_words)
        for sentence in sentences(text):
            yield TextDelta(sentence)
        quotes = tuple(Quote(passage.id, quote(passage)) for passage in chosen)
        words = len(text.split())
        yield Finish("stop", quotes, len(request.question.split()), words)


def choose(evidence: Sequence[ScoredPassage], most_words: int) -> list[Passage]:
    """The best passage and those that come close, as far as they fit; neighbours are joined."""
    if not evidence:
        return []
    best = evidence[0]
    chosen: list[Passage] = []
    words = 0
    for item in evidence:
        if item.score < CLOSE_ENOUGH * best.score or len(chosen) == MOST_PASSAGES:
            break
        if any(item.passage.text in other.text for other in chosen):
            continue
        joined = join_neighbour(chosen, item.passage)
        if joined is not None:
            place, merged = joined
            growth = len(merged.text.split()) - len(chosen[place].text.split())
            if words + growth <= most_words:
                chosen[place], words = merged, words + growth
            continue
        size = len(item.passage.text.split())
        if chosen and words + size > most_words:
            continue
        chosen.append(item.passage)
        words += size
    return chosen


def join_neighbour(chosen: Sequence[Passage], passage: Passage) -> tuple[int, Passage] | None:
    """Where and what: a chosen passage and its neighbour as one literal text, without saying anything twice."""
    for place, other in enumerate(chosen):
        if other.document != passage.document or other.headings != passage.headings:
            continue
        first, second = sorted((other, passage), key=lambda item: item.position)
        overlap = shared_end(first.text, second.text)
        if overlap:
            return place, replace(first, id=other.id, text=first.text + second.text[overlap:])
    return None


def relevant_rows(text: str, question: str) -> str:
    """Without those rows of a table that share no word with the question, when others do."""
    asked = set(WORD.findall(question.lower()))
    lines = text.splitlines()
    rows = [line for line in lines if line.strip().startswith("|")]
    telling = {row for row in rows if asked & set(WORD.findall(row.lower()))}
    if not telling or len(telling) == len(rows):
        return text
    return "\n".join(line for line in lines if line in telling or line not in rows)


def shared_end(first: str, second: str) -> int:
    """Length of the longest end of `first` that is also the beginning of `second`."""
    for size in range(min(len(first), len(second)), 0, -1):
        if first.endswith(second[:size]):
            return size
    return 0


def sentences(text: str) -> list[str]:
    """Pieces that make up the text again when joined."""
    pieces: list[str] = []
    place = 0
    for found in SENTENCE_END.finditer(text):
        pieces.append(text[place : found.end()])
        place = found.end()
    return [*pieces, text[place:]] if place < len(text) else pieces


def shorten(text: str, most_words: int) -> str:
    """Whole sentences and lines of `text`, as many as fit; the beginning of the first when it alone is too long."""
    kept: list[str] = []
    words = 0
    for piece in sentences(text):
        size = len(piece.split())
        if not kept and size > most_words:
            return f"{' '.join(piece.split()[:most_words])} …"
        if words + size > most_words:
            break
        kept.append(piece)
        words += size
    return "".join(kept).strip()


def quote(passage: Passage) -> str:
    """The passage's first telling line, as it stands in the source."""
    lines = [plain_line(line) for line in passage.text.splitlines() if not line.strip().startswith("|")]
    line = next((line for line in lines if len(line.split()) > 3), lines[0] if lines else passage.text.strip())
    return line or passage.text.strip()
