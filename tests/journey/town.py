"""A bot that is linked everywhere, its platforms over loopback, and a public address that may lead astray."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.base import Answer, Platform, Sent, running
from tests.channel_adapters.platforms.bot_service import BotService
from tests.channel_adapters.platforms.graph import Graph
from tests.channel_adapters.platforms.slack import GRANTED, FakeSlack
from tests.channel_adapters.platforms.slack import SETTINGS as SLACK
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer
from tests.channel_adapters.test_meta import SETTINGS as META
from tests.channel_adapters.test_microsoft import SETTINGS as MICROSOFT
from tests.channel_adapters.test_slack import install
from tests.conftest import RunningServer, free_port


class Door(Platform):
    """The public address: a way to the server, or to somewhere else, or shut."""

    server = ""
    leads = "in"

    def answer(self, sent: Sent) -> Answer:
        if self.leads == "elsewhere":
            return Answer(404, b"Parked domain", {"Content-Type": "text/html"})
        if self.leads == "nowhere":
            raise ConnectionResetError
        passed = {name: value for name, value in sent.headers.items() if name not in {"host", "content-length"}}
        address = f"{self.server}{sent.path}"
        found = httpx.request(sent.method, address, params=sent.query, headers=passed, content=sent.body)
        return Answer(
            found.status_code, found.content, {"Content-Type": found.headers.get("content-type", "text/plain")}
        )


@dataclass
class Town:
    """A bot that is linked everywhere, and all that may break."""

    door: Door
    slack: FakeSlack
    graph: Graph
    service: BotService
    shop: ShopServer
    links: dict[str, Linked] = field(default_factory=dict)

    def settings(self, kind: str) -> dict[str, str]:
        shop = {"url": f"{self.shop.url}/x", "secret": SECRET}
        return (META | {"slack": SLACK, "teams": MICROSOFT, "webhook": shop})[kind]

    def sound(self) -> None:
        """Let nothing be wrong any more."""
        self.door.leads = "in"
        self.slack.scopes, self.slack.clock_off, self.slack.refusals = GRANTED, 0.0, {}
        self.graph.error, self.graph.clock_off = None, 0.0
        self.service.refusal, self.service.clock_off = 0, 0.0
        self.shop.secret = SECRET
        for platform in (self.slack, self.graph, self.service, self.shop):
            platform.next_answers.clear()

    def mend(self, kind: str) -> None:
        """Fill a link in anew, as a merchant does once the cause is gone."""
        self.sound()
        self.links[kind].link(self.settings(kind))
        if kind == "slack":
            assert install(self.links[kind], self.slack).status_code == 200


@contextmanager
def linked_everywhere(server: RunningServer) -> Iterator[Town]:
    """The bot, until the block ends."""
    made = Town(Door(), FakeSlack(), Graph(), BotService(), ShopServer())
    platforms: dict[str, Platform] = {
        "slack": made.slack, "messenger": made.graph, "instagram": made.graph, "whatsapp": made.graph,
        "teams": made.service, "webhook": made.shop,
    }  # fmt: skip
    with running(made.door):
        made.door.server = f"http://127.0.0.1:{(port := free_port())}"
        with platforms_and_server(server, platforms, port=port, public_url=made.door.url) as replica:
            owner = replica.merchant()
            bot = owner.live_bot()
            for kind in platforms:
                made.links[kind] = Linked(replica, owner, bot, kind)
                made.mend(kind)
            yield made
