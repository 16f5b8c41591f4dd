"""Answers that appear in Slack while they are made.

A stream ends as a message of the usual blocks: it is stopped without any, and updated at once. So what stands there is
always what was kept, also after a crash or where Slack ended the stream by itself. Never here: when what is shown.
"""

from __future__ import annotations

from channel_adapters.slack import limits
from channel_adapters.slack.marks import markdown, mrkdwn
from channel_adapters.slack.speech import Speech
from channel_adapters.slack.tokens import workspace_of
from engine.channels.gateway import DeliveryDelayed, NotDelivered, OpenLink, Payload
from engine.channels.streams import Shown, StreamLimits
from engine.domain.channel import ChannelThread

__all__ = ["SlackStreams"]

GONE = "message_not_found"
NOTHING = {"text": "…", "blocks": [{"type": "context", "elements": [mrkdwn("…")]}]}
"""What stands where a stream stood that Slack does not let us delete."""


class SlackStreams:
    """Streams in threads, the only place where Slack has them."""

    limits = StreamLimits(limits.STREAM_SECONDS, limits.STREAM_PAUSE, limits.STREAM_CHARACTERS)

    def __init__(self, speech: Speech) -> None:
        self.speech = speech

    def reaches(self, link: OpenLink, thread: ChannelThread) -> bool:
        """Assistant threads, threads of direct messages, and those of channels."""
        return bool(thread.place.get("thread") and thread.shopper and link.address)

    def written(self, notice: str, text: str) -> str:
        """As `markdown_text` takes it."""
        return markdown(notice, text)

    async def begin(self, link: OpenLink, thread: ChannelThread, text: str) -> str:
        """Begin a stream; its name is a message's. Raises DeliveryFailed."""
        channel = thread.place["channel"]
        await self.speech.pacing.turn(workspace_of(link), channel)
        body = {
            "channel": channel,
            "thread_ts": thread.place["thread"],
            # For whom it grows: asked for in channels, where all others read it once it is whole.
            "recipient_team_id": workspace_of(link),
            "recipient_user_id": thread.shopper,
            "markdown_text": text,
        }
        told = (await self.speech.ask(link, "chat.startStream", body)).told
        if not told.get("ts"):
            raise DeliveryDelayed("Slack began a stream without naming it.")
        return str(told["ts"])

    async def more(self, link: OpenLink, thread: ChannelThread, shown: Shown, text: str) -> None:
        """Append what is new. Raises DeliveryFailed."""
        body = {"channel": thread.place["channel"], "ts": shown.name, "markdown_text": text[len(shown.text) :]}
        await self.speech.ask(link, "chat.appendStream", body)

    async def finish(self, link: OpenLink, thread: ChannelThread, name: str, payload: Payload) -> str:
        """Stop the stream and put the whole message in its place; posted anew where that is refused.

        Raises DeliveryFailed.
        """
        await self.stop(link, thread, name)
        try:
            return await self.speech.update(link, thread.place, name, payload)
        except NotDelivered:
            await self.take_back(link, thread, name)
        return await self.speech.post(link, thread.place, payload)

    async def take_back(self, link: OpenLink, thread: ChannelThread, name: str) -> None:
        """Stop the stream and delete its message. Raises DeliveryFailed."""
        await self.stop(link, thread, name)
        try:
            await self.speech.ask(link, "chat.delete", {"channel": thread.place["channel"], "ts": name})
        except NotDelivered as error:
            if error.code == GONE:
                return
            try:
                await self.speech.update(link, thread.place, name, NOTHING)
            except NotDelivered:
                return  # nothing more can be done about it

    async def stop(self, link: OpenLink, thread: ChannelThread, name: str) -> None:
        """Let the stream end; one that Slack or a reader ended before is none any more. Raises DeliveryFailed."""
        try:
            await self.speech.ask(link, "chat.stopStream", {"channel": thread.place["channel"], "ts": name})
        except NotDelivered:
            return
