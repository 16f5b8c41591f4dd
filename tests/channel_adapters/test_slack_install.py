"""The way to Slack and back: who may go it, how often, and where it ends."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest

from channel_adapters.channel import Addresses
from channel_adapters.slack.manifest import slack_manifest
from tests.channel_adapters.linked import Linked, platforms_and_server
from tests.channel_adapters.platforms.slack import OTHER_TEAM, SECRET, SETTINGS, TOKEN, FakeSlack
from tests.channel_adapters.test_slack import install
from tests.conftest import RunningServer


@pytest.fixture(scope="module")
def slack() -> Iterator[FakeSlack]:
    made = FakeSlack()
    yield made
    assert made.broken_rules == []


@pytest.fixture(scope="module")
def linked(server: RunningServer, slack: FakeSlack) -> Iterator[Linked]:
    with platforms_and_server(server, {"slack": slack}) as replica:
        owner = replica.merchant()
        made = Linked(replica, owner, owner.live_bot(), "slack")
        assert made.link(SETTINGS)["status"] == "on"
        yield made


@pytest.fixture
def browser(linked: Linked) -> Iterator[httpx.Client]:
    with linked.server.client() as made:
        yield made


def go(browser: httpx.Client, linked: Linked) -> str:
    gone = browser.get(linked.hook("install"))
    assert gone.status_code == 302
    return gone.headers["location"]


def test_a_link_begins_empty_and_shows_its_manifest(linked: Linked, browser: httpx.Client):
    owner = linked.server.merchant()
    linked = Linked(linked.server, owner, owner.live_bot(), "slack")
    view = linked.link({})
    manifest = json.loads(view["steps"][0]["file"])
    assert manifest["oauth_config"]["redirect_urls"][0].endswith(linked.hook("oauth"))
    assert manifest["features"]["bot_user"]["display_name"]
    # Slack takes the scope with one of the two features only, and new apps with this one only.
    assert "assistant:write" in manifest["oauth_config"]["scopes"]["bot"]
    assert len(manifest["features"]["agent_view"]["agent_description"]) <= 300
    assert "assistant_view" not in manifest["features"]
    early = browser.get(linked.hook("install"))
    assert (early.status_code, "Client Secret" in early.text) == (400, True)
    assert browser.get(linked.hook("oauth"), params={"code": "x", "state": "x.1.y"}).status_code == 400
    assert browser.get(linked.hook("events")).status_code == 401
    assert view["status"] == "unfinished"
    assert linked.link(SETTINGS)["status"] == "on"


def test_the_names_of_manifests_are_such_as_slack_takes():
    for name in ("Fern", "Schöne Töpfe & <b>Blätter</b> für alle, die Keramik lieben", "", "🌿🌿"):
        addresses = Addresses("https://shop.example", "link_1", "slack", name)
        shown = json.loads(slack_manifest(addresses))["display_information"]["name"]
        assert 1 <= len(shown) <= 35
        assert not set(shown) & set("<>&,🌿")


def test_what_slack_is_asked(linked: Linked, browser: httpx.Client):
    location = go(browser, linked)
    asked = parse_qs(urlsplit(location).query)
    assert asked["redirect_uri"] == [f"{linked.server.settings.server_address}{linked.hook('oauth')}"]
    assert SECRET not in location
    cookie = browser.get(linked.hook("install")).headers["set-cookie"]
    for part in ("HttpOnly", "SameSite=Lax", "Max-Age=600", "Path=/hooks/slack/link_"):
        assert part in cookie


def test_another_browser_brings_nothing_back(linked: Linked, slack: FakeSlack, browser: httpx.Client):
    with linked.server.client() as other:
        theirs = slack.approve(go(other, linked))
    go(browser, linked)
    assert browser.get(linked.hook("oauth"), params=theirs).status_code == 400
    with linked.server.client() as bare:
        assert bare.get(linked.hook("oauth"), params=theirs).status_code == 400
    assert linked.view()["address"] == ""


@pytest.mark.parametrize("change", ["nonce", "ends", "mark", "empty", "huge"])
def test_a_state_that_was_changed_does_not_count(linked: Linked, slack: FakeSlack, browser: httpx.Client, change: str):
    back = slack.approve(go(browser, linked))
    nonce, ends, mark = back["state"].split(".")
    back["state"] = {
        "nonce": f"{nonce}x.{ends}.{mark}", "ends": f"{nonce}.{int(ends) + 1}.{mark}", "empty": "",
        "mark": f"{nonce}.{ends}.{mark[:-1]}{'0' if mark[-1] != '0' else '1'}", "huge": f"{nonce}.{'9' * 5000}.{mark}",
    }[change]  # fmt: skip
    assert browser.get(linked.hook("oauth"), params=back).status_code == 400


def test_a_state_of_another_link_does_not_count(linked: Linked, slack: FakeSlack, browser: httpx.Client):
    owner = linked.server.merchant()
    other = Linked(linked.server, owner, owner.live_bot(), "slack")
    other.link(SETTINGS)
    back = slack.approve(go(browser, other))
    cookie = browser.cookies.get("storeclerk_slack", path=other.hook("install").removesuffix("/install"))
    headers = {"Cookie": f"storeclerk_slack={cookie}"}
    with linked.server.client() as bare:
        assert bare.get(linked.hook("oauth"), params=back, headers=headers).status_code == 400
    owner.http.delete(other.path()).raise_for_status()


def test_a_refusal_is_told_and_nothing_of_it_is_taken_for_html(linked: Linked, slack: FakeSlack, browser: httpx.Client):
    state = slack.approve(go(browser, linked))["state"]
    told = browser.get(linked.hook("oauth"), params={"error": "<script>alert(1)</script>", "state": state})
    assert told.status_code == 400
    assert "<script>" not in told.text
    assert "default-src 'none'" in told.headers["content-security-policy"]
    state = slack.approve(go(browser, linked))["state"]
    assert "Cancel" in browser.get(linked.hook("oauth"), params={"error": "access_denied", "state": state}).text
    state = slack.approve(go(browser, linked))["state"]
    assert "not valid" in browser.get(linked.hook("oauth"), params={"code": "guessed", "state": state}).text


def test_wrong_credentials_are_named(linked: Linked, slack: FakeSlack, browser: httpx.Client):
    linked.link(SETTINGS | {"client_secret": "x" * 32})
    told = browser.get(linked.hook("oauth"), params=slack.approve(go(browser, linked)))
    assert (told.status_code, "Client Secret" in told.text) == (400, True)
    linked.link(SETTINGS)


def test_an_installation_counts_once_and_names_the_workspace(linked: Linked, slack: FakeSlack, browser: httpx.Client):
    back = slack.approve(go(browser, linked))
    done = browser.get(linked.hook("oauth"), params=back)
    assert done.status_code == 200
    assert "Connected to Fernleaf &lt;b&gt;&amp;" in done.text
    assert done.headers["referrer-policy"] == "no-referrer"
    assert not any(token in done.text for token in slack.tokens)
    again = browser.get(linked.hook("oauth"), params=back | {"code": slack.approve(go(browser, linked))["code"]})
    assert again.status_code == 400
    assert linked.view()["address"] == "T1SHOP/U0BOT"


def test_a_connected_link_takes_no_other_workspace(linked: Linked, slack: FakeSlack):
    assert install(linked, slack).status_code == 200
    stolen = install(linked, slack, team=OTHER_TEAM)
    assert (stolen.status_code, "another workspace already" in stolen.text) == (409, True)
    assert linked.view()["address"] == "T1SHOP/U0BOT"
    assert install(linked, slack).status_code == 200


def test_a_pasted_token_names_its_workspace_at_once(linked: Linked, slack: FakeSlack):
    linked.merchant.http.delete(linked.path()).raise_for_status()
    view = linked.link(SETTINGS | {"bot_token": TOKEN})
    assert (view["address"], view["status"]) == ("T1SHOP/U0BOT", "on")
    view = linked.link(SETTINGS | {"bot_token": "xoxb-1-2-unknown"})
    assert (view["status"], "Install the app again" in view["problem"]) == ("broken", True)


@pytest.mark.parametrize(
    ("settings", "field"),
    [
        (SETTINGS | {"signing_secret": SECRET}, "signing_secret"),
        (SETTINGS | {"client_id": "A0123"}, "client_id"),
        (SETTINGS | {"bot_token": "xoxp-1-2-3456"}, "bot_token"),
        (SETTINGS | {"products": "grid"}, "products"),
    ],
)
def test_slips_are_named_by_field(linked: Linked, settings: dict[str, Any], field: str):
    answer = linked.merchant.http.put(linked.path(), json={"settings": settings})
    assert (answer.status_code, [one["field"] for one in answer.json()["errors"]]) == (422, [field])
