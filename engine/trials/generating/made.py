"""A question that a sentence answers, and how the sentence's words are taken over into it.

Never here: any form of sentence.
"""

# ruff: noqa: E501 - a pattern reads best in one line

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.trials.generating.voice import as_shopper, has_vague_words, lower_first

__all__ = ["FLAGS", "NOUN", "SOON", "YES", "Made", "Rule", "first_clause", "named", "names_in"]

YES = ("Yes,",)
"""How an answer begins that promises what the shop declines. Its opposite ends many a word: `Casino, ...`"""
FLAGS = re.IGNORECASE
NOUN = r"(?P<noun>[A-Za-z][\w'’&/ -]{2,60}?)"
"""A noun phrase in front of a verb."""
UNCLEAR_NOUN = re.compile(
    r"^(an? |you\b|we\b|i\b|if\b|when\b|to\b|but\b|and\b|or\b|all\b|both\b|what\b|which\b|who\b|so\b|then\b|also\b|please\b|for\b|in\b|on\b|at\b|from\b|with\b|by\b|after\b|before\b|each\b|every\b)",
    FLAGS,
)
LATER = re.compile(r"\s*(?:[,;:]| – | - | because | since | so that | which | who | unless | but )\s*.*$", FLAGS)
"""Where a clause ends and the next begins."""
SOON = re.compile(r"\s+(at the moment|currently|at this time|yet|right now|for now)$", FLAGS)


@dataclass(frozen=True, slots=True)
class Made:
    """A question that a sentence answers, and what of it an answer must hold."""

    question: str
    must_include: tuple[str, ...] = ()
    topic: str = ""
    subject: str = ""
    must_not_include: tuple[str, ...] = ()
    standing: int = 1
    least_words: int = 2
    """Telling words without which the question could mean anything."""


Rule = Callable[[str], Iterator[Made]]


def named(noun: str) -> str:
    """A noun phrase as it stands inside a question; empty when it does not tell what is meant."""
    noun = noun.strip()
    if UNCLEAR_NOUN.match(noun) or has_vague_words(noun) or len(noun.split()) > 9:
        return ""
    return as_shopper(lower_first(noun))


def first_clause(text: str) -> str:
    """The words up to where another clause begins."""
    return SOON.sub("", LATER.sub("", text)).strip()


def names_in(text: str) -> list[str]:
    """The names of a list in a sentence."""
    parts = [part.strip() for part in re.split(r",\s*(?:and |or )?| and | or ", text.rstrip(". "))]
    named = [part for part in parts if re.fullmatch(r"(?:[a-z][A-Z]|[A-Z])[\w.+-]*(?: [A-Z][\w.+-]*)*", part)]
    return named if len(named) == len(parts) else []
