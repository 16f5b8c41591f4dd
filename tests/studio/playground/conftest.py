"""The playground on a second server, and a shop that invites people."""

from __future__ import annotations

import itertools
import os
import warnings
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import sync_playwright

from studio.playground import mount_playground
from tests.channel_adapters.shops import FACTS, NO_REUSE, Shop, replica
from tests.conftest import RunningServer
from tests.sites.loopback import Site

with warnings.catch_warnings():
    # Here and not in a fixture: Gradio parses its own sources, which Python 3.11 cannot do deep inside pytest.
    warnings.simplefilter("ignore")
    os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
    import gradio  # noqa: F401

DEFAULT_TESTER = "tess@friend.example"
NUMBERS = itertools.count(1)


@pytest.fixture(scope="session")
def playground(server: RunningServer) -> Iterator[Any]:
    """The application with the playground; `state.base` is its address."""
    with replica(server, mount_playground, visitor_messages_per_minute=20) as app:
        yield app


def shop_named(app: Any, name: str, facts: list[tuple[str, str]], site: Site, colour: str) -> Iterator[Shop]:
    with httpx.Client(base_url=app.state.base, timeout=60, limits=NO_REUSE) as http:
        made = Shop(http, app.state.base)
        made.make(name, facts, site)
        made.call("PATCH", f"/v1/bots/{made.bot}", json={"theme_overrides": {"primary": colour}})
        yield made


@pytest.fixture(scope="session")
def fern(playground: Any, shop_site: Site) -> Iterator[Shop]:
    """A shop with a trained version."""
    yield from shop_named(playground, "Fernleaf", FACTS, shop_site, "#7a1f5c")


@pytest.fixture(scope="session")
def harbour(playground: Any, shop_site: Site) -> Iterator[Shop]:
    """Another shop, which knows other things."""
    facts = [
        ("When do boats leave?", "Boats leave at seven in the morning from pier nine."),
        ("How much is a ticket?", "A ticket costs 31.00 EUR for grown-ups."),
        ("Are dogs allowed?", "Dogs are welcome on deck."),
    ]
    yield from shop_named(playground, "Harbour", facts, shop_site, "#123c7a")


class Invited:
    """One open invitation; closed at the end, since a bot has five places."""

    def __init__(self, shop: Shop, email: str) -> None:
        self.shop = shop
        # One mailbox is one person: a second invite of the same one would be refused.
        email = f"{next(NUMBERS)}.{email}" if email == DEFAULT_TESTER else email
        body = shop.call("POST", f"/v1/bots/{shop.bot}/invites", json={"email": email})
        self.id: str = body["id"]
        self.path: str = "/playground" + body["link"].split("/playground", 1)[1]
        self.link = shop.base + self.path

    def close(self) -> None:
        self.shop.http.delete(f"/v1/bots/{self.shop.bot}/invites/{self.id}")


@pytest.fixture
def invite(request: pytest.FixtureRequest) -> Any:
    """Invites a person to a shop's assistant."""
    made: list[Invited] = []

    def inviting(shop: Shop, email: str = DEFAULT_TESTER) -> Invited:
        made.append(Invited(shop, email))
        return made[-1]

    yield inviting
    for one in made:
        one.close()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium")
        yield browser
        browser.close()
