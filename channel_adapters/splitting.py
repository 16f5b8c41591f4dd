"""Cuts a long text into parts that each fit one message: at paragraphs, else sentences, else words.

Never here: limits; each channel has its own.
"""

from __future__ import annotations

import re

__all__ = ["parts_of"]

ENDS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…。！？؟])[\"'”’)]*\s+|(?<=[。！？])"),
    re.compile(r"\s+"),
)
"""Where a text may be cut, best first."""
LEAST_FILLED = 0.4
"""A better place is taken only when the part is filled that far: else a long text falls into crumbs."""


def parts_of(text: str, longest: int, whole: re.Pattern[str] | None = None) -> list[str]:
    """Parts of at most `longest` characters, none of them blank. What matches `whole` is never cut.

    Such a match must itself be shorter than `longest`.
    """
    rest, parts = text.strip(), []
    while len(rest) > longest:
        at = place(rest, longest, whole)
        parts.append(rest[:at].rstrip())
        rest = rest[at:].lstrip()
    return [part for part in (*parts, rest) if part]


def place(text: str, longest: int, whole: re.Pattern[str] | None) -> int:
    """Where to cut a text that is too long; at least 1."""
    kept = [] if whole is None else [found.span() for found in whole.finditer(text[: longest * 2])]
    head = text[: longest + 1]
    for ends in ENDS:
        places = [found.end() for found in ends.finditer(head) if found.start() <= longest]
        fit = [min(at, longest) for at in places if at >= longest * LEAST_FILLED and not inside(min(at, longest), kept)]
        if fit:
            return fit[-1]
    begin = next((begin for begin, end in kept if begin < longest < end), longest)
    return begin if begin > 0 else next(end for _, end in kept)


def inside(at: int, kept: list[tuple[int, int]]) -> bool:
    """Whether a place lies within something that is not cut."""
    return any(begin < at < end for begin, end in kept)
