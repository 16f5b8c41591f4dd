"""The part of the engine's REST API that is about what a bot knows, for one bot.

Never here: how a call is made; that is `Api`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from studio import knowledge_records as k
from studio import records as r
from studio.client import Api

__all__ = ["Knowledge"]


@dataclass(frozen=True, slots=True)
class Knowledge:
    """What one bot knows, where it comes from, and what was put right."""

    api: Api
    bot: str

    def path(self, *parts: str) -> str:
        """A path below the bot's, each part made safe."""
        return "/".join([f"/v1/bots/{quote(self.bot, safe='')}", *(quote(part, safe="") for part in parts)])

    # Sources

    def kinds(self) -> list[r.SourceKindForm]:
        """The kinds of sources there are, with their forms."""
        return self.api.many(r.SourceKindForm, "/v1/source_kinds")

    def sources(self) -> list[r.Source]:
        """Where the bot's knowledge comes from."""
        return self.api.many(r.Source, self.path("sources"))

    def source(self, source: str) -> r.Source:
        """One source, with how far its reading is."""
        return self.api.one(r.Source, "GET", self.path("sources", source))

    def add(self, kind: str, options: Mapping[str, Any]) -> r.Source:
        """A new source from the fields of its form."""
        return self.api.one(r.Source, "POST", self.path("sources"), json={"kind": kind, **options})

    def add_files(self, files: Sequence[tuple[str, bytes]]) -> list[r.Source]:
        """A source for each file. Raises ApiError naming each refused file."""
        parts = [("files", file) for file in files]
        answer = self.api.one(r.Page[r.Source], "POST", self.path("sources", "files"), files=parts, timeout=180.0)
        return list(answer.items)

    def change(self, source: str, **options: Any) -> r.Source:
        """The source with the given options, or another schedule (`schedule_minutes`)."""
        return self.api.one(r.Source, "PATCH", self.path("sources", source), json=options)

    def delete(self, source: str) -> None:
        """Forget a source; its facts are gone from the next answer."""
        self.api.call("DELETE", self.path("sources", source))

    def read_now(self, source: str) -> r.Source:
        """Read a source again. Raises ApiError `already_reading`."""
        return self.api.one(r.Source, "POST", self.path("sources", source, "sync"))

    def stop(self, source: str) -> r.Source:
        """End the reading under way with what it has."""
        return self.api.one(r.Source, "POST", self.path("sources", source, "stop"))

    def accept(self, source: str) -> r.Source:
        """Use the smaller reading that was held back."""
        return self.api.one(r.Source, "POST", self.path("sources", source, "accept"))

    def dismiss(self, source: str) -> r.Source:
        """Keep the last good copy."""
        return self.api.one(r.Source, "POST", self.path("sources", source, "dismiss"))

    def items(self, source: str, limit: int, cursor: str | None = None) -> r.Page[k.ReadItem]:
        """A part of what the reading under way, or the last one, met."""
        return self.api.part(k.ReadItem, self.path("sources", source, "items"), limit, cursor)

    # Product feeds

    def columns(self, source: str) -> k.Columns:
        """What a feed's columns are read as. It is looked at anew, which takes a moment."""
        return self.api.one(k.Columns, "GET", self.path("sources", source, "columns"), timeout=120.0)

    def choose_columns(self, source: str, mapping: Mapping[str, str], currency: str) -> k.Columns:
        """Say what the columns hold; answers how the feed is read then."""
        body = {"mapping": dict(mapping), "currency": currency}
        return self.api.one(k.Columns, "PUT", self.path("sources", source, "columns"), json=body, timeout=120.0)

    # Questions and answers

    def understand_pairs(self, text: str) -> k.Pairs:
        """What pasted questions and answers hold; nothing is stored."""
        return self.api.one(k.Pairs, "POST", self.path("pairs"), json={"text": text})

    def pairs_csv(self, source: str) -> bytes:
        """A list of questions and answers as CSV."""
        return self.api.content(self.path("sources", source, "pairs.csv"))

    # Looking through it

    def documents(self, source: str, limit: int, cursor: str | None = None) -> r.Page[k.Document]:
        """A part of the pages and files learned from a source."""
        return self.api.part(k.Document, self.path("sources", source, "documents"), limit, cursor)

    def passages(self, document: str, limit: int, cursor: str | None = None) -> r.Page[k.Passage]:
        """A part of a document's passages, as they stand in it."""
        return self.api.part(k.Passage, self.path("documents", document, "passages"), limit, cursor)

    def products(self, wanted: Mapping[str, str], limit: int, cursor: str | None = None) -> r.Page[k.Product]:
        """A part of the catalogue, filtered."""
        return self.api.part(k.Product, self.path("products"), limit, cursor, **wanted)

    def look_up(self, version: int, question: str, limit: int = 8) -> k.LookUp:
        """What would answer a question."""
        body = {"question": question, "limit": limit}
        return self.api.one(k.LookUp, "POST", self.path("versions", str(version), "search"), json=body)

    # What was put right

    def corrections(self) -> list[k.Correction]:
        """Passages left out or worded anew, newest first."""
        return self.api.many(k.Correction, self.path("corrections"))

    def correct(self, document: str, position: int, text: str | None) -> None:
        """Leave a passage out (`text` is None), or let it say something else."""
        body = {"document": document, "position": position, "text": text}
        self.api.call("POST", self.path("corrections"), json=body)

    def undo(self, correction: str) -> None:
        """Take a correction back."""
        self.api.call("DELETE", self.path("corrections", correction))

    def pins(self) -> list[k.Pin]:
        """Answers that are given word for word, newest first."""
        return self.api.many(k.Pin, self.path("pins"))

    def pin(self, questions: Sequence[str], answer: str) -> k.Pin:
        """Fix the answer to a question in one or more wordings."""
        body = {"questions": list(questions), "answer": answer}
        return self.api.one(k.Pin, "POST", self.path("pins"), json=body)

    def suggestions(self) -> list[k.Suggestion]:
        """What people of the shop answered themselves, newest first."""
        return self.api.many(k.Suggestion, self.path("suggestions"))

    def use_suggestion(self, suggestion: str, questions: Sequence[str], answer: str, *, checked: bool) -> k.Pin:
        """Let the bot say it from now on."""
        body = {"questions": list(questions), "answer": answer, "checked": checked}
        return self.api.one(k.Pin, "POST", self.path("suggestions", suggestion, "accept"), json=body)

    def dismiss_suggestion(self, suggestion: str) -> None:
        """Never offer it again."""
        self.api.call("POST", self.path("suggestions", suggestion, "dismiss"))

    def unpin(self, pin: str) -> None:
        """Let a question be answered from the bot's knowledge again."""
        self.api.call("DELETE", self.path("pins", pin))
