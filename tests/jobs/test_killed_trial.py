"""Server and worker are killed in the middle of a trial run: it goes on, and no case counts twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import PAIRS, PASSWORD, POLICY, free_port

ROOT = Path(__file__).resolve().parents[2]
QUESTIONS = 120


class Installation:
    """A server and a worker as two processes over one data folder."""

    def __init__(self, data: Path) -> None:
        self.port = free_port()
        self.environment = os.environ | {
            "STORECLERK_DATA_DIR": str(data),
            "STORECLERK_PORT": str(self.port),
            "STORECLERK_RUN_JOBS": "false",
            "STORECLERK_PLAYGROUND": "false",
            "STORECLERK_ACCESS_TOKEN_MINUTES": "60",
        }
        self.processes: list[subprocess.Popen[bytes]] = []
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)

    def start(self) -> None:
        """Start the server, and when it serves the worker: what is left of a run is then seen to go on."""
        self.processes = [self.process("server")]
        self.until(lambda: self.client.get("/healthz").status_code == 200)
        self.processes.append(self.process("worker"))

    def process(self, name: str) -> subprocess.Popen[bytes]:
        """One of the two."""
        command = [sys.executable, "-m", f"studio.entrypoints.{name}"]
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL)

    def kill(self) -> None:
        """Kill both at once."""
        for process in self.processes:
            process.send_signal(signal.SIGKILL)
        for process in self.processes:
            assert process.wait(20) == -signal.SIGKILL

    def until(self, holds: Any, seconds: float = 90) -> None:
        """Wait for something; a server that is still starting is no failure."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            try:
                if holds():
                    return
            except httpx.TransportError:
                pass
            time.sleep(0.05)
        raise AssertionError("waited in vain")

    def sign_up(self) -> None:
        """A merchant of this installation."""
        body = {"email": "owner@shop.example", "password": PASSWORD, "shop_name": "Kiln & Leaf"}
        token = self.client.post("/v1/signup", json=body).raise_for_status().json()["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"

    def tested_bot(self) -> str:
        """A trained bot with many approved questions."""
        bot = self.client.post("/v1/bots", json={"name": "Kiln & Leaf"}).json()["id"]
        for source in ({"kind": "text", "title": "Policies", "text": POLICY}, {"kind": "faq", "pairs": PAIRS}):
            self.client.post(f"/v1/bots/{bot}/sources", json=source).raise_for_status()
        self.client.post(f"/v1/bots/{bot}/versions").raise_for_status()
        self.until(lambda: self.client.get(f"/v1/bots/{bot}/versions/1").json()["status"] == "ready")
        for number in range(QUESTIONS):
            question = f"{PAIRS[number % len(PAIRS)]['question']} I ask for order {number}."
            case = {"question": question, "approved": True}
            self.client.post(f"/v1/bots/{bot}/test_cases", json=case).raise_for_status()
        return str(bot)


@pytest.fixture
def installation(tmp_path: Path) -> Iterator[Installation]:
    """A running installation, ended with the test."""
    made = Installation(tmp_path)
    made.start()
    made.until(lambda: made.client.get("/readyz").status_code == 200)
    try:
        yield made
    finally:
        made.client.close()
        for process in made.processes:
            process.kill()
            process.wait(20)


def test_a_killed_trial_goes_on_and_counts_no_case_twice(installation: Installation):
    installation.sign_up()
    bot = installation.tested_bot()
    trials = f"/v1/bots/{bot}/versions/1/trials"
    begun = installation.client.post(trials).raise_for_status().json()
    latest = f"{trials}/latest"
    for wanted in (8, 30):
        installation.until(lambda least=wanted: installation.client.get(latest).json()["done"] >= least)
        installation.kill()
        installation.start()
        kept = installation.client.get(latest).json()
        assert wanted <= kept["done"] < QUESTIONS
    installation.until(lambda: installation.client.get(latest).json()["status"] == "done")
    ended = installation.client.get(latest).json()
    assert ended["id"] == begun["id"]
    counted = Counter((result["case"], result["attempt"]) for result in ended["results"])
    assert len(counted) == QUESTIONS == ended["done"] == ended["total"]
    assert set(counted.values()) == {1}
    assert installation.client.get(f"/v1/bots/{bot}/versions/1/gate").json()["metrics"][0]["n"] == QUESTIONS
