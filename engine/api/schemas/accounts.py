"""Shapes of accounts, sessions and mail."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from engine.api.schemas.shared import View
from engine.domain.merchant import Role

__all__ = [
    "BrowserSession",
    "MailView",
    "Me",
    "MemberView",
    "MerchantView",
    "PasswordChange",
    "ResetAsked",
    "ResetConfirmation",
    "ResetRequest",
    "SessionToken",
    "ShopChange",
    "SignUp",
    "SignedUp",
    "TokenView",
]


class SignUp(View):
    """A new shop and its owner."""

    email: str = Field(max_length=320)
    """The owner's e-mail address."""
    password: str = Field(max_length=1000)
    """At least 8 characters."""
    shop_name: str = Field(max_length=500)
    """Name of the shop."""
    shop_address: str = Field("", max_length=3000)
    """Address of its website; may be left out."""


class ShopChange(View):
    """What the shop says of itself; what is left out stays."""

    shop_name: str | None = Field(None, max_length=500)
    """Name of the shop."""
    shop_address: str | None = Field(None, max_length=3000)
    """Address of its website; empty when it has none."""


class PasswordChange(View):
    """A new password in place of the present one."""

    present_password: str = Field(max_length=1000)
    """The password that counts now."""
    password: str = Field(max_length=1000)
    """The new one, at least 8 characters."""


class MerchantView(View):
    """A shop's account."""

    id: str
    """Id of the merchant."""
    name: str
    """Name of the shop."""
    address: str
    """Address of its website, or empty."""
    plan: str
    """The plan it is on."""
    created_at: datetime
    """When it signed up."""


class MemberView(View):
    """A person who may sign in."""

    id: str
    """Id of the member."""
    email: str
    """E-mail address, lower case."""
    role: Role
    """What the member may do."""
    created_at: datetime
    """When the member was added."""


class TokenView(View):
    """Fresh tokens."""

    access_token: str
    """JWT for the `Authorization: Bearer` header."""
    token_type: Literal["bearer"] = "bearer"  # noqa: S105 - a word of RFC 6749
    """Always `bearer`."""
    expires_in: int
    """Life of the access token, seconds."""
    refresh_token: str | None = None
    """Single use: exchange it for new tokens. Null for browser sessions."""


class SignedUp(TokenView):
    """The new account with its first tokens."""

    merchant: MerchantView
    """The shop."""
    member: MemberView
    """Its owner."""


class Me(View):
    """Who is signed in."""

    member: MemberView
    """The person."""
    merchant: MerchantView
    """The shop."""
    role: Role
    """What the member may do."""
    plan: str
    """The shop's plan."""
    entitlements: dict[str, int]
    """What the plan allows."""


class BrowserSession(View):
    """A session for a browser's HttpOnly cookie."""

    session_token: str
    """Exchange it for access tokens with `grant_type=session`."""
    expires_at: datetime
    """When it ends in any case."""


class SessionToken(View):
    """Names a browser session."""

    session_token: str = Field(max_length=500)
    """The session's token."""


class ResetRequest(View):
    """Asks for a new password."""

    email: str = Field(max_length=320)
    """Address of the account."""


class ResetAsked(View):
    """What becomes of the wish for a new password; the same whether or not the address is known."""

    delivers: bool
    """Whether this installation sends mail. If not, who runs it hands the link over."""
    detail: str
    """The same in words."""


class ResetConfirmation(View):
    """Sets a new password."""

    token: str = Field(max_length=200)
    """The code from the mail."""
    password: str = Field(max_length=1000)
    """The new password."""


class MailView(View):
    """A message this installation wrote."""

    to: str
    """Address."""
    subject: str
    """Subject."""
    text: str
    """Body."""
    at: datetime
    """When it was written."""
    facts: dict[str, str]
    """Links and codes in it."""
