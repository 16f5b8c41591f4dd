"""After installation the product asks nothing of any outside host."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import httpx

from tests.conftest import PASSWORD, Merchant, free_port

ROOT = Path(__file__).resolve().parents[2]


def test_sign_up_train_ask_test_and_playground_stay_on_this_machine(tmp_path: Path):
    log, port = tmp_path / "outside.log", free_port()
    environment = os.environ | {"STORECLERK_DATA_DIR": str(tmp_path / "data"), "STORECLERK_PORT": str(port)}
    command = [sys.executable, "-m", "tests.network.watched_server", str(log)]
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as client:
            for _ in range(600):
                try:
                    if client.get("/readyz").status_code == 200:
                        break
                except httpx.TransportError:
                    time.sleep(0.1)
            body = {"email": "owner@shop.example", "password": PASSWORD, "shop_name": "Shop"}
            signed_up = client.post("/v1/signup", json=body).raise_for_status().json()
            client.headers["Authorization"] = f"Bearer {signed_up['access_token']}"
            merchant = Merchant(client, body["email"], signed_up)
            bot = client.post("/v1/demo").raise_for_status().json()["id"]
            assert merchant.trained(bot, 1)["status"] == "ready"
            assert merchant.ask(bot, "How long can I return what I bought?")["outcome"] == "answered"
            client.post(f"/v1/bots/{bot}/test_cases/generate").raise_for_status()
            invite = client.post(f"/v1/bots/{bot}/invites", json={"email": "t@x.example"}).raise_for_status().json()
            playground = client.get(invite["link"], follow_redirects=True)
            assert playground.status_code == 200
    finally:
        process.terminate()
        process.wait(30)
    assert not log.exists(), log.read_text(encoding="utf-8")
