"""Questions about made-up shops, written for fitting: what each shop's pages answer, and what they do not.

`bench/questions/*.txt`: `@shop`, `@doc` and its text, then `+ question || the words of the page that answer it`
and `- question` for what the pages leave open although they speak of the subject.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).with_name("questions")
HELD_OUT = ("accounts", "beauty", "coffee", "jewellery", "outdoor", "printers3d")
"""Shops whose questions the reader was never trained on."""
HELP_CENTRES = (
    "consoles", "courses", "dashcams", "domains", "ereaders", "fitness", "handmade", "headphones",
    "keyboards", "mealkits", "mesh", "monitors", "pools", "prints", "rental", "scooters", "sewing", "solar",
    "telescopes", "tickets", "trains", "translations", "vacuums", "watches",
)  # fmt: skip
"""Makers and services whose pages are short articles with steps; the reader was trained on them after the others."""
HARDER = (
    "boardgames", "caravans", "cosmeticslab", "dolls", "ebikes2", "hats", "ironing", "microscopes", "petfood",
    "printersink", "radios", "safety", "spices", "stoves",
)  # fmt: skip
"""Shops with more questions that nothing answers than others: names that no page knows, offers that suggest themselves.
The reader that is shipped was not trained on them; one that was is told of in `docs/answers.md`."""


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


def mistakes(name: str) -> list[str]:
    """What is wrong with one shop file: answers that are not the page's words, questions asked twice."""
    found: list[str] = []
    asked: set[str] = set()
    for page in pages_of(name):
        for question, answer in page.questions:
            if answer is not None and not any(answer in line for line in page.text.splitlines()):
                found.append(f"{name}: {page.title}: {question!r}: no line of the page has {answer!r}")
            if question.casefold() in asked:
                found.append(f"{name}: {page.title}: {question!r} is asked twice")
            asked.add(question.casefold())
    return found


if __name__ == "__main__":
    for shop in shops():
        questions = [answer for page in pages_of(shop) for _, answer in page.questions]
        print(f"{shop}: {len(questions)} questions, {sum(answer is None for answer in questions)} left open")
        print("\n".join(mistakes(shop)))
