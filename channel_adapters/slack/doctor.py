"""Everything that may be wrong between Slack and here, one finding after another.

Never here: mending any of it.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from datetime import datetime

from channel_adapters.channel import Addresses, Surroundings
from channel_adapters.doctor import clock_finding, messages_finding, way_in, wrongly_signed
from channel_adapters.slack import limits
from channel_adapters.slack.manifest import NEEDED, TEAM
from channel_adapters.slack.signing import SIGNATURE, TIMESTAMP, signed
from channel_adapters.slack.tokens import BotTokens, workspace_of
from channel_adapters.slack.web_api import SlackAnswer, SlackApi, error_of
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, DeliveryFailed, OpenLink
from engine.channels.memory import LinkMemory
from engine.domain.channel import ChannelLink, Finding
from engine.errors import NotAuthenticated

__all__ = ["examined", "forget_refusal", "note_refusal"]

REFUSED = "refused"
COPY = "In your app open Basic Information, App Credentials, and copy it once more."
INSTALL = "Open the Install link in the steps, and press Allow."
OPEN_UP = "Let this computer reach slack.com on port 443."


async def note_refusal(memory: LinkMemory, link: OpenLink, error: Exception) -> None:
    """Remember, at most once an hour, that something was signed with another secret than ours."""
    if isinstance(error, NotAuthenticated) and error.code == "wrong_signature":
        await memory.claim(link, REFUSED, limits.REFUSED_KEPT)


async def forget_refusal(memory: LinkMemory, link: OpenLink) -> None:
    """Slack tried the address anew, and was understood."""
    await memory.release(link, REFUSED)


async def examined(
    surroundings: Surroundings,
    api: SlackApi,
    tokens: BotTokens,
    link: OpenLink,
    kept: ChannelLink,
    addresses: Addresses,
    now: datetime,
) -> AsyncIterator[Finding]:
    """All findings."""
    yield await application(api, link)
    try:
        answer = await api.call("auth.test", await tokens.current(link), {})
    except DeliveryFailed as error:
        yield trouble("credentials", error)
    else:
        yield installed(link, answer)
        yield permissions(answer.headers, team=bool(await surroundings.memory.team_room(link)))
    calls, events = surroundings.calls, addresses.hook("events")
    yield await clock(surroundings, now)
    yield await way_in(calls, addresses, "Slack")
    # Signed with nothing that anybody has; a stale time keeps it apart from a wrong secret in what is remembered.
    yield await wrongly_signed(calls, events, {TIMESTAMP: "0", SIGNATURE: "v0=0"})
    yield await signature(surroundings, link, kept, events, now)
    yield messages_finding(kept, "Write to your app in Slack: it stands under Apps.")


async def application(api: SlackApi, link: OpenLink) -> Finding:
    """Whether Slack knows the application's id and secret: asked with a code that is none."""
    client, secret = link.settings.get("client_id", ""), link.secrets.get("client_secret", "")
    if not client or not secret:
        return Finding("application", "bad", "Client ID or Client Secret is missing.", "wrong_secret", COPY)
    try:
        error = error_of(await api.exchange(client, secret, {"code": "check"}))
    except DeliveryFailed as failed:
        return trouble("application", failed)
    if error in {"invalid_client_id", "bad_client_secret"}:
        name = "Client ID" if error == "invalid_client_id" else "Client Secret"
        return Finding("application", "bad", f"Slack refuses the {name}.", "wrong_secret", COPY)
    return Finding("application", "good", "Slack knows the app by its Client ID and Client Secret.")


def trouble(name: str, error: DeliveryFailed) -> Finding:
    """Why Slack cannot be asked, or does not take the bot token."""
    if isinstance(error, ConnectionBroken):
        return Finding(name, "bad", error.message, error.code, INSTALL)
    if isinstance(error, DeliveryDelayed):
        if error.whole_link:
            return Finding(name, "bad", error.message, "rate_limited", "Wait a minute, then look again.")
        return Finding(name, "bad", error.message, "unreachable", OPEN_UP)
    return Finding(name, "bad", error.message, "wrong_secret", INSTALL)


async def clock(surroundings: Surroundings, now: datetime) -> Finding:
    """How far this computer's clock is from Slack's; no token is needed to ask."""
    try:
        called = await surroundings.calls.call("GET", f"{surroundings.vendor.rstrip('/')}/api/api.test")
    except DeliveryFailed:
        return clock_finding({}, now, "Slack")
    return clock_finding(called.headers, now, "Slack")


def installed(link: OpenLink, answer: SlackAnswer) -> Finding:
    """Whether the token is of the workspace that the link is."""
    team, name = str(answer.told.get("team_id") or ""), str(answer.told.get("team") or "a workspace")
    if link.address and team != workspace_of(link):
        return Finding(
            "credentials", "bad", f"The bot token is of another workspace ({name}).", "not_installed",
            "Install the app in the workspace that this assistant is connected to, or end the link first.",
        )  # fmt: skip
    return Finding("credentials", "good", f"The bot token works in {name}.")


def permissions(headers: Mapping[str, str], *, team: bool) -> Finding:
    """Whether the token has all that is needed, also for a channel of the shop's people; Slack tells what it has."""
    told = headers.get("x-oauth-scopes")
    if told is None:
        return Finding("permissions", "skipped", "Slack did not say what the app may do.")
    missing = sorted({*NEEDED, *(TEAM if team else ())} - {scope.strip() for scope in told.split(",")})
    if missing and {*missing} <= {*TEAM}:
        return Finding(
            "permissions", "bad", f"The app lacks {', '.join(missing)}: what your people write in their channel does "
            "not reach shoppers.", "missing_scope",
            "In your app open App Manifest, paste the manifest.json of the steps, save, then open the Install link "
            "again.",
        )  # fmt: skip
    if missing:
        return Finding(
            "permissions", "bad", f"The app lacks {', '.join(missing)}.", "missing_scope",
            "In your app open OAuth & Permissions, add it under Bot Token Scopes, then open the Install link again.",
        )  # fmt: skip
    return Finding("permissions", "good", "The app may do all that it has to.")


async def signature(surroundings: Surroundings, link: OpenLink, kept: ChannelLink, url: str, now: datetime) -> Finding:
    """Whether rightly signed requests get through, and whether Slack's own were refused."""
    secret = link.secrets.get("signing_secret", "")
    if not secret:
        return Finding("signature", "bad", "The Signing Secret is missing.", "wrong_secret", COPY)
    until = await surroundings.memory.claimed_until(link, REFUSED)
    refused_at = None if until is None else until - limits.REFUSED_KEPT
    if refused_at is not None and (kept.last_in_at is None or kept.last_in_at < refused_at):
        return Finding(
            "signature", "bad", "A request was signed with another secret, and no message has come in since.",
            "wrong_secret", f"{COPY} Then press Retry under Event Subscriptions.",
        )  # fmt: skip
    body = json.dumps({"type": "url_verification", "challenge": "check"}).encode()
    headers = {**signed(secret, now, body), "Content-Type": "application/json"}
    try:
        called = await surroundings.calls.call("POST", url, headers=headers, content=body)
    except DeliveryFailed as error:
        return Finding(
            "signature", "bad", error.message, "unreachable", "Check the firewall and STORECLERK_PUBLIC_URL."
        )
    if called.status == 200 and called.json().get("challenge") == "check":
        return Finding("signature", "good", "A request that is signed rightly gets through.")
    return Finding(
        "signature", "bad", f"A request that is signed rightly was answered {called.status}.", "wrong_url",
        "Check STORECLERK_PUBLIC_URL, and that no proxy changes what passes through it.",
    )  # fmt: skip
