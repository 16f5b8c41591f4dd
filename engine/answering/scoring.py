"""Which of the found passages answers the question, and how sure that is.

The index finds by words and by meaning; this weighs both again together with what the passage's whole
document says, and turns the figures into one confidence by logistic regression. Ranking weights were
searched and the regression was fitted by `python -m bench.confidence`; `docs/answers.md` says on what.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.ports import ScoredPassage

__all__ = ["FEATURES", "RANKING", "Judged", "features", "judge"]

RANKING = {"similarity": 1.0, "text": 0.6, "coverage": 0.3, "document_text": 0.25}
FEATURES = {"nearest": 3.885, "near": 4.099, "coverage": 0.574, "gap": 6.878, "length": 1.74}
BIAS = -8.61
NEAR = 5
"""How many of the nearest passages say whether the subject is known at all."""
GAP = slice(3, 10)
"""The best passage stands out when it scores well above these ranks."""


@dataclass(frozen=True, slots=True)
class Judged:
    """Passages in their final order, and the confidence that the first ones hold the answer, 0 to 1."""

    passages: tuple[ScoredPassage, ...]
    confidence: float


def rank(found: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The passages with their final score, best first."""
    texts: dict[str, float] = defaultdict(float)
    for item in found:
        texts[item.passage.document] = max(texts[item.passage.document], item.text_score)
    scored = [
        replace(
            item,
            score=RANKING["similarity"] * item.similarity
            + RANKING["text"] * item.text_score
            + RANKING["coverage"] * item.coverage
            + RANKING["document_text"] * texts[item.passage.document],
        )
        for item in found
    ]
    return sorted(scored, key=lambda item: (-item.score, item.passage.id))


def features(question: str, ranked: Sequence[ScoredPassage]) -> dict[str, float]:
    """What tells a question that the shop can answer from one that it cannot."""
    similarities = sorted((item.similarity for item in ranked), reverse=True)[:NEAR]
    others = [item.score for item in ranked[GAP]] or [0.0]
    return {
        "nearest": similarities[0],
        "near": sum(similarities) / len(similarities),
        "coverage": max(item.coverage for item in ranked[:NEAR]),
        "gap": ranked[0].score - sum(others) / len(others),
        # A long question is less similar to any passage than a short one that is as well answered.
        "length": math.log(max(1, len(question.split()))),
    }


def judge(question: str, found: Sequence[ScoredPassage]) -> Judged:
    """Score what was found anew. The result's `score` is comparable between questions."""
    if not found:
        return Judged((), 0.0)
    ranked = rank(found)
    logit = BIAS + sum(FEATURES[name] * value for name, value in features(question, ranked).items())
    return Judged(tuple(ranked), 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit)))))
