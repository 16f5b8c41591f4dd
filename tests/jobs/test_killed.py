"""A training that is killed at any stage goes on at the next start: nothing lost, nothing doubled."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
BATCH = 128


def run(data: Path, stage: str) -> subprocess.CompletedProcess[str]:
    """One process of the trainer."""
    command = [sys.executable, "-m", "tests.jobs.trainer", str(data), stage]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What a run without a kill gives."""
    finished = run(tmp_path_factory.mktemp("undisturbed"), "never")
    assert finished.returncode == 0, finished.stderr[-2000:]
    result = json.loads(finished.stdout)
    assert result["status"] == "ready"
    return dict(result)


@pytest.mark.parametrize("stage", ["reading", "splitting", "embedding", "writing", "sealing"])
def test_a_killed_training_goes_on_where_it_stopped(tmp_path: Path, stage: str, undisturbed: dict[str, object]):
    killed = run(tmp_path, stage)
    assert killed.returncode == -9, killed.stderr[-2000:]
    resumed = run(tmp_path, stage)
    assert resumed.returncode == 0, resumed.stderr[-2000:]
    result = json.loads(resumed.stdout)
    assert result == undisturbed
    embedded = Counter((tmp_path / "embedded.log").read_text(encoding="utf-8").splitlines())
    repeated = [text for text, times in embedded.items() if times > 1]
    # Only the batch whose step was not saved when the process died may have been embedded again.
    assert len(repeated) <= (BATCH if stage == "embedding" else 0)
