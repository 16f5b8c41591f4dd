"""`python -m bench.product_qa`: shoppers' questions about a product, with graded evidence (ePQA).

Ranks about ten evidence texts a question: nDCG@10 with gain label/2. Refusal: F1 of telling questions that the
evidence does not fully answer, at the threshold that is best on the other half of the questions. The reader was
trained on half of the products (`bench.reader`); all figures are of the other half.

Ours refuses by the mean of the reader's three best answers, and nothing about it is fitted but the threshold, as for
the baselines. It ranks by the reader joined with the baselines, by weights that are fitted on one half of the questions
and judged on the other.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from bench.results import Result, show
from bench.selection import fit_choice
from bench.site import DATA
from engine.adapters.embedded.embedder import MiniLmEmbedder
from engine.adapters.embedded.reranker import MiniLmReranker
from engine.answering.stems import stems
from engine.domain.knowledge import Passage
from engine.ports import ScoredPassage

NOW = datetime(2026, 1, 1, tzinfo=UTC)
SUREST = 3
Scores = list[list[float]]


def trained_on(row: dict[str, Any]) -> bool:
    """Whether the reader saw the product."""
    return hashlib.md5(row["asin"].encode(), usedforsecurity=False).digest()[0] % 2 == 0


def bm25(rows: Sequence[dict[str, Any]]) -> Scores:
    """BM25 (k1 1.2, b 0.75) over all evidence."""
    texts = [[list(stems(e["text"])) for e in row["evidence"]] for row in rows]
    every = [text for row in texts for text in row]
    uses = Counter(word for text in every for word in text)
    mean = sum(map(len, every)) / len(every)

    def rarity(word: str) -> float:
        return math.log(1 + (len(every) - uses[word] + 0.5) / (uses[word] + 0.5))

    return [
        [
            sum(
                rarity(word) * 2.2 / (1 + 1.2 * (0.25 + 0.75 * len(text) / mean))
                for word in stems(row["question"]) & set(text)
            )
            for text in of_row
        ]
        for row, of_row in zip(rows, texts, strict=True)
    ]


def fusion(first: Scores, second: Scores) -> Scores:
    """Reciprocal rank fusion, k = 60."""

    def ranks(scores: list[float]) -> list[int]:
        order = sorted(range(len(scores)), key=lambda place: -scores[place])
        return [order.index(place) for place in range(len(scores))]

    return [
        [1 / (61 + a) + 1 / (61 + b) for a, b in zip(ranks(one), ranks(other), strict=True)]
        for one, other in zip(first, second, strict=True)
    ]


async def dense_and_ours(rows: Sequence[dict[str, Any]], words: Scores) -> tuple[Scores, Scores, Scores]:
    """(cosines, ranks by the reader, log-odds that the evidence answers by the reader)."""
    embedder, reranker = MiniLmEmbedder(), MiniLmReranker()
    cosines: Scores = []
    ranked: Scores = []
    answers: Scores = []
    for row, scores in zip(rows, words, strict=True):
        asked = np.asarray((await embedder.embed([row["question"]]))[0])
        texts = [evidence["text"] for evidence in row["evidence"]]
        vectors = np.asarray([(await embedder.embed([text]))[0] for text in texts])
        cosines.append([float(value) for value in vectors @ asked])
        best = max(scores) or 1.0
        passages = [
            ScoredPassage(
                Passage(f"{n}", "s", "d", n, "", (), text, "", str(n), NOW), 0.0, cosine, score / best, score / best
            )
            for n, (text, cosine, score) in enumerate(zip(texts, cosines[-1], scores, strict=True))
        ]
        readings = await reranker.read(row["question"], passages)
        ranked.append([reading.rank for reading in readings])
        answers.append([reading.answer for reading in readings])
    embedder.close()
    reranker.close()
    return cosines, ranked, answers


def halves(rows: Sequence[dict[str, Any]]) -> Any:
    """Which half each question is in; all questions about a product are in one."""
    return np.asarray([hashlib.md5(row["asin"].encode(), usedforsecurity=False).digest()[1] % 2 for row in rows])


def joined(rows: Sequence[dict[str, Any]], words: Scores, cosines: Scores, ranked: Scores) -> Scores:
    """The reader's ranks joined with the baselines' scores, weights fitted on the other half."""
    figures = [np.c_[np.asarray(a) / (max(a) or 1.0), b, c] for a, b, c in zip(words, cosines, ranked, strict=True)]
    gains = [np.asarray([evidence["label"] / 2 for evidence in row["evidence"]]) for row in rows]
    half, found = halves(rows), [[0.0] for _ in rows]
    for side in (0, 1):
        others = [place for place in range(len(rows)) if half[place] != side and gains[place].sum()]
        weights = fit_choice([(figures[place], gains[place]) for place in others])
        for place in np.flatnonzero(half == side):
            found[place] = (figures[place] @ weights).tolist()
    return found


def confidence(answers: Scores) -> Scores:
    """How sure it is that the evidence answers fully: several texts that seem to answer are surer than one."""
    return [[sum(top) / len(top)] for of_row in answers for top in [sorted(of_row, reverse=True)[:SUREST]]]


def ndcg(rows: Sequence[dict[str, Any]], scores: Scores) -> float:
    """nDCG@10, over questions with any evidence that answers."""
    found = []
    for row, of_row in zip(rows, scores, strict=True):
        gains = np.asarray([evidence["label"] / 2 for evidence in row["evidence"]])
        if not gains.sum():
            continue
        discount = 1 / np.log2(np.arange(2, 12))
        got, ideal = gains[np.argsort(-np.asarray(of_row), kind="stable")][:10], np.sort(gains)[::-1][:10]
        found.append((got * discount[: len(got)]).sum() / (ideal * discount[: len(ideal)]).sum())
    return float(np.mean(found))


def refusal(rows: Sequence[dict[str, Any]], scores: Scores) -> float:
    """F1 of refusing what is not fully answered; each half's threshold is chosen on the other."""
    tops = np.asarray([max(of_row) for of_row in scores])
    open_ones = np.asarray([row["answerable"] != "full" for row in rows])
    half = halves(rows) == 0
    right = refused = 0
    for chosen in (half, ~half):
        best = max(np.unique(tops[chosen]), key=lambda least: f1(tops[chosen] < least, open_ones[chosen]))
        right += int((open_ones & (tops < best))[~chosen].sum())
        refused += int((tops < best)[~chosen].sum())
    return 2 * right / max(1, refused + int(open_ones.sum()))


def f1(refused: Any, open_ones: Any) -> float:
    """Harmonic mean of precision and recall."""
    return float(2 * (refused & open_ones).sum() / max(1, refused.sum() + open_ones.sum()))


def results() -> list[Result]:
    """The figures."""
    lines = (DATA / "product_qa" / "epqa.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [row for row in map(json.loads, lines) if not trained_on(row)]
    words = bm25(rows)
    cosines, ranked, answers = asyncio.run(dense_and_ours(rows, words))
    baselines = {"BM25": words, "dense": cosines, "fusion": fusion(words, cosines)}
    gains = {name: ndcg(rows, scores) for name, scores in baselines.items()}
    gains["ours"] = ndcg(rows, joined(rows, words, cosines, ranked))
    refusals = {name: refusal(rows, scores) for name, scores in baselines.items()}
    refusals["ours"] = refusal(rows, confidence(answers))
    found = [Result("product_qa", f"nDCG@10 {name}", round(value, 3), len(rows)) for name, value in gains.items()]
    found += [
        Result("product_qa", f"refusal F1 {name}", round(value, 3), len(rows)) for name, value in refusals.items()
    ]
    for what, values in (("nDCG@10", gains), ("refusal F1", refusals)):
        base = max(value for name, value in values.items() if name != "ours")
        found.append(
            Result(
                "product_qa", f"{what} over the best baseline", round(values["ours"] / base, 3), len(rows), ">= 1.10"
            )
        )
    return found


if __name__ == "__main__":
    show(results())
