"""A shop whose people are in a Slack channel, and its shoppers elsewhere."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.graph import Graph, whatsapp_message
from tests.channel_adapters.platforms.graph import signed as signed_by_meta
from tests.channel_adapters.platforms.slack import (
    APP,
    SETTINGS,
    TEAM,
    FakeSlack,
    callback,
    new_ts,
    post_event,
    post_press,
    texts_of,
)
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer, message, post
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.test_meta import SETTINGS as META
from tests.channel_adapters.test_slack import install
from tests.conftest import Merchant, RunningServer

ANN, BEN = ("U1ANN", "ann"), ("U2BEN", "ben")


@dataclass
class Team:
    """A merchant whose bot is on three channels, and whose people are in one room."""

    server: RunningServer
    merchant: Merchant
    bot: str
    slack: FakeSlack
    graph: Graph
    shop: ShopServer
    links: dict[str, Linked] = field(default_factory=dict)
    room: str = ""

    def rules(self, status: int = 200, **changes: Any) -> dict[str, Any]:
        """Change the rules; or see them."""
        answer = self.merchant.http.patch(f"/v1/bots/{self.bot}/handover", json=changes)
        assert answer.status_code == status, answer.text
        return dict(answer.json())

    def moves_to_a_new_room(self) -> str:
        """A room of its own for a test; the bot says hello there."""
        self.room = f"C{random.getrandbits(40):012X}"
        self.rules(slack_channel=self.room)
        self.slack.wait_post(self.room)
        return self.room

    def event(self, event: dict[str, Any], status: int = 200, **outer: Any) -> None:
        """Let Slack tell something."""
        with self.server.client() as client:
            answer = post_event(client, self.links["slack"].hook("events"), callback(event, **outer))
            assert answer.status_code == status, answer.text

    def posts(self) -> list[str]:
        """Names of the posts in the room, oldest first, but for the first hello."""
        shown = self.slack.shown.items()
        return [ts for ts, one in sorted(shown) if one["channel"] == self.room and not one.get("thread_ts")][1:]

    def post(self, count: int = 1) -> str:
        """The newest post, once there are so many."""
        return str(wait_for(lambda: len(self.posts()) >= count and self.posts()[-1]))

    def reads(self, ts: str) -> str:
        """All that a post says now."""
        return " ".join(texts_of(self.slack.shown[ts]["blocks"]))

    def shows(self, ts: str, words: str) -> None:
        """Wait until a post says something."""
        try:
            wait_for(lambda: words in self.reads(ts))
        except AssertionError as error:
            raise AssertionError(f"{words!r} is not in {self.reads(ts)!r}; below it: {self.thread(ts)[-8:]}") from error

    def thread(self, ts: str) -> list[str]:
        """Our lines below a post."""
        lines = [one for one in self.slack.posts(self.room) if one.get("thread_ts") == ts]
        return [" ".join(texts_of(one["blocks"])) for one in lines]

    def line(self, ts: str, words: str) -> str:
        """Our line below a post with these words in it, once it stands there."""
        return str(wait_for(lambda: next((line for line in self.thread(ts) if words in line), None)))

    def press(self, ts: str, who: tuple[str, str], does: str = "handover_claim", **more: Any) -> None:
        """Press a post's button."""
        shown = {"type": "message", "user": "U0BOT", "ts": ts, "text": "x", "blocks": self.slack.shown[ts]["blocks"]}
        row = next((block for block in shown["blocks"] if block["type"] == "actions"), {"block_id": ""})
        payload = {
            "type": "block_actions", "team": {"id": TEAM}, "api_app_id": APP,
            "user": {"id": who[0], "username": who[1], "name": who[1], "team_id": TEAM},
            "channel": {"id": self.room, "name": "team"}, "message": shown, "response_url": "",
            "actions": [{"type": "button", "block_id": row["block_id"], "action_id": does, "value": does,
                         "action_ts": new_ts()}],
        } | more  # fmt: skip
        with self.server.client() as client:
            assert post_press(client, self.links["slack"].hook("interactions"), payload).status_code == 200

    def claims(self, ts: str, who: tuple[str, str] = ANN) -> None:
        """Claim, and wait until the post says so."""
        self.press(ts, who)
        self.shows(ts, f"{who[1]} (Slack) has it")

    def written(self, ts: str, text: str, who: tuple[str, str] = ANN, **more: Any) -> dict[str, Any]:
        """An event about words below a post."""
        return {
            "type": "message", "channel_type": "channel", "channel": self.room, "user": who[0], "text": text,
            "ts": new_ts(), "thread_ts": ts, "team": TEAM,
        } | more  # fmt: skip

    def inbox(self, owner: str) -> list[dict[str, Any]]:
        """The studio's Inbox."""
        path = f"/v1/bots/{self.bot}/inbox?owner={owner}"
        return list(self.merchant.http.get(path).raise_for_status().json()["items"])


class Shopper:
    """Somebody who writes through the generic webhook, or on WhatsApp."""

    def __init__(self, team: Team, kind: str = "webhook") -> None:
        self.team, self.kind, self.name = team, kind, f"{random.getrandbits(50)}"

    def asks(self, text: str) -> None:
        """Write."""
        with self.team.server.client() as client:
            if self.kind == "whatsapp":
                content, headers = signed_by_meta(whatsapp_message(text, self.name))
                path = self.team.links["whatsapp"].hook("events")
                assert client.post(path, content=content, headers=headers).status_code == 200
            else:
                body = message(text, conversation=self.name)
                assert post(client, self.team.links["webhook"].hook("messages"), body).status_code == 200

    def heard(self, author: str = "") -> list[str]:
        """What was said to them so far, by anybody or, through the webhook, by one author."""
        if self.kind == "whatsapp":
            return self.team.graph.texts_to(self.name)
        here = [one for one in self.team.shop.replies() if one["conversation"] == self.name]
        return [one["reply"]["text"] for one in here if not author or one["author"] == author]

    def hears(self, words: str) -> str:
        """What was said with these words in it, once it was."""
        return str(wait_for(lambda: next((text for text in self.heard() if words in text), None)))

    def wants_a_person(self) -> None:
        """Ask for one, and be told that one was asked."""
        self.asks("I want to talk to a real person please")
        self.hears("I have asked a person")

    @property
    def conversation(self) -> str:
        """What the studio calls the conversation that began last."""
        path = f"/v1/bots/{self.team.bot}/conversations"
        return str(self.team.merchant.http.get(path).raise_for_status().json()["items"][0]["id"])


@contextmanager
def shop_with_team(server: RunningServer, **more: Any) -> Iterator[Team]:
    """The shop, until the block ends."""
    slack, graph, shop = FakeSlack(), Graph(), ShopServer()
    platforms = {"slack": slack, "whatsapp": graph, "webhook": shop}
    with platforms_and_server(server, platforms, **more) as replica:
        owner = replica.merchant()
        team = Team(replica, owner, owner.live_bot(), slack, graph, shop)
        team.links = {kind: Linked(replica, owner, team.bot, kind) for kind in platforms}
        team.links["slack"].link(SETTINGS)
        assert install(team.links["slack"], slack).status_code == 200
        team.links["whatsapp"].link(META["whatsapp"])
        team.links["webhook"].link({"url": f"{shop.url}/answers", "secret": SECRET})
        team.rules(on=True, notify=["help@shop.example"])
        yield team
        broken = slack.broken_rules + graph.broken_rules + shop.broken_rules
        assert broken == [], broken
