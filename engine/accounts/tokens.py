"""Access tokens (JWT, HS256, a few minutes) and the hashes of opaque tokens."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import jwt

from engine.errors import NotAuthenticated
from engine.ports import Clock, Identifiers

__all__ = ["AccessTokens", "Identity", "sha256"]

ISSUER, AUDIENCE, ALGORITHM = "storeclerk", "storeclerk-api", "HS256"
LEEWAY_SECONDS = 30
CLAIMS = ["exp", "iat", "nbf", "iss", "aud", "sub", "tid", "sid"]


def sha256(token: str) -> str:
    """What is kept of a token: enough to recognise it, not to use it."""
    return hashlib.sha256(token.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Identity:
    """Who an access token speaks for."""

    member: str
    merchant: str
    session: str


class AccessTokens:
    """Issues and checks access tokens of one installation."""

    def __init__(self, secret: str, clock: Clock, identifiers: Identifiers, life: timedelta) -> None:
        self.secret, self.clock, self.identifiers, self.life = secret, clock, identifiers, life

    def issue(self, identity: Identity) -> str:
        """A signed token (RFC 9068 claims) for `identity`."""
        now = self.clock.now()
        claims = {
            "iss": ISSUER,
            "aud": AUDIENCE,
            "sub": identity.member,
            "tid": identity.merchant,
            "sid": identity.session,
            "jti": self.identifiers.new("jti"),
            "iat": now,
            "nbf": now,
            "exp": now + self.life,
        }
        return jwt.encode(claims, self.secret, algorithm=ALGORITHM, headers={"typ": "at+jwt"})

    def check(self, token: str) -> Identity:
        """Who the token speaks for. Raises NotAuthenticated when it is altered, foreign or over."""
        try:
            claims = jwt.decode(
                token,
                self.secret,
                algorithms=[ALGORITHM],
                audience=AUDIENCE,
                issuer=ISSUER,
                # Times are compared below with the injected clock, not the library's own.
                options={"require": CLAIMS, "verify_exp": False, "verify_nbf": False, "verify_iat": False},
            )
            now = self.clock.now()
            ends = datetime.fromtimestamp(int(claims["exp"]), UTC) + timedelta(seconds=LEEWAY_SECONDS)
            begins = datetime.fromtimestamp(int(claims["nbf"]), UTC) - timedelta(seconds=LEEWAY_SECONDS)
        except (jwt.InvalidTokenError, ValueError, TypeError, OverflowError) as error:
            raise NotAuthenticated("the access token is not valid; sign in again", code="invalid_token") from error
        if not begins <= now <= ends:
            raise NotAuthenticated("the access token is over; use the refresh token", code="token_expired")
        return Identity(str(claims["sub"]), str(claims["tid"]), str(claims["sid"]))
