"""Shapes of keys."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field

from engine.api.schemas.shared import View
from engine.domain.merchant import ApiKey, KeyKind

__all__ = ["KeyRequest", "KeyView"]


class KeyRequest(View):
    """A new key."""

    kind: KeyKind
    """For web pages (`publishable`) or servers (`secret`)."""
    origins: tuple[str, ...] = Field((), max_length=20)
    """Web origins a publishable key may be used from."""


class KeyView(View):
    """A key of the exported endpoints."""

    id: str
    """Id of the key."""
    kind: KeyKind
    """For web pages or servers."""
    prefix: str
    """Its first characters."""
    origins: tuple[str, ...]
    """Web origins it may be used from."""
    created_at: datetime
    """When it was made."""
    key: str | None = None
    """The key itself, shown only when it is made."""

    @classmethod
    def of(cls, key: ApiKey, text: str | None = None) -> KeyView:
        """The view of a record."""
        return cls(
            id=key.id, kind=key.kind, prefix=key.prefix, origins=key.origins, created_at=key.created_at, key=text
        )
