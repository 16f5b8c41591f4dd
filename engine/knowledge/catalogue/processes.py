"""Conversion processes as the engine uses them: one for each file, read line by line, killed when they overrun.

Never here: reading files. `worker` is the other side of the pipe.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from engine.knowledge.catalogue.limits import CONVERSION_MEMORY_BYTES, CONVERSION_SECONDS, INSPECTION_SECONDS
from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.processes import KEPT_VARIABLES, ROOT

__all__ = ["CatalogueProcesses", "Line"]


@dataclass(frozen=True, slots=True)
class Line:
    """One answer of a process."""

    kind: str
    content: bytes
    """JSON."""


class CatalogueProcesses:
    """Starts a process for each job."""

    def __init__(
        self,
        *,
        memory: int = CONVERSION_MEMORY_BYTES,
        seconds: float = CONVERSION_SECONDS,
        inspection_seconds: float = INSPECTION_SECONDS,
    ) -> None:
        self.memory, self.seconds, self.inspection_seconds = memory, seconds, inspection_seconds

    async def convert(self, path: Path, job: dict[str, Any]) -> AsyncIterator[Line]:
        """Batches (`P`), then the summary (`S`). Raises Unreadable."""
        async with self.lines({**job, "job": "convert", "path": str(path)}, self.seconds) as lines:
            async for line in lines:
                yield line

    async def ask(self, job: str, path: Path, options: dict[str, Any]) -> bytes:
        """The one answer to a look at a file, as JSON. Raises Unreadable."""
        async with self.lines({**options, "job": job, "path": str(path)}, self.inspection_seconds) as lines:
            async for line in lines:
                return line.content
        raise Unreadable("too_costly")

    @asynccontextmanager
    async def lines(self, job: dict[str, Any], seconds: float) -> AsyncIterator[AsyncIterator[Line]]:
        """The answers of a process that is gone afterwards, however this ends."""
        process = await asyncio.to_thread(self.start, job, seconds)
        timer = threading.Timer(seconds, process.kill)
        timer.daemon = True
        timer.start()
        try:
            assert process.stdout is not None
            yield answers(process.stdout)
        finally:
            timer.cancel()
            await asyncio.to_thread(stop, process)

    def start(self, job: dict[str, Any], seconds: float) -> subprocess.Popen[bytes]:
        """A process at work."""
        environment = {name: os.environ[name] for name in KEPT_VARIABLES if name in os.environ}
        environment |= {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1", "PYTHONSAFEPATH": "1"}
        process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
            [sys.executable, "-m", "engine.knowledge.catalogue.worker", str(self.memory), str(int(seconds) + 1)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=environment,
        )
        assert process.stdin is not None
        try:
            process.stdin.write(json.dumps(job).encode() + b"\n")
            process.stdin.close()
        except OSError:
            pass  # it died at once; reading its answers says so
        return process


async def answers(pipe: IO[bytes]) -> AsyncIterator[Line]:
    """Each line. Raises Unreadable with what the process says, or `too_costly` when it dies in the middle."""
    while True:
        line = await asyncio.to_thread(pipe.readline)
        if not line.endswith(b"\n"):
            raise Unreadable("too_costly")
        kind, content = chr(line[0]), line[1:-1]
        if kind == "E":
            said = json.loads(content)
            raise Unreadable(said["code"], said["detail"])
        yield Line(kind, content)
        if kind in {"S", "R"}:
            return


def stop(process: subprocess.Popen[bytes]) -> None:
    """End the process and free what it holds."""
    process.kill()
    if process.stdout is not None:
        process.stdout.close()
    process.wait()
