"""The part of the engine's REST API that is about proof, for one bot: test questions, runs, the gate, what people said.

Never here: how a call is made; that is `Api`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from studio import proof_records as p
from studio import records as r
from studio.client import Api

__all__ = ["Proof"]


@dataclass(frozen=True, slots=True)
class Proof:
    """How one bot is proved."""

    api: Api
    bot: str

    def path(self, *parts: str | int) -> str:
        """A path below the bot's, each part made safe."""
        return "/".join([f"/v1/bots/{quote(self.bot, safe='')}", *(quote(str(part), safe="") for part in parts)])

    # Test questions

    def propose(self, count: int) -> int:
        """Propose so many questions from what the bot knows; answers how many new ones there were."""
        answer = self.api.call("POST", self.path("test_cases", "generate"), json={"count": count}, timeout=300.0)
        return len(r.Page[r.TestCase].model_validate(answer).items)

    def decide(self, approve: Sequence[str], reject: Sequence[str]) -> None:
        """Take some questions into use, and let others never be proposed again."""
        body = {"approve": list(approve), "reject": list(reject)}
        self.api.call("POST", self.path("test_cases", "decide"), json=body)

    def export_cases(self, kind: str) -> bytes:
        """All questions as `csv` or `jsonl`."""
        return self.api.content(f"{self.path('test_cases', 'export')}?format={kind}")

    def import_cases(self, name: str, content: bytes) -> p.ImportedCases:
        """Take over the questions of a file: how many were new, and each row that could not be used."""
        path, files = self.path("test_cases", "import"), {"file": (name, content)}
        return self.api.one(p.ImportedCases, "POST", path, files=files, timeout=120.0)

    def make_case(self, conversation: str, turn: str, reaction: str) -> None:
        """Make a test question of an answer that was `right` or `wrong`; of the same answer always the same."""
        self.api.call(
            "POST", self.path("conversations", conversation, "turns", turn, "case"), json={"reaction": reaction}
        )

    # Runs

    def cancel_trial(self, number: int) -> None:
        """Stop the newest run of a version."""
        self.api.call("POST", self.path("versions", number, "trials", "latest", "cancel"))

    def mark(self, number: int, case: str, attempt: int, right: bool | None) -> None:
        """Say whether an answer of the newest run is right."""
        body = {"case": case, "attempt": attempt, "right": right}
        self.api.call("POST", self.path("versions", number, "trials", "latest", "marks"), json=body)

    # The gate

    def rules(self) -> list[p.Rule]:
        """What each metric has to show."""
        return self.api.many(p.Rule, self.path("gate"))

    def change_rules(self, changes: Mapping[str, Mapping[str, float | int]]) -> None:
        """Set some requirements anew. Raises ApiError naming what goes beyond the limits."""
        self.api.call(
            "PATCH", self.path("gate"), json={"metrics": {name: dict(wish) for name, wish in changes.items()}}
        )

    def surprises(self, number: int) -> p.Surprises:
        """How a version departs from the last proved one."""
        return self.api.one(p.Surprises, "GET", self.path("versions", number, "surprises"))

    def confirm_surprises(self, number: int, digest: str) -> None:
        """Say that exactly these changes are meant. Raises ApiError when they are others by now."""
        self.api.call("POST", self.path("versions", number, "surprises", "confirm"), json={"digest": digest})

    def audit(self) -> list[p.AuditEntry]:
        """What was decided about the bot, newest first."""
        return self.api.many(p.AuditEntry, self.path("audit"))

    # People

    def questionnaires(self, number: int) -> list[p.Questionnaire]:
        """What testers of a version said at the end."""
        return self.api.many(p.Questionnaire, self.path("versions", number, "questionnaires"))
