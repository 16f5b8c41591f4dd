"""Shops for the tests of channels and playground, and a second server that shares their data with the first."""

from __future__ import annotations

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx
import uvicorn

from channel_adapters.app import create_server
from tests.conftest import RunningServer, free_port
from tests.sites.loopback import Site

SHOP_ORIGIN = "http://shop.example"
NO_REUSE = httpx.Limits(max_keepalive_connections=0)
"""A kept connection may be closed by the server in the moment of its next use."""
FACTS = [
    ("How much does delivery to Germany cost?", "Delivery to Germany costs 4.90 EUR and takes three working days."),
    ("How long can I return what I bought?", "You can return unused goods within 30 days of delivery."),
    (
        "Is the Fernleaf Mug safe in the dishwasher?",
        "The Fernleaf Mug is safe in the dishwasher up to 60 degrees.",
    ),
    ("Which payment methods do you accept?", "We accept credit cards, PayPal and bank transfer."),
    ("Do you ship to Switzerland?", "Yes, we ship to Switzerland for 12.50 EUR; customs fees are included."),
    ("Where is your workshop?", "Our workshop is in Leipzig, at Kiln Street 7, open on Saturdays."),
    ("Do you sell gift cards?", "Gift cards are available for 25, 50 and 100 EUR and stay valid for three years."),
    ("How do I clean the teapot?", "Rinse the teapot with warm water only; soap leaves a taste in the clay."),
    ("Can I change my order?", "You can change an order until it is packed, usually within two hours."),
    ("Which teas are without caffeine?", "Rooibos, chamomile and peppermint teas are without caffeine."),
    ("Do you offer repairs?", "Broken handles are repaired free of charge within the first year."),
    ("Is the packaging recyclable?", "All packaging is made of recycled cardboard and can be recycled again."),
]
MUG_PAGE = """<!doctype html><html lang="en"><head><title>Fernleaf Mug</title><script type="application/ld+json">
{"@context": "https://schema.org", "@type": "Product", "name": "Fernleaf Mug", "sku": "mug-1",
 "description": "A stoneware mug with a fern leaf pattern.", "image": "https://shop.example/mug.png",
 "offers": {"@type": "Offer", "price": "19.00", "priceCurrency": "EUR",
 "availability": "https://schema.org/InStock"}}</script></head>
<body><main><h1>Fernleaf Mug</h1><p>The Fernleaf Mug is a stoneware mug with a fern leaf pattern. It holds 350 ml and
is made in our own workshop.</p></main></body></html>"""


@contextmanager
def listening(app: Any, host: str = "127.0.0.1", port: int = 0) -> Iterator[int]:
    """An application served by uvicorn in a thread, until the block ends."""
    with socket.socket() as probe:
        probe.bind((host, port))
        port = probe.getsockname()[1]
    config = uvicorn.Config(app, host=host, port=port, log_level="error", access_log=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        assert thread.is_alive(), "the server did not start"
        time.sleep(0.02)
    try:
        yield port
    finally:
        server.should_exit = True
        thread.join(20)


def wait_for(probe: Any, seconds: float = 60.0) -> Any:
    """The first truthy answer of `probe`."""
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if (found := probe()) not in (None, False):
            return found
        time.sleep(0.1)
    raise AssertionError("it did not happen in time")


@dataclass
class Shop:
    """A merchant who has a trained bot; `http` speaks for them."""

    http: httpx.Client
    base: str
    bot: str = ""
    secret: str = ""
    publishable: str = ""

    def call(self, method: str, path: str, **options: Any) -> Any:
        answer = self.http.request(method, path, **options)
        assert answer.status_code < 400, f"{method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    def make(self, name: str, facts: list[tuple[str, str]], site: Site) -> None:
        """Sign up, and train a bot on a few answers and the page of a product."""
        site.add({"/fernleaf-mug": MUG_PAGE})
        account = {
            "email": f"{name.lower()}{time.monotonic_ns()}@shop.example",
            "password": "correct horse battery",
            "shop_name": name,
        }
        signed = self.call("POST", "/v1/signup", json=account)
        self.http.headers["Authorization"] = f"Bearer {signed['access_token']}"
        self.bot = self.call("POST", "/v1/bots", json={"name": name})["id"]
        persona = {"assistant_name": "Fern", "example_questions": [facts[0][0], facts[2][0]]}
        guardrails = {"contact_text": "Write to hello@fernleaf.example."}
        self.call("PATCH", f"/v1/bots/{self.bot}", json={"persona": persona, "guardrails": guardrails})
        pairs = [{"question": question, "answer": answer} for question, answer in facts]
        self.call("POST", f"/v1/bots/{self.bot}/sources", json={"kind": "faq", "pairs": pairs})
        website = {"kind": "website", "url": f"{site.url}fernleaf-mug", "max_pages": 1}
        self.call("POST", f"/v1/bots/{self.bot}/sources", json=website)
        self.train()

    def train(self) -> None:
        """Train the first version to its end."""
        self.call("POST", f"/v1/bots/{self.bot}/versions")
        wait_for(lambda: self.status() in {"ready", "failed"})
        assert self.status() == "ready", self.version()

    def version(self) -> Any:
        return self.call("GET", f"/v1/bots/{self.bot}/versions/1")

    def status(self) -> str:
        return str(self.version()["status"])

    def prove_and_deploy(self, facts: list[tuple[str, str]]) -> None:
        """Go through the gate: approved cases, a trial, ratings; then deploy."""
        bot = f"/v1/bots/{self.bot}"
        for question, answer in facts:
            figures = re.findall(r"\b\d[\d.]* (?:EUR|days|degrees)", answer)[:1]
            case = {
                "question": question,
                "expects": "answer",
                "must_include": figures or [answer.split()[-1].strip(".")],
            }
            made = self.call("POST", f"{bot}/test_cases", json=case)
            self.call("PATCH", f"{bot}/test_cases/{made['id']}", json={"approved": True})
        one_tester = {"metrics": {"tester_satisfaction": {"needed": 5, "people": 1}}}
        self.call("PATCH", f"{bot}/gate", json=one_tester)
        for question in (
            "Who won the football world cup in 1990?",
            "What is the capital of Mongolia?",
            "Write me a poem.",
        ):
            made = self.call("POST", f"{bot}/test_cases", json={"question": question, "expects": "refusal"})
            self.call("PATCH", f"{bot}/test_cases/{made['id']}", json={"approved": True})
        self.call("POST", f"{bot}/versions/1/trials")
        wait_for(lambda: self.call("GET", f"{bot}/versions/1/trials/latest")["status"] == "done")
        for question, _ in facts:
            turn = self.call("POST", f"{bot}/versions/1/ask", json={"text": question})["turn_id"]
            self.call("POST", f"{bot}/versions/1/ratings", json={"turn_id": turn, "helpful": True})
        report = self.call("GET", f"{bot}/versions/1/gate")
        assert report["verdict"] == "pass", report
        self.call("POST", f"{bot}/versions/1/deploy")

    def key(self, kind: str, origins: list[str] | None = None) -> str:
        body = {"kind": kind, "origins": origins or []}
        return str(self.call("POST", f"/v1/bots/{self.bot}/keys", json=body)["key"])

    def ask_page(self, text: str, **more: Any) -> httpx.Response:
        """A question from a page of the shop."""
        headers = {"Authorization": f"Bearer {self.publishable}", "Origin": SHOP_ORIGIN} | more.pop("headers", {})
        return httpx.post(f"{self.base}/chat/{self.bot}", json={"text": text, **more}, headers=headers, timeout=30)


@contextmanager
def replica(server: RunningServer, prepare: Any = None, **limits: Any) -> Iterator[Any]:
    """A second server on the data of the first, with the limits real ones have; `base` is its address."""
    port = free_port()
    settings = server.settings.model_copy(
        update={"port": port, "run_jobs": False, "visitor_messages_per_minute": 10} | limits
    )
    app = create_server(settings)
    app.state.base = f"http://127.0.0.1:{port}"
    if prepare is not None:
        prepare(app)
    with listening(app, port=port):
        yield app
