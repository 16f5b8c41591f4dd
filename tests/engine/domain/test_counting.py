"""Counts in words."""

import re
from pathlib import Path

from engine.domain.counting import counted


def test_one_and_many():
    assert (counted(1, "answer"), counted(2, "answer"), counted(1200, "answer")) == (
        "1 answer",
        "2 answers",
        "1,200 answers",
    )
    assert (counted(1, "answer tells", "answers tell"), counted(0, "reply", "replies")) == (
        "1 answer tells",
        "0 replies",
    )


def test_no_sentence_of_the_engine_leaves_the_number_open():
    engine = Path(__file__).resolve().parents[3] / "engine"
    found = [
        (path.name, line.strip())
        for folder in ("trials", "answering", "release", "handover", "channels")
        for path in (engine / folder).rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
        if re.search(r"[a-z]\(s\)[ .,]", line)
    ]
    assert not found
