"""One parsing process as the engine sees it: asked for one thing after the other, killed when it overruns.

Never here: how many there are.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

from engine.knowledge.failures import Unreadable

__all__ = ["ParsingProcess"]

ROOT = Path(__file__).resolve().parents[3]
SET_VARIABLES = {
    "PYTHONSAFEPATH": "1", "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "ORT_DISABLE_TELEMETRY": "1",  # else onnxruntime leaves a database in the home folder
}  # fmt: skip
KEPT_VARIABLES = (
    "PATH", "LANG", "LC_ALL", "TMPDIR", "VIRTUAL_ENV", "COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG",
)  # fmt: skip
BROKEN = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE})


class ParsingProcess:
    """One process that answers one job after the other."""

    def __init__(self, memory: int, cpu_seconds: int) -> None:
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        environment |= {"PYTHONPATH": str(ROOT), **SET_VARIABLES}
        self.process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "engine.knowledge.parsing.worker", str(memory), str(cpu_seconds)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )

    def ask(self, job: dict[str, Any], content: bytes, seconds: float) -> dict[str, Any]:
        """The answer to a job. Raises Unreadable `too_costly` when the process overruns, `crashed` when it breaks."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        timer = threading.Timer(seconds, self.process.kill)
        timer.start()
        try:
            self.process.stdin.write(json.dumps({**job, "size": len(content)}).encode() + b"\n" + content)
            self.process.stdin.flush()
            line = self.process.stdout.readline()
        except OSError:
            line = b""
        finally:
            timer.cancel()
        if not line.endswith(b"\n"):
            raise Unreadable("crashed" if -self.ended() in BROKEN else "too_costly")
        found: dict[str, Any] = json.loads(line)
        return found

    def ended(self) -> int:
        """How the process ended by itself, a signal as a negative number; it is killed when it lingers."""
        try:
            return self.process.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def stop(self) -> None:
        """End the process and free what it holds."""
        self.process.kill()
        for pipe in (self.process.stdin, self.process.stdout):
            try:
                if pipe is not None:
                    pipe.close()
            except OSError:
                continue  # bytes that were never taken
        self.process.wait()
