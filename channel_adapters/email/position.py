"""How far a mailbox was read: kept with the link, so that any process goes on where another one stopped.

Never here: speaking to a server.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from channel_adapters.email.limits import CLOCK_SLACK, TRIES
from channel_adapters.email.mailbox import Folder

__all__ = ["POSITION", "Position"]

POSITION = "position"
"""Its name among a link's settings."""


@dataclass(frozen=True, slots=True)
class Position:
    """Everything before it was looked at, or lay there before the bot was linked."""

    place: str
    """The mailbox and folder: another one is begun anew."""
    validity: int
    next: int
    """Number of the next mail."""
    at: datetime
    """When it was written."""
    since: datetime | None = None
    """Where the numbers have changed: mails from before were looked at under other numbers."""
    stumbles: int = 0
    """How often in a row the next mail could not be fetched."""

    @classmethod
    def beginning(cls, place: str, folder: Folder, now: datetime) -> Position:
        """After all that lies there now."""
        return cls(place, folder.validity, folder.next, now)

    @classmethod
    def kept(cls, settings: Mapping[str, str], place: str) -> Position | None:
        """As it was written last for this place, or None."""
        try:
            body = json.loads(settings.get(POSITION, ""))
            at = datetime.fromisoformat(body["at"])
            since = datetime.fromisoformat(body["since"]) if body["since"] else None
            stumbles = int(body.get("stumbles", 0))
            found = cls(body["place"], int(body["validity"]), int(body["next"]), at, since, stumbles)
        except (ValueError, KeyError, TypeError):
            return None
        return found if found.place == place else None

    def settings(self) -> dict[str, str]:
        """As it is kept."""
        since = "" if self.since is None else self.since.isoformat()
        body = {"place": self.place, "validity": self.validity, "next": self.next, "at": self.at.isoformat()}
        return {POSITION: json.dumps({**body, "since": since, "stumbles": self.stumbles})}

    def here(self, folder: Folder) -> Position:
        """The same in the folder as it is now: when its numbers have changed, times tell what is new."""
        if folder.validity == self.validity:
            return self
        return replace(self, validity=folder.validity, next=1, since=self.at - CLOCK_SLACK, stumbles=0)

    def after(self, uid: int, now: datetime) -> Position:
        """Past one more mail."""
        return replace(self, next=uid + 1, at=now, stumbles=0)

    def before(self, uid: int) -> Position:
        """At a mail that could not be fetched: once more, if it was so before."""
        return replace(self, next=uid, stumbles=self.stumbles + 1 if uid == self.next else 1)

    def gives_up(self, uid: int) -> bool:
        """Whether a mail was tried often enough: it must not keep all later ones from their answers."""
        return uid == self.next and self.stumbles >= TRIES
