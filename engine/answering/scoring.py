"""Which of the found passages answers the question, and how sure that is.

The index finds by words and by meaning; this weighs both again together with what the passage's whole
document says and with how a reranker read it, and turns the figures into one confidence by logistic
regression. Where passages were read it is fitted by `python -m bench.selection`; `docs/answers.md` says on what.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from engine.answering.expectations import expected_kinds, is_not_offered, lacks, states
from engine.answering.selection import certainty, names_pages, says_all, shortened, titles_of
from engine.ports import Excerpt, Reading, ScoredPassage

__all__ = [
    "READ",
    "WITHOUT_READING",
    "WITH_READING",
    "Judged",
    "Regression",
    "features",
    "in_context",
    "judge",
    "rank",
    "reading_features",
    "with_readings",
    "without_contents",
]

SAYS_ALL = 0.55
"""Least confidence in a piece that says every telling word of the question."""
JUDGED_WORDS = 60
"""Only what fits into so many words of an answer counts when it is judged."""

RANKING = {"similarity": 1.0, "text": 0.6, "coverage": 0.3, "document_text": 0.25}
"""Weights where nobody reads the passages."""
READING = {"similarity": 5.0, "text": 10.0, "coverage": 1.8, "rank": 0.75, "answer": 0.6, "kind": 0.8}
"""Weights where a reranker read them."""
READ = 24
"""How many of the best passages a reranker reads."""
CONTEXT = 0.6
"""What the ranking by the talk counts beside that by the message alone."""
NEAR = 5
"""How many of the nearest passages say whether the subject is known at all."""
GAP = slice(3, 10)
"""The best passage stands out when it scores well above these ranks."""


@dataclass(frozen=True, slots=True)
class Regression:
    """A logistic regression over named figures."""

    weights: Mapping[str, float]
    bias: float

    def confidence(self, figures: Mapping[str, float]) -> float:
        """0 to 1."""
        logit = self.bias + sum(weight * figures[name] for name, weight in self.weights.items())
        return 1.0 / (1.0 + math.exp(-max(-50.0, min(50.0, logit))))


WITHOUT_READING = Regression(
    {"nearest": 3.885, "near": 4.099, "coverage": 0.574, "gap": 6.878, "length": 1.74}, bias=-8.61
)
WITH_READING = Regression({"passage": 0.884, "valued": 1.111}, bias=0.6)


@dataclass(frozen=True, slots=True)
class Judged:
    """Passages in their final order, and the confidence that the first ones hold the answer, 0 to 1."""

    passages: tuple[ScoredPassage, ...]
    confidence: float
    excerpts: tuple[Excerpt, ...] = ()
    """Pieces that may make up an answer, best first, where a reranker read them."""


def rank(found: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The passages by what the index says of them, with that as their score, best first."""
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


def without_contents(ranked: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """The passages without those that only name other pages: a list of links holds the words and no answer."""
    titles = titles_of(ranked)
    return [item for item in ranked if not names_pages(item.passage.text, item.passage.document, titles)] or list(
        ranked
    )


def in_context(alone: Sequence[ScoredPassage], context: Sequence[ScoredPassage]) -> list[ScoredPassage]:
    """Two rankings as one: of the question alone, and of the question after what was said before it.

    A message that stands for itself keeps its own passages; one that leans on the talk gets those of the talk.
    """
    if not alone or not context:
        return list(alone or context)
    last, last_of_context = alone[-1].score, context[-1].score
    beside = {item.passage.id: item for item in context}
    own = {item.passage.id for item in alone}
    joined = [
        replace(
            item,
            score=item.score + CONTEXT * (beside[key].score if (key := item.passage.id) in beside else last_of_context),
        )
        for item in alone
    ]
    joined += [replace(item, score=last + CONTEXT * item.score) for key, item in beside.items() if key not in own]
    return sorted(joined, key=lambda item: (-item.score, item.passage.id))


def with_readings(question: str, ranked: Sequence[ScoredPassage], readings: Sequence[Reading]) -> list[ScoredPassage]:
    """The first of the ranked passages in a new order, by their readings too; those that were not read follow."""
    kinds = expected_kinds(question)
    read = []
    for item, reading in zip(ranked, readings, strict=False):
        kind = 0.0 if not kinds else 1.0 if states(item.passage.text, kinds[0]) else -1.0
        score = (
            READING["similarity"] * item.similarity
            + READING["text"] * item.text_score
            + READING["coverage"] * item.coverage
            + READING["rank"] * reading.rank
            + READING["answer"] * reading.answer
            + READING["kind"] * kind
        )
        read.append(replace(item, score=score, reading=reading))
    return sorted(read, key=lambda item: (-item.score, item.passage.id)) + list(ranked[len(read) :])


def features(question: str, ranked: Sequence[ScoredPassage]) -> dict[str, float]:
    """What tells a question that the shop can answer from one that it cannot, where nobody reads the passages."""
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


def reading_features(question: str, ranked: Sequence[ScoredPassage], excerpts: Sequence[Excerpt]) -> dict[str, float]:
    """The same, from how the passages read as answers and what the chosen pieces state."""
    return {
        "passage": max(item.reading.answer for item in ranked if item.reading is not None),
        "valued": certainty(question, shortened(excerpts, JUDGED_WORDS)),
    }


def judge(question: str, ranked: Sequence[ScoredPassage], excerpts: tuple[Excerpt, ...] = ()) -> Judged:
    """How sure it is that passages in their final order, and the pieces chosen of them, answer the question."""
    if not ranked:
        return Judged((), 0.0)
    if not excerpts:
        return Judged(tuple(ranked), WITHOUT_READING.confidence(features(question, ranked)))
    chosen = shortened(excerpts, JUDGED_WORDS)
    said = [" ".join((one.passage.title, *one.passage.headings, one.text)) for one in chosen]
    if lacks(question, [excerpt.text for excerpt in chosen]) or is_not_offered(question, said):
        return Judged(tuple(ranked), 0.0, excerpts)
    confidence = WITH_READING.confidence(reading_features(question, ranked, excerpts))
    # In a small shop nothing reads like a long answer; a sentence that says every word of the question is one.
    if says_all(question, excerpts[0]):
        confidence = max(confidence, SAYS_ALL)
    return Judged(tuple(ranked), confidence, excerpts)
