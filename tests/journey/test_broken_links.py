"""Ten ways in which a link is broken: the doctor names the right cause of each, in every channel that knows it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Page, expect

from studio.entrypoints.screenshots import open_browser, settled
from tests.channel_adapters.linked import Linked
from tests.channel_adapters.platforms.base import Answer
from tests.channel_adapters.platforms.graph import PAGE, page_message, signed, whatsapp_message
from tests.channel_adapters.shops import wait_for
from tests.conftest import RunningServer
from tests.journey.test_linking import choose, signed_in, studio_of
from tests.journey.town import Town, linked_everywhere

pytestmark = pytest.mark.timeout(300)
OTHER_SECRET = "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"


@pytest.fixture(scope="module")
def town(server: RunningServer) -> Iterator[Town]:
    with linked_everywhere(server) as made:
        yield made


Breaking = Callable[[Town, str], None]


def slack_says(error: str) -> Breaking:
    return lambda town, _: town.slack.refusals.update({"auth.test": [error] * 3})


def meta_says(code: int, subcode: int = 0, message: str = "no") -> Breaking:
    error = {"code": code, "error_subcode": subcode, "message": message}
    return lambda town, _: setattr(town.graph, "error", error)


def entra_says(code: int) -> Breaking:
    return lambda town, _: setattr(town.service, "refusal", code)


def shop_says(status: int) -> Breaking:
    return lambda town, _: town.shop.next_answers.append(Answer(status))


def vendor_says(status: int) -> Breaking:
    def break_it(town: Town, kind: str) -> None:
        platform = {"slack": town.slack, "teams": town.service}[kind]
        platform.next_answers += [Answer(status)] * (2 if kind == "slack" else 1)

    return break_it


def door_leads(where: str) -> Breaking:
    return lambda town, _: setattr(town.door, "leads", where)


def filled_in(**changes: str) -> Breaking:
    def break_it(town: Town, kind: str) -> None:
        town.links[kind].link(town.settings(kind) | changes)

    return break_it


def clock_off(town: Town, kind: str) -> None:
    for platform in (town.slack, town.graph, town.service):
        platform.clock_off = 600.0
    if kind == "webhook":
        town.shop.next_answers.append(Answer(200, {}, {"Date": "Mon, 30 Nov 2026 00:00:00 GMT"}))


def not_subscribed(town: Town, kind: str) -> None:
    town.graph.subscribed.discard(PAGE)


def not_installed(town: Town, kind: str) -> None:
    town.links[kind].merchant.http.delete(town.links[kind].path()).raise_for_status()
    town.links[kind].link(town.settings(kind))


def fewer_scopes(town: Town, kind: str) -> None:
    town.slack.scopes = "chat:write,im:history"


def window_closed(town: Town, kind: str) -> None:
    """The only message was kept back at Meta's for more than a day."""
    link = town.links[kind]
    link.merchant.http.delete(link.path()).raise_for_status()
    link.link(town.settings(kind))
    shopper_writes(town, kind, hours_ago=30)
    wait_for(lambda: next((letter for letter in link.dead() if "24 hours" in letter["failure"]), None))


def shopper_writes(town: Town, kind: str, hours_ago: int = 0) -> None:
    """A message to the page or the number."""
    body = whatsapp_message("Hello!", "4917") if kind == "whatsapp" else page_message("Hello!", "PSIDlate")
    if kind == "whatsapp":
        message = body["entry"][0]["changes"][0]["value"]["messages"][0]
        message["timestamp"] = str(int(message["timestamp"]) - hours_ago * 3600)
    else:
        body["entry"][0]["messaging"][0]["timestamp"] -= hours_ago * 3600 * 1000
    content, headers = signed(body)
    link = town.links[kind]
    with link.server.client() as client:
        assert client.post(link.hook("events"), content=content, headers=headers).status_code == 200
    wait_for(lambda: link.view()["last_in_at"])


BROKEN: list[tuple[str, str, Breaking]] = [
    ("wrong_secret", "slack", filled_in(client_secret="y" * 32)),
    ("wrong_secret", "messenger", meta_says(100, message="Invalid appsecret_proof provided")),
    ("wrong_secret", "teams", entra_says(7000215)),
    ("wrong_secret", "webhook", lambda town, _: setattr(town.shop, "secret", OTHER_SECRET)),
    ("missing_scope", "slack", fewer_scopes),
    ("missing_scope", "whatsapp", meta_says(200)),
    ("expired_token", "slack", slack_says("token_expired")),
    ("expired_token", "instagram", meta_says(190, 463)),
    ("expired_token", "teams", entra_says(7000222)),
    *(("wrong_url", kind, door_leads("elsewhere")) for kind in ("slack", "messenger", "teams", "webhook")),
    ("wrong_url", "webhook", shop_says(404)),
    *(("clock_off", kind, clock_off) for kind in ("slack", "messenger", "whatsapp", "teams", "webhook")),
    ("not_installed", "slack", not_installed),
    ("not_installed", "messenger", not_subscribed),
    ("not_installed", "teams", entra_says(700016)),
    ("rate_limited", "slack", vendor_says(429)),
    ("rate_limited", "instagram", meta_says(4)),
    ("rate_limited", "teams", vendor_says(429)),
    ("rate_limited", "webhook", shop_says(429)),
    ("revoked", "slack", slack_says("token_revoked")),
    ("revoked", "messenger", meta_says(190, 460)),
    ("revoked", "teams", entra_says(7000112)),
    ("revoked", "webhook", shop_says(410)),
    *(("unreachable", kind, door_leads("nowhere")) for kind in ("slack", "whatsapp", "teams", "webhook")),
    ("unreachable", "webhook", shop_says(503)),
    ("window_closed", "whatsapp", window_closed),
    ("window_closed", "messenger", window_closed),
]  # fmt: skip


@contextmanager
def broken(town: Town, kind: str, break_it: Breaking) -> Iterator[None]:
    """The set-up while it is broken; nothing is wrong before and after."""
    assert causes(town.links[kind]) == {}, "something is wrong before"
    try:
        break_it(town, kind)
        yield
    finally:
        if break_it is window_closed:
            # What came in is not undone by filling in anew: a shopper writes.
            shopper_writes(town, kind)
        town.mend(kind)


def causes(link: Linked) -> dict[str, str]:
    """Name to cause of all that is to be mended or looked after; each says what to do."""
    found = {name: one for name, one in link.check().items() if one["cause"]}
    assert all(one["next_step"] and one["says"] for one in found.values())
    return {name: one["cause"] for name, one in found.items()}


@pytest.mark.parametrize(
    ("cause", "kind", "break_it"),
    [pytest.param(*one, id=f"{one[0]}-{one[1]}-{number}") for number, one in enumerate(BROKEN)],
)
def test_the_doctor_names_the_cause_and_no_other(town: Town, cause: str, kind: str, break_it: Breaking):
    with broken(town, kind, break_it):
        found = causes(town.links[kind])
        assert set(found.values()) == {cause}, found


SHOWN = {
    "wrong_secret": ("slack", "Slack refuses the Client Secret", "copy it once more"),
    "missing_scope": ("whatsapp", "A permission is missing", "with all permissions that the steps name"),
    "expired_token": ("teams", "The client secret has expired", "Correct it in Settings"),
    "wrong_url": ("webhook", "answered 404 instead of refusing a wrong signature", "check STORECLERK_PUBLIC_URL"),
    "clock_off": ("messenger", "clock is 10 minutes behind that of Meta", "Set the clock by the network"),
    "not_installed": ("teams", "no app registration with this id", "Correct it in Settings"),
    "rate_limited": ("instagram", "Meta says", "Look again in a few minutes"),
    "revoked": ("slack", "The bot token was revoked", "press Allow"),
    "unreachable": ("whatsapp", "The link's address does not answer", "Check the firewall"),
    "window_closed": ("whatsapp", "more than 24 hours old", "A shopper has to write first"),
}


@pytest.mark.browser
def test_a_merchant_is_told_the_cause_and_the_next_step(town: Town):
    link = town.links["slack"]
    labels = {one["kind"]: one["label"] for one in link.merchant.http.get("/v1/channels").json()["items"]}
    with studio_of(link.server) as studio, open_browser() as browser:
        page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
        page.set_default_timeout(30_000)
        signed_in(page, studio, link.merchant, link.bot)
        for cause, (kind, says, next_step) in SHOWN.items():
            break_it = next(how for known, where, how in BROKEN if (known, where) == (cause, kind))
            with broken(town, kind, break_it):
                look(page, labels[kind])
                expect(page.get_by_text(says).first).to_be_visible(timeout=60_000)
                expect(page.get_by_text(next_step).first).to_be_visible()


def look(page: Page, label: str) -> None:
    """Let the doctor look at a channel."""
    page.reload()
    settled(page)
    choose(page, label)
    page.get_by_role("tab", name="Doctor").click()
    page.get_by_role("button", name="Look now").click()
    settled(page)
