"""Hand-overs in a Slack channel of the shop's people: a post with a button, and lines in its thread.

Never here: who may take a conversation over.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from channel_adapters.slack import limits
from channel_adapters.slack.marks import escaped, fitting
from channel_adapters.slack.speech import Speech
from channel_adapters.slack.team_posts import message, post_message, row_of, section
from engine.channels.gateway import ConnectionBroken, NotDelivered, OpenLink, Payload
from engine.channels.team_room import PostState, TeamNotice
from engine.domain.channel import Place

__all__ = ["SlackTeamRoom"]

ROOM = re.compile(r"[CG][A-Z0-9]{6,20}")
UNNAMED = "has an id such as C0123ABCD: in Slack click the channel's name, and copy the Channel ID at the end of About"
GREETING = (
    "Here I will tell you when a shopper wants a person. Press Claim on a post, then write in its thread: your words "
    "go to the shopper."
)


class SlackTeamRoom:
    """Public and private channels that the app was invited to."""

    def __init__(self, speech: Speech, *, on_this_machine: bool) -> None:
        self.speech, self.on_this_machine = speech, on_this_machine

    def faults(self, room: str) -> str:
        """What is wrong with a channel's id."""
        return "" if ROOM.fullmatch(room) else UNNAMED

    async def greet(self, link: OpenLink, room: str) -> None:
        """Say hello: there is no other way to find out without more permissions. Raises DeliveryFailed."""
        await self.speech.post(link, self.place(room), message([section(GREETING)], GREETING))

    def place(self, room: str, post: str = "") -> Place:
        """The channel, or a post's thread in it."""
        return {"channel": room, "thread": post, "direct": ""}

    def post(self, notice: TeamNotice) -> Payload:
        """A post with the button **Claim**, and what it is found by."""
        return {
            **post_message(notice, PostState("waiting"), on_this_machine=self.on_this_machine),
            "once": row_of(notice),
            "since": notice.at.timestamp(),
        }

    def change(self, post: str, notice: TeamNotice, state: PostState) -> Payload:
        """The post as it is now."""
        return {**post_message(notice, state, on_this_machine=self.on_this_machine), "replaces": post}

    def note(self, text: str, *, about: str = "", to: str = "") -> Payload:
        """A line in a thread."""
        words = fitting(text.strip() or "(no words)", limits.NOTE_TEXT)["text"]
        before = f"<@{to}> " if to else ""
        before += f"*{escaped(about)}:* " if about else ""
        return message([section(f"{before}{words}")], f"{before}{words}")

    async def send(self, link: OpenLink, place: Place, payload: Payload) -> str | None:
        """Let something leave that is only said in such a channel; None for all else. Raises DeliveryFailed."""
        if payload.get("replaces"):
            return await self.speech.update(link, place, str(payload["replaces"]), payload)
        if payload.get("once"):
            return await self.standing(link, place, payload) or await self.speech.post(link, place, payload)
        return None

    async def standing(self, link: OpenLink, place: Place, payload: Payload) -> str:
        """Slack's name of a post that was sent before, when nobody could note it; empty when there is none.

        Slack takes no key by which it could tell. Without the permission to look, it is posted. Raises DeliveryFailed.
        """
        form = {
            "channel": place["channel"],
            "oldest": f"{float(payload['since']) - limits.LOOKED_BACK:.0f}",
            "limit": str(limits.LOOKED_AT),
        }
        found: Any = []
        with suppress(NotDelivered):
            try:
                found = (await self.speech.ask(link, "conversations.history", form, as_form=True)).told.get("messages")
            except ConnectionBroken as error:
                if error.code != "missing_scope":
                    raise
        return next((name for name in (name_of(one, payload["once"]) for one in found or ()) if name), "")


def name_of(one: Any, row: str) -> str:
    """Slack's name of a message that holds this row; empty for another one."""
    blocks = one.get("blocks") if isinstance(one, Mapping) else None
    rows = [block.get("block_id") for block in blocks or () if isinstance(block, Mapping)]
    return str(one.get("ts") or "") if row in rows else ""
