"""Questions and answers that a page states as schema.org data.

Never here: the page's visible text.
"""

from __future__ import annotations

import re

from engine.knowledge.pages.products import plain
from engine.knowledge.pages.structured import Item, first_text, items_of, types_of

__all__ = ["page_questions", "with_questions"]


def page_questions(items: list[Item]) -> list[tuple[str, str]]:
    """(question, answer) pairs of a page's FAQ data."""
    pairs: dict[str, str] = {}
    for item in items:
        if not types_of(item) & {"FAQPage", "QAPage"}:
            continue
        for entry in items_of(item.get("mainEntity")):
            question = plain(first_text(entry.get("name")))
            answers = items_of(entry.get("acceptedAnswer")) or items_of(entry.get("suggestedAnswer"))
            answer = plain(first_text(answers[0].get("text"))) if answers else ""
            if question and answer:
                pairs.setdefault(question, answer)
    return list(pairs.items())


def with_questions(text: str, pairs: list[tuple[str, str]]) -> str:
    """`text` followed by the pairs whose answers it does not hold already."""
    held = letters(text)
    missing = [(question, answer) for question, answer in pairs if letters(answer)[:200] not in held]
    return "\n\n".join([text, *(f"## {question}\n\n{answer}" for question, answer in missing)]).strip()


def letters(text: str) -> str:
    """Letters and digits only, for finding text that is set differently."""
    return re.sub(r"[\W_]+", "", text.lower())
