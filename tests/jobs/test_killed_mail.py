"""A server that is killed between a mail and its answer: nothing is lost, and what may come twice has one name."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bench.product import wait_until_ready
from bench.storm import Servers, live_bot
from tests.channel_adapters.platforms.mail import Provider, mail, provider
from tests.channel_adapters.shops import wait_for

LOOK = "0.5"


@contextmanager
def shop(folder: Path, box: Provider) -> Iterator[tuple[Servers, httpx.Client]]:
    """A server of its own process, with a live bot that answers this mailbox."""
    servers = Servers(str(folder), ",".join(box.hosts))
    servers.processes.append(servers.start(0))
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{servers.ports[0]}", timeout=120) as client:
            wait_until_ready(client, servers.processes[0])
            account = {"email": "mail@shop.example", "password": "a long password", "shop_name": "Mail"}
            token = client.post("/v1/signup", json=account).raise_for_status().json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            bot = live_bot(client)
            answer = client.put(f"/v1/bots/{bot}/channels/email", json={"settings": box.settings})
            assert answer.raise_for_status().json()["status"] == "on", answer.text
            yield servers, client
    finally:
        for process in servers.processes:
            process.kill()
            process.wait()


def killed_and_started(servers: Servers, client: httpx.Client) -> None:
    process: subprocess.Popen[bytes] = servers.processes[0]
    process.kill()
    process.wait()
    servers.processes[0] = servers.start(0)
    wait_until_ready(client, servers.processes[0])


@pytest.mark.timeout(240)
def test_a_server_that_dies_half_way_loses_and_doubles_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STORECLERK_CHANNEL_COLLECT_SECONDS", LOOK)
    with provider() as box, shop(tmp_path, box) as (servers, client):
        kept, sent = mail("Where is your workshop?"), mail("Do you offer gift wrapping?", sender="bo@people.example")
        box.wire.stall_at = b"STORE"
        box.put(kept)
        assert box.wire.stalled.wait(60), "it was kept, and is about to be marked"
        assert box.flags(kept) == set()
        killed_and_started(servers, client)
        assert "Ghent" in box.answers_to(kept, seconds=60)[0].text
        # The dead process keeps others from the mailbox until its claim is over.
        wait_for(lambda: "\\Seen" in box.flags(kept), 150)
        box.smtp_troubles.append("stall")
        box.put(sent)
        assert box.smtp_stalled.wait(60), "it was sent, and is about to be noted"
        killed_and_started(servers, client)
        first, second = box.answers_to(sent, 2, seconds=60)
        assert first.message["Message-ID"] == second.message["Message-ID"]
        assert first.text == second.text
        time.sleep(2)
        assert [len(box.answers_to(one)) for one in (kept, sent)] == [1, 2]
