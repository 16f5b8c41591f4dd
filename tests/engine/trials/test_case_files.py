"""Files of test cases: exact both ways, safe to open in a spreadsheet, and plain about what cannot be used."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.domain.trial import CaseKind, TestCase
from engine.errors import InvalidInput, TooLarge
from engine.trials.case_files import LARGEST_FILE, MOST_ROWS, CaseFormat, fields, read_cases, written
from engine.trials.cases import CaseText

LINES = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=60).map(
    lambda text: " ".join(text.split())
)
TEXTS = LINES.filter(bool)
CASES = st.builds(
    TestCase,
    id=st.just("c"),
    merchant=st.just("m"),
    bot=st.just("b"),
    question=TEXTS,
    expects=st.sampled_from(["answer", "refusal"]),
    must_include=st.lists(TEXTS, max_size=4).map(tuple),
    must_not_include=st.lists(TEXTS, max_size=2).map(tuple),
    expected_source=st.none() | TEXTS,
    expected_product=st.none() | TEXTS,
    approved=st.booleans(),
    kind=st.sampled_from(get_args(CaseKind)),
    earlier=st.lists(TEXTS, max_size=3).map(tuple),
    language=st.sampled_from(["", "de", "fr"]),
)


def as_text(case: TestCase) -> CaseText:
    return CaseText(
        case.question, case.expects, case.must_include, case.must_not_include, case.expected_source,
        case.expected_product, case.approved, case.kind, case.earlier, case.language,
    )  # fmt: skip


@given(st.lists(CASES, max_size=5), st.sampled_from(get_args(CaseFormat)))
def test_what_is_written_is_read_back_exactly(cases: list[TestCase], form: CaseFormat):
    good, problems = read_cases(written(cases, form), f"cases.{form}")
    assert problems == []
    assert [text for _, text in good] == [as_text(case) for case in cases]


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reader(content: bytes):
    for name in ("cases.csv", "cases.jsonl"):
        with contextlib.suppress(InvalidInput):
            good, problems = read_cases(content, name)
            assert all(text.question for _, text in good)
            assert all(problem.message for problem in problems)


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "'="])
def test_a_spreadsheet_runs_nothing_of_an_export(start: str):
    case = TestCase("c", "m", "b", f"{start}HYPERLINK(1)", "answer")
    rows = list(csv.reader(io.StringIO(written([case], "csv").decode("utf-8-sig"))))
    assert rows[1][0].startswith("'")
    [(_, text)], _ = read_cases(written([case], "csv"), "cases.csv")
    assert text.question == f"{start}HYPERLINK(1)"


@pytest.mark.parametrize(
    "content",
    [
        "question;must_include;approved\r\nGrüße aus Köln?;30 Tage;ja\r\n".encode("cp1252"),
        "\ufeffquestion;must_include;approved\r\nGrüße aus Köln?;30 Tage;yes\r\n".encode(),
        "question\tmust_include\tapproved\nGrüße aus Köln?\t30 Tage\t1\n".encode("utf-16"),
        "sep=;\nQuestion;Must include;Approved\nGrüße aus Köln?;30 Tage;x\n".encode(),
    ],
)
def test_files_of_spreadsheets_are_understood(content: bytes):
    good, problems = read_cases(content, "fragen.csv")
    assert problems == []
    assert [text for _, text in good] == [CaseText("Grüße aus Köln?", must_include=("30 Tage",), approved=True)]


def test_a_case_is_not_approved_unless_the_file_says_so():
    [(_, text)], _ = read_cases(b"question\nHow much?\n", "cases.csv")
    assert not text.approved


@pytest.mark.parametrize(
    ("row", "column", "told"),
    [
        ({"question": ""}, "question", "1 to 500"),
        ({"question": "q" * 501}, "question", "501 characters"),
        ({"question": "A?", "expects": "maybe"}, "expects", "'answer' or 'refusal'"),
        ({"question": "A?", "approved": "perhaps"}, "approved", "'yes' or 'no'"),
        ({"question": "A?", "kind": "riddle"}, "kind", "leave it empty"),
        ({"question": "A?", "language": "german"}, "language", "two letters"),
        ({"question": "A?", "earlier": ["1", "2", "3", "4"]}, "earlier", "at most 3"),
        ({"question": ["A?"]}, "question", "is not text"),
    ],
)
def test_a_bad_row_is_named_with_what_to_do_and_the_good_one_is_kept(row: dict[str, object], column: str, told: str):
    content = json.dumps({"question": "Good?"}) + "\n" + json.dumps(row) + "\n"
    good, [problem] = read_cases(content.encode(), "cases.jsonl")
    assert [text.question for _, text in good] == ["Good?"]
    assert (problem.line, problem.column) == (2, column)
    assert told in problem.message


def test_a_bad_row_of_a_table_is_named_by_its_line_in_the_file():
    content = b'question,expects\r\n"Two\r\nlines?",answer\r\nGood?,\r\nBad?,perhaps\r\n'
    good, [problem] = read_cases(content, "cases.csv")
    assert [text.question for _, text in good] == ["Two lines?", "Good?"]
    assert (problem.line, problem.column) == (5, "expects")


@pytest.mark.parametrize("line", ["no json", "[1]", "[" * 5000])
def test_a_line_that_is_no_object_is_named(line: str):
    good, [problem] = read_cases(f'{{"question": "Good?"}}\n{line}\n'.encode(), "cases.jsonl")
    assert len(good) == 1
    assert (problem.line, "JSON object" in problem.message) == (2, True)


def test_a_table_without_questions_is_refused_with_what_to_do():
    with pytest.raises(InvalidInput, match="among them 'question'"):
        read_cases(b"price;stock\n1;2\n", "feed.csv")


def test_files_over_the_limits_are_refused():
    with pytest.raises(TooLarge, match="5 MB"):
        read_cases(b"x" * (LARGEST_FILE + 1), "cases.csv")
    with pytest.raises(TooLarge, match="2,000"):
        read_cases(b"question\n" + b"A?\n" * (MOST_ROWS + 1), "cases.csv")


def test_columns_are_those_that_the_documentation_names():
    assert list(fields(TestCase("c", "m", "b", "q", "answer"))) == [
        "question", "earlier", "expects", "must_include", "must_not_include", "expected_source", "expected_product",
        "language", "kind", "approved", "goal",
    ]  # fmt: skip
