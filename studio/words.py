"""Times, counts and states in a shop owner's words.

Never here: Streamlit.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

__all__ = [
    "CHANNELS",
    "ago",
    "choices",
    "count",
    "duration",
    "percent",
    "seconds",
    "stage_words",
    "time_left",
    "told_apart",
    "version_remark",
    "version_words",
    "when",
]

STAGES = {
    "waiting": "Waiting to start",
    "reading": "Reading your sources",
    "comparing": "Looking for what changed",
    "splitting": "Sorting what was read",
    "embedding": "Learning",
    "writing": "Writing it down",
    "sealing": "Checking that nothing is missing",
    "done": "Done",
}
STATUSES = {
    "queued": "waiting to be trained",
    "training": "being trained",
    "ready": "trained, not tested yet",
    "testing": "trained, not proved yet",
    "passed": "proved, ready to go live",
    "rejected": "did not pass the test",
    "live": "live",
    "retired": "was live before",
    "purged": "deleted",
    "failed": "training failed",
    "cancelled": "stopped",
}

CHANNELS = {
    "widget": "on your website",
    "openai": "through your own program",
    "api": "through your own program",
    "mcp": "through an agent",
    "studio": "in the studio",
    "playground": "by a tester",
    "trial": "in a test run",
    "teams": "in Teams or Azure Bot Service",
    "slack": "in Slack",
    "messenger": "in Messenger",
    "instagram": "on Instagram",
    "whatsapp": "on WhatsApp",
    "email": "by e-mail",
    "webhook": "through your own platform",
}
"""Where shoppers speak, as it stands in a sentence."""


def count(number: int, one: str, many: str | None = None) -> str:
    """`1 page`, `2 pages`, `1,200 pages`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def told_apart(labels: Sequence[str]) -> list[str]:
    """The labels in their order, each only once, as a choice is told by its label; the second `Mug` is `Mug (2)`."""
    taken = set(labels)
    met: set[str] = set()
    apart = []
    for label in labels:
        number, name = 2, label
        while name in met or (name != label and name in taken):
            name, number = f"{label} ({number})", number + 1
        met.add(name)
        apart.append(name)
    return apart


def choices(labels: Mapping[str, str]) -> dict[str, str]:
    """Id to label for a list to choose from, no two labels the same."""
    return dict(zip(labels, told_apart(list(labels.values())), strict=True))


def percent(share: float) -> str:
    """`93 %`."""
    return f"{share * 100:.0f} %"


def seconds(milliseconds: float) -> str:
    """`1.2 s`; what nobody notices is `under 0.1 s`."""
    return f"{milliseconds / 1000:.1f} s" if milliseconds >= 100 else "under 0.1 s"


def duration(seconds: float) -> str:
    """A length of time, rounded as people say it."""
    if seconds < 60:
        return count(max(1, round(seconds)), "second")
    if seconds < 3600:
        return count(round(seconds / 60), "minute")
    if seconds < 86_400:
        return count(round(seconds / 3600), "hour")
    return count(round(seconds / 86_400), "day")


def time_left(seconds: float | None) -> str:
    """How long something will still take, or nothing when it is not known."""
    return "" if seconds is None else f"about {duration(seconds)} left"


def ago(moment: datetime | None, now: datetime | None = None) -> str:
    """How long ago, or `never`."""
    if moment is None:
        return "never"
    seconds = ((now or datetime.now(UTC)) - aware(moment)).total_seconds()
    if seconds < -60:
        return f"in {duration(-seconds)}"
    return "just now" if seconds < 60 else f"{duration(seconds)} ago"


def when(moment: datetime | None) -> str:
    """A date and time, in UTC."""
    return "" if moment is None else f"{aware(moment).astimezone(UTC):%d %b %Y, %H:%M} UTC"


def aware(moment: datetime) -> datetime:
    """The moment with a time zone; the engine always means UTC."""
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def stage_words(stage: str) -> str:
    """A stage of training."""
    return STAGES.get(stage, stage)


def version_words(status: str) -> str:
    """A state of a version."""
    return STATUSES.get(status, status)


def version_remark(origin: str, failure: str | None, note: str) -> str:
    """What is to be said of a version beside its state: who asked for it, and what became of it."""
    made = "Made by itself because your sources changed." if origin == "sync" else ""
    return " ".join(filter(None, (made, failure or "", note)))
