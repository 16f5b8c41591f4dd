"""A storm of repeated messages at two servers of which one is killed: each answered once, in its order."""

from __future__ import annotations

import asyncio
import random
import time
from collections import Counter
from pathlib import Path

import httpx
import pytest

from bench.product import wait_until_ready
from bench.storm import OtherEnd, Servers, Storm, live_link, out_of_order

MESSAGES = 120


@pytest.mark.timeout(240)
def test_a_storm_over_two_servers_one_of_which_is_killed(tmp_path: Path):
    end = OtherEnd()
    servers = Servers(str(tmp_path), f"127.0.0.1:{end.port}", killed_every=(2.0, 4.0))
    servers.processes.append(servers.start(0))
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{servers.ports[0]}", timeout=120) as client:
            wait_until_ready(client, servers.processes[0])
            account = {"email": "storm@shop.example", "password": "a long password", "shop_name": "Storm"}
            token = client.post("/v1/signup", json=account).raise_for_status().json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            path = live_link(client, f"http://127.0.0.1:{end.port}/answers")
        servers.processes.append(servers.start(1))
        with httpx.Client(base_url=f"http://127.0.0.1:{servers.ports[1]}", timeout=120) as second:
            wait_until_ready(second, servers.processes[1])
        storm = Storm(servers, path, random.Random(3))
        asyncio.run(storm.rage(MESSAGES, 30.0))
        ends = time.monotonic() + 60
        while len({message for _, message in end.answers}) < MESSAGES and time.monotonic() < ends:
            time.sleep(0.5)
        time.sleep(2)
    finally:
        for process in servers.processes:
            process.kill()
            process.wait()
    counts = Counter(message for _, message in end.answers)
    assert servers.kills >= 1
    assert len(counts) == MESSAGES, "none is lost"
    assert sum(count - 1 for count in counts.values()) <= servers.kills, "at most what was leaving comes twice"
    assert out_of_order(end, storm) == 0
