"""What a merchant put right by hand: passages left out or worded anew, and answers fixed in advance."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

__all__ = ["Correction", "Corrections", "Pin"]


@dataclass(frozen=True, slots=True)
class Correction:
    """One passage that is left out, or says something else."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    id: str
    """Id."""
    kind: Literal["exclude", "edit"]
    """Whether the passage is left out or worded anew."""
    digest: str
    """Which passage: SHA-256 of its title, headings and text. Where the page changes, the correction ends."""
    title: str
    """Title of its document."""
    was: str
    """The passage as it stands in the source."""
    text: str
    """What it says instead; empty for one left out."""
    created_at: datetime
    """When it was made."""


@dataclass(frozen=True, slots=True)
class Corrections:
    """All corrections of one bot. They hold at once, in every version."""

    merchant: str
    bot: str
    removed_sources: tuple[str, ...] = ()
    """Sources that were deleted: their facts are gone from the next answer on."""
    items: tuple[Correction, ...] = ()
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Pin:
    """The shop's own answer to a question, given word for word."""

    id: str
    merchant: str
    bot: str
    questions: tuple[str, ...]
    """The question in one or more wordings."""
    answer: str
    created_at: datetime
    schema: int = 1
