"""A parsing process: `python -m engine.knowledge.parsing.worker MEMORY SECONDS`. Bytes in, JSON out, no network.

Never here: heavy imports at the top; a process pays only for the format it meets. Each job on standard input is a
line of JSON (`job`, `size`, and the job's own fields) followed by `size` bytes; each answer is one line of JSON.
"""

from __future__ import annotations

import ctypes
import dataclasses
import json
import os
import resource
import select
import sys
import tempfile
from typing import Any, BinaryIO

from engine.knowledge.failures import Unreadable

__all__ = ["answer", "main"]

NEW_NETWORK = 0x40000000
NEW_USER = 0x10000000
IDLE_SECONDS = 60.0
MEASURED = ("COVERAGE_PROCESS_START", "COVERAGE_PROCESS_CONFIG")
MEASURED_BYTES = 16 * 1024 * 1024
REFUSED_EVENTS = (
    "socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system", "os.exec", "os.fork",
    "os.mkdir", "os.rename", "os.remove", "os.rmdir", "os.link", "os.symlink", "os.chmod", "os.chown", "os.truncate",
    "shutil.",
)  # fmt: skip
WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND


def restrain(memory: int, seconds: int) -> None:
    """Bound this process for good: memory, processor time, files, network, other programs."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # Not one byte into any file, by native code either; only a measurement of our own tests may write.
    written = MEASURED_BYTES if measured() else 0
    resource.setrlimit(resource.RLIMIT_FSIZE, (written, written))
    if seconds:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    # Where the kernel allows it, a network namespace of our own holds against native code too.
    ctypes.CDLL(None, use_errno=True).unshare(NEW_USER | NEW_NETWORK)
    tempfile.tempdir = os.devnull  # libraries ask for one as they are imported, and none could be written
    sys.addaudithook(refuse)


def measured() -> bool:
    """Whether this process is measured by our own tests."""
    return any(name in os.environ for name in MEASURED)


def refuse(event: str, details: tuple[Any, ...]) -> None:
    """Stop what no parser has any business doing: network, other programs, writing."""
    if event.startswith(REFUSED_EVENTS):
        raise PermissionError(f"a parsing process may not use {event!r}")
    if event == "open" and isinstance(details[0], (str, bytes)) and details[2] & WRITING and not measured():
        raise PermissionError("a parsing process may not write files")


def answer(job: dict[str, Any], content: bytes) -> dict[str, Any]:
    """The result of one job, or its failure by name."""
    try:
        if job["job"] == "page":
            from engine.knowledge.pages.page import parse_page  # noqa: PLC0415

            return {"result": dataclasses.asdict(parse_page(content, job["url"], job.get("charset", "")))}
        from engine.knowledge.parsing.documents import parse_file  # noqa: PLC0415

        found = parse_file(content, job["filename"], ocr=bool(job.get("ocr")))
        return {"result": dataclasses.asdict(found)}
    except Unreadable as error:
        return {"code": error.code, "detail": error.detail}
    except (MemoryError, RecursionError):
        return {"code": "too_costly", "detail": ""}
    except BaseException as error:  # whatever a parser does, also one in Rust, the next job must go on
        if isinstance(error, (KeyboardInterrupt, SystemExit)):
            raise
        if "bad_alloc" in str(error) or "ailed to allocate" in str(error):
            return {"code": "too_costly", "detail": ""}
        return {"code": "damaged" if job["job"] == "file" else "unparsable", "detail": type(error).__name__}


def main(source: BinaryIO, target: BinaryIO, *, idle_seconds: float = IDLE_SECONDS) -> None:
    """Answer jobs until there are none for a while."""
    while select.select([source], [], [], idle_seconds)[0]:
        line = source.readline()
        if not line:
            return
        job = json.loads(line)
        target.write(json.dumps(answer(job, exactly(source, job["size"]))).encode() + b"\n")
        target.flush()


def exactly(source: BinaryIO, size: int) -> bytes:
    """The next `size` bytes."""
    parts: list[bytes] = []
    while size > 0:
        part = source.read(min(size, 1 << 20))
        if not part:
            break
        parts.append(part)
        size -= len(part)
    return b"".join(parts)


if __name__ == "__main__":
    restrain(int(sys.argv[1]), int(sys.argv[2]))
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # a parser that prints must not disturb the answers
        main(os.fdopen(0, "rb", buffering=0), answers)
