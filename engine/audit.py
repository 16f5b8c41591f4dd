"""The audit log: what people decided about a bot, and what happened to it by itself. Never changed, only added to."""

from __future__ import annotations

from engine.domain.audit import AuditEntry
from engine.ports import Clock, Identifiers
from engine.records import Listing, Records

__all__ = ["ITSELF", "Audit"]

ITSELF = "storeclerk"
"""Who is named when no person decided."""


class Audit:
    """Adds to a bot's log, and reads it."""

    def __init__(self, records: Records, clock: Clock, identifiers: Identifiers) -> None:
        self.records, self.clock, self.identifiers = records, clock, identifiers

    async def note(self, merchant: str, bot: str, *, by: str, action: str, detail: str) -> None:
        """Write one decision down."""
        entry = AuditEntry(self.identifiers.new("audit"), merchant, bot, self.clock.now(), by or ITSELF, action, detail)
        await self.records.audit.add(merchant, entry.id, entry)

    async def page(self, merchant: str, bot: str, limit: int, cursor: str | None) -> Listing[AuditEntry]:
        """A bot's log, newest first."""
        return await self.records.audit.page(merchant, {"bot": bot}, newest_first=True, limit=limit, cursor=cursor)
