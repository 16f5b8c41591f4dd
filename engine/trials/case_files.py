"""Test cases as files that people open in a spreadsheet (CSV) or a program reads (JSON lines), and back.

Never here: keeping them.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from engine.domain.spreadsheets import guarded, unguarded
from engine.domain.trial import CaseKind, TestCase
from engine.errors import FieldProblem, InvalidInput, TooLarge
from engine.trials.cases import LONGEST_QUESTION, MOST_EARLIER, CaseText, clean_texts, one_line

__all__ = ["COLUMNS", "LARGEST_FILE", "MOST_ROWS", "CaseFormat", "RowProblem", "read_cases", "written"]

CaseFormat = Literal["csv", "jsonl"]
COLUMNS = (
    "question", "earlier", "expects", "must_include", "must_not_include",
    "expected_source", "expected_product", "language", "kind", "approved", "goal",
)  # fmt: skip
LISTS = frozenset({"earlier", "must_include", "must_not_include"})
MOST_ROWS = 2_000
LARGEST_FILE = 5_000_000
"""Bytes."""
MOST_TEXTS = 20
LONGEST_TEXT = 500
KINDS: tuple[str, ...] = get_args(CaseKind)
WORDS_FOR_YES = frozenset({"yes", "y", "true", "1", "x", "ja", "oui", "si", "sí"})
WORDS_FOR_NO = frozenset({"no", "n", "false", "0", "", "nein", "non"})
SEPARATOR = re.compile(r"(?<!\\)((?:\\\\)*);")


@dataclass(frozen=True, slots=True)
class RowProblem:
    """One cell that cannot be used."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    line: int
    """Line of the file, from 1."""
    column: str
    """Name of the column; empty when it is the whole line."""
    message: str
    """What is wrong with it and what to do."""


class Unusable(Exception):
    """A cell of a row that cannot be used."""

    def __init__(self, column: str, message: str) -> None:
        super().__init__(message)
        self.column, self.message = column, message


def written(cases: Iterable[TestCase], form: CaseFormat) -> bytes:
    """The cases as a file; reading it again gives the same."""
    if form == "jsonl":
        lines = (json.dumps(fields(case), ensure_ascii=False) + "\n" for case in cases)
        return "".join(lines).encode()
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for case in cases:
        writer.writerow([guarded(cell(value)) for value in fields(case).values()])
    # A byte order mark: without it Excel reads UTF-8 as the letters of old Windows.
    return out.getvalue().encode("utf-8-sig")


def fields(case: TestCase) -> dict[str, Any]:
    """A case by the names of the columns."""
    found = {name: getattr(case, name) for name in COLUMNS}
    return {name: list(value) if name in LISTS else value for name, value in found.items()}


def cell(value: object) -> str:
    """A value as one cell: several texts with semicolons between them."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "; ".join(text.replace("\\", "\\\\").replace(";", "\\;") for text in value)
    return "" if value is None else str(value)


def read_cases(content: bytes, name: str) -> tuple[list[tuple[int, CaseText]], list[RowProblem]]:
    """(line, case) of each good row, and what is wrong with the others.

    Raises TooLarge for a file over the limits, InvalidInput for one that is no table of cases.
    """
    if len(content) > LARGEST_FILE:
        raise TooLarge(f"{name!r} is larger than {LARGEST_FILE // 1_000_000} MB; import it in parts.")
    text = decoded(content, name)
    lined = name.lower().endswith((".jsonl", ".ndjson", ".json")) or text.lstrip().startswith("{")
    good: list[tuple[int, CaseText]] = []
    bad: list[RowProblem] = []
    for count, (line, row) in enumerate(json_rows(text) if lined else csv_rows(text, name), start=1):
        if count > MOST_ROWS:
            raise TooLarge(f"{name!r} holds more than {MOST_ROWS:,} test questions; import it in parts.")
        try:
            good.append((line, case_of(row)))
        except Unusable as problem:
            bad.append(RowProblem(line, problem.column, problem.message))
    return good, bad


def decoded(content: bytes, name: str) -> str:
    """The text of a file, as UTF-8 or as spreadsheets on Windows write it. Raises InvalidInput."""
    marks = (b"\xff\xfe", b"\xfe\xff")
    for encoding in ("utf-16",) if content.startswith(marks) else ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise unusable_file(f"{name!r} is not text; save it as CSV (UTF-8) or as JSON lines.")


def unusable_file(message: str) -> InvalidInput:
    """The error for a file as a whole."""
    return InvalidInput(message, fields=[FieldProblem("file", message)])


def csv_rows(text: str, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(line, row) of a table whose first line names its columns. Raises InvalidInput."""
    skipped = 0
    if text.lower().startswith("sep="):
        text, skipped = text.partition("\n")[2], 1
    head = text.partition("\n")[0]
    delimiter = max(",;\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        names = [one_line(column).lower().replace(" ", "_") for column in next(reader, [])]
        if "question" not in names:
            raise unusable_file(
                f"The first line of {name!r} has to name the columns, among them 'question'. "
                "Export your test questions to see how a file looks."
            )
        before = reader.line_num
        for row in reader:
            line, before = before + 1 + skipped, reader.line_num
            if any(value.strip() for value in row):
                yield line, {column: unguarded(value) for column, value in zip(names, row, strict=False)}
    except csv.Error as error:
        raise unusable_file(f"Line {reader.line_num + skipped} of {name!r} cannot be read as CSV: {error}.") from error


def json_rows(text: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """(line, row) of JSON lines; a line that is none is a row without anything."""
    for line, said in enumerate(text.split("\n"), start=1):
        if not said.strip():
            continue
        try:
            row = json.loads(said)
        except (ValueError, RecursionError):
            row = None
        yield line, row if isinstance(row, dict) else {"": said}


def case_of(row: Mapping[str, Any]) -> CaseText:
    """The case in a row. Raises Unusable naming the cell."""
    if "" in row and "question" not in row:
        raise Unusable("", 'is no JSON object; write one object a line, such as {"question": "..."}.')
    question = one_line(text_in(row, "question"))
    if not 1 <= len(question) <= LONGEST_QUESTION:
        raise Unusable("question", f"has {len(question)} characters; a question has 1 to {LONGEST_QUESTION}.")
    expects = text_in(row, "expects").strip().lower().removeprefix("an ").removeprefix("a ") or "answer"
    if expects not in {"answer", "refusal"}:
        raise Unusable("expects", f"is {shown(expects)}; write 'answer' or 'refusal'.")
    kind = text_in(row, "kind").strip() or "own"
    if kind not in KINDS:
        raise Unusable("kind", f"is {shown(kind)}; leave it empty, or write one of {', '.join(KINDS)}.")
    language = text_in(row, "language").strip().lower()
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise Unusable("language", f"is {shown(language)}; write a code of two letters such as 'de', or nothing.")
    return CaseText(
        question,
        expects,  # type: ignore[arg-type]
        texts_in(row, "must_include", MOST_TEXTS),
        texts_in(row, "must_not_include", MOST_TEXTS),
        one_line(text_in(row, "expected_source")) or None,
        one_line(text_in(row, "expected_product")) or None,
        yes_in(row, "approved"),
        kind,  # type: ignore[arg-type]
        texts_in(row, "earlier", MOST_EARLIER),
        language,
        one_line(text_in(row, "goal"))[:LONGEST_TEXT],
    )


def shown(text: str) -> str:
    """A value in a message, not longer than one reads."""
    return repr(text if len(text) <= 40 else f"{text[:39]}…")


def text_in(row: Mapping[str, Any], column: str) -> str:
    """A cell as text. Raises Unusable."""
    value = row.get(column)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Unusable(column, "is not text; write it in quotation marks.")
    if len(value) > LONGEST_TEXT * MOST_TEXTS:
        raise Unusable(column, f"has {len(value):,} characters; write less.")
    return value


def texts_in(row: Mapping[str, Any], column: str, most: int) -> tuple[str, ...]:
    """A cell as several texts: a list, or semicolons between them. Raises Unusable."""
    value = row.get(column)
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        found = clean_texts(value)
    else:
        found = clean_texts(parts(text_in(row, column)))
    if len(found) > most:
        raise Unusable(column, f"holds {len(found)} texts; at most {most} are possible.")
    if any(len(text) > LONGEST_TEXT for text in found):
        raise Unusable(column, f"holds a text of more than {LONGEST_TEXT} characters; write less.")
    return found


def parts(text: str) -> Sequence[str]:
    """The texts of a cell; a semicolon after a backslash belongs to its text."""
    marked = SEPARATOR.sub(lambda found: f"{found[1]}\n", text.replace("\n", " "))
    return [re.sub(r"\\([\\;])", r"\1", part) for part in marked.split("\n")]


def yes_in(row: Mapping[str, Any], column: str) -> bool:
    """A cell as yes or no. Raises Unusable."""
    value = row.get(column)
    if isinstance(value, bool):
        return value
    said = text_in(row, column).strip().lower()
    if said in WORDS_FOR_YES | WORDS_FOR_NO:
        return said in WORDS_FOR_YES
    raise Unusable(column, f"is {shown(said)}; write 'yes' or 'no'.")
