"""Questions with answers as text: pasted or from a file, and out again as CSV.

Never here: storing them.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from engine.domain.knowledge import ItemFailure
from engine.domain.spreadsheets import guarded, unguarded

__all__ = ["PairsRead", "QuestionAndAnswer", "pairs_as_csv", "read_pairs"]

MOST_LINES = 20_000
QUESTION = re.compile(r"(?:q|question|frage|f|pregunta|domanda)\s*\d*\s*[:.)]\s*(?P<text>.+)", re.I)
ANSWER = re.compile(r"(?:a|answer|antwort|réponse|r|respuesta|risposta)\s*\d*\s*[:.)]\s*(?P<text>.*)", re.I)
HEADERS = (
    {"question", "questions", "frage", "fragen", "pregunta", "domanda", "q"},
    {"answer", "answers", "antwort", "antworten", "réponse", "reponse", "respuesta", "risposta", "a"},
)


@dataclass(frozen=True, slots=True)
class QuestionAndAnswer:
    """One pair."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class PairsRead:
    """What a text held, and which parts of it could not be used."""

    pairs: tuple[QuestionAndAnswer, ...]
    failures: tuple[ItemFailure, ...]


def read_pairs(text: str) -> PairsRead:
    """Pairs from a table with two columns, from lines that begin with Q: and A:, or from blocks.

    A block is a question on its first line and the answer below it, blank lines between blocks.
    """
    cleaned = text.replace("\r\n", "\n").replace("\r", "\n").strip("\ufeff \n")
    lines = cleaned.split("\n")
    if len(lines) > MOST_LINES:
        failure = ItemFailure("all lines", f"These are more than {MOST_LINES:,} lines; add them in parts.", "too_large")
        return PairsRead((), (failure,))
    table = rows_of(cleaned)
    return checked(table if table is not None else mixed(lines))


def rows_of(text: str) -> Iterator[tuple[int, str, str]] | None:
    """The rows of a table, or None when it is not one: it needs a header, or quoted or tabbed cells in each row."""
    first = text.split("\n", 1)[0]
    for delimiter in ("\t", ";", ",", "|"):
        names = [cell.strip().strip('"').casefold() for cell in first.split(delimiter)]
        if len(names) >= 2 and any(name in HEADERS[0] for name in names) and any(name in HEADERS[1] for name in names):
            places = [next(at for at, name in enumerate(names) if name in known) for known in HEADERS]
            return rows(text, delimiter, places, skip=1)
    if all("\t" in line for line in text.split("\n") if line.strip()):
        return rows(text, "\t", [0, 1], skip=0)
    return None


def rows(text: str, delimiter: str, places: Sequence[int], *, skip: int) -> Iterator[tuple[int, str, str]]:
    """(line, question, answer) of each filled row."""
    reader = csv.reader(io.StringIO(text), delimiter=delimiter)
    for number, row in enumerate(reader):
        if number >= skip and any(cell.strip() for cell in row):
            cells = [row[place].strip() if place < len(row) else "" for place in places]
            yield reader.line_num, *(unguarded(cell) for cell in cells)  # type: ignore[misc]


def marked(first: int, lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """(line, question, answer) of lines that begin with Q: and A:; `first` is the number of the first one."""
    begun, question, answer, answering = 0, "", [], False  # type: ignore[var-annotated]
    for number, line in enumerate(lines, first):
        if found := QUESTION.fullmatch(line.strip()):
            if begun:
                yield begun, question, "\n".join(answer).strip()
            begun, question, answer, answering = number, found["text"].strip(), [], False
        elif begun and (reply := ANSWER.fullmatch(line.strip())) and not answering:
            answer, answering = [reply["text"]], True
        elif answering:
            answer.append(line)
    if begun:
        yield begun, question, "\n".join(answer).strip()


def mixed(lines: Sequence[str]) -> Iterator[tuple[int, str, str]]:
    """(line, question, answer) of blocks, each written in its own way.

    A block that neither is marked nor asks anything goes on with the answer of the marked block above it.
    """
    waiting: tuple[int, list[str]] | None = None
    for number, block in blocks(lines):
        if QUESTION.fullmatch(block[0].strip()):
            if waiting is not None:
                yield from marked(*waiting)
            waiting = number, block
        elif waiting is not None and not block[0].rstrip().endswith("?"):
            waiting[1].extend(["", *block])
        else:
            if waiting is not None:
                yield from marked(*waiting)
            waiting = None
            yield number, block[0].strip(), "\n".join(block[1:]).strip()
    if waiting is not None:
        yield from marked(*waiting)


def blocks(lines: Sequence[str]) -> Iterator[tuple[int, list[str]]]:
    """(number of its first line, lines) of each block between blank lines."""
    block: list[str] = []
    for number, line in enumerate([*lines, ""], 1):
        if line.strip():
            block.append(line)
        elif block:
            yield number - len(block), block
            block = []


def checked(found: Iterator[tuple[int, str, str]]) -> PairsRead:
    """The pairs that are whole; the others by line and reason."""
    pairs: dict[str, QuestionAndAnswer] = {}
    failures: list[ItemFailure] = []
    for line, question, answer in found:
        if question and answer:
            pairs[question] = QuestionAndAnswer(question, answer)
        else:
            missing = "answer" if question else "question"
            failures.append(
                ItemFailure(f"line {line}: {(question or answer)[:80]}", f"There is no {missing}.", "incomplete")
            )
    return PairsRead(tuple(pairs.values()), tuple(failures))


def pairs_as_csv(pairs: Sequence[QuestionAndAnswer]) -> str:
    """The pairs as CSV (RFC 4180) with a header; cells that a spreadsheet would run are made harmless."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(["question", "answer"])
    writer.writerows([guarded(pair.question), guarded(pair.answer)] for pair in pairs)
    return text.getvalue()
