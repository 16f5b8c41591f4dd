"""A conversion process: `python -m engine.knowledge.catalogue.worker MEMORY SECONDS`. One job in, lines out.

The job is a line of JSON on standard input. Each line out is a letter and JSON: `P` a batch (`products`, `failures`),
`S` the summary, `R` the answer to a look at a file, `E` why it could not be read. The pipe holds the process back when
nobody reads. Never here: heavy imports at the top; they are bounded like the rest.
"""

from __future__ import annotations

import ctypes
import json
import os
import resource
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from engine.knowledge.catalogue.limits import BATCH_BYTES, BATCH_PRODUCTS, CONVERSION_SCRATCH_BYTES
from engine.knowledge.failures import Unreadable
from engine.knowledge.parsing.worker import NEW_NETWORK, NEW_USER, refuse

if TYPE_CHECKING:
    from engine.domain.knowledge import Product
    from engine.knowledge.catalogue.conversion import Conversion, Job

__all__ = ["answer"]


def restrain(memory: int, seconds: int) -> None:
    """Bound this process for good, as a parsing process is, but for one scratch file that rows wait in."""
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_FSIZE, (CONVERSION_SCRATCH_BYTES, CONVERSION_SCRATCH_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    ctypes.CDLL(None, use_errno=True).unshare(NEW_USER | NEW_NETWORK)
    sys.addaudithook(refuse)


def answer(job: dict[str, Any]) -> Iterator[bytes]:
    """The lines that answer a job, whatever the file does."""
    try:
        yield from {"convert": convert, "inspect": inspect, "recognise": recognise}[job["job"]](job)
    except Unreadable as error:
        yield failure(error.code, error.detail)
    except (MemoryError, RecursionError):
        yield failure("too_costly", "")
    except Exception as error:  # whatever a file does, its owner is told
        yield failure("damaged", type(error).__name__)


def failure(code: str, detail: str) -> bytes:
    """The line that says why not."""
    return b"E" + json.dumps({"code": code, "detail": detail[:200]}).encode()


def job_of(job: dict[str, Any]) -> Job:
    """What is to be read."""
    from engine.knowledge.catalogue.conversion import Job  # noqa: PLC0415 - see the top

    return Job(
        Path(job["path"]), job["source"], datetime.fromisoformat(job["as_of"]), job.get("format", ""),
        job.get("mapping") or {}, job.get("currency", ""), job.get("address", ""),
    )  # fmt: skip


def convert(job: dict[str, Any]) -> Iterator[bytes]:
    """Every product in batches, then the summary."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - see the top

    from engine.domain.knowledge import ItemFailure, Product  # noqa: PLC0415 - see the top
    from engine.knowledge.catalogue.conversion import prepare  # noqa: PLC0415 - see the top

    one, failures = TypeAdapter(Product), TypeAdapter(list[ItemFailure])
    conversion = prepare(job_of(job))
    for batch in batches(one, conversion):
        yield b'P{"products":[' + b",".join(batch) + b'],"failures":[]}'
    listed = failures.dump_json(conversion.all_failures())
    yield b'P{"products":[],"failures":' + listed + b"}"
    yield b"S" + json.dumps({
        "format": conversion.form.name, "products": conversion.products, "variants": conversion.variants,
        "refused": conversion.refused, "skipped": conversion.skipped, "excluded_columns": conversion.excluded(),
        "currency_unstated": conversion.unstated, "dated": conversion.dated,
    }).encode()  # fmt: skip


def batches(one: Any, conversion: Conversion) -> Iterator[list[bytes]]:
    """Products as JSON, so many at once as a batch may hold."""
    batch: list[bytes] = []
    size = 0
    product: Product
    for product in conversion.read():
        batch.append(one.dump_json(product))
        size += len(batch[-1])
        if len(batch) == BATCH_PRODUCTS or size > BATCH_BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def inspect(job: dict[str, Any]) -> Iterator[bytes]:
    """A look at the file."""
    from pydantic import TypeAdapter  # noqa: PLC0415 - see the top

    from engine.knowledge.catalogue.inspection import Inspection, inspect_file  # noqa: PLC0415 - see the top

    yield b"R" + TypeAdapter(Inspection).dump_json(inspect_file(job_of(job)))


def recognise(job: dict[str, Any]) -> Iterator[bytes]:
    """The format of a catalogue, or null."""
    from engine.knowledge.catalogue.conversion import prepare  # noqa: PLC0415 - see the top
    from engine.knowledge.catalogue.recognition import is_catalogue  # noqa: PLC0415 - see the top

    conversion = prepare(job_of(job))
    name = conversion.form.name
    sure = bool(conversion.head) and is_catalogue(name, conversion.guesses, conversion.head)
    sure = sure and next(conversion.read(rows=len(conversion.head)), None) is not None
    yield b"R" + json.dumps({"format": name if sure else None}).encode()


def main(source: BinaryIO, target: BinaryIO) -> None:
    """Answer one job."""
    for line in answer(json.loads(source.readline())):
        target.write(line + b"\n")
        target.flush()


if __name__ == "__main__":
    restrain(int(sys.argv[1]), int(sys.argv[2]))
    with os.fdopen(os.dup(1), "wb") as answers:
        os.dup2(2, 1)  # a parser that prints must not disturb the answers
        main(os.fdopen(0, "rb"), answers)
