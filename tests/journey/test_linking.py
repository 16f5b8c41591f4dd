"""Linking each channel in a real browser, against platforms over loopback, until the doctor finds nothing to mend."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect

from studio.entrypoints.run import ROOT
from studio.entrypoints.screenshots import open_browser, settled
from tests.channel_adapters.linked import platforms_and_server
from tests.channel_adapters.platforms.bot_service import BotService
from tests.channel_adapters.platforms.graph import Graph
from tests.channel_adapters.platforms.mail import provider
from tests.channel_adapters.platforms.slack import SETTINGS as SLACK
from tests.channel_adapters.platforms.slack import FakeSlack
from tests.channel_adapters.platforms.webhook import SECRET, ShopServer
from tests.channel_adapters.test_meta import SETTINGS as META
from tests.channel_adapters.test_microsoft import SETTINGS as MICROSOFT
from tests.conftest import PASSWORD, Merchant, RunningServer, free_port

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]


@contextmanager
def studio_of(server: RunningServer) -> Iterator[str]:
    """The address of a studio that speaks to this server."""
    port = free_port()
    environment = os.environ | {
        "STORECLERK_PORT": str(server.settings.port),
        "STORECLERK_STUDIO_PORT": str(port),
        "STORECLERK_DATA_DIR": str(server.settings.data_dir),
    }
    process = subprocess.Popen([sys.executable, "-m", "studio.entrypoints.studio"], env=environment, cwd=ROOT)
    try:
        for _ in range(300):
            try:
                if httpx.get(f"http://127.0.0.1:{port}/_stcore/health").status_code == 200:
                    break
            except httpx.TransportError:
                pass
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


def signed_in(page: Page, studio: str, owner: Merchant, bot: str) -> None:
    """The page Channels of a bot."""
    page.goto(studio)
    settled(page)
    panel = page.get_by_role("tabpanel").filter(visible=True)
    panel.get_by_role("textbox", name="E-mail").fill(owner.email)
    panel.get_by_role("textbox", name="Password").fill(PASSWORD)
    panel.get_by_role("button", name="Sign in").click()
    page.get_by_role("heading", name="Home", level=1).wait_for()
    page.goto(f"{studio}/channels?bot={bot}")
    page.get_by_role("heading", name="Channels", level=1).wait_for()
    settled(page)


def choose(page: Page, label: str) -> None:
    """Pick a channel from the dropdown."""
    page.get_by_role("combobox", name="Where are your shoppers?").click()
    page.get_by_role("option", name=label).first.click()
    settled(page)


def link(page: Page, channel: dict[str, Any], settings: dict[str, str]) -> None:
    """Begin, and fill in what the vendor gave."""
    fields = {field["name"]: field for field in channel["fields"]}
    page.get_by_role("button", name="Begin with").click()
    expect(page.get_by_text("Not finished.")).to_be_visible()
    settled(page)
    for name, value in settings.items():
        if fields[name]["options"]:
            words = dict(fields[name]["options"])[value]
            chosen = page.get_by_role("combobox", name=fields[name]["label"])
            chosen.focus()
            settled(page)  # leaving the field before draws the form anew, which would close the list
            chosen.press("ArrowDown")
            page.get_by_role("option", name=words).click()
        else:
            page.get_by_role("textbox", name=fields[name]["label"]).fill(value)
    page.get_by_role("button", name="Link it").click()
    expect(page.get_by_role("tab", name="Doctor")).to_be_visible(timeout=30_000)
    settled(page)


def test_every_channel_is_linked_by_hand_and_the_doctor_is_content(server: RunningServer):
    slack, graph, service, shop = FakeSlack(), Graph(), BotService(), ShopServer()
    platforms = {
        "slack": slack, "messenger": graph, "instagram": graph, "whatsapp": graph, "teams": service, "webhook": shop,
    }  # fmt: skip
    with (
        provider() as box,
        platforms_and_server(server, platforms, channel_private_hosts=box.hosts) as replica,
        studio_of(replica) as studio,
        open_browser() as browser,
    ):
        owner = replica.merchant()
        bot = owner.live_bot()
        settings = META | {"slack": SLACK, "teams": MICROSOFT, "webhook": {"url": f"{shop.url}/x", "secret": SECRET}}
        settings["email"] = box.settings
        offered = owner.http.get("/v1/channels").json()["items"]
        assert {channel["kind"] for channel in offered} == set(settings)
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(30_000)
        signed_in(page, studio, owner, bot)
        for channel in offered:
            choose(page, channel["label"])
            link(page, channel, settings[channel["kind"]])
            if channel["kind"] == "slack":
                install(page, slack, owner, bot)
            page.get_by_role("tab", name="Doctor").click()
            page.get_by_role("button", name="Look now").click()
            expect(page.get_by_text("nothing is wrong")).to_be_visible(timeout=60_000)
            settled(page)
    assert graph.broken_rules + service.broken_rules + shop.broken_rules + slack.broken_rules == []


def install(page: Page, slack: FakeSlack, owner: Merchant, bot: str) -> None:
    """The way to Slack and back, in the same browser."""
    items = owner.http.get(f"/v1/bots/{bot}/channels").json()["items"]
    steps = next(item for item in items if item["kind"] == "slack")["steps"]
    address = next(step["link"] for step in steps if step["link"].endswith("/install"))
    gone = page.context.request.get(address, max_redirects=0)
    assert gone.status == 302
    back = slack.approve(gone.headers["location"])
    other = page.context.new_page()
    other.goto(f"{address.removesuffix('install')}oauth?" + "&".join(f"{name}={value}" for name, value in back.items()))
    expect(other.get_by_role("heading")).to_contain_text("onnected")
    other.close()
    page.reload()
    settled(page)
