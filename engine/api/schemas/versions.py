"""Shapes of versions and questions to them."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from engine.api.schemas.shared import View
from engine.domain.bot import BotVersion, Languages, Progress, VersionStatus

__all__ = ["AskRequest", "VersionView"]


class VersionView(View):
    """A frozen copy of the bot with what it learned."""

    number: int
    """Number of the version."""
    status: VersionStatus
    """Where it is in its life."""
    progress: Progress
    """How far its training has come."""
    failure: str | None
    """Why training ended without a result."""
    created_at: datetime
    """When it was asked for."""
    sealed_at: datetime | None
    """When it became ready."""
    documents: int
    """Documents it knows."""
    passages: int
    """Passages it knows."""
    products: int
    """Products it knows."""
    reused_passages: int
    """Passages taken over from an earlier version."""
    languages: Languages
    """What it was trained to understand."""
    embedder: str
    """Model behind the search by meaning."""
    fingerprint: str
    """SHA-256 over configuration and knowledge."""
    origin: Literal["merchant", "sync"]
    """Who asked for it: a person, or a source that brought new words."""
    replaces: int | None
    """The live version that a version made by a sync means to take the place of, or null."""
    note: str
    """What became of a version made by a sync."""

    @classmethod
    def of(cls, version: BotVersion) -> VersionView:
        """The view of a record."""
        return cls.model_validate({name: getattr(version, name) for name in cls.model_fields})


class AskRequest(View):
    """A question to one version."""

    text: str = Field(max_length=100_000)
    """The shopper's words."""
    conversation_id: str | None = Field(None, max_length=100)
    """Continues that conversation."""
    stream: bool = False
    """Answer as server-sent events."""
