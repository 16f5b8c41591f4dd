"""What cannot be kept is not acknowledged, so that platforms send it again; then it is answered, once."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field

import httpx
import pytest

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.bot_service import BotService
from tests.channel_adapters.platforms.graph import Graph, page_message, signed, whatsapp_message
from tests.channel_adapters.platforms.slack import SETTINGS as SLACK
from tests.channel_adapters.platforms.slack import TOKEN, FakeSlack, callback, direct, post_event
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer, message, post
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.test_meta import SETTINGS as META
from tests.channel_adapters.test_microsoft import SETTINGS as MICROSOFT
from tests.conftest import RunningServer
from tests.engine.billing.stripe_server import event
from tests.engine.billing.stripe_server import signed as signed_by_stripe

ASKED, ANSWER = "Where is your workshop?", "Ghent"


@contextmanager
def nothing_is_kept(server: RunningServer, collection: str) -> Iterator[None]:
    """Every write of a collection fails as in a broken database; all else goes on."""
    trigger = f"""CREATE TRIGGER broken BEFORE INSERT ON documents WHEN NEW.collection = '{collection}'
        BEGIN SELECT json('broken'); END"""
    with closing(sqlite3.connect(server.settings.data_dir / "records.sqlite", timeout=30)) as connection:
        connection.execute(trigger)
        connection.commit()
        try:
            yield
        finally:
            connection.execute("DROP TRIGGER broken")
            connection.commit()


@dataclass
class Shop:
    """One live bot, linked everywhere."""

    replica: RunningServer
    slack: FakeSlack = field(default_factory=FakeSlack)
    graph: Graph = field(default_factory=Graph)
    service: BotService = field(default_factory=BotService)
    own: ShopServer = field(default_factory=ShopServer)
    links: dict[str, Linked] = field(default_factory=dict)


@pytest.fixture(scope="module")
def shop(server: RunningServer) -> Iterator[Shop]:
    made = Shop(server)
    platforms = {
        "slack": made.slack, "messenger": made.graph, "whatsapp": made.graph, "teams": made.service,
        "webhook": made.own,
    }  # fmt: skip
    with platforms_and_server(server, platforms) as replica:
        made.replica, owner = replica, replica.merchant()
        bot = owner.live_bot()
        settings = {
            "slack": SLACK | {"bot_token": TOKEN}, "messenger": META["messenger"], "whatsapp": META["whatsapp"],
            "teams": MICROSOFT, "webhook": {"url": f"{made.own.url}/answers", "secret": SECRET},
        }  # fmt: skip
        for kind, filled in settings.items():
            made.links[kind] = Linked(replica, owner, bot, kind)
            made.links[kind].link(filled)
        yield made


Sending = tuple[Callable[[httpx.Client], httpx.Response], Callable[[], int]]
"""(the same message each time it is called, how often it was answered)."""


def slack_message(shop: Shop) -> Sending:
    body, path = callback(direct(ASKED, "D1AWAY")), shop.links["slack"].hook("events")
    return (lambda client: post_event(client, path, body)), lambda: len(shop.slack.posts("D1AWAY"))


def meta_message(kind: str) -> Callable[[Shop], Sending]:
    def made(shop: Shop) -> Sending:
        person = f"491599{len(kind)}"
        body = whatsapp_message(ASKED, person) if kind == "whatsapp" else page_message(ASKED, person)
        (content, headers), path = signed(body), shop.links[kind].hook("events")

        def answers() -> int:
            return sum(ANSWER in text and "Sources" not in text for text in shop.graph.texts_to(person))

        return (lambda client: client.post(path, content=content, headers=headers)), answers

    return made


def teams_message(shop: Shop) -> Sending:
    activity, path = shop.service.message(ASKED), shop.links["teams"].hook("messages")
    headers = {"Authorization": f"Bearer {shop.service.signed()}"}

    def answers() -> int:
        texts = [str(one.json.get("text", "")) for one in shop.service.sent if activity["id"] in one.path]
        return sum(ANSWER in text for text in texts)

    return (lambda client: client.post(path, json=activity, headers=headers)), answers


def own_message(shop: Shop) -> Sending:
    body, path = message(ASKED), shop.links["webhook"].hook("messages")
    return (
        lambda client: post(client, path, body),
        lambda: sum(one.json.get("in_reply_to") == body["id"] for one in shop.own.sent if one.body),
    )


@pytest.mark.parametrize(
    "made",
    [slack_message, meta_message("messenger"), meta_message("whatsapp"), teams_message, own_message],
    ids=["slack", "messenger", "whatsapp", "teams", "webhook"],
)
def test_a_message_that_cannot_be_kept_is_not_acknowledged(shop: Shop, made: Callable[[Shop], Sending]) -> None:
    send, answers = made(shop)
    with shop.replica.client() as client:
        with nothing_is_kept(shop.replica, "inbound"):
            assert send(client).status_code == 503
            assert send(client).status_code == 503
        assert answers() == 0
        taken = send(client)
        assert taken.is_success, taken.text
        wait_for(lambda: answers() or None)
        assert send(client).is_success
    time.sleep(0.5)
    assert answers() == 1


def test_a_notice_of_payments_that_cannot_be_kept_is_not_acknowledged(shop: Shop) -> None:
    owner = shop.links["webhook"].merchant
    about = {"id": f"sub_{time.time_ns()}", "metadata": {"merchant_id": owner.signed_up["merchant"]["id"]}}
    notice = event("customer.subscription.updated", about | {"status": "active"}, f"evt_{time.time_ns()}")
    body, headers = signed_by_stripe(notice)
    with shop.replica.client() as client:
        with nothing_is_kept(shop.replica, "payment_notices"):
            assert client.post("/hooks/stripe", content=body, headers=headers).status_code == 503
        assert owner.http.get("/v1/billing").json()["subscription"] is None
        assert client.post("/hooks/stripe", content=body, headers=headers).status_code == 200
    wait_for(lambda: owner.http.get("/v1/billing").json()["subscription"])
