"""What the bot says in Slack: messages, the sign that it is at work, and a message without its buttons.

Never here: how a reply is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from channel_adapters.calling import VendorCalls
from channel_adapters.slack import limits
from channel_adapters.slack.interactions import Pressed
from channel_adapters.slack.pacing import Pacing
from channel_adapters.slack.tokens import BotTokens, is_installed, workspace_of
from channel_adapters.slack.web_api import SlackAnswer, SlackApi
from engine.channels.gateway import ConnectionBroken, DeliveryFailed, NotDelivered, OpenLink
from engine.domain.channel import Place
from engine.errors import StoreclerkError

__all__ = ["Speech"]

STATUS = "is looking it up..."
NO_SUCH_BLOCKS = {"invalid_blocks", "invalid_blocks_format", "unsupported_block_type"}


class Speech:
    """Calls as the bot."""

    def __init__(self, calls: VendorCalls, api: SlackApi, tokens: BotTokens) -> None:
        self.calls, self.api, self.tokens, self.pacing = calls, api, tokens, Pacing()

    async def ask(
        self,
        link: OpenLink,
        method: str,
        body: Mapping[str, Any],
        *,
        seconds: float = limits.CALL_SECONDS,
        as_form: bool = False,
    ) -> SlackAnswer:
        """Call a method; once more with a renewed token when ours had ended after all. Raises DeliveryFailed."""
        try:
            token = await self.tokens.current(link)
            return await self.api.call(method, token, body, seconds=seconds, as_form=as_form)
        except ConnectionBroken as error:
            if error.code != "expired_token" or not is_installed(link) or not link.secrets.get("refresh_token"):
                raise
        token = await self.tokens.renewed(link, ended=True)
        return await self.api.call(method, token, body, seconds=seconds, as_form=as_form)

    async def post(self, link: OpenLink, place: Place, payload: Mapping[str, Any]) -> str:
        """Slack's name of a posted message; a list stands in it where Slack does not take cards.

        Raises DeliveryFailed.
        """
        message: dict[str, Any] = {"channel": place["channel"]}
        # What a product's page says of itself is shown by us already.
        message |= {"unfurl_links": False, "unfurl_media": False}
        if place.get("thread"):
            message["thread_ts"] = place["thread"]
        return await self.written(link, "chat.postMessage", message, payload)

    async def update(self, link: OpenLink, place: Place, ts: str, payload: Mapping[str, Any]) -> str:
        """Put a whole message in the place of another; answers its name. Raises DeliveryFailed."""
        return await self.written(link, "chat.update", {"channel": place["channel"], "ts": ts}, payload)

    async def written(self, link: OpenLink, method: str, message: dict[str, Any], payload: Mapping[str, Any]) -> str:
        """Slack's name of a message that was posted or updated, with a list where Slack does not take cards."""
        message |= {"text": payload["text"], "blocks": payload["blocks"]}
        try:
            return await self.posted(link, method, message)
        except NotDelivered as error:
            if error.code not in NO_SUCH_BLOCKS or not payload.get("plainer"):
                raise
        return await self.posted(link, method, message | {"blocks": payload["plainer"]})

    async def posted(self, link: OpenLink, method: str, message: Mapping[str, Any]) -> str:
        """Slack's name of the message."""
        if method != "chat.update":
            await self.pacing.turn(workspace_of(link), message["channel"])
        return str((await self.ask(link, method, message)).told.get("ts", ""))

    async def show_working(self, link: OpenLink, place: Place) -> None:
        """Show in an assistant thread that an answer is being made. Its failure is none."""
        body = {"channel_id": place["channel"], "thread_ts": place["thread"], "status": STATUS}
        try:
            token = await self.tokens.current(link)
            await self.api.call("assistant.threads.setStatus", token, body, seconds=limits.SIGN_SECONDS)
        except DeliveryFailed:
            return

    async def take_buttons(self, link: OpenLink, pressed: Pressed) -> None:
        """Let the buttons go that were pressed. Its failure is none: pressed again, they ask nothing more."""
        try:
            if pressed.response_url:
                body = {**pressed.message, "replace_original": True}
                called = await self.calls.call("POST", pressed.response_url, body=body, seconds=limits.CALL_SECONDS)
                if called.status == 200:
                    return
            await self.ask(link, "chat.update", {"channel": pressed.channel, "ts": pressed.ts, **pressed.message})
        except StoreclerkError:
            return
