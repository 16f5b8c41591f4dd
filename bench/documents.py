"""Reads every document and picture of the evaluation data: read, or refused with a named reason.

    python -m bench.documents [--fuzz N] [--seed S] [--json FILE]

With `--fuzz N`, N damaged copies of those files are read too: flipped bits, cut ends, blocks of other files put in.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import resource
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from bench.site import DATA
from engine.knowledge.failures import REASONS, Unreadable
from engine.knowledge.limits import FILE_UPLOAD_BYTES
from engine.knowledge.parsing import ParsingProcesses

SIDE_BY_SIDE = 2
OCR_EVERY = 20
"""Of the damaged pictures, one in so many is read; reading all would measure the models, not the edges."""


@dataclass(frozen=True)
class Outcome:
    """What became of one file."""

    path: str
    code: str
    """`read`, or the reason why not."""
    seconds: float
    characters: int = 0
    pages: int = 0
    notes: tuple[str, ...] = ()
    crash: str = ""
    """An exception that reached the caller: there must be none."""


class FuzzProcesses(ParsingProcesses):
    """Reads few of the pictures."""

    asked = 0

    def ask_ocr(self, job: dict[str, object], content: bytes) -> dict[str, object]:
        """An answer without reading, most of the time."""
        self.asked += 1
        if self.asked % OCR_EVERY:
            return {"code": "scanned", "detail": "not read in this run"}
        return super().ask_ocr(job, content)


def files() -> list[Path]:
    """Every document and picture of the data."""
    found = [path for folder in ("documents", "images") for path in sorted((DATA / folder).rglob("*"))]
    return [path for path in found if path.is_file() and path.name != "labels.jsonl"]


async def read(processes: ParsingProcesses, name: str, content: bytes) -> Outcome:
    """One file, whatever it does."""
    started = time.perf_counter()
    try:
        found = await processes.file(content, name)
    except Unreadable as error:
        unnamed = "" if error.code in REASONS else f"no words for {error.code!r}"
        return Outcome(name, error.code, time.perf_counter() - started, crash=unnamed)
    except Exception as error:  # this is what the run looks for
        return Outcome(name, "crash", time.perf_counter() - started, crash=repr(error))
    notes = tuple(found["notes"])
    unnamed = ", ".join(note for note in notes if note not in REASONS)
    return Outcome(
        name, "read", time.perf_counter() - started, len(found["text"]), len(found["page_starts"]), notes, unnamed
    )


async def read_all(processes: ParsingProcesses, jobs: Iterator[tuple[str, bytes]]) -> list[Outcome]:
    """All jobs, a few side by side."""
    outcomes: list[Outcome] = []

    async def work() -> None:
        for name, content in jobs:
            outcomes.append(await read(processes, name, content))

    await asyncio.gather(*(work() for _ in range(SIDE_BY_SIDE)))
    return outcomes


def damaged(paths: list[Path], count: int, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Copies of the files with something wrong in each."""
    for number in range(count):
        path = chance.choice(paths)
        content = bytearray(path.read_bytes()) or bytearray(b"\0")
        for _ in range(chance.randint(1, 3)):
            content = mutated(content, chance.choice(paths).read_bytes(), chance) or bytearray(b"\0")
        yield f"{number}-{path.name}", bytes(content[:FILE_UPLOAD_BYTES])


def mutated(content: bytearray, other: bytes, chance: random.Random) -> bytearray:
    """One change: flipped bits, a cut, a foreign block, zeros, a repeated block, or a number made huge."""
    at = chance.randrange(len(content))
    length = chance.randint(1, max(1, min(4096, len(content) // 4)))
    kind = chance.randrange(6)
    if kind == 0:
        for _ in range(chance.randint(1, 60)):
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    elif kind == 1:
        return content[:at]
    elif kind == 2:
        start = chance.randrange(max(len(other), 1))
        content[at : at + length] = other[start : start + length]
    elif kind == 3:
        content[at : at + length] = bytes(min(length, len(content) - at))
    elif kind == 4:
        content[at:at] = content[at : at + length] * chance.randint(1, 8)
    else:
        content[at : at + 4] = b"\xff\xff\xff\x7f"
    return content


def snapshot(folders: list[Path]) -> dict[str, tuple[int, int]]:
    """Size and time of every file under some folders."""
    found: dict[str, tuple[int, int]] = {}
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in names:
                try:
                    state = os.lstat(os.path.join(root, name))  # noqa: PTH118 - a quarter of the time, on 60,000 files
                except OSError:
                    continue
                found[os.path.join(root, name)] = (state.st_size, state.st_mtime_ns)  # noqa: PTH118
    return found


def megabytes(who: int) -> float:
    """Peak resident memory."""
    return resource.getrusage(who).ru_maxrss / 1024


def report(title: str, outcomes: list[Outcome], seconds: float) -> int:
    """Prints a table of outcomes; answers how many crashes there were."""
    crashes = [outcome for outcome in outcomes if outcome.crash]
    codes = Counter(outcome.code for outcome in outcomes)
    print(f"\n{title}: {len(outcomes)} files in {seconds:.1f} s, {len(crashes)} crashes reached the server")
    for code, count in codes.most_common():
        slowest = max((outcome.seconds for outcome in outcomes if outcome.code == code), default=0.0)
        print(f"  {code:22} {count:5}   slowest {slowest:6.2f} s")
    notes = Counter(note for outcome in outcomes for note in outcome.notes)
    print("  notes:", ", ".join(f"{note} {count}" for note, count in notes.most_common()) or "none")
    for crash in crashes[:20]:
        print("  CRASH", crash.path, crash.crash)
    return len(crashes)


async def measure(fuzz: int, seed: int, target: Path | None) -> int:
    """The whole run; answers how many crashes there were."""
    paths = files()
    watched = [Path(sys.prefix) / "lib", Path.home(), DATA, Path(tempfile.gettempdir())]
    before = snapshot(watched)
    processes = ParsingProcesses(processes=SIDE_BY_SIDE)
    started = time.perf_counter()
    named = ((str(path.relative_to(DATA)), path.read_bytes()) for path in paths)
    outcomes = await read_all(processes, named)
    crashes = report("Evaluation data", outcomes, time.perf_counter() - started)
    for outcome in sorted(outcomes, key=lambda found: found.path):
        print(f"    {outcome.path:72.72} {outcome.code:18} {outcome.seconds:6.2f} s {outcome.characters:8} characters"
              f" {outcome.pages or '':>4} {' '.join(outcome.notes)}")  # fmt: skip
    await asyncio.to_thread(processes.close)
    if fuzz:
        fuzzing = FuzzProcesses(processes=SIDE_BY_SIDE)
        started = time.perf_counter()
        broken = await read_all(fuzzing, damaged(paths, fuzz, random.Random(seed)))
        crashes += report("Damaged copies", broken, time.perf_counter() - started)
        await asyncio.to_thread(fuzzing.close)
    last = ParsingProcesses()
    alive = await read(last, "alive.txt", b"Still reading after all of that.")
    await asyncio.to_thread(last.close)
    after = snapshot(watched)
    changed = [path for path in after if after[path] != before.get(path)]
    print(f"\nreading goes on: {alive.code == 'read'}")
    server, largest = megabytes(resource.RUSAGE_SELF), megabytes(resource.RUSAGE_CHILDREN)
    print(f"peak memory: server {server:.0f} MB, largest process {largest:.0f} MB")
    print(f"files written among {len(after)} watched: {len(changed)}", *changed[:10])
    if target is not None:
        await asyncio.to_thread(target.write_text, json.dumps([asdict(found) for found in outcomes], indent=1))
    return crashes + (alive.code != "read")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--fuzz", type=int, default=0, help="how many damaged copies to read")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--json", type=Path, default=None, help="where to write the outcomes")
    options = parser.parse_args()
    # A folder of its own, so that only what this run writes is seen.
    with tempfile.TemporaryDirectory() as folder:
        tempfile.tempdir = os.environ["TMPDIR"] = folder
        sys.exit(min(asyncio.run(measure(options.fuzz, options.seed, options.json)), 1))


if __name__ == "__main__":
    main()
