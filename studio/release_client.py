"""The part of the engine's REST API that is about a release, for one bot: changes, comparisons, dates, drift.

Never here: how a call is made; that is `Api`'s.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from studio import records as r
from studio import release_records as s
from studio.client import Api

__all__ = ["MOST_QUESTIONS", "Release"]

MOST_QUESTIONS = 20
"""How many questions the engine lets two versions be asked at once."""
COMPARING_SECONDS = 300.0
"""Longest wait for two versions to answer all of them: a language model may take its time."""


@dataclass(frozen=True, slots=True)
class Release:
    """How one bot's versions replace each other."""

    api: Api
    bot: str

    def path(self, *parts: str | int) -> str:
        """A path below the bot's, each part made safe."""
        return "/".join([f"/v1/bots/{quote(self.bot, safe='')}", *(quote(str(part), safe="") for part in parts)])

    # Before going live

    def changes(self, number: int, against: int) -> s.Changes:
        """What a version has otherwise than another."""
        return self.api.one(
            s.Changes, "GET", self.path("versions", number, "changes"), params={"against": against}, timeout=120.0
        )

    def compare(self, number: int, against: int, questions: Sequence[str]) -> list[s.Compared]:
        """What two versions answer to the same questions. Raises ApiError for none and for too many."""
        answer = self.api.one(
            r.Page[s.Compared],
            "POST",
            self.path("versions", number, "compare"),
            json={"against": against, "questions": list(questions)},
            timeout=COMPARING_SECONDS,
        )
        return list(answer.items)

    def start_shadow(self, number: int, days: int) -> s.Shadow:
        """Let a version answer shoppers' questions of the last days again. Raises ApiError when there are none."""
        return self.api.one(s.Shadow, "POST", self.path("versions", number, "shadow"), json={"days": days})

    def latest_shadow(self, number: int) -> s.Shadow | None:
        """The newest run over real questions, or None when there was none."""
        return self.api.found(s.Shadow, self.path("versions", number, "shadow", "latest"))

    def cancel_shadow(self, number: int) -> None:
        """Stop the newest run over real questions."""
        self.api.call("POST", self.path("versions", number, "shadow", "latest", "cancel"))

    # Going live by itself

    def schedule(self, number: int, at: datetime) -> r.Bot:
        """Let a version go live at a time with its zone. Raises ApiError for a time the engine cannot use."""
        return self.api.one(r.Bot, "POST", self.path("versions", number, "schedule"), json={"at": at.isoformat()})

    def cancel_schedule(self) -> r.Bot:
        """Let nothing go live by itself."""
        return self.api.one(r.Bot, "DELETE", self.path("schedule"))

    # Afterwards

    def drift(self) -> s.Drift:
        """Whether the live version still does what it proved."""
        return self.api.one(s.Drift, "GET", self.path("drift"))
