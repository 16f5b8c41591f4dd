"""Logs are events with fields, as text or as JSON."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = """
import structlog
from engine.logging import configure_logging
from engine.settings import Settings
configure_logging(Settings(_env_file=None, log_format={form!r}, log_level="warning"))
log = structlog.get_logger()
log.info("quiet")
log.warning("turn.not_recorded", bot="b1")
"""


@pytest.mark.parametrize(
    ("form", "expected"), [("json", '"event": "turn.not_recorded"'), ("text", "turn.not_recorded")]
)
def test_events_of_enough_weight_are_written(form: str, expected: str):
    command = [sys.executable, "-c", SCRIPT.format(form=form)]
    written = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stderr
    assert expected in written
    assert "b1" in written
    assert "quiet" not in written
