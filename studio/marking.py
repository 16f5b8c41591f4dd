"""Two texts held against each other in Markdown: what is gone is struck through, what is new is bold.

Never here: Streamlit. Strokes and weight carry the difference, so that nobody depends on a colour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from studio.records import Reply
from studio.style import plain

__all__ = ["LEGEND", "difference_words", "marked"]

LEGEND = "Struck through is gone, bold is new."
LONGEST = 1500
"""Words of a text that are held against each other; longer ones are shown without marks."""


def marked(before: str, after: str) -> tuple[str, str]:
    """Both texts in Markdown with their differences marked."""
    old, new = pieces(before), pieces(after)
    if before == after or not old or not new or max(len(old), len(new)) > LONGEST:
        return shown(before), shown(after)
    steps = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    left = [run_of(old[first:last], "~~" if step != "equal" else "") for step, first, last, _, _ in steps]
    right = [run_of(new[first:last], "**" if step != "equal" else "") for step, _, _, first, last in steps]
    return "".join(left), "".join(right)


def pieces(text: str) -> list[str]:
    """Words, and the space between them."""
    return re.findall(r"\s+|\S+", text)


def run_of(parts: Sequence[str], mark: str) -> str:
    """Some pieces, each word marked by itself: a mark does not hold beside a space or across a line's end."""
    return "".join(space_of(part) if part.isspace() else f"{mark}{plain(part)}{mark}" for part in parts)


def space_of(part: str) -> str:
    """A space, or a line's end, in Markdown."""
    return "  \n" if "\n" in part else " "


def shown(text: str) -> str:
    """A text without marks."""
    return run_of(pieces(text.strip()), "") or "*Nothing.*"


def difference_words(before: Reply, after: Reply, same: bool) -> str:
    """What differs between two replies, as a sentence."""
    if same:
        return "The same answer"
    if before.outcome != "answered" and after.outcome == "answered":
        return "Answered now, not before"
    if before.outcome == "answered" and after.outcome != "answered":
        return "No longer answered"
    differing = [
        name
        for name, old, new in (
            ("other words", " ".join(before.text.split()), " ".join(after.text.split())),
            ("other figures", re.findall(r"\d[\d.,]*", before.text), re.findall(r"\d[\d.,]*", after.text)),
            ("other products", [card.title for card in before.products], [card.title for card in after.products]),
            ("another source", {item.title for item in before.citations}, {item.title for item in after.citations}),
        )
        if old != new
    ]
    return ("Differs: " + ", ".join(differing)) if differing else "Differs"
