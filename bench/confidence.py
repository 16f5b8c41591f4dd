"""`python -m bench.confidence`: fit the regression behind the confidence, and show how it carries over.

Each question file is also judged by a regression fitted on the other one, so that the figure is not of
the data it was made from.
"""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from bench.help_centre import KNOWLEDGE
from bench.site import pages, read_lines, served
from engine.answering.finding import CANDIDATES
from engine.answering.scoring import FEATURES, features, rank
from engine.bootstrap import running
from engine.settings import Settings

FILES = ("questions.jsonl", "questions_2.jsonl")
Matrix = np.ndarray[Any, np.dtype[np.float64]]


async def observations() -> tuple[Matrix, Matrix, Matrix]:
    """(features, answerable, file) of every question, from a freshly trained help centre."""
    rows: list[list[float]] = []
    answerable: list[float] = []
    files: list[int] = []
    with served(pages(read_lines(KNOWLEDGE / "docs.jsonl"))) as site, tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data), crawler_allowed_private_hosts=(site.removeprefix("http://"),))
        async with running(settings) as engine:
            bot = await engine.bots.create("bench", "Help centre")
            await engine.sources.create("bench", bot.id, "website", {"url": f"{site}/"})
            version = await engine.versions.create("bench", bot.id)
            while version.status in {"queued", "training"}:
                await asyncio.sleep(0.5)
                version = await engine.versions.get("bench", bot.id, 1)
            for number, name in enumerate(FILES):
                for question in read_lines(KNOWLEDGE / name):
                    text = question["question"]
                    found = await engine.answerer.finder.retriever.retrieve(version.key, text, limit=CANDIDATES)
                    rows.append(list(features(text, rank(found)).values()))
                    answerable.append(float(question["answerable"]))
                    files.append(number)
    return np.asarray(rows), np.asarray(answerable), np.asarray(files)


def fit(rows: Matrix, answerable: Matrix, penalty: float = 1.0, steps: int = 3000) -> tuple[Matrix, float]:
    """(weights, bias) of a ridge logistic regression with both classes of equal weight, by gradient descent."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    standard = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    weights = np.zeros(standard.shape[1])
    share = answerable.mean()
    balance = np.where(answerable == 1, 0.5 / share, 0.5 / (1 - share))
    for _ in range(steps):
        error = 1 / (1 + np.exp(-standard @ weights)) - answerable
        gradient = standard.T @ (balance * error) + penalty * np.r_[weights[:-1], 0]
        weights -= 0.5 * gradient / len(rows)
    raw = weights[:-1] / spread
    return raw, float(weights[-1] - (raw * mean).sum())


def area(scores: Matrix, answerable: Matrix) -> float:
    """Area under the curve: how often an answerable question scores above one that is not."""
    return float(np.mean(scores[answerable == 1][:, None] > scores[answerable == 0][None]))


def main() -> None:
    """Fit and print."""
    rows, answerable, files = asyncio.run(observations())
    for held_out, name in enumerate(FILES):
        weights, bias = fit(rows[files != held_out], answerable[files != held_out])
        test = files == held_out
        print(f"{name}, fitted on the other file: AUC {area(rows[test] @ weights + bias, answerable[test]):.2f}")
    weights, bias = fit(rows, answerable)
    named = {name: round(float(weight), 3) for name, weight in zip(FEATURES, weights, strict=True)}
    print(f"FEATURES = {named}\nbias at even odds {bias:.2f}")
    for shift in np.arange(0.3, 0.91, 0.1):
        confident = rows @ weights + bias + shift > 0
        told = [
            f"{name}: refused {np.mean(~confident[(files == n) & (answerable == 0)]):.2f},"
            f" over-refused {np.mean(~confident[(files == n) & (answerable == 1)]):.2f}"
            for n, name in enumerate(FILES)
        ]
        print(f"BIAS = {bias + shift:.2f}: {'; '.join(told)}")


if __name__ == "__main__":
    main()
