"""`python -m bench.bundle`: a portable file served alone against the installation that wrote it, question by question.

The same: text, citations and products, every field of them. With start-up time and memory of the file served alone,
from the start of the process to the first answer that it can serve; peaks are those of the process (VmHWM).
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.help_centre import KNOWLEDGE
from bench.product import ROOT, free_port, server, train
from bench.results import Result, show
from bench.site import pages, read_lines, served

TOLD = ("text", "outcome", "citations", "products")
STARTS = 5
LIMITS = {"visitor_messages_per_minute": "100000", "bot_messages_per_minute": "100000"}


@contextmanager
def alone(bundle: Path) -> Iterator[tuple[httpx.Client, int, float]]:
    """(client with its key, process id, seconds until it could serve) of a file served alone."""
    port = free_port()
    environment = os.environ | {f"STORECLERK_{name.upper()}": value for name, value in LIMITS.items()}
    with tempfile.TemporaryFile("w+") as said:
        started = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, "-m", "channel_adapters", str(bundle), "--port", str(port)],
            cwd=ROOT, env=environment, stderr=said,
        )  # fmt: skip
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
        try:
            while True:
                try:
                    if client.get("/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.02)
            seconds = time.perf_counter() - started
            said.seek(0)
            key = re.search(r"sk_live_\w+", said.read())
            assert key is not None
            client.headers["Authorization"] = f"Bearer {key[0]}"
            yield client, process.pid, seconds
        finally:
            client.close()
            process.terminate()
            process.wait(20)


def peak(process: int) -> float:
    """Most memory that a process ever held, MB."""
    told = Path(f"/proc/{process}/status").read_text(encoding="ascii")
    found = re.search(r"VmHWM:\s+(\d+) kB", told)
    assert found is not None
    return int(found[1]) / 1024


def identical(questions: list[str], there: list[dict[str, Any]], here: list[dict[str, Any]]) -> int:
    """How many answers are the same; every difference is printed."""
    same = 0
    for question, one, other in zip(questions, there, here, strict=True):
        differing = [name for name in TOLD if one[name] != other[name]]
        same += not differing
        for name in differing:
            print(f"  DIFFERENT {name}: {question}\n    there: {one[name]}\n    alone: {other[name]}")
    return same


def compare(client: httpx.Client, bot: str, questions: list[str], label: str) -> list[Result]:
    """Export, serve alone, ask both; print every difference, and give the figures."""
    there = [
        client.post(f"/v1/bots/{bot}/versions/1/ask", json={"text": text}).raise_for_status().json()
        for text in questions
    ]
    started = time.perf_counter()
    content = client.get(f"/v1/bots/{bot}/export").raise_for_status().content
    export_seconds = time.perf_counter() - started
    with tempfile.TemporaryDirectory() as folder:
        bundle = Path(folder) / "bundle.zip"
        bundle.write_bytes(content)
        starts: list[float] = []
        for _ in range(STARTS - 1):
            with alone(bundle) as (_, _, seconds):
                starts.append(seconds)
        with alone(bundle) as (shop, process, seconds):
            starts.append(seconds)
            at_start = peak(process)
            here = [shop.post(f"/chat/{bot}", json={"text": text}).raise_for_status().json() for text in questions]
            at_end = peak(process)
    same = identical(questions, there, here)
    middle = sorted(starts)[STARTS // 2]
    answered = sum(reply["outcome"] == "answered" for reply in there)
    cited = sum(len(reply["citations"]) for reply in there)
    print(
        f"{label}: identical {same}/{len(questions)} ({answered} answered, {cited} citations), file"
        f" {len(content) / 1e6:.2f} MB, written in {export_seconds:.2f} s, ready after {middle:.2f} s"
        f" (of {STARTS}: {min(starts):.2f} to {max(starts):.2f}), peak {at_start:.0f} MB at start,"
        f" {at_end:.0f} MB after the questions"
    )
    n = len(questions)
    return [
        Result("bundle", f"{label} identical answers", same / n, n, ">= 1"),
        Result("bundle", f"{label} start-up, s", round(middle, 2), STARTS),
        Result("bundle", f"{label} peak memory at start, MB", round(at_start), 1),
        Result("bundle", f"{label} peak memory, MB", round(at_end), 1),
        Result("bundle", f"{label} file, MB", round(len(content) / 1e6, 2), 1),
    ]


def demo(client: httpx.Client) -> list[Result]:
    """The demo shop, with the test questions that the product itself proposes for it."""
    bot: dict[str, Any] = client.post("/v1/demo").raise_for_status().json()
    while client.get(f"/v1/bots/{bot['id']}/versions/1").json()["status"] in {"queued", "training"}:
        time.sleep(0.25)
    made = client.post(f"/v1/bots/{bot['id']}/test_cases/generate", json={}).raise_for_status().json()
    questions = [case["question"] for case in made["items"]]
    return compare(client, bot["id"], [*questions, *bot["persona"]["example_questions"]], "demo shop")


def help_centre(client: httpx.Client, site: str) -> list[Result]:
    """The help centre of 257 pages, with all its questions."""
    bot = client.post("/v1/bots", json={"name": "Help centre"}).raise_for_status().json()["id"]
    client.post(f"/v1/bots/{bot}/sources", json={"kind": "website", "url": f"{site}/"}).raise_for_status()
    version = train(client, bot)
    print(f"help centre: {version['status']}, {version['documents']} documents, {version['passages']} passages")
    names = ("questions.jsonl", "questions_2.jsonl")
    questions = [row["question"] for name in names for row in read_lines(KNOWLEDGE / name)]
    return compare(client, bot, questions, "help centre")


def main() -> list[Result]:
    """Run, print, and give the figures."""
    documents = read_lines(KNOWLEDGE / "docs.jsonl")
    with served(pages(documents)) as site:
        hosts = site.removeprefix("http://")
        with server(crawler_allowed_private_hosts=hosts, **LIMITS) as client:
            return demo(client) + help_centre(client, site)


if __name__ == "__main__":
    show(main())
