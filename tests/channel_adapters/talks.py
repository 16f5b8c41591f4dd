"""Conversations with a bot whose language model is slow, and what a shopper sees of its answers meanwhile."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Platform
from tests.conftest import RunningServer
from tests.engine.llama.model_server import ModelServer, model_server

ASKED = "How much is delivery to Germany and to France?"
GERMANY = "Standard delivery to Germany costs 6.90 EUR and takes 2 to 4 working days."
FRANCE = "Delivery to France costs 7.90 EUR and takes 3 to 5 working days."
RETURNS = "You may return anything within 30 days of receiving it."
PAYMENT = "We accept Visa, Mastercard and PayPal."
TINS = "Opened tea tins cannot be returned."
SLOWLY = f"{GERMANY} |{FRANCE} |{PAYMENT} |{TINS} |{RETURNS} "


@dataclass
class Watched:
    """What stood on a screen, one after another, while something was waited for."""

    screen: Callable[[], list[str]]
    seen: list[list[str]] = field(default_factory=list)

    def until(self, wanted: Callable[[list[str]], bool], seconds: float = 30) -> list[str]:
        """The screen once it is as wanted."""
        ends = time.monotonic() + seconds
        while time.monotonic() < ends:
            now = self.screen()
            if not self.seen or self.seen[-1] != now:
                self.seen.append(now)
            if wanted(now):
                return now
            time.sleep(0.02)
        raise AssertionError(f"not seen: {self.seen}")


@contextmanager
def slow_shop(
    server: RunningServer, kind: str, platform: Platform, settings: dict[str, str], **more: Any
) -> Iterator[tuple[Linked, ModelServer]]:
    """A live bot of a language model that says a sentence every 1.2 seconds, linked to a platform."""
    owner = server.merchant()
    bot = owner.live_bot()
    with model_server() as model:
        model.says, model.behaviour = SLOWLY, "by sentences"
        spoken = {"chat_model": "openai_compatible", "chat_model_name": "slow", "chat_model_url": model.url}
        with platforms_and_server(server, {kind: platform}, **spoken, **more) as replica:
            client = replica.client()
            client.headers["Authorization"] = owner.http.headers["Authorization"]
            made = Linked(replica, owner, bot, kind)
            made.merchant.http = client
            made.link(settings)
            yield made, model
            model.go_on.set()


def conversation(linked: Linked) -> str:
    """The conversation that began last, as the studio names it."""
    found = linked.merchant.http.get(f"/v1/bots/{linked.bot}/conversations").raise_for_status().json()["items"]
    return str(found[0]["id"])
