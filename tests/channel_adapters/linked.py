"""A server whose channels speak to platforms over loopback, and a live shop that is linked to them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

import httpx

from tests.channel_adapters.platforms.base import Platform, running
from tests.conftest import Merchant, RunningServer, free_port, serving_app


@dataclass
class Linked:
    """A merchant's live bot, linked to a channel."""

    server: RunningServer
    merchant: Merchant
    bot: str
    kind: str

    def path(self, rest: str = "") -> str:
        return f"/v1/bots/{self.bot}/channels/{self.kind}{rest}"

    def link(self, settings: dict[str, str]) -> dict[str, Any]:
        """Fill the link in."""
        answer = self.merchant.http.put(self.path(), json={"settings": settings})
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    def view(self) -> dict[str, Any]:
        """The link as the studio sees it."""
        items = self.merchant.http.get(f"/v1/bots/{self.bot}/channels").raise_for_status().json()["items"]
        return next(item for item in items if item["kind"] == self.kind)

    def hook(self, tail: str) -> str:
        """The path of the link's webhook, as its steps tell it."""
        told = [value for step in self.view()["steps"] for _, value in step["values"]]
        return next(urlsplit(value).path for value in told if value.endswith(f"/{tail}"))

    def check(self) -> dict[str, dict[str, Any]]:
        """The doctor's findings by name."""
        answer = self.merchant.http.post(self.path("/check"))
        assert answer.status_code == 200, answer.text
        return {finding["name"]: finding for finding in answer.json()["findings"]}

    def dead(self) -> list[dict[str, Any]]:
        """Messages that got no answer."""
        return list(self.merchant.http.get(f"/v1/bots/{self.bot}/dead_letters").raise_for_status().json()["items"])


@contextmanager
def platforms_and_server(server: RunningServer, platforms: dict[str, Platform], **more: Any) -> Iterator[RunningServer]:
    """A second server on the data of the first, whose channels speak to these platforms; they run while it does.

    The first one does the jobs, of which a process can run only one set; it looks for no messages meanwhile.
    """
    with ExitStack() as stack:
        for platform in platforms.values():
            stack.enter_context(running(platform))
        port = free_port()
        options: dict[str, Any] = {
            "port": port,
            "public_url": f"http://127.0.0.1:{port}",
            "run_jobs": False,
            "channel_addresses": {kind: platform.url for kind, platform in platforms.items()},
            "channel_settle_seconds": 0.05,
            "channel_sweep_seconds": 0.5,
        }
        settings = server.settings.model_copy(update=options | more)
        replica = stack.enter_context(serving_app(settings, server.site))
        replica.numbers = server.numbers
        yield replica
        for client in replica.clients:
            if not client.is_closed:
                end_links(client)


def end_links(client: httpx.Client) -> None:
    """Let what this caller's bots were linked to be linked by other tests."""
    bots = client.get("/v1/bots")
    for bot in bots.json()["items"] if bots.is_success else []:
        for link in client.get(f"/v1/bots/{bot['id']}/channels").json()["items"]:
            if link["status"] != "none":
                client.delete(f"/v1/bots/{bot['id']}/channels/{link['kind']}")
