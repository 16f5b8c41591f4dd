"""Which of the found passages answers the question, and how sure that is.

The index finds by words and by meaning; this weighs both again together with what the passage's whole
document says, and turns the best passages' figures into one confidence. The weights were chosen in
`bench/` on questions about shops' help pages; the docs say how.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.ports import ScoredPassage

__all__ = ["Judged", "judge"]

DOCUMENT_DEPTH = 3
WEIGHTS = {"similarity": 1.0, "document": 0.25, "text": 0.5, "coverage": 0.3, "document_text": 0.5}
CENTRE, STEEPNESS = 0.85, 8.0


@dataclass(frozen=True, slots=True)
class Judged:
    """Passages in their final order, and the confidence that the first ones hold the answer, 0 to 1."""

    passages: tuple[ScoredPassage, ...]
    confidence: float


def judge(found: Sequence[ScoredPassage]) -> Judged:
    """Score what was found anew. The result's `score` is comparable between questions."""
    if not found:
        return Judged((), 0.0)
    similarities: dict[str, list[float]] = defaultdict(list)
    texts: dict[str, float] = defaultdict(float)
    for item in found:
        document = item.passage.document
        similarities[document].append(item.similarity)
        texts[document] = max(texts[document], item.text_score)
    scored = []
    for item in found:
        best = sorted(similarities[item.passage.document], reverse=True)[:DOCUMENT_DEPTH]
        score = (
            WEIGHTS["similarity"] * item.similarity
            + WEIGHTS["document"] * sum(best) / len(best)
            + WEIGHTS["text"] * item.text_score
            + WEIGHTS["coverage"] * item.coverage
            + WEIGHTS["document_text"] * texts[item.passage.document]
        )
        scored.append(replace(item, score=score))
    scored.sort(key=lambda item: (-item.score, item.passage.id))
    confidence = 1.0 / (1.0 + math.exp(-STEEPNESS * (scored[0].score - CENTRE)))
    return Judged(tuple(scored), confidence)
