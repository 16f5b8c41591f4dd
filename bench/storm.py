"""`python -m bench.storm 10000`: a storm of messages with repeats, out of order, at two servers of which one is killed.

Each message is delivered one to five times, to either server, within two seconds, among those of its conversation in a
shaken order. One server is killed (SIGKILL) at random moments and started again; what it did not acknowledge is sent
again, as platforms do. Counted at the other end: answers a message, their order in each conversation, lost ones, and
how long an acknowledgement took. The other end refuses nothing and takes answers it knows, so that all repeats count.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import contextlib
import hashlib
import hmac
import json
import math
import os
import random
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import httpx

from bench.product import ROOT, free_port, train, wait_until_ready

SECRET = "whsec_" + base64.b64encode(b"a key for the storm bench only").decode()
PER_CONVERSATION = 5
REPEATS = (1, 5)
SHAKEN = 0.15
"""Seconds by which a delivery may come earlier or later than its place: within the wait for stragglers."""
REPEATED_WITHIN = 2.0
KILLED_EVERY = (8.0, 25.0)
SENT_AGAIN_AFTER = 1.0
IN_TIME = 1.0
QUESTIONS = (
    "Do you offer gift wrapping?", "Where is your workshop?", "How do I clean a glazed mug?", "Hello!",
    "Do your teas contain gluten?", "Can I visit the shop on Sundays?", "How long is the warranty on ceramics?",
    "Do you ship to Switzerland?", "What is the phone number of the shop?", "Thank you!",
)  # fmt: skip
PAIRS = [
    {"question": "Do you offer gift wrapping?", "answer": "Yes, gift wrapping costs 2.50 EUR an order."},
    {"question": "Where is your workshop?", "answer": "Our workshop is in Ghent, at Kiln Street 5."},
    {"question": "How do I clean a glazed mug?", "answer": "Wash it by hand or in the dishwasher at 60 degrees."},
    {"question": "Do your teas contain gluten?", "answer": "No, none of our teas contains gluten."},
    {"question": "Can I visit the shop on Sundays?", "answer": "No, we are closed on Sundays and Mondays."},
    {"question": "How long is the warranty on ceramics?", "answer": "Our ceramics have a warranty of 24 months."},
    {"question": "Do you ship to Switzerland?", "answer": "We do not ship to Switzerland at the moment."},
    {"question": "What is the phone number of the shop?", "answer": "Call us at +32 9 555 01 23 on weekdays."},
]
REFUSED = ("Who won the world cup in 1998?", "What is the capital of Mongolia?", "Write me a poem.")


class OtherEnd:
    """The shop's own server: notes every answer it is sent."""

    def __init__(self) -> None:
        self.answers: list[tuple[str, str]] = []
        """(conversation, message) in the order in which they came."""
        self.came: dict[str, float] = {}
        """When the first answer to a message came."""
        self.said: set[str] = set()
        end = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["content-length"])))
                if body.get("type") == "reply":
                    end.answers.append((body["conversation"], body["in_reply_to"]))
                    end.came.setdefault(body["in_reply_to"], time.monotonic())
                self.send_response(200)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, daemon=True).start()


@dataclass
class Servers:
    """Two servers over one data folder."""

    data: str
    private: str
    ports: tuple[int, int] = field(default_factory=lambda: (free_port(), free_port()))
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    kills: int = 0
    killed_every: tuple[float, float] = KILLED_EVERY

    def start(self, number: int) -> subprocess.Popen[bytes]:
        """Start one of them; only the first runs trainings and trials."""
        settings = {
            "DATA_DIR": self.data, "PORT": str(self.ports[number]), "PLAYGROUND": "false",
            "CHANNEL_PRIVATE_HOSTS": self.private, "RUN_JOBS": "true" if number == 0 else "false",
            "CHANNEL_LEASE_SECONDS": "5", "CHANNEL_SWEEP_SECONDS": "2",
        }  # fmt: skip
        environment = os.environ | {f"STORECLERK_{name}": value for name, value in settings.items()}
        return subprocess.Popen(
            [sys.executable, "-m", "studio.entrypoints.server"], cwd=ROOT, env=environment,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def kill(self) -> None:
        """Kill the second one and start it again."""
        self.processes[1].send_signal(signal.SIGKILL)
        self.processes[1].wait()
        self.kills += 1
        self.processes[1] = self.start(1)


def live_bot(client: httpx.Client) -> str:
    """A bot that went through the gate."""
    bot: str = client.post("/v1/bots", json={"name": "Kiln & Leaf"}).raise_for_status().json()["id"]
    client.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
    train(client, bot)
    cases = [{"question": p["question"], "approved": True} for p in PAIRS] + [
        {"question": f"{PAIRS[n]['question']} Please tell me.", "approved": True} for n in range(4)
    ]
    cases += [{"question": question, "expects": "refusal", "approved": True} for question in REFUSED]
    for case in cases:
        client.post(f"/v1/bots/{bot}/test_cases", json=case).raise_for_status()
    rules = {"metrics": {"tester_satisfaction": {"needed": 5, "people": 1}}}
    client.patch(f"/v1/bots/{bot}/gate", json=rules).raise_for_status()
    client.post(f"/v1/bots/{bot}/versions/1/trials").raise_for_status()
    while client.get(f"/v1/bots/{bot}/versions/1/trials/latest").json()["status"] in {"queued", "running"}:
        time.sleep(0.3)
    for pair in PAIRS[:5]:
        ask = client.post(f"/v1/bots/{bot}/versions/1/ask", json={"text": pair["question"]}).raise_for_status()
        rating = {"turn_id": ask.json()["turn_id"], "helpful": True}
        client.post(f"/v1/bots/{bot}/versions/1/ratings", json=rating).raise_for_status()
    client.post(f"/v1/bots/{bot}/versions/1/deploy").raise_for_status()
    return bot


def live_link(client: httpx.Client, url: str) -> str:
    """The path of the webhook of a live bot."""
    bot = live_bot(client)
    body = {"settings": {"url": url, "secret": SECRET}}
    link = client.put(f"/v1/bots/{bot}/channels/webhook", json=body).raise_for_status().json()
    address = next(value for step in link["steps"] for _, value in step["values"] if value.endswith("/messages"))
    return str(httpx.URL(address).path)


def signed(body: dict[str, Any]) -> tuple[bytes, dict[str, str]]:
    """(content, headers) of a message."""
    content, at = json.dumps(body).encode(), str(int(time.time()))
    base = f"{body['id']}.{at}.".encode() + content
    key = base64.b64decode(SECRET.removeprefix("whsec_"))
    mac = base64.b64encode(hmac.new(key, base, hashlib.sha256).digest()).decode()
    return content, {"webhook-id": body["id"], "webhook-timestamp": at, "webhook-signature": f"v1,{mac}"}


@dataclass
class Storm:
    """What is sent, and how long it took to be acknowledged."""

    servers: Servers
    path: str
    chance: random.Random
    acknowledged: list[float] = field(default_factory=list)
    refused: Counter[int] = field(default_factory=Counter)
    kept_at: dict[str, float] = field(default_factory=dict)
    """When a message was first acknowledged."""
    requests: int = 0

    def plan(self, messages: int, rate: float) -> list[tuple[float, dict[str, Any]]]:
        """(seconds from the beginning, message) of every delivery, in order."""
        each = (REPEATS[0] + REPEATS[1]) / 2
        began = datetime.now(UTC)
        due: list[tuple[float, dict[str, Any]]] = []
        for number in range(messages):
            group, place = divmod(number, PER_CONVERSATION * 20)
            conversation = f"talk-{group}-{place % 20}"
            at = number * each / rate
            body = {
                "id": f"m-{number}", "conversation": conversation, "text": self.chance.choice(QUESTIONS),
                "at": (began + timedelta(seconds=at)).isoformat(),
            }  # fmt: skip
            for repeat in range(self.chance.randint(*REPEATS)):
                late = self.chance.uniform(0, SHAKEN) if repeat == 0 else self.chance.uniform(0, REPEATED_WITHIN)
                due.append((at + late, body))
        return sorted(due, key=lambda one: one[0])

    async def deliver(self, client: httpx.AsyncClient, body: dict[str, Any]) -> None:
        """Send until it is acknowledged, to either server."""
        while True:
            port = self.servers.ports[self.chance.randint(0, 1)]
            content, headers = signed(body)
            started = time.perf_counter()
            try:
                self.requests += 1
                answer = await client.post(f"http://127.0.0.1:{port}{self.path}", content=content, headers=headers)
            except httpx.TransportError:
                await asyncio.sleep(SENT_AGAIN_AFTER)
                continue
            if answer.status_code == 200:
                self.acknowledged.append(time.perf_counter() - started)
                self.kept_at.setdefault(body["id"], time.monotonic())
                return
            self.refused[answer.status_code] += 1
            await asyncio.sleep(SENT_AGAIN_AFTER)

    async def rage(self, messages: int, rate: float) -> None:
        """Deliver everything, while one server is killed again and again."""
        plan = self.plan(messages, rate)
        limits = httpx.Limits(max_keepalive_connections=0, max_connections=200)
        stop = asyncio.Event()

        async def kill() -> None:
            while not stop.is_set():
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(stop.wait(), self.chance.uniform(*self.servers.killed_every))
                    return
                await asyncio.to_thread(self.servers.kill)

        async with httpx.AsyncClient(timeout=30, limits=limits) as client:
            began = time.monotonic()
            killing = asyncio.create_task(kill())
            tasks = []
            for at, body in plan:
                await asyncio.sleep(max(0.0, began + at - time.monotonic()))
                tasks.append(asyncio.create_task(self.deliver(client, body)))
            await asyncio.gather(*tasks)
            stop.set()
            await killing


def out_of_order(end: OtherEnd, storm: Storm) -> int:
    """Answers that came after that to a later message of their conversation, although they were there in time.

    A message counts as there in time when it was acknowledged more than a second before that later answer: one that a
    dying server never took is not known to anybody until it is sent again.
    """
    newest: dict[str, str] = {}
    wrong = 0
    for conversation, message in end.answers:
        later = newest.get(conversation)
        if later is not None and number_of(message) < number_of(later):
            wrong += storm.kept_at.get(message, math.inf) < end.came[later] - IN_TIME and message not in end.said
        else:
            newest[conversation] = message
        end.said.add(message)
    return wrong


def number_of(message: str) -> int:
    """Its place among all."""
    return int(message.removeprefix("m-"))


def main() -> None:
    """Print what happened."""
    parser = argparse.ArgumentParser()
    parser.add_argument("messages", type=int, nargs="?", default=10_000)
    parser.add_argument("--rate", type=float, default=50.0, help="deliveries a second")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    end = OtherEnd()
    with tempfile.TemporaryDirectory() as data:
        servers = Servers(data, f"127.0.0.1:{end.port}")
        servers.processes.append(servers.start(0))
        try:
            client = httpx.Client(base_url=f"http://127.0.0.1:{servers.ports[0]}", timeout=120)
            wait_until_ready(client, servers.processes[0])
            account = {"email": "bench@shop.example", "password": "a bench password", "shop_name": "Bench"}
            token = client.post("/v1/signup", json=account).raise_for_status().json()["access_token"]
            client.headers["Authorization"] = f"Bearer {token}"
            path = live_link(client, f"http://127.0.0.1:{end.port}/answers")
            servers.processes.append(servers.start(1))
            with httpx.Client(base_url=f"http://127.0.0.1:{servers.ports[1]}", timeout=120) as second:
                wait_until_ready(second, servers.processes[1])
            storm = Storm(servers, path, random.Random(chosen.seed))
            began = time.monotonic()
            asyncio.run(storm.rage(chosen.messages, chosen.rate))
            raged = time.monotonic() - began
            quiet = time.monotonic()
            while time.monotonic() - quiet < 30 and len({m for _, m in end.answers}) < chosen.messages:
                before = len(end.answers)
                time.sleep(1)
                quiet = time.monotonic() if len(end.answers) > before else quiet
            time.sleep(3)
            report(chosen.messages, storm, end, raged, time.monotonic() - began)
            kept(data)
        finally:
            for process in servers.processes:
                process.kill()
                process.wait()


def report(messages: int, storm: Storm, end: OtherEnd, raged: float, whole: float) -> None:
    """The figures."""
    counts = Counter(message for _, message in end.answers)
    times = [seconds * 1000 for seconds in sorted(storm.acknowledged)]
    once, twice = sum(count == 1 for count in counts.values()), sum(count > 1 for count in counts.values())
    print(
        f"{messages:,} messages, {storm.requests:,} requests in {raged:.0f} s ({storm.requests / raged:.0f} a second)"
    )
    print(f"all answered after {whole:.0f} s; one of two servers killed {storm.servers.kills} times")
    print(f"acknowledged, ms: median {statistics.median(times):.0f}, p99 {times[int(len(times) * 0.99)]:.0f}", end=", ")
    print(f"longest {times[-1]:.0f}; refused {dict(storm.refused)}")
    print(f"answered exactly once {once:,}, never {messages - len(counts):,}, more often {twice:,}")
    print(f"out of order in their conversation {out_of_order(end, storm):,}")


def kept(data: str) -> None:
    """What the store says of messages that were not answered once."""
    with contextlib.closing(sqlite3.connect(f"{data}/records.sqlite")) as store:
        rows = store.execute("SELECT collection, body FROM documents WHERE collection IN ('inbound', 'outbound')")
        bodies = [(collection, json.loads(body)) for collection, body in rows]
    states = Counter(f"{collection} {body['status']}" for collection, body in bodies)
    print(f"kept: {dict(states)}")
    print(f"sent again because a process died while it left: {sum(body.get('maybe_twice', 0) for _, body in bodies)}")
    for reason, count in Counter(body["failure"] for _, body in bodies if body["failure"]).most_common(5):
        print(f"  {count} x {reason}")


if __name__ == "__main__":
    main()
