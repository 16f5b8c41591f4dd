"""Wishes that lean on what was asked before: `and in blue?`.

Never here: reading a single message.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.answering.wishes.lexicon import Lexicon
from engine.answering.wishes.phrases import FOLLOWS
from engine.answering.wishes.reading import read_wish
from engine.answering.wishes.wish import Wish
from engine.domain.product_words import folded

__all__ = ["follows_on", "merged", "read_conversation"]

FOLLOW_UP_WORDS = 9


def follows_on(text: str, wish: Wish) -> bool:
    """Whether a message leans on the one before it."""
    plain = folded(text).strip()
    if len(plain.split()) > FOLLOW_UP_WORDS:
        return False
    bare = bool(wish.conditions or wish.order != "relevance") and not wish.words
    return bare or FOLLOWS.search(plain) is not None


def merged(earlier: Wish, wish: Wish) -> Wish:
    """A wish that leans on an earlier one: what it says itself counts, the rest stays as it was."""
    limits = wish.limits if wish.limits.given else earlier.limits
    excluded = {name for name, _ in wish.without_options}
    options = {name: values for name, values in earlier.options.items() if name not in excluded}
    same = earlier.asked in {"price", "stock"} and not (wish.words or wish.cue or wish.order != "relevance")
    asked = wish.asked if wish.asked in {"price", "stock"} else earlier.asked if same else "search"
    return replace(
        wish,
        asked=asked,
        words=wish.words or earlier.words,
        limits=limits,
        options=options | dict(wish.options),
        without=tuple(dict.fromkeys((*earlier.without, *wish.without))),
        without_options=tuple(
            item
            for item in dict.fromkeys((*earlier.without_options, *wish.without_options))
            if item[0] not in wish.options or item in wish.without_options
        ),
        brand=wish.brand or earlier.brand,
        availability=wish.availability or (earlier.availability if asked == "search" else None),
        age=earlier.age if wish.age is None else wish.age,
        order=wish.order if wish.order != "relevance" else earlier.order,
        only_first=wish.only_first if wish.order != "relevance" else earlier.only_first,
        cue=wish.cue or earlier.cue,
        rules=wish.rules or (earlier.rules and not wish.of_products),
    )


def read_conversation(questions: Sequence[str], text: str, lexicon: Lexicon, language: str = "") -> Wish:
    """What a message wishes for after earlier questions, oldest first."""
    earlier: Wish | None = None
    for question in (*questions, text):
        wish = read_wish(question, lexicon, language)
        leans = earlier is not None and not wish.rules and follows_on(question, wish)
        earlier = (
            merged(earlier, wish) if leans and earlier is not None and (earlier.of_products or earlier.words) else wish
        )
    return earlier or Wish()
