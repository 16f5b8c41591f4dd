"""The machine's own clock, randomness, and an outbox folder for mail."""

from __future__ import annotations

import json
import secrets
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import structlog

from engine.ports import BlobStore, Mail

__all__ = ["OutboxMailer", "SystemClock", "SystemIdentifiers"]

log = structlog.get_logger("storeclerk.mail")
BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class SystemClock:
    """`Clock` of this machine."""

    def now(self) -> datetime:
        """The present moment in UTC."""
        return datetime.now(UTC)


class SystemIdentifiers:
    """`Identifiers` from the operating system's cryptographic source."""

    def new(self, prefix: str) -> str:
        """A fresh id: 119 random bits."""
        return f"{prefix}_{self.secret(20)}"

    def secret(self, length: int) -> str:
        """`length` characters of base 62."""
        return "".join(secrets.choice(BASE62) for _ in range(length))


class OutboxMailer:
    """`Mailer` that keeps each message as a file below `folder`; nothing leaves the machine.

    The studio shows a shop its own. Who runs the installation finds the file by the log, which holds no word of it.
    """

    delivers = False

    def __init__(self, blobs: BlobStore, identifiers: SystemIdentifiers, folder: Path) -> None:
        self.blobs, self.identifiers, self.folder = blobs, identifiers, folder.resolve()

    async def send(self, merchant: str, mail: Mail) -> None:
        """Keep the message under the merchant's outbox."""
        body = {**asdict(mail), "at": mail.at.isoformat(), "facts": dict(mail.facts)}
        name = f"{merchant}/outbox/{mail.at.strftime('%Y%m%dT%H%M%S%f')}-{self.identifiers.secret(6)}.json"
        await self.blobs.put(name, json.dumps(body, ensure_ascii=False, indent=2).encode("utf-8"))
        log.warning("mail.kept", file=str(self.folder / name))
