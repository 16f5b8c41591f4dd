"""`python -m bench.selection`: fit what chooses the pieces of an answer and judges it; show how that carries over.

Only made-up shops are asked that the reader was not trained on: of the others it knows the answers by heart. Pieces are
chosen by weights fitted on those shops alone. The confidence is fitted on them and on one question file of the help
centre, and shown on the other; then on all of them, which is what is shipped.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from bench.help_centre import KNOWLEDGE
from bench.made_up_shops import HELD_OUT, pages_of
from bench.site import pages, read_lines, served
from engine.answering import selection
from engine.answering.expectations import lacks
from engine.answering.intents import intent_of
from engine.answering.languages import language_of
from engine.answering.scoring import JUDGED_WORDS, Judged, reading_features
from engine.answering.selection import PIECE_WEIGHTS, candidates, figures, select, shortened
from engine.bootstrap import Engine, running
from engine.ports import Reading
from engine.settings import Settings

FILES = ("questions.jsonl", "questions_2.jsonl")
Matrix = np.ndarray[Any, np.dtype[np.float64]]


@dataclass
class Observation:
    """One question as the engine saw it."""

    group: str
    question: str
    words: list[list[str]]
    """Groups of words of which a right answer holds one each; none for a question without an answer."""
    documents: set[str]
    """Ends of the addresses of pages that answer it."""
    judged: Judged
    pieces: list[selection.Candidate] = field(default_factory=list)
    readings: list[Reading] = field(default_factory=list)


async def version_of(engine: Engine, name: str, sources: Sequence[tuple[str, dict[str, object]]]) -> Any:
    """A trained version of a new bot."""
    bot = await engine.bots.create("bench", name)
    for kind, options in sources:
        await engine.sources.create("bench", bot.id, kind, options)  # type: ignore[arg-type]
    version = await engine.versions.create("bench", bot.id)
    while version.status in {"queued", "training"}:
        await asyncio.sleep(0.3)
        version = await engine.versions.get("bench", bot.id, 1)
    return version


async def observe(
    engine: Engine, version: Any, group: str, question: str, words: list[list[str]], documents: set[str]
) -> Observation:
    """What the engine finds and reads for one question."""
    finder = engine.answerer.finder
    language = language_of(question)
    found = (await finder.find(version, question, language=language)).judged
    seen = Observation(group, question, words, documents, found)
    if found.passages and finder.reranker is not None:
        asked = await finder.asked(version, question, language)
        seen.question = asked
        seen.pieces = candidates(asked, found.passages)
        seen.readings = await finder.reranker.read(asked, [item.piece for item in seen.pieces])
    return seen


async def observations() -> list[Observation]:
    """Every question that is not small talk, of the shops held out and of the help centre."""
    seen: list[Observation] = []
    with served(pages(read_lines(KNOWLEDGE / "docs.jsonl"))) as site, tempfile.TemporaryDirectory() as data:
        settings = Settings(data_dir=Path(data), crawler_allowed_private_hosts=(site.removeprefix("http://"),))
        async with running(settings) as engine:
            for name in HELD_OUT:
                texts = pages_of(name)
                version = await version_of(engine, name, [("text", {"title": p.title, "text": p.text}) for p in texts])
                for page in texts:
                    for question, answer in page.questions:
                        if intent_of(question) is None:
                            words = [] if answer is None else [[answer]]
                            seen.append(await observe(engine, version, name, question, words, {page.title}))
            version = await version_of(engine, "Help centre", [("website", {"url": f"{site}/"})])
            for file in FILES:
                for row in read_lines(KNOWLEDGE / file):
                    if intent_of(row["question"]) is None:
                        words = row["keyword_groups"] if row["answerable"] else []
                        seen.append(
                            await observe(engine, version, file, row["question"], words, set(row["gold_doc_ids"]))
                        )
    return seen


def of_right_page(seen: Observation, passage: Any) -> bool:
    """Whether a passage stands on a page that answers the question."""
    name = passage.url.partition("#")[0].rpartition("/")[2] if passage.url else passage.title
    return name in seen.documents


def piece_rows(seen: Observation) -> tuple[Matrix, Matrix]:
    """(figures, whether the piece holds some of the answer) of each piece."""
    rows = [[figure[name] for name in PIECE_WEIGHTS] for figure in figures(seen.question, seen.pieces, seen.readings)]
    right = [
        of_right_page(seen, item.piece.passage)
        and any(word.lower() in item.piece.passage.text.lower() for group in seen.words for word in group)
        for item in seen.pieces
    ]
    return np.asarray(rows, dtype=float), np.asarray(right, dtype=float)


def fit_choice(groups: Sequence[tuple[Matrix, Matrix]], penalty: float = 2.0, steps: int = 500) -> Matrix:
    """Weights that make it likely to choose a right piece (listwise softmax, ridge), by gradient descent."""
    every = np.concatenate([rows for rows, _ in groups])
    mean, spread = every.mean(axis=0), every.std(axis=0) + 1e-9
    weights = np.zeros(every.shape[1])
    for _ in range(steps):
        gradient = np.zeros_like(weights)
        for rows, right in groups:
            standard = (rows - mean) / spread
            odds = np.exp(standard @ weights - (standard @ weights).max())
            wanted = odds * right
            gradient += standard.T @ (wanted / wanted.sum() - odds / odds.sum())
        weights += 0.3 * (gradient - penalty * weights) / len(groups)
    return weights / spread


def fit_confidence(rows: Matrix, answerable: Matrix, penalty: float = 3.0, steps: int = 3000) -> tuple[Matrix, float]:
    """(weights, bias) of a ridge logistic regression with both classes of equal weight, by gradient descent."""
    mean, spread = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    standard = np.c_[(rows - mean) / spread, np.ones(len(rows))]
    weights = np.zeros(standard.shape[1])
    share = answerable.mean()
    balance = np.where(answerable == 1, 0.5 / share, 0.5 / (1 - share))
    for _ in range(steps):
        error = 1 / (1 + np.exp(-standard @ weights)) - answerable
        weights -= 0.3 * (standard.T @ (balance * error) + penalty * np.r_[weights[:-1], 0]) / len(rows)
    raw = weights[:-1] / spread
    return raw, float(weights[-1] - (raw * mean).sum())


def right_share(seen: Sequence[Observation], most_words: int) -> float:
    """Share of answerable questions whose chosen pieces hold every group of words and a right page."""
    good = 0
    asked = [item for item in seen if item.words]
    for item in asked:
        chosen = shortened(select(item.question, item.pieces, item.readings), most_words)
        text = "\n".join(excerpt.text for excerpt in chosen).lower().replace("’", "'")
        good += all(any(word.lower() in text for word in group) for group in item.words) and any(
            of_right_page(item, excerpt.passage) for excerpt in chosen
        )
    return good / max(1, len(asked))


def judged_rows(seen: Sequence[Observation]) -> tuple[list[str], Matrix, Matrix, Matrix]:
    """(names of the figures, figures, answerable, whether the kind of value asked for is lacking) of each question."""
    rows, answerable, lacking = [], [], []
    names: list[str] = []
    for item in seen:
        excerpts = select(item.question, item.pieces, item.readings)
        found = reading_features(item.question, item.judged.passages, excerpts)
        names = list(found)
        rows.append(list(found.values()))
        answerable.append(float(bool(item.words)))
        lacking.append(lacks(item.question, [excerpt.text for excerpt in shortened(excerpts, JUDGED_WORDS)]))
    return names, np.asarray(rows), np.asarray(answerable), np.asarray(lacking)


def main() -> None:
    """Fit and print."""
    seen = [item for item in asyncio.run(observations()) if item.pieces]
    made_up = [item for item in seen if item.group not in FILES]
    groups = [rows for item in made_up if item.words and (rows := piece_rows(item))[1].sum()]
    weights = fit_choice(groups)
    print("PIECE_WEIGHTS =", {name: round(float(w), 3) for name, w in zip(PIECE_WEIGHTS, weights, strict=True)})
    selection.PIECE_WEIGHTS = dict(zip(PIECE_WEIGHTS, map(float, weights), strict=True))
    for file in FILES:
        of_file = [item for item in seen if item.group == file]
        print(f"{file}: right in 45, 60, 90 words:", [round(right_share(of_file, most), 2) for most in (45, 60, 90)])
    names, rows, answerable, lacking = judged_rows(seen)
    group = np.asarray([item.group for item in seen])
    for tested, others in ((FILES[0], FILES[1:]), (FILES[1], FILES[:1]), ("", FILES)):
        fitted = ~lacking & (~np.isin(group, FILES) | np.isin(group, others))
        raw, bias = fit_confidence(rows[fitted], answerable[fitted])
        named = {name: round(float(weight), 3) for name, weight in zip(names, raw, strict=True)}
        print(f"fitted without {tested or 'nothing'}: {named}")
        for shift in np.arange(-0.2, 1.21, 0.2):
            refused = lacking | (rows @ raw + bias + shift < 0)
            told = [
                f"{file} over-refused {refused[(group == file) & (answerable == 1)].mean():.2f}"
                f" refused {refused[(group == file) & (answerable == 0)].mean():.2f}"
                for file in FILES
            ]
            print(f"  bias {bias + shift:.2f}: {'; '.join(told)}")


if __name__ == "__main__":
    main()
