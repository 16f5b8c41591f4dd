"""Starts the real server in a data folder of its own, and talks to it over HTTP."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def server(**settings: str) -> Iterator[httpx.Client]:
    """A signed-in client of a fresh server; `settings` are STORECLERK_ settings in lower case."""
    port = free_port()
    with tempfile.TemporaryDirectory() as data:
        environment = os.environ | {"STORECLERK_DATA_DIR": data, "STORECLERK_PORT": str(port)}
        environment |= {f"STORECLERK_{name.upper()}": value for name, value in settings.items()}
        process = subprocess.Popen([sys.executable, "-m", "studio.entrypoints.server"], cwd=ROOT, env=environment)
        try:
            client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120)
            wait_until_ready(client, process)
            account = {"email": "bench@shop.example", "password": "a bench password", "shop_name": "Bench"}
            token = client.post("/v1/signup", json=account).raise_for_status().json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            yield client
        finally:
            process.terminate()
            process.wait(20)


def wait_until_ready(client: httpx.Client, process: subprocess.Popen[bytes]) -> None:
    """Return when the server can serve."""
    for _ in range(1500):
        if process.poll() is not None:
            raise SystemExit("the server ended before it was ready")
        try:
            if client.get("/readyz").status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.2)
    raise SystemExit("the server was not ready after five minutes")


def train(client: httpx.Client, bot: str) -> dict[str, Any]:
    """Train a version to its end."""
    number = client.post(f"/v1/bots/{bot}/versions").raise_for_status().json()["number"]
    while True:
        version: dict[str, Any] = client.get(f"/v1/bots/{bot}/versions/{number}").json()
        if version["status"] not in {"queued", "training"}:
            return version
        time.sleep(0.25)
