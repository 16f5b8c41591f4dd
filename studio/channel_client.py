"""The part of the engine's REST API that is about channels and the inbox, for one bot.

Never here: how a call is made; that is `Api`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from studio import channel_records as c
from studio.client import Api

__all__ = ["Channels", "Inbox"]

CHECK_SECONDS = 120.0
"""The doctor calls the vendor several times."""


@dataclass(frozen=True, slots=True)
class Channels:
    """Where one bot meets shoppers."""

    api: Api
    bot: str

    def path(self, *parts: str) -> str:
        """A path below the bot's, each part made safe."""
        return "/".join([f"/v1/bots/{quote(self.bot, safe='')}", *(quote(part, safe="") for part in parts)])

    def offered(self) -> list[c.Channel]:
        """What can be linked."""
        return self.api.many(c.Channel, "/v1/channels")

    def links(self) -> list[c.Link]:
        """What is linked."""
        return self.api.many(c.Link, self.path("channels"))

    def put(self, kind: str, settings: Mapping[str, str]) -> None:
        """Link, or fill the link in anew. Raises ApiError naming each field that cannot be used."""
        self.api.call("PUT", self.path("channels", kind), json={"settings": dict(settings)}, timeout=CHECK_SECONDS)

    def check(self, kind: str) -> None:
        """Let the doctor look."""
        self.api.call("POST", self.path("channels", kind, "check"), timeout=CHECK_SECONDS)

    def pause(self, kind: str) -> None:
        """Let the channel be silent."""
        self.api.call("POST", self.path("channels", kind, "pause"))

    def resume(self, kind: str) -> None:
        """Let the channel answer again."""
        self.api.call("POST", self.path("channels", kind, "resume"))

    def remove(self, kind: str) -> None:
        """End the link."""
        self.api.call("DELETE", self.path("channels", kind))

    def dead_letters(self) -> list[c.DeadLetter]:
        """Messages that got no answer."""
        return self.api.many(c.DeadLetter, self.path("dead_letters"))

    def replay(self, message: str) -> None:
        """Try to answer a message again."""
        self.api.call("POST", self.path("dead_letters", message, "replay"))


@dataclass(frozen=True, slots=True)
class Inbox:
    """Shoppers of one bot who want a person."""

    api: Api
    bot: str

    def path(self, *parts: str) -> str:
        """A path below the bot's, each part made safe."""
        return "/".join([f"/v1/bots/{quote(self.bot, safe='')}", *(quote(part, safe="") for part in parts)])

    def listed(self, owner: str) -> list[c.InboxItem]:
        """Those that wait (`waiting`), or that people have taken over (`person`)."""
        return self.api.many(c.InboxItem, self.path("inbox"), owner=owner)

    def claim(self, conversation: str) -> None:
        """Take a conversation over. Raises ApiError when somebody else has."""
        self.api.call("POST", self.path("conversations", conversation, "claim"), timeout=60.0)

    def hand_back(self, conversation: str) -> None:
        """Let the bot answer again."""
        self.api.call("POST", self.path("conversations", conversation, "hand_back"))

    def messages(self, conversation: str) -> list[c.PersonMessage]:
        """What people wrote."""
        return self.api.many(c.PersonMessage, self.path("conversations", conversation, "messages"))

    def say(self, conversation: str, text: str) -> None:
        """Answer the shopper, where they wrote."""
        self.api.call("POST", self.path("conversations", conversation, "messages"), json={"text": text})

    def rules(self) -> c.Rules:
        """When the bot asks for a person."""
        return self.api.one(c.Rules, "GET", self.path("handover"))

    def change_rules(self, changes: Mapping[str, Any]) -> None:
        """Change when the bot asks for a person. Raises ApiError naming each field that cannot be used."""
        self.api.call("PATCH", self.path("handover"), json=dict(changes), timeout=CHECK_SECONDS)
