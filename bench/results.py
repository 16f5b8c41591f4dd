"""What a bench measured, kept with its configuration, and held against the run before."""

from __future__ import annotations

import json
import platform
import subprocess
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

FOLDER = Path(__file__).with_name("results")


@dataclass(frozen=True)
class Result:
    """One figure."""

    bench: str
    name: str
    value: float
    observations: int
    goal: str = ""
    """What it should reach, such as `>= 0.88`."""

    @property
    def key(self) -> str:
        """Names the figure across runs."""
        return f"{self.bench}: {self.name}"

    @property
    def reached(self) -> bool | None:
        """Whether the goal is reached; None without one."""
        if not self.goal:
            return None
        sign, number = self.goal.split()
        return self.value >= float(number) if sign == ">=" else self.value <= float(number)


def show(results: Sequence[Result], before: dict[str, float] | None = None) -> None:
    """A table of the figures, with their change against an earlier run."""
    for result in results:
        known = (before or {}).get(result.key)
        change = "" if known is None else f"{result.value - known:+.3f}"
        mark = {None: "", True: "reached", False: "NOT reached"}[result.reached]
        print(f"{result.key:78.78} {result.value:>9.3f} {change:>8} n={result.observations:<6} {result.goal:10} {mark}")


def configuration() -> dict[str, str]:
    """What the figures depend on besides the code."""
    commit = subprocess.run(["git", "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False)
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": commit.stdout.strip(),
        "machine": f"{platform.machine()}, Python {platform.python_version()}",
    }


def last_run() -> dict[str, float]:
    """The figures of the newest stored run, by key."""
    stored = sorted(FOLDER.glob("quality-*.json"))
    if not stored:
        return {}
    rows = json.loads(stored[-1].read_text(encoding="utf-8"))["results"]
    return {Result(**row).key: row["value"] for row in rows}


def store(results: Sequence[Result], settings: dict[str, object]) -> Path:
    """Keep a run; answers where."""
    FOLDER.mkdir(exist_ok=True)
    told = configuration()
    path = FOLDER / f"quality-{told['at'].replace(':', '').replace('+0000', 'Z')}.json"
    body = {"configuration": told | {"settings": settings}, "results": [asdict(result) for result in results]}
    path.write_text(json.dumps(body, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return path
