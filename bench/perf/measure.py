"""`python -m bench.perf.measure SCRATCH [PASSAGES]`: Storeclerk beside the floor and the plain LlamaIndex starter.

Copies the harness of `../shared/perf` to the folder SCRATCH, makes its environments there, and drives the peers in turn
on the same corpus, the same embedding server and the same model server, several rounds one after another so that a
busy machine is busy for all. Prints CPU milliseconds per streamed chat as medians and as ratios, and by how much the
first token is later than the model's, with sixteen shoppers at once.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from bench.results import Result, show

HARNESS = Path(__file__).parents[3] / "shared" / "perf"
PEERS = ("raw", "li_sync", "storeclerk")
ROUNDS = 2
PACKAGES = {
    "tools": "psutil httpx numpy uvloop",
    "li": "llama-index-core llama-index-readers-file llama-index-embeddings-openai-like llama-index-llms-openai-like "
    "fastapi uvicorn httpx psutil numpy",
}
MARKS = "FIRST, LAST = "
PORT = 18080
STARTING_SECONDS = 20.0


def prepared(scratch: Path, passages: int) -> Path:
    """The copied harness with our adapter, its environments and its corpus; answers the corpus's folder."""
    if not (scratch / "harness").exists():
        shutil.copytree(HARNESS, scratch, dirs_exist_ok=True)
    shutil.copy(Path(__file__).with_name("storeclerk_peer.py"), scratch / "harness/adapters/storeclerk.py")
    client = scratch / "harness/loadgen.py"
    lines = client.read_text(encoding="utf-8").splitlines()
    lines = ['FIRST, LAST = b"~", b"^"' if line.startswith(MARKS) else line for line in lines]
    client.write_text("\n".join(lines) + "\n", encoding="utf-8")
    for name, packages in PACKAGES.items():
        folder = scratch / "venvs" / name
        if not folder.exists():
            subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
            subprocess.run([str(folder / "bin/pip"), "install", "-q", *packages.split()], check=True)
    corpus = scratch / "data" / f"c{passages}"
    if not corpus.exists():
        made = [sys.executable, str(scratch / "harness/corpus.py"), str(corpus), str(passages)]
        subprocess.run(made, check=True)
    return corpus


def answering() -> None:
    """Wait until the model server listens. Raises TimeoutError."""
    end = time.monotonic() + STARTING_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", PORT)).close()
        except OSError:
            if time.monotonic() > end:
                raise TimeoutError(f"the model server does not listen on port {PORT}") from None
            time.sleep(0.05)
        else:
            return


def figures(scratch: Path, peer: str) -> dict[str, Any]:
    """What the harness wrote of a peer."""
    found: dict[str, Any] = json.loads((scratch / f"results/{peer}.json").read_text(encoding="utf-8"))
    return found


def main() -> None:
    """Measure and print."""
    scratch, passages = Path(sys.argv[1]).resolve(), int(sys.argv[2]) if len(sys.argv) > 2 else 5000
    corpus = prepared(scratch, passages)
    tools = str(scratch / "venvs/tools/bin/python")
    environment = os.environ | {
        "HARNESS": str(scratch / "harness"),
        "CORPUS": str(corpus),
        "STORECLERK_CHECKOUT": str(Path(__file__).parents[2]),
    }
    (scratch / "run").mkdir(exist_ok=True)
    model = subprocess.Popen(
        [tools, str(Path(__file__).with_name("speaking_fake.py")), "--port", str(PORT)], env=environment
    )
    (scratch / "run/fake.pid").write_text(str(model.pid))
    cpu: dict[str, list[float]] = {peer: [] for peer in PEERS}
    late: dict[str, list[float]] = {peer: [] for peer in PEERS}
    try:
        answering()
        for turn in range(ROUNDS):
            for peer in PEERS:
                kept = [] if turn == 0 else ["--keep"]
                phases = "cold,ingest,chat" if turn == 0 else "cold,chat"
                command = [tools, "harness/bench.py", peer, "--quick", "--corpus", str(corpus), "--phases", phases]
                subprocess.run([*command, *kept], cwd=scratch, env=environment, check=True, stdout=subprocess.DEVNULL)
                chat = figures(scratch, peer)["chat"]
                cpu[peer].append(chat["paced_c16"]["cpu_ms_per_req"])
                late[peer].append(chat["paced_c16"]["ovh_ttft_p50"])
                print(f"round {turn + 1}, {peer}: {cpu[peer][-1]} CPU ms, first token {late[peer][-1]} ms later")
    finally:
        model.terminate()
    median = {peer: statistics.median(values) for peer, values in cpu.items()}
    ours = median["storeclerk"]
    show(
        [
            Result("perf", "CPU ms per streamed chat, floor", median["raw"], ROUNDS),
            Result("perf", "CPU ms per streamed chat, starter", median["li_sync"], ROUNDS),
            Result("perf", "CPU ms per streamed chat, ours", ours, ROUNDS),
            Result("perf", "ours in floors", round(ours / median["raw"], 2), ROUNDS, "<= 2"),
            Result("perf", "ours in starters", round(ours / median["li_sync"], 2), ROUNDS, "<= 0.1"),
            Result("perf", "ms behind the model's first token", statistics.median(late["storeclerk"]), ROUNDS, "<= 50"),
        ]
    )


if __name__ == "__main__":
    main()
