"""Words that say nothing about what is asked, and questions compared without them."""

from __future__ import annotations

import re

__all__ = ["EMPTY_WORDS", "content_words"]

EMPTY_WORDS = """
    a about actually after again all already also always am an and another any anybody anyone anything are around as
    ask at away back be because been before being both but by came can cannot come could did do does doing done don
    down each either else ever every few for from further gave get gets getting give go goes going gone got guys had
    has have having he hello help her here hers hey hi him his how i if im in into is it its itself just kind know
    let like ll long make many may maybe me mean might mine more most much must my need no nor not now of off ok okay
    on once one only or other our ours out over own please possible put re really s said same say see she should so
    some somebody someone something still such sure t take taking tell than thank thanks that the their theirs them
    then there these they thing things think this those to too up us use ve very want wanted was way we well went
    were what when where whether which while who whom whose why will wish with without wonder would yes yet you your
    yours
""".split()  # noqa: SIM905 - a list this long is read as text
"""Words that say nothing about what is asked; they would make any passage look related in a small shop."""
WORD = re.compile(r"\w+")


def content_words(text: str) -> frozenset[str]:
    """The words of a question that carry its meaning, without case and the plural's s; all of them when none does."""
    words = [word.removesuffix("s") if len(word) > 3 else word for word in WORD.findall(text.casefold())]
    empty = {word.removesuffix("s") if len(word) > 3 else word for word in EMPTY_WORDS}
    return frozenset(word for word in words if word not in empty) or frozenset(words)
