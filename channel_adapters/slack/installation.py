"""Installing the app in a workspace: from our link to Slack and back, with a token (OAuth 2).

The way back is believed only with the state that we gave to the same browser, for this link, once, within ten minutes.
A link that has a workspace takes no other. Never here: tokens later on.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

from channel_adapters.channel import Addresses, Heard, Hook, Surroundings
from channel_adapters.slack import limits
from channel_adapters.slack.events import named
from channel_adapters.slack.install_page import page
from channel_adapters.slack.manifest import SCOPES
from channel_adapters.slack.tokens import place_of, tokens_given, workspace_of
from channel_adapters.slack.web_api import SlackApi, error_of
from engine.channels.gateway import DeliveryFailed, OpenLink
from engine.errors import Conflict

__all__ = ["Installation"]

COOKIE = "storeclerk_slack"
REASONS = {
    "access_denied": "You pressed Cancel in Slack.",
    "invalid_code": "Slack's code is not valid any more.",
    "code_already_used": "Slack's code was used already.",
    "code_expired": "Slack's code has expired.",
    "bad_client_secret": "Slack refuses the Client Secret. Copy it once more from Basic Information.",
    "invalid_client_id": "Slack refuses the Client ID. Copy it once more from Basic Information.",
    "bad_redirect_uri": "Slack refuses the Redirect URL. Paste it in your app under OAuth & Permissions.",
}
UNFILLED = "Fill in Client ID and Client Secret in the studio first, then press the Install link again."
STALE = "This page was opened too late, twice, or in another browser than the one that began."
WHOLE_ORGANISATION = "The app was installed for a whole organisation. Choose one workspace of it."
OTHER_PLACE = "This assistant is connected to another workspace already. End that link in the studio first."


class Installation:
    """The two pages of it."""

    def __init__(self, surroundings: Surroundings, api: SlackApi) -> None:
        self.memory, self.server, self.vendor = surroundings.memory, surroundings.server, surroundings.vendor
        self.api = api

    def begin(self, link: OpenLink, now: datetime) -> Heard:
        """To Slack, with a state that only this browser can bring back."""
        if not link.settings.get("client_id") or not link.secrets.get("client_secret"):
            return page("Not ready yet", UNFILLED, status=400)
        nonce, cookie = self.memory.secret(32), self.memory.secret(43)
        ends = int((now + limits.INSTALL_TIME).timestamp())
        asked = {
            "client_id": link.settings["client_id"],
            "scope": ",".join(SCOPES),
            "user_scope": "",
            "redirect_uri": self.redirect_uri(link),
            "state": f"{nonce}.{ends}.{mark(link, nonce, ends, cookie)}",
        }
        secure = "; Secure" if urlsplit(self.server).scheme == "https" else ""
        kept = (
            f"{COOKIE}={cookie}; Path=/hooks/slack/{link.id}; Max-Age={int(limits.INSTALL_TIME.total_seconds())}; "
            f"HttpOnly; SameSite=Lax{secure}"
        )
        headers = {
            "Location": f"{self.vendor.rstrip('/')}/oauth/v2/authorize?{urlencode(asked)}",
            "Set-Cookie": kept,
            "Cache-Control": "no-store",
            "Referrer-Policy": "no-referrer",
        }
        return Heard(status=302, headers=headers)

    def redirect_uri(self, link: OpenLink) -> str:
        """Where Slack sends people back, the same both times it is asked."""
        return Addresses(self.server, link.id, link.kind).hook("oauth")

    async def finish(self, link: OpenLink, hook: Hook, now: datetime) -> Heard:
        """Back from Slack: keep the token, or say why not."""
        again = Addresses(self.server, link.id, link.kind).hook("install")
        if not await self.is_ours(link, hook, now):
            return page("Not connected", STALE, again=again, status=400)
        if refused := hook.query.get("error"):
            why = REASONS.get(refused, "Slack did not let the app be installed.")
            return page("Not connected", why, again=again, status=400)
        form = {"code": hook.query.get("code", ""), "redirect_uri": self.redirect_uri(link)}
        try:
            told = await self.api.exchange(link.settings["client_id"], link.secrets["client_secret"], form)
        except DeliveryFailed as error:
            return page("Not connected", error.message, again=again, status=502)
        if error_name := error_of(told):
            why = REASONS.get(error_name, f"Slack answered {error_name}.")
            return page("Not connected", why, again=again, status=400)
        return await self.connected(link, told, now)

    async def is_ours(self, link: OpenLink, hook: Hook, now: datetime) -> bool:
        """Whether a state is one that this link gave to this browser, not too long ago and for the first time."""
        nonce, _, rest = hook.query.get("state", "").partition(".")
        ends, _, given = rest.partition(".")
        if not link.secrets.get("client_secret") or not (ends.isascii() and ends.isdigit() and len(ends) < 12):
            return False
        right = mark(link, nonce, int(ends), cookie_of(hook.headers))
        if not hmac.compare_digest(right.encode(), given.encode()) or int(ends) < now.timestamp():
            return False
        return await self.memory.claim(link, f"state:{nonce}", limits.INSTALL_TIME * 2)

    async def connected(self, link: OpenLink, told: Mapping[str, Any], now: datetime) -> Heard:
        """Keep what Slack gave for a workspace, unless the link or the workspace is taken."""
        team = told.get("team")
        if told.get("is_enterprise_install") or not isinstance(team, dict):
            return page("Not connected", WHOLE_ORGANISATION, status=409)
        workspace = named(team.get("id"), "`team`")
        place = place_of(workspace, named(told.get("bot_user_id"), "`bot_user_id`"))
        if workspace_of(await self.memory.fresh(link)) not in {"", workspace}:
            return page("Not connected", OTHER_PLACE, status=409)
        try:
            secrets, settings = tokens_given(told, now)
            await self.memory.take_place(link, place)
        except Conflict as error:
            return page("Not connected", error.message, status=409)
        name = str(team.get("name") or workspace)[:200].encode("utf-8", "replace").decode()
        about = {
            "place_name": name,
            "bot_user": str(told["bot_user_id"]),
            "app_id": str(told.get("app_id") or ""),
            "scopes": str(told.get("scope") or "")[:2_000],
            "installed_client": link.settings["client_id"],
            "installed_at": str(int(now.timestamp())),
        }
        await self.memory.learn(link, secrets, settings | about)
        return page(
            f"Connected to {name}",
            "Close this page, and write to the app in Slack: it stands under Apps. In a channel, mention it.",
        )


def mark(link: OpenLink, nonce: str, ends: int, cookie: str) -> str:
    """Proves that a state is ours, for this link, this application and this browser."""
    base = "|".join(("slack install", link.id, link.settings.get("client_id", ""), nonce, str(ends), cookie))
    return hmac.new(link.secrets["client_secret"].encode(), base.encode(), hashlib.sha256).hexdigest()


def cookie_of(headers: Mapping[str, str]) -> str:
    """What we gave the browser; empty when it brings nothing."""
    pairs = (part.strip().partition("=") for part in headers.get("cookie", "").split(";"))
    return next((value for name, _, value in pairs if name == COOKIE), "")
