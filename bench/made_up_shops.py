"""Questions about made-up shops, written for fitting: what each shop's pages answer, and what they do not.

`bench/questions/*.txt`: `@shop`, `@doc` and its text, then `+ question || the words of the page that answer it`
and `- question` for what the pages leave open although they speak of the subject.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("questions")
HELD_OUT = ("accounts", "beauty", "outdoor")
"""Shops whose questions the reader was never trained on."""


@dataclass
class Page:
    """One page of a shop with its questions."""

    shop: str
    title: str
    text: str = ""
    questions: list[tuple[str, str | None]] = field(default_factory=list)
    """(question, the words that answer it or None)."""


def pages_of(name: str) -> list[Page]:
    """The pages of one shop file."""
    pages: list[Page] = []
    shop = ""
    for line in (FOLDER / f"{name}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("@shop "):
            shop = line.removeprefix("@shop ")
        elif line.startswith("@doc "):
            pages.append(Page(shop, line.removeprefix("@doc ")))
        elif line.startswith("+ "):
            question, _, answer = line[2:].rpartition("||")
            pages[-1].questions.append((question.strip(), answer.strip()))
        elif line.startswith("- ") and pages[-1].questions:
            pages[-1].questions.append((line[2:].strip(), None))
        elif line != "@end":
            pages[-1].text += line + "\n"
    return pages


def shops() -> list[str]:
    """The names of all shops."""
    return sorted(path.stem for path in FOLDER.glob("*.txt"))
