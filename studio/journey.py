"""How far a bot has come, and the one next step.

Never here: Streamlit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from studio.navigation import PAGES, PageRow, page_row
from studio.records import Bot, Source, Version

__all__ = ["Journey", "Step", "journey_of"]

StepState = Literal["done", "now", "later"]


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the way, and whether it is behind, here or ahead."""

    row: PageRow
    state: StepState


@dataclass(frozen=True, slots=True)
class Journey:
    """All steps with the next one named."""

    steps: tuple[Step, ...]
    next: PageRow
    advice: str
    """What to do next, as a sentence."""

    @property
    def done(self) -> int:
        """How many steps are behind."""
        return sum(step.state == "done" for step in self.steps)


ADVICE = {
    "look": "Upload your icon, so that your bot looks like your shop.",
    "knowledge": "Show your bot where the answers are.",
    "train": "Have your bot read what you gave it.",
    "talk": "Ask your bot a few questions.",
    "test": "Prove that its answers are right.",
    "live": "Your bot has proved itself. Put it to work.",
    "dashboard": "Your bot is live. See how it serves your shoppers.",
}


def journey_of(bot: Bot, sources: Sequence[Source], versions: Sequence[Version], *, talked: bool = False) -> Journey:
    """The way of one bot. Later success counts for earlier steps: a live bot has been trained, whatever is listed."""
    passed = any(version.status in {"passed", "live", "retired"} for version in versions)
    tested = any(version.status in {"testing", "rejected"} for version in versions)
    trained = any(version.can_answer for version in versions)
    done = {
        "look": bot.has_icon,
        "knowledge": bool(sources),
        "train": trained,
        "talk": trained and (talked or tested or passed),
        "test": passed,
        "live": bot.live is not None,
    }
    rows = [row for row in PAGES if row.step is not None]
    following = next((row for row in rows if not done[row.slug]), page_row("dashboard"))
    return Journey(
        tuple(Step(row, "done" if done[row.slug] else "now" if row == following else "later") for row in rows),
        following,
        ADVICE[following.slug],
    )
