"""Words that say nothing about what is asked, and questions compared without them."""

from __future__ import annotations

import re

__all__ = ["EMPTY_WORDS", "content_words", "telling_words"]

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
POLITE_WORDS = frozenset(
    [
        "a",
        "an",
        "the",
        "please",
        "hello",
        "hi",
        "hey",
        "thanks",
        "thank",
        "i",
        "me",
        "my",
        "is",
        "are",
        "am",
        "be",
        "can",
        "could",
        "would",
        "may",
        "do",
        "does",
        "did",
        "there",
        "any",
        "some",
        "so",
        "just",
        "also",
        "tell",
        "know",
        "of",
        "to",
        "for",
        "at",
        "in",
    ]
)
"""Words that two askings of one question may differ in. What asks, denies or limits is not among them:
`how long`, `not`, `without` and `before` make another question."""
WORD = re.compile(r"\w+")


def singular(word: str) -> str:
    """A word without the plural's s."""
    return word.removesuffix("s") if len(word) > 3 else word


def content_words(text: str) -> frozenset[str]:
    """The words of a question that carry its meaning, without case and the plural's s; all of them when none does."""
    words = [word for word in WORD.findall(text.casefold()) if word not in EMPTY]
    return frozenset(map(singular, words or WORD.findall(text.casefold())))


def telling_words(text: str) -> frozenset[str]:
    """What makes a question this one and no other."""
    words = [word for word in WORD.findall(text.casefold()) if word not in POLITE_WORDS]
    return frozenset(map(singular, words or WORD.findall(text.casefold())))


EMPTY = frozenset(EMPTY_WORDS)
