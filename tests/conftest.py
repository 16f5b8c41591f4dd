"""A real server over loopback, and merchants to use it as."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import hypothesis
import pytest
import uvicorn
from playwright.sync_api import expect

from channel_adapters.app import create_server
from engine.settings import Settings
from tests.sites.loopback import Site, serving

expect.set_options(timeout=20_000)
"""Milliseconds: two test processes share the machine."""
hypothesis.settings.register_profile(
    "shared_machine", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow]
)
hypothesis.settings.load_profile("shared_machine")
POLICY = """# Delivery

Standard delivery to Germany costs 6.90 EUR and takes 2 to 4 working days.
Delivery to France costs 7.90 EUR and takes 3 to 5 working days.

# Returns

You may return anything within 30 days of receiving it. Opened tea tins cannot be returned.

# Payment

We accept Visa, Mastercard and PayPal. We do not accept cash or cheques.
"""
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


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@dataclass
class RunningServer:
    """The server, and merchants of it."""

    url: str
    settings: Settings
    site: Site
    app: Any
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))
    clients: list[httpx.Client] = field(default_factory=list)

    def client(self) -> httpx.Client:
        """A client without an account, closed with the server."""
        made = httpx.Client(base_url=self.url, timeout=60)
        self.clients.append(made)
        return made

    def merchant(self, shop_name: str = "Kiln & Leaf") -> Merchant:
        """A freshly signed-up merchant."""
        email = f"owner{next(self.numbers)}@shop.example"
        client = self.client()
        answer = client.post("/v1/signup", json={"email": email, "password": PASSWORD, "shop_name": shop_name})
        assert answer.status_code == 201, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access_token']}"
        return Merchant(client, email, answer.json())


PASSWORD = "a good long password"


@dataclass
class Merchant:
    """A signed-in merchant's client, with the steps tests repeat."""

    http: httpx.Client
    email: str
    signed_up: dict[str, Any]

    def bot(self, name: str = "Kiln & Leaf") -> str:
        """A new, empty bot."""
        return str(self.http.post("/v1/bots", json={"name": name}).raise_for_status().json()["id"])

    def learn(self, bot: str, text: str = POLICY, title: str = "Shop policies") -> str:
        """Add a text source."""
        body = {"kind": "text", "title": title, "text": text}
        return str(self.http.post(f"/v1/bots/{bot}/sources", json=body).raise_for_status().json()["id"])

    def train(self, bot: str) -> dict[str, Any]:
        """Train a version to its end."""
        answer = self.http.post(f"/v1/bots/{bot}/versions")
        assert answer.status_code == 202, answer.text
        return self.trained(bot, answer.json()["number"])

    def trained(self, bot: str, number: int, seconds: float = 60) -> dict[str, Any]:
        """The version, once its training is over."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            version = self.http.get(f"/v1/bots/{bot}/versions/{number}").raise_for_status().json()
            if version["status"] not in {"queued", "training"}:
                return dict(version)
            time.sleep(0.05)
        raise AssertionError(f"version {number} is still being trained: {version}")

    def ask(self, bot: str, text: str, number: int = 1, **more: Any) -> dict[str, Any]:
        """The reply of a version."""
        path = f"/v1/bots/{bot}/versions/{number}/ask"
        answer = self.http.post(path, json={"text": text, **more})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def write_cases(self, bot: str) -> None:
        """Ten approved test questions that the policies and pairs answer, and three to be refused."""
        for pair in PAIRS:
            facts = [fact for fact in ("2.50 EUR", "24 months", "60 degrees") if fact in pair["answer"]]
            case = {"question": pair["question"], "must_include": facts, "approved": True}
            self.http.post(f"/v1/bots/{bot}/test_cases", json=case).raise_for_status()
        for question, fact in (
            ("How long may I return things?", "days"), ("How much is delivery to Germany?", "EUR")
        ):  # fmt: skip
            case = {"question": question, "must_include": [fact], "expects": "answer", "approved": True}
            self.http.post(f"/v1/bots/{bot}/test_cases", json=case).raise_for_status()
        for question in ("Who won the world cup in 1998?", "What is the capital of Mongolia?", "Write me a poem."):
            case = {"question": question, "expects": "refusal", "approved": True}
            self.http.post(f"/v1/bots/{bot}/test_cases", json=case).raise_for_status()

    def run_trial(self, bot: str, number: int = 1) -> dict[str, Any]:
        """Run the approved cases to their end."""
        base = f"/v1/bots/{bot}/versions/{number}/trials"
        answer = self.http.post(base)
        assert answer.status_code == 202, answer.text
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            trial = self.http.get(f"{base}/latest").json()
            if trial["id"] == answer.json()["id"] and trial["status"] not in {"queued", "running"}:
                return dict(trial)
            time.sleep(0.05)
        raise AssertionError(f"the trial is still running: {trial}")

    def rate(self, bot: str, number: int = 1, times: int = 5, *, helpful: bool = True) -> None:
        """Rate answers as a tester would."""
        for place in range(times):
            turn = self.ask(bot, PAIRS[place % len(PAIRS)]["question"], number)["turn_id"]
            body = {"turn_id": turn, "helpful": helpful}
            self.http.post(f"/v1/bots/{bot}/versions/{number}/ratings", json=body).raise_for_status()

    def one_tester_is_enough(self, bot: str) -> None:
        """Loosen the gate as far as it goes: five ratings of one person."""
        wishes = {"metrics": {"tester_satisfaction": {"needed": 5, "people": 1}}}
        self.http.patch(f"/v1/bots/{bot}/gate", json=wishes).raise_for_status()

    def prove(self, bot: str, number: int = 1) -> None:
        """Everything the gate asks for."""
        trial = self.run_trial(bot, number)
        assert all(result["passed"] for result in trial["results"]), trial["results"]
        self.rate(bot, number)

    def live_bot(self, **draft: Any) -> str:
        """A bot with policies and pairs, trained, proved and deployed; `draft` changes it before that."""
        bot = self.bot()
        if draft:
            self.http.patch(f"/v1/bots/{bot}", json=draft).raise_for_status()
        self.learn(bot)
        self.http.post(f"/v1/bots/{bot}/sources", json={"kind": "faq", "pairs": PAIRS}).raise_for_status()
        version = self.train(bot)
        assert version["status"] == "ready", version
        self.write_cases(bot)
        self.one_tester_is_enough(bot)
        self.prove(bot)
        self.http.post(f"/v1/bots/{bot}/versions/1/deploy").raise_for_status()
        return bot


@contextmanager
def serving_app(settings: Settings, site: Site) -> Iterator[RunningServer]:
    """The server in a thread of this process, so that its lines are measured."""
    app = create_server(settings)
    server = uvicorn.Server(
        uvicorn.Config(app, host="127.0.0.1", port=settings.port, log_level="error", timeout_graceful_shutdown=2)
    )
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    running = RunningServer(f"http://127.0.0.1:{settings.port}", settings, site, app)
    with running.client() as client:
        for _ in range(600):
            try:
                if client.get("/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.05)
    try:
        yield running
    finally:
        for client in running.clients:
            client.close()
        server.should_exit = True
        thread.join(30)


@pytest.fixture(scope="session")
def shop_site() -> Iterator[Site]:
    """A website on loopback that the session's server may crawl; tests add their pages to it."""
    with serving() as site:
        yield site


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory, shop_site: Site) -> Iterator[RunningServer]:
    """One real server for the whole session; each test signs up merchants of its own."""
    data: Path = tmp_path_factory.mktemp("server")
    settings = Settings(
        _env_file=None,
        data_dir=data,
        port=free_port(),
        crawler_allowed_private_hosts=(shop_site.host,),
        visitor_messages_per_minute=10_000,
        address_messages_per_minute=100_000,
        bot_messages_per_minute=100_000,
        schedule_seconds=1,
        access_token_minutes=60,  # what signs up once for all tests of a file speaks for as long as they run
        channel_sweep_seconds=86_400,
        channel_collect_seconds=86_400,
        stripe_key="sk_test_of_nobody",
        stripe_webhook_secret="whsec_test_secret",
        stripe_address=f"http://127.0.0.1:{free_port()}",  # nobody listens there, until a test does
    )
    with serving_app(settings, shop_site) as running:
        yield running


@pytest.fixture
def merchant(server: RunningServer) -> Merchant:
    """A fresh merchant."""
    return server.merchant()


@pytest.fixture(scope="session")
def live(server: RunningServer) -> tuple[Merchant, str]:
    """A merchant with a bot that is live; tests leave it as it is."""
    owner = server.merchant()
    return owner, owner.live_bot()
