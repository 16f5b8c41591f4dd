"""Who owns what: merchants, their members, sessions, and keys of exported endpoints."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

__all__ = ["ApiKey", "KeyKind", "Member", "Merchant", "PasswordReset", "Role", "Session"]

Role = Literal["owner", "admin", "editor", "analyst", "tester"]
KeyKind = Literal["publishable", "secret"]


@dataclass(frozen=True, slots=True)
class Merchant:
    """One shop's account; everything else belongs to exactly one merchant."""

    id: str
    name: str
    plan: str
    created_at: datetime
    address: str = ""
    """Of its website, as it said; may be empty."""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Member:
    """A person who may sign in to a merchant's account."""

    id: str
    merchant: str
    email: str
    role: Role
    password_hash: str
    created_at: datetime
    failed_attempts: tuple[datetime, ...] = ()
    """Failed sign-ins within the lock-out window, oldest first."""
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Session:
    """A signed-in member. Only the SHA-256 of the refresh token is kept."""

    id: str
    merchant: str
    member: str
    refresh_hash: str
    created_at: datetime
    last_used_at: datetime
    revoked: bool = False
    previous_refresh_hash: str = ""
    """The token rotated away last: seeing it again means it was stolen, and ends the session."""
    schema: int = 1

    def is_live(self, now: datetime, idle: timedelta, absolute: timedelta) -> bool:
        """Whether the session may still be used at `now`."""
        return not self.revoked and now - self.last_used_at <= idle and now - self.created_at <= absolute

    def revoke(self) -> Session:
        """The same session, ended."""
        return replace(self, revoked=True)


@dataclass(frozen=True, slots=True)
class PasswordReset:
    """A single-use request to set a new password; only the SHA-256 of its token is kept."""

    token_hash: str
    merchant: str
    member: str
    expires_at: datetime
    used: bool = False
    schema: int = 1


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key of a bot's exported endpoints. The key itself is shown once; its SHA-256 is kept."""

    id: str
    merchant: str
    bot: str
    kind: KeyKind
    prefix: str
    """The first characters, enough to recognise the key in a list."""
    key_hash: str
    origins: tuple[str, ...]
    """Web origins that may use a publishable key, such as `https://shop.example`."""
    created_at: datetime
    schema: int = 1
