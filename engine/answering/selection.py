"""Which pieces of the found passages make up a short answer, and how sure it is that they are one.

The pieces (sentences, list items, table rows) of the best passages are read once more on their own; a linear
score picks the best of them. Weights were fitted by `python -m bench.selection` on questions of made-up shops.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from engine.answering.excerpts import is_bare_fact, pieces_of
from engine.answering.expectations import expected_kinds, states, valued
from engine.answering.stems import stems
from engine.domain.knowledge import Passage
from engine.ports import Excerpt, Reading, ScoredPassage

__all__ = [
    "PIECE_WEIGHTS",
    "Candidate",
    "candidates",
    "certainty",
    "figures",
    "names_pages",
    "says_all",
    "select",
    "shortened",
    "titles_of",
]

PASSAGES = 10
"""How many of the best passages are taken apart."""
DOCUMENTS = 2
"""Of so many documents, further passages too; and an answer quotes no more of them."""
MOST_PASSAGES = 16
MOST_PIECES = 40
LEADING = 4
"""The documents are those of so many of the best passages."""
PIECE_WEIGHTS: Mapping[str, float] = {
    "passage": 0.348, "document": 0.008, "rank": 0.493, "answer": 0.388, "kind": 0.434, "words": 3.406, "place": -0.963,
    "likeliest": 0.465, "length": -0.027, "neighbour": 0.116, "question": -3.107,
}  # fmt: skip
NO_NEIGHBOUR = -3.0
NO_KIND = 0.45
SHORT_ANSWER = 6
"""Words. So short a piece lives of the question above it."""
NAMES = 0.8
"""Share of a text's words that stand in other pages' titles; so many make it a table of contents."""
SENTENCE = re.compile(r"[.!?;|]\s|[.!?;|]$|\d")
CLOSE, FAR = 1.5, 7.0
"""How far below the best a piece may score that makes an answer longer than usual, or that is part of one at all."""
LONGER = 2
"""Times so many words an answer may have that is made of close pieces."""
FOLLOWS = 1.25
"""What it is worth to follow a chosen piece."""
FEWEST_TELLING = 2


@dataclass(frozen=True, slots=True)
class Candidate:
    """One piece of a found passage."""

    source: ScoredPassage
    """The passage it stands in, as it was found and read."""
    piece: ScoredPassage
    """The piece in the form of a passage, to be read."""


def candidates(question: str, ranked: Sequence[ScoredPassage]) -> list[Candidate]:
    """The pieces of the best passages, each once, to be read on their own.

    Without short answers to a question that shares no word with this one: their "Yes." says nothing here.
    """
    read = [item for item in ranked if item.reading is not None]
    best = read[:PASSAGES]
    documents = list(dict.fromkeys(item.passage.document for item in best[:LEADING]))[:DOCUMENTS]
    best += [item for item in read[PASSAGES:] if item.passage.document in documents]
    found: list[Candidate] = []
    seen: set[str] = set()
    titles = titles_of(ranked)
    asked = stems(question)
    for item in best[:MOST_PASSAGES]:
        other = answered_question(item.passage)
        elsewhere = bool(other) and not asked & stems(other)
        for text in pieces_of(item.passage.text):
            if is_bare_fact(text) or (elsewhere and len(text.split()) <= SHORT_ANSWER):
                continue
            fresh = text not in seen and not names_pages(text, item.passage.document, titles)
            if fresh and len(found) < MOST_PIECES:
                seen.add(text)
                passage = replace(item.passage, id=f"{item.passage.id}/{len(found)}", text=text, digest="")
                found.append(Candidate(item, replace(item, passage=passage, reading=None)))
    return found


def answered_question(passage: Passage) -> str:
    """The question that a passage answers: its own, or the heading it stands under; empty when there is none."""
    heading = passage.headings[-1] if passage.headings else passage.title
    return passage.question or (heading if heading.rstrip().endswith("?") else "")


def titles_of(ranked: Sequence[ScoredPassage]) -> dict[str, frozenset[str]]:
    """The words of the title of each document among the passages."""
    return {item.passage.document: stems(item.passage.title) for item in ranked}


def names_pages(text: str, document: str, titles: Mapping[str, frozenset[str]]) -> bool:
    """Whether a text of a document only names other pages, as a list of links does."""
    if SENTENCE.search(text) or not (said := stems(text)):
        return False
    others = frozenset[str]().union(*(words for key, words in titles.items() if key != document))
    return len(said & others) >= NAMES * len(said)


def figures(question: str, pieces: Sequence[Candidate], readings: Sequence[Reading]) -> list[dict[str, float]]:
    """What the choice of each piece rests on, by the names of `PIECE_WEIGHTS`."""
    asked, kinds = stems(question), expected_kinds(question)
    top = max(item.source.score for item in pieces)
    best: dict[str, float] = {}
    for item in pieces:
        document = item.source.passage.document
        best[document] = max(best.get(document, -math.inf), item.source.score)
    highest, surest = max(reading.rank for reading in readings), max(reading.answer for reading in readings)
    beside = neighbours(pieces, readings)
    found = []
    for place, (item, reading) in enumerate(zip(pieces, readings, strict=True)):
        passage, text = item.piece.passage, item.piece.passage.text
        found.append(
            {
                "passage": item.source.score - top,
                "document": best[passage.document] - top,
                "rank": reading.rank - highest,
                "answer": reading.answer - surest,
                "kind": 0.0 if not kinds else 1.0 if states(text, kinds[0]) else -1.0,
                "words": share(asked, stems(text)),
                "place": share(asked, stems(" ".join((passage.title, *passage.headings)))),
                "likeliest": float(holds_likeliest(item)),
                "length": math.log(1 + len(text.split())),
                "neighbour": beside[place] - surest,
                "question": float(text.rstrip().endswith("?")),
            }
        )
    return found


def share(asked: frozenset[str], said: frozenset[str]) -> float:
    """Which share of the words asked are said."""
    return len(asked & said) / max(1, len(asked))


def neighbours(pieces: Sequence[Candidate], readings: Sequence[Reading]) -> list[float]:
    """For each piece, how well the better of those beside it in the document reads as an answer."""
    found = [NO_NEIGHBOUR] * len(pieces)
    order = sorted(
        range(len(pieces)), key=lambda i: (pieces[i].piece.passage.document, pieces[i].piece.passage.position, i)
    )
    for one, other in pairwise(order):
        if pieces[one].piece.passage.document == pieces[other].piece.passage.document:
            found[one] = max(found[one], readings[other].answer)
            found[other] = max(found[other], readings[one].answer)
    return found


def holds_likeliest(item: Candidate) -> bool:
    """Whether the piece holds what the passage's reading took for the answer."""
    reading = item.source.reading
    if reading is None:
        return False
    likeliest = item.source.passage.text[reading.start : reading.end].strip()[:40]
    return bool(likeliest) and likeliest in item.piece.passage.text


def select(question: str, pieces: Sequence[Candidate], readings: Sequence[Reading]) -> tuple[Excerpt, ...]:
    """The pieces that may make up an answer, best first."""
    if not pieces:
        return ()
    scored = [
        Excerpt(item.source.passage, item.piece.passage.text, score_of(figure), reading)
        for item, reading, figure in zip(pieces, readings, figures(question, pieces, readings), strict=True)
    ]
    return tuple(sorted(scored, key=lambda excerpt: -excerpt.score))


def shortened(excerpts: Sequence[Excerpt], most_words: int) -> list[Excerpt]:
    """The best excerpts that fit into so many words, of at most two documents, best first; one at least.

    What follows a chosen piece on its page is taken rather than what stands elsewhere: steps and conditions go on.
    Pieces that come close to the best may make the answer twice as long; what is far behind it says nothing to the
    question and is left out, however much room there is.
    """
    if not excerpts:
        return []
    follower, scores = followers(excerpts), [excerpt.score for excerpt in excerpts]
    left, chosen = list(range(len(excerpts))), dict[int, int]()
    documents: set[str] = set()
    best = max(scores)
    while left:
        place = max(left, key=lambda one: scores[one])
        left.remove(place)
        document, size = excerpts[place].passage.document, len(excerpts[place].text.split())
        behind = best - scores[place]
        room = LONGER * most_words if behind <= CLOSE else most_words if behind <= FAR else 0
        if chosen and sum(chosen.values()) + size > room:
            continue
        if document not in documents and len(documents) >= DOCUMENTS:
            continue
        chosen[place] = size
        documents.add(document)
        if (after := follower.get(place)) is not None:
            scores[after] = excerpts[after].score + FOLLOWS
    # "Follow these steps:" without a step says nothing.
    telling = [one for one in chosen if not announces(excerpts[one].text) or follower.get(one) in chosen]
    return [excerpts[one] for one in telling or chosen]


def followers(excerpts: Sequence[Excerpt]) -> dict[int, int]:
    """Which piece comes next on the same page after each, by their places in the sequence."""
    order = sorted(range(len(excerpts)), key=lambda one: place_of(excerpts[one]))
    return {one: after for one, after in pairwise(order) if place_of(excerpts[one])[0] == place_of(excerpts[after])[0]}


def place_of(excerpt: Excerpt) -> tuple[str, int, int]:
    """Where a piece stands: its document, its passage's place there, and where in the passage it begins."""
    return excerpt.passage.document, excerpt.passage.position, excerpt.passage.text.find(excerpt.text)


def announces(text: str) -> bool:
    """Whether a piece only says that something follows."""
    return text.rstrip(" *_").endswith(":")


def says_all(question: str, excerpt: Excerpt) -> bool:
    """Whether every telling word of the question stands in the piece or above it, and there are some."""
    asked = stems(question)
    place = " ".join((excerpt.passage.title, *excerpt.passage.headings, excerpt.text))
    return len(asked) >= FEWEST_TELLING and asked <= stems(place)


def score_of(figure: Mapping[str, float]) -> float:
    """The weighted sum."""
    return sum(weight * figure[name] for name, weight in PIECE_WEIGHTS.items())


def certainty(question: str, chosen: Sequence[Excerpt]) -> float:
    """How well the chosen pieces speak of a value of the kind asked for, 0 to 1; in between when none is asked for."""
    if not expected_kinds(question):
        return NO_KIND
    asked = stems(question)
    places = {excerpt.text: stems(" ".join((excerpt.passage.title, *excerpt.passage.headings))) for excerpt in chosen}
    return valued(question, list(places), covering(asked, places))


def covering(asked: frozenset[str], places: Mapping[str, frozenset[str]]) -> Callable[[str], float]:
    """Which share of what is asked a text speaks of, under its title and headings."""

    def covers(text: str) -> float:
        return share(asked, stems(re.sub(r"\s+", " ", text)) | places[text])

    return covers
