"""Two shops in one workspace, two bots at one page, one shop's credentials at another's address: nothing crosses."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.bot_service import BotService
from tests.channel_adapters.platforms.graph import Graph, page_message, signed
from tests.channel_adapters.platforms.slack import SETTINGS as SLACK
from tests.channel_adapters.platforms.slack import FakeSlack, SecondApp, callback, direct, post_event
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer, message, post
from tests.channel_adapters.shops import wait_for
from tests.channel_adapters.test_meta import SETTINGS as META
from tests.channel_adapters.test_microsoft import SETTINGS as MICROSOFT
from tests.channel_adapters.test_slack import install
from tests.conftest import Merchant, RunningServer

SECOND = SecondApp()
SECOND_SETTINGS = {
    "client_id": SECOND.client, "client_secret": SECOND.secret, "signing_secret": SECOND.signing,
}  # fmt: skip
WHERE, OURS, THEIRS = "Where is your workshop?", "Ghent", "Antwerp"


class Shops:
    """Two merchants with a live bot each, which say different things."""

    def __init__(self, replica: RunningServer) -> None:
        self.replica = replica
        self.platforms: dict[str, Any] = {}
        self.first, self.second = replica.merchant(), replica.merchant()
        self.bots = {self.first.email: self.first.live_bot(), self.second.email: self.second.live_bot()}
        pinned = {"questions": [WHERE], "answer": f"Our workshop is in {THEIRS}."}
        path = f"/v1/bots/{self.bots[self.second.email]}/pins"
        self.second.http.post(path, json=pinned).raise_for_status()

    def link(self, owner: Merchant, kind: str) -> Linked:
        return Linked(self.replica, owner, self.bots[owner.email], kind)


@pytest.fixture(scope="module")
def shops(server: RunningServer) -> Iterator[Shops]:
    slack, graph, service, shop = FakeSlack(), Graph(), BotService(), ShopServer()
    slack.second_app = SECOND
    platforms = {"slack": slack, "messenger": graph, "teams": service, "webhook": shop}
    with platforms_and_server(server, platforms) as replica:
        made = Shops(replica)
        made.platforms = platforms
        yield made


def test_two_shops_in_one_workspace_answer_each_to_its_own(shops: Shops):
    slack: FakeSlack = shops.platforms["slack"]
    ours, theirs = shops.link(shops.first, "slack"), shops.link(shops.second, "slack")
    ours.link(SLACK)
    theirs.link(SECOND_SETTINGS)
    assert install(ours, slack).status_code == install(theirs, slack).status_code == 200
    assert (ours.view()["address"], theirs.view()["address"]) == ("T1SHOP/U0BOT", "T1SHOP/U2BOT")
    assert ours.view()["place_name"] == "Fernleaf <b>&"
    second = {"api_app_id": SECOND.app, "authorizations": [{"team_id": "T1SHOP", "user_id": SECOND.bot}]}
    with shops.replica.client() as client:
        told = post_event(client, ours.hook("events"), callback(direct(WHERE, "D1OURS")))
        assert told.status_code == 200
        told = post_event(
            client, theirs.hook("events"), callback(direct(WHERE, "D1THEIRS"), **second), secret=SECOND.signing
        )
        assert told.status_code == 200
        assert OURS in slack.wait_post("D1OURS")[0]["text"]
        assert THEIRS in slack.wait_post("D1THEIRS")[0]["text"]
        # Events of the one at the address of the other, signed by either.
        for hook, secret, outer in (
            (ours, "0" * 32, {}), (ours, SECOND.signing, second), (theirs, SLACK["signing_secret"], {}),
        ):  # fmt: skip
            swapped = callback(direct(WHERE, "D1SWAPPED"), **outer)
            assert post_event(client, hook.hook("events"), swapped, secret=secret).status_code == 401
        # Rightly signed, but of the other app.
        crossed = callback(direct(WHERE, "D1SWAPPED"), **second)
        assert post_event(client, ours.hook("events"), crossed).status_code == 200
        assert post_event(client, ours.hook("events"), callback(direct(WHERE, "D1AFTER"))).status_code == 200
    slack.wait_post("D1AFTER")
    assert slack.posts("D1SWAPPED") == []
    tokens = {sent.headers["authorization"] for sent in slack.sent if sent.path == "/api/chat.postMessage"}
    assert len(tokens) == 2, "each spoke with a token of its own"


def test_an_app_that_is_linked_cannot_be_linked_by_another_merchant(shops: Shops):
    slack: FakeSlack = shops.platforms["slack"]
    ours, third = shops.link(shops.first, "slack"), shops.replica.merchant()
    if ours.view()["status"] != "on":
        ours.link(SLACK)
        assert install(ours, slack).status_code == 200
    copied = Linked(shops.replica, third, third.live_bot(), "slack")
    copied.link(SLACK)
    assert install(copied, slack).status_code == 409
    assert copied.view()["address"] == ""


def test_a_page_answers_with_one_bot(shops: Shops):
    graph: Graph = shops.platforms["messenger"]
    ours, theirs = shops.link(shops.first, "messenger"), shops.link(shops.second, "messenger")
    ours.link(META["messenger"])
    settings = {"settings": META["messenger"]}
    refused = shops.second.http.put(theirs.path(), json=settings)
    assert (refused.status_code, refused.json()["code"]) == (409, "place_taken")
    other = shops.first.http.post("/v1/bots", json={"name": "A second bot"}).raise_for_status().json()["id"]
    refused = shops.first.http.put(f"/v1/bots/{other}/channels/messenger", json=settings)
    assert refused.status_code == 409, "the same merchant's second bot neither"
    with shops.replica.client() as client:
        for link, person in ((theirs, "PSIDone"), (ours, "PSIDone"), (ours, "PSIDafter")):
            content, headers = signed(page_message(WHERE, person))
            assert client.post(link.hook("events"), content=content, headers=headers).status_code == 200
    for person in ("PSIDone", "PSIDafter"):
        wait_for(lambda person=person: any(OURS in text for text in graph.texts_to(person)) or None)
    said = " ".join(graph.texts_to("PSIDone"))
    assert (OURS in said, THEIRS in said) == (True, False)


def test_a_token_for_one_app_opens_no_other(shops: Shops):
    service: BotService = shops.platforms["teams"]
    ours = shops.link(shops.first, "teams")
    ours.link(MICROSOFT)
    activity = service.message(WHERE)
    with shops.replica.client() as client:
        for claims in ({"aud": "99999999-2222-3333-4444-555555555555"}, {"serviceurl": "https://evil.example/"}):
            headers = {"Authorization": f"Bearer {service.signed(**claims)}"}
            answer = client.post(ours.hook("messages"), json=activity, headers=headers)
            assert answer.status_code in {401, 403}
        genuine = service.message(WHERE)
        headers = {"Authorization": f"Bearer {service.signed()}"}
        assert client.post(ours.hook("messages"), json=genuine, headers=headers).is_success
    service.answers_to(genuine)
    assert not [sent for sent in service.sent if activity["id"] in sent.path]


def test_a_message_signed_for_one_shop_is_none_for_another(shops: Shops):
    shop: ShopServer = shops.platforms["webhook"]
    ours, theirs = shops.link(shops.first, "webhook"), shops.link(shops.second, "webhook")
    ours.link({"url": f"{shop.url}/ours", "secret": SECRET})
    theirs.link({"url": f"{shop.url}/theirs", "secret": "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"})
    asked = message(WHERE)
    with shops.replica.client() as client:
        assert post(client, theirs.hook("messages"), asked).status_code == 401
        assert post(client, ours.hook("messages"), asked).status_code == 200
    (sent,) = shop.wait(lambda s: s.json.get("in_reply_to") == asked["id"])
    assert (sent.path, OURS in sent.json["reply"]["text"]) == ("/ours", True)


@pytest.mark.parametrize("rest", ["", "/check", "/pause", "/resume"])
def test_nobody_sees_or_switches_the_link_of_another_merchant(shops: Shops, rest: str):
    ours = shops.link(shops.first, "webhook")
    method = "POST" if rest else "DELETE"
    assert shops.second.http.request(method, ours.path(rest)).status_code == 404
    for path in ("channels", "dead_letters", "inbox", "handover"):
        assert shops.second.http.get(f"/v1/bots/{ours.bot}/{path}").status_code == 404
