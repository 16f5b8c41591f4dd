"""Jobs are started by any server and run by a worker."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from engine.domain.bot import VersionKey
from engine.errors import Unavailable
from engine.jobs import Jobs
from tests.conftest import PASSWORD, Merchant, free_port

ROOT = Path(__file__).resolve().parents[2]


async def test_without_a_worker_nothing_can_be_started(tmp_path: Path):
    jobs = Jobs(f"sqlite:///{tmp_path / 'jobs.sqlite'}", run=False)
    with pytest.raises(Unavailable, match="no worker"):
        await jobs.start_training(VersionKey("m", "b", 1))
    await jobs.open(None)  # type: ignore[arg-type]
    assert not await jobs.is_open()
    with pytest.raises(Unavailable, match="no worker"):
        await jobs.start_trial("m", "t")
    await jobs.close()


def test_a_worker_of_its_own_runs_what_the_server_starts(tmp_path: Path):
    port = free_port()
    environment = os.environ | {
        "STORECLERK_DATA_DIR": str(tmp_path), "STORECLERK_PORT": str(port), "STORECLERK_RUN_JOBS": "false",
        "STORECLERK_PLAYGROUND": "false",
    }  # fmt: skip

    def start(name: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen([sys.executable, "-m", f"studio.entrypoints.{name}"], cwd=ROOT, env=environment)

    server = start("server")
    worker = None
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for _ in range(600):
                try:
                    waiting = client.get("/readyz")
                    break
                except httpx.TransportError:
                    time.sleep(0.1)
            assert waiting.status_code == 503
            assert "worker" in waiting.json()["waiting_for"][0]
            worker = start("worker")
            for _ in range(600):
                if client.get("/readyz").status_code == 200:
                    break
                time.sleep(0.1)
            body = {"email": "owner@shop.example", "password": PASSWORD, "shop_name": "Shop"}
            signed_up = client.post("/v1/signup", json=body).raise_for_status().json()
            client.headers["Authorization"] = f"Bearer {signed_up['access_token']}"
            merchant = Merchant(client, body["email"], signed_up)
            bot = merchant.bot()
            merchant.learn(bot)
            assert merchant.train(bot)["status"] == "ready"
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(30) == 0
    finally:
        for process in (server, worker):
            if process is not None and process.poll() is None:
                process.terminate()
                process.wait(30)
