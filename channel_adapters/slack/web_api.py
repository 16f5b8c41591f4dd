"""Calls of Slack's Web API, and what its refusals mean to a shop owner.

Slack answers 200 with `"ok": false` for nearly all that is wrong. Never here: when to call what.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from channel_adapters.calling import Called, VendorCalls
from channel_adapters.slack import limits
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, DeliveryFailed, NotDelivered

__all__ = ["SlackAnswer", "SlackApi", "error_of"]

BROKEN = {
    "invalid_auth": ("wrong_secret", "Slack does not know the bot token. Install the app again."),
    "not_authed": ("wrong_secret", "Slack got no bot token. Install the app again."),
    "account_inactive": ("not_installed", "The app was removed from the workspace. Install it again."),
    "team_access_not_granted": ("not_installed", "The app may not work in this workspace. Install it again."),
    "token_revoked": ("revoked", "The bot token was revoked. Install the app again."),
    "token_expired": ("expired_token", "The bot token has expired. Install the app again."),
    "missing_scope": (
        "missing_scope",
        "The app lacks a permission. In your app open OAuth & Permissions, add it under Bot Token Scopes, and press "
        "Reinstall.",
    ),
    "no_permission": ("missing_scope", "The bot token does not have the permission. Install the app again."),
}
"""Errors after which nothing can be sent any more: (cause, words)."""
DELAYED = {
    "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout",
    "team_added_to_org", "org_login_required", "external_channel_migrating",
}  # fmt: skip
"""Errors that pass by themselves."""
REFUSED = {
    "channel_not_found": "Slack knows no such conversation, or the app is not in it.",
    "not_in_channel": "The app is not in this channel. Write /invite and its name there.",
    "is_archived": "The channel is archived.",
    "messages_tab_disabled": "Direct messages are switched off. In your app open App Home, and switch on Messages Tab.",
    "restricted_action": "The workspace's settings keep the app from posting there. Ask one of its admins.",
    "restricted_action_read_only_channel": "The channel is read-only for the app. Ask an admin of the workspace.",
    "msg_too_long": "The answer is too long for Slack.",
    "msg_blocks_too_long": "The answer is too long for Slack.",
}
"""Errors of one message that have words of their own."""
NAME = re.compile(r"[a-z0-9_:,.]{1,80}")


@dataclass(frozen=True, slots=True)
class SlackAnswer:
    """What Slack answered where all went well."""

    told: Mapping[str, Any]
    headers: Mapping[str, str]


class SlackApi:
    """The Web API at one address."""

    def __init__(self, calls: VendorCalls, vendor: str) -> None:
        self.calls, self.base = calls, vendor.rstrip("/")

    async def call(
        self,
        method: str,
        token: str,
        body: Mapping[str, Any],
        *,
        seconds: float = limits.CALL_SECONDS,
        as_form: bool = False,
    ) -> SlackAnswer:
        """Call a method with a bot token; methods that only read take their arguments as a form.

        Raises DeliveryFailed.
        """
        headers = {"Authorization": f"Bearer {token}"}
        url = f"{self.base}/api/{method}"
        given: dict[str, Any] = {"form": dict(body)} if as_form else {"body": dict(body)}
        return answer(method, await self.calls.call("POST", url, headers=headers, seconds=seconds, **given))

    async def exchange(self, client_id: str, client_secret: str, form: Mapping[str, str]) -> Mapping[str, Any]:
        """Trade a code or a refresh token for tokens; answers also where Slack refuses. Raises DeliveryDelayed."""
        # In the header, never in the address or the form: those end up in logs.
        basic = base64.b64encode(f"{client_id}:{client_secret}".encode()).decode()
        called = await self.calls.call(
            "POST",
            f"{self.base}/api/oauth.v2.access",
            headers={"Authorization": f"Basic {basic}"},
            form=form,
            seconds=limits.CALL_SECONDS,
        )
        told = readable("oauth.v2.access", called)
        if error_of(told) in DELAYED:
            raise DeliveryDelayed("Slack cannot be asked just now.", retry_after=called.retry_after)
        return told


def readable(method: str, called: Called) -> Mapping[str, Any]:
    """Slack's JSON. Raises DeliveryDelayed where it is throttled or down."""
    if called.status == 429:
        raise DeliveryDelayed(f"Slack asks to slow down ({method}).", retry_after=called.retry_after, whole_link=True)
    told = called.json()
    if called.status >= 500 or not isinstance(told.get("ok"), bool):
        raise DeliveryDelayed(f"Slack answered {called.status} ({method}).", retry_after=called.retry_after)
    return told


def error_of(told: Mapping[str, Any]) -> str:
    """Slack's name of what is wrong; empty when nothing is."""
    name = str(told.get("error") or "")
    return "" if told.get("ok") else name if NAME.fullmatch(name) else "an unnamed error"


def answer(method: str, called: Called) -> SlackAnswer:
    """What was answered. Raises DeliveryFailed."""
    told = readable(method, called)
    error = error_of(told)
    if error:
        raise refusal(method, error, told, called.retry_after)
    return SlackAnswer(told, called.headers)


def refusal(method: str, error: str, told: Mapping[str, Any], retry_after: float | None) -> DeliveryFailed:
    """What a refusal means."""
    if error in DELAYED:
        throttled = error.replace("_", "") == "ratelimited"
        return DeliveryDelayed(f"Slack answered {error!r}.", retry_after=retry_after, whole_link=throttled)
    if error in BROKEN:
        cause, words = BROKEN[error]
        needed = str(told.get("needed") or "")
        named = f" Missing: {needed}." if cause == "missing_scope" and NAME.fullmatch(needed) else ""
        return ConnectionBroken(f"{words}{named}", code=cause)
    return NotDelivered(REFUSED.get(error, f"Slack refuses it ({method}: {error})."), code=error)
