"""A server that is killed while an answer appears in Slack: the next one finishes the same message."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import httpx
import pytest

from bench.product import ROOT, wait_until_ready
from bench.storm import live_bot
from tests.channel_adapters.platforms.base import Answer, Sent, running
from tests.channel_adapters.platforms.slack import (
    SETTINGS,
    TOKEN,
    FakeSlack,
    callback,
    direct,
    new_ts,
    post_event,
)
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.talks import Watched
from tests.conftest import free_port
from tests.engine.llama.model_server import model_server

WORKSHOP, LAST = "Our workshop is in Ghent, at Kiln Street 5.", "Our ceramics have a warranty of 24 months."
SAYS = f"{WORKSHOP} |Gift wrapping costs 2.50 EUR an order. |None of our teas contains gluten. |{LAST} "


class KillingSlack(FakeSlack):
    """Kills who calls it, once, after it has done what it was asked and before it answers."""

    def __init__(self) -> None:
        super().__init__()
        self.kills_at = ""
        self.server: Server | None = None

    def answer(self, sent: Sent) -> Answer:
        answer = super().answer(sent)
        if self.server is not None and sent.path == f"/api/{self.kills_at}":
            self.kills_at = ""
            self.server.kill()
        return answer


class Server:
    """One process over one data folder."""

    def __init__(self, data: Path, slack: str, model: str) -> None:
        self.data, self.port = data, free_port()
        self.settings = {
            "DATA_DIR": str(data), "PORT": str(self.port), "PLAYGROUND": "false", "CHANNEL_LEASE_SECONDS": "2",
            "CHANNEL_SWEEP_SECONDS": "0.5", "CHANNEL_ADDRESSES": json.dumps({"slack": slack}),
        }  # fmt: skip
        self.slow = {"CHAT_MODEL": "openai_compatible", "CHAT_MODEL_NAME": "slow", "CHAT_MODEL_URL": model}
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=60)
        self.process: subprocess.Popen[bytes] | None = None
        self.hook = ""

    def start(self, **more: str) -> None:
        environment = os.environ | {f"STORECLERK_{name}": value for name, value in (self.settings | more).items()}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "studio.entrypoints.server"], cwd=ROOT, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        wait_until_ready(self.client, self.process)

    def kill(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    def link(self) -> None:
        """A live bot, linked to the workspace."""
        account = {"email": "streams@shop.example", "password": "a long password", "shop_name": "Streams"}
        token = self.client.post("/v1/signup", json=account).raise_for_status().json()["access_token"]
        self.client.headers["Authorization"] = f"Bearer {token}"
        settings = SETTINGS | {"bot_token": TOKEN}
        path = f"/v1/bots/{live_bot(self.client)}/channels/slack"
        made = self.client.put(path, json={"settings": settings}).raise_for_status().json()
        told = [value for step in made["steps"] for _, value in step["values"]]
        self.hook = httpx.URL(next(value for value in told if value.endswith("/events"))).path

    def answers(self, channel: str) -> list[dict[str, object]]:
        """The rows of what was sent to a channel."""
        with closing(sqlite3.connect(self.data / "records.sqlite")) as store:
            rows = store.execute("SELECT body FROM documents WHERE collection = 'outbound'").fetchall()
        bodies = [json.loads(row[0]) for row in rows]
        return [body for body in bodies if body["place"]["channel"] == channel]


@pytest.fixture(scope="module")
def slack() -> Iterator[KillingSlack]:
    made = KillingSlack()
    with running(made):
        yield made


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, slack: KillingSlack) -> Iterator[Server]:
    with model_server() as model:
        model.says, model.behaviour = SAYS, "by sentences"
        made = Server(tmp_path_factory.mktemp("streams"), slack.url, model.url)
        try:
            made.start()
            made.link()
            made.kill()
            made.start(**made.slow)
            slack.server = made
            yield made
        finally:
            made.kill()
            made.client.close()


@pytest.mark.timeout(180)
@pytest.mark.parametrize(
    ("killed_at", "begun", "posted", "maybe_twice"),
    [
        ("chat.appendStream", 1, 0, 0),
        ("chat.stopStream", 1, 0, 0),
        ("chat.update", 1, 0, 0),
        # Slack had not told the name of the message: the one moment in which it comes twice.
        ("chat.startStream", 1, 1, 1),
    ],
)
def test_the_next_server_finishes_the_message_that_the_killed_one_began(
    server: Server, slack: KillingSlack, killed_at: str, begun: int, posted: int, maybe_twice: int
):
    channel = f"D1{killed_at.partition('.')[2].upper()}"
    slack.kills_at = killed_at
    event = direct("Where is your workshop?", channel, thread_ts=new_ts())
    assert post_event(server.client, server.hook, callback(event)).status_code == 200
    process = server.process
    assert process is not None
    wait_for(lambda: process.poll() is not None)
    server.start(**server.slow)
    screen = Watched(lambda: slack.screen(channel))
    screen.until(lambda now: bool(now) and LAST in now[-1] and WORKSHOP in now[-1])
    wait_for(lambda: [row["status"] for row in server.answers(channel)] == ["sent"])
    calls = [s.path for s in slack.sent if s.body and b'"channel"' in s.body and s.json["channel"] == channel]
    assert calls.count("/api/chat.startStream") == begun
    assert calls.count("/api/chat.postMessage") == posted
    assert len(slack.screen(channel)) == 1 + maybe_twice
    assert [row["maybe_twice"] for row in server.answers(channel)] == [maybe_twice]
    assert slack.broken_rules == []
