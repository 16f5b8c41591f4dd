"""One visit to a mailbox over IMAP: what is new there, one mail at a time, and the marks that we leave.

Blocking: it is called from threads. Never here: what a mail means. Marks are set without an EXPUNGE, which would
remove for good what the owner only marked as deleted.
"""

from __future__ import annotations

import imaplib
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NoReturn

from imap_tools.errors import MailboxFolderSelectError, MailboxLoginError, UnexpectedCommandStatusError

from channel_adapters.email import limits
from channel_adapters.email.imap import PinnedBox
from channel_adapters.email.servers import Line, MailServer
from channel_adapters.email.troubles import MailTrouble, reached_trouble, refused_sign_in

__all__ = ["Fetched", "Folder", "Mailbox"]

ARRIVED = re.compile(rb'INTERNALDATE "([^"]{20,40})"')
QUOTA = re.compile(rb"STORAGE (\d+) (\d+)")
NOT_NOW = ("[UNAVAILABLE]", "[INUSE]", "[LIMIT]", "[SERVERBUG]")
"""RFC 5530: answers to a sign-in that say nothing about the password."""


@dataclass(frozen=True, slots=True)
class Folder:
    """Where mails are numbered."""

    validity: int
    """Other numbers than before count when this changes (RFC 3501, 2.3.1.1)."""
    next: int
    """Number that the next mail will have at least."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A mail as it lies there."""

    uid: int
    arrived_at: datetime
    """By the server's clock."""
    content: bytes
    """Its beginning."""


class Mailbox:
    """Signed in, and at one folder. Every method raises MailTrouble."""

    def __init__(self, server: MailServer) -> None:
        self.server = server
        self.box: PinnedBox | None = None
        self.line = Line(server)

    def open(self, user: str, password: str, folder: str) -> Folder:
        """Connect, sign in and open the folder."""
        try:
            self.box = PinnedBox(self.line)
            self.box.login(user, password, None)
            self.box.folder.set(folder)
            told = self.box.folder.status(folder, ["UIDVALIDITY", "UIDNEXT"])
            return Folder(told.get("UIDVALIDITY", 0), told.get("UIDNEXT", 1))
        except Exception as error:
            self.fail(error, folder)

    def fail(self, error: Exception, folder: str = "") -> NoReturn:
        """Raise what an error means."""
        match error:
            case MailboxLoginError():
                told = str(error).upper()
                if any(code in told for code in NOT_NOW):
                    step = "Look again in a few minutes."
                    raise MailTrouble("busy", f"{self.server.host} lets nobody in just now.", step) from error
                raise refused_sign_in(self.server) from error
            case MailboxFolderSelectError():
                there = ", ".join(repr(name) for name in self.folders()[:10]) or "none that this user may see"
                raise MailTrouble(
                    "no_folder", f"There is no folder {folder!r} in this mailbox; there are {there}.",
                    "Write the folder's name as your mail program shows it; new mail lies in INBOX.", "link",
                ) from error  # fmt: skip
            case UnexpectedCommandStatusError() | imaplib.IMAP4.error() | OSError():
                raise reached_trouble(self.server, error) from error
            case UnicodeError() | ValueError() | LookupError() | TypeError() | AttributeError():
                # Whatever a server says that no server should: not a fault of ours.
                raise reached_trouble(self.server, error) from error
            case _:
                raise error

    def folders(self) -> list[str]:
        """Names of the mailbox's folders, as far as they can be told."""
        try:
            return [] if self.box is None else [one.name for one in self.box.folder.list()]
        except Exception:
            return []  # asked for only to say more about another trouble

    def asked(self, *command: str) -> list[Any]:
        """What the server answers to a UID command."""
        if self.box is None:
            raise reached_trouble(self.server, ConnectionAbortedError())
        try:
            status, data = self.box.client.uid(*command)
        except Exception as error:
            self.fail(error)
        if status != "OK":
            raise reached_trouble(self.server, ConnectionAbortedError())
        return [one for one in data if one is not None]

    def unread(self, first: int) -> list[int]:
        """Numbers of the mails from `first` on that nobody has read, in their order."""
        found = b" ".join(one for one in self.asked("SEARCH", f"UID {first}:*", "UNSEEN", "UNDELETED") if one)
        # `n:*` names the newest mail even where it comes before n.
        return sorted({int(uid) for uid in found.split() if uid.isdigit() and int(uid) >= first})

    def fetch(self, uid: int) -> Fetched | None:
        """The beginning of a mail, unread as before; None when it is gone."""
        data = self.asked("FETCH", str(uid), f"(INTERNALDATE BODY.PEEK[]<0.{limits.MAIL_BYTES}>)")
        content = next((one[1] for one in data if isinstance(one, tuple)), None)
        told = b" ".join(one[0] if isinstance(one, tuple) else one for one in data)
        moment = ARRIVED.search(told)
        if content is None or moment is None:
            return None
        try:
            arrived = datetime.strptime(moment[1].decode("ascii").strip(), "%d-%b-%Y %H:%M:%S %z")
        except ValueError as error:
            self.fail(error)
        return Fetched(uid, arrived.astimezone(UTC), content)

    def mark_read(self, uid: int) -> None:
        """Note for the people of the shop that it was taken."""
        self.asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen)")

    def find(self, message_id: str) -> int | None:
        """The number of the mail with this Message-ID."""
        found = self.asked("SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
        numbers = [int(uid) for one in found if one for uid in one.split() if uid.isdigit()]
        return max(numbers, default=None)

    def remove(self, uid: int) -> None:
        """Remove this one mail; where the server cannot remove only one (RFC 4315), it is marked as deleted."""
        self.asked("STORE", str(uid), "+FLAGS.SILENT", r"(\Seen \Deleted)")
        if self.box is not None and "UIDPLUS" in self.box.client.capabilities:
            self.asked("EXPUNGE", str(uid))

    def fullness(self) -> float | None:
        """Which part of the mailbox's room is used; None when the server does not say (RFC 9208)."""
        if self.box is None or "QUOTA" not in self.box.client.capabilities:
            return None
        try:
            _, data = self.box.client.getquotaroot("INBOX")
        except imaplib.IMAP4.error:
            return None
        found = QUOTA.search(b" ".join(one for part in data for one in part if isinstance(one, bytes)))
        return None if found is None or int(found[2]) == 0 else int(found[1]) / int(found[2])

    def abort(self) -> None:
        """Cut the connection, from any thread."""
        self.line.cut()

    def close(self) -> None:
        """Sign off."""
        if self.box is not None:
            with suppress(Exception):
                self.box.client.logout()
            with suppress(Exception):
                self.box.client.shutdown()  # a sign-off that fails leaves the connection open
            self.box = None
        self.line.close()
