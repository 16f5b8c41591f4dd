"""What people decided about a bot, written down for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

__all__ = ["AuditEntry"]


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One decision: who, when, what."""

    id: str
    merchant: str
    bot: str
    at: datetime
    by: str
    """E-mail address of the member, or `storeclerk` for what happened by itself."""
    action: str
    """Such as `deploy`, `rollback` or `gate_changed`."""
    detail: str
    """In a shop owner's words."""
    schema: int = 1
