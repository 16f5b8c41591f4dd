"""The portable file: which parts it has, what its manifest says, and how large it may be.

Never here: reading or writing one; see `bundle_reading` and `bundle_writing`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from engine.domain.bot import Guardrails, Languages, Persona
from engine.errors import InvalidInput

__all__ = [
    "CUT_OFF",
    "EVIDENCE_FOLDER",
    "FORMAT",
    "FORMAT_VERSION",
    "LARGEST_DIRECTORY",
    "LARGEST_FILE",
    "LARGEST_MANIFEST",
    "LARGEST_UNPACKED",
    "LONGEST_LINE",
    "MANIFEST",
    "MEDIA_TYPE",
    "MOST_PACKED",
    "MOST_PARTS",
    "PARTS",
    "PRODUCT_VERSION",
    "BundledBot",
    "CopiedBatch",
    "Manifest",
    "Part",
    "broken",
]

FORMAT, FORMAT_VERSION = "storeclerk-bundle", 1
PRODUCT_VERSION = "0.1.0"
"""Of this release, as in `pyproject.toml`; told for people, decided on by nobody."""
MEDIA_TYPE = "application/zip"
MANIFEST = "manifest.json"
EVIDENCE_FOLDER = "evidence/"
PARTS = (
    "bot.json",
    "version.json",
    "icon.png",
    "sources.jsonl",
    "copies.jsonl",
    "documents.jsonl",
    "passages.jsonl",
    "vectors.f32",
    "products.jsonl",
    "corrections.json",
    "pins.jsonl",
    "test_cases.jsonl",
)
"""Every part beside the manifest and the evidence. A name that is not among them does not belong in the file."""
LARGEST_FILE = 2_000_000_000
LARGEST_DIRECTORY = 65_536
"""Bytes of the zip's own table of contents: a real one takes about 1,500."""
MOST_PARTS = 100
"""Real files have 16."""
LARGEST_UNPACKED = 6_000_000_000
LARGEST_MANIFEST = 1_000_000
LONGEST_LINE = 64_000_000
"""Bytes of one record: the largest is a batch of a feed's products."""
MOST_PACKED = 250
"""How many times smaller than its content a file may be: real ones are four to ten times, a bomb a thousand."""
CUT_OFF = "it is no file that Storeclerk wrote, or it was cut off on the way. Download it again."


@dataclass(frozen=True, slots=True)
class Part:
    """One part of the file, by which it is checked."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """What the file says of itself."""

    format: str
    format_version: int
    product_version: str
    """Of the Storeclerk that wrote it."""
    made_at: datetime
    bot: str
    """Id that the bot had there."""
    name: str
    version: int
    """Number that the version had there."""
    fingerprint: str
    """That the version had there; the importer makes it anew from what arrived."""
    embedder: str
    dimensions: int
    model: str
    """What composed answers there, and so what the evidence was collected with."""
    passages: int
    products: int
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class BundledBot:
    """The draft of a bot as it travels; its look is made again from icon, seed and wishes."""

    name: str
    persona: Persona
    guardrails: Guardrails
    languages: Languages
    seed: str | None
    theme_overrides: dict[str, str] = field(default_factory=dict)
    kind: Literal["bot"] = "bot"


@dataclass(frozen=True, slots=True)
class CopiedBatch:
    """A batch of what a source brought, as it was kept; `batch` is a `ReadBatch`."""

    source: str
    number: int
    batch: dict[str, object]


def broken(what: str, code: str = "bundle_damaged") -> InvalidInput:
    """The file cannot be used; `what` says why and names the part."""
    return InvalidInput(f"This file cannot be used: {what}", code=code)
