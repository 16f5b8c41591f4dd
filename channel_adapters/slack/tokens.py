"""The bot token of a link: which one counts, and how one that ends is renewed by one process only.

A refresh token can be used once: two processes that use it at the same time would end the chain. Never here: how the
first token comes.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from channel_adapters.slack import limits
from channel_adapters.slack.web_api import SlackApi, error_of
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, OpenLink
from engine.channels.memory import LinkMemory

__all__ = ["BotTokens", "ends_at", "is_installed", "token_of", "tokens_given"]

NOT_INSTALLED = "The app is not installed in a workspace yet. Press the Install link in the steps."
RENEWING = "renewing"
LONGEST_LIFE = 400 * 86_400


def token_of(link: OpenLink) -> str:
    """The bot token that counts, empty when there is none: of the installation, unless another app was filled in
    since; else the pasted one.
    """
    client = link.settings.get("client_id", "")
    installed = client in {"", link.settings.get("installed_client", "")}
    return (link.secrets.get("access_token", "") if installed else "") or link.secrets.get("bot_token", "")


def is_installed(link: OpenLink) -> bool:
    """Whether the token that counts came from an installation."""
    return bool(token_of(link)) and token_of(link) == link.secrets.get("access_token")


def ends_at(link: OpenLink) -> datetime | None:
    """When the token that counts ends; None when it does not."""
    text = link.settings.get("token_ends", "") if is_installed(link) else ""
    return datetime.fromisoformat(text) if text else None


def place_of(team: str, bot_user: str) -> str:
    """What names a place: one bot in one workspace. Others' bots may stand beside it; each hears its own messages."""
    return f"{team}/{bot_user}"


def workspace_of(link: OpenLink) -> str:
    """The workspace that the link is in; empty before the app is installed."""
    return link.address.partition("/")[0]


def tokens_given(told: Mapping[str, Any], now: datetime) -> tuple[dict[str, str], dict[str, str]]:
    """(secrets, settings) of an answer that gives tokens. Raises ValueError when it gives none."""
    token, again, life = told.get("access_token"), told.get("refresh_token"), told.get("expires_in")
    if not isinstance(token, str) or not token:
        raise ValueError("the answer holds no token")
    ends = isinstance(life, int) and not isinstance(life, bool) and 0 < life < LONGEST_LIFE and isinstance(again, str)
    secrets = {"access_token": token, "refresh_token": again if ends and isinstance(again, str) else ""}
    return secrets, {"token_ends": (now + timedelta(seconds=int(life or 0))).isoformat() if ends else ""}


class BotTokens:
    """Tokens that last as long as they are needed."""

    def __init__(self, api: SlackApi, memory: LinkMemory) -> None:
        self.api, self.memory = api, memory

    async def current(self, link: OpenLink) -> str:
        """A token that still counts. Raises ConnectionBroken without one, DeliveryDelayed while it is renewed."""
        token, ends, now = token_of(link), ends_at(link), self.memory.now()
        if not token:
            raise ConnectionBroken(NOT_INSTALLED, code="not_installed")
        if ends is None or ends - now >= limits.REFRESH_BEFORE:
            return token
        return await self.renewed(link)

    async def renewed(self, link: OpenLink, *, ended: bool = False) -> str:
        """The token after its renewal, by us or by another process; `ended` where Slack says that ours is over."""
        if not await self.memory.claim(link, RENEWING, limits.REFRESH_TIME):
            ends = ends_at(link)
            if ends is not None and ends > self.memory.now() and not ended:
                return token_of(link)
            raise DeliveryDelayed("The bot token is being renewed.", retry_after=1.0)
        try:
            # Looked up under the claim: somebody may have renewed it since the link was opened.
            kept = await self.memory.fresh(link)
            ends, now = ends_at(kept), self.memory.now()
            if ends is None or (
                ends - now >= limits.REFRESH_BEFORE and not (ended and token_of(kept) == token_of(link))
            ):
                return token_of(kept)
            return await self.renew(kept, ends, now)
        finally:
            await self.memory.release(link, RENEWING)

    async def renew(self, link: OpenLink, ends: datetime, now: datetime) -> str:
        """Trade the refresh token in, and keep what comes."""
        form = {"grant_type": "refresh_token", "refresh_token": link.secrets.get("refresh_token", "")}
        try:
            told = await self.api.exchange(link.settings["installed_client"], link.secrets["client_secret"], form)
        except DeliveryDelayed:
            if ends > now:
                return token_of(link)
            raise
        error = error_of(told)
        if error:
            raise ConnectionBroken(
                f"Slack does not renew the bot token ({error}). Install the app again.", code="expired_token"
            )
        secrets, settings = tokens_given(told, now)
        return token_of(await self.memory.learn(link, secrets, settings))
