"""Tokens both ways: whether a request is Azure Bot Service's, and our own token for answers.

Rules: learn.microsoft.com, "Authenticate requests with the Bot Connector API". Tokens of the Emulator and of other bots
are not taken. Never here: activities.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote, urlsplit

import jwt

from channel_adapters.calling import VendorCalls
from channel_adapters.microsoft import limits
from channel_adapters.microsoft.keys import ServiceKeys
from engine.channels.gateway import ConnectionBroken, DeliveryDelayed, OpenLink
from engine.errors import NotAllowed, NotAuthenticated

__all__ = ["AppTokens", "may_be_called", "verified_claims"]

ISSUER = "https://api.botframework.com"
ALGORITHMS = ["RS256", "RS384", "RS512"]
LOGIN = "https://login.microsoftonline.com"
SCOPE = "https://api.botframework.com/.default"
HOSTS = ("smba.trafficmanager.net", "teams.microsoft.com", "teams.microsoft.us")
SUFFIXES = (".botframework.com", ".botframework.us")
REASONS = {
    "7000215": (
        "wrong_secret",
        "The client secret is not right. Make a new one and copy its Value, not its Secret ID.",
    ),
    "7000222": ("expired_token", "The client secret has expired. Make a new one."),
    "700016": ("not_installed", "There is no app registration with this id in this tenant. Check both ids."),
    "90002": ("wrong_url", "There is no tenant with this id. Copy the Directory (tenant) ID."),
    "7000112": ("revoked", "The app registration is switched off. Enable it in Microsoft Entra."),
}
"""Codes that Microsoft Entra puts behind `AADSTS`."""


async def verified_claims(keys: ServiceKeys, authorization: str, app_id: str, body: bytes, now: datetime) -> None:
    """Return when a request is the service's, for this app, from where its activity says it is.

    Raises NotAuthenticated for a token that does not count, NotAllowed when it is another activity's, and whatever
    the parsing of strangers' tokens raises.
    """
    scheme, _, token = authorization.partition(" ")
    if scheme.lower() != "bearer":
        raise NotAuthenticated("The request brings no bearer token.")
    header = jwt.get_unverified_header(token)
    if header.get("alg") not in ALGORITHMS:
        raise NotAuthenticated("The token is signed in a way that is not allowed.")
    key = await keys.key(str(header.get("kid")))
    if key is None:
        raise NotAuthenticated("The token is signed with a key that is not the service's.")
    claims = jwt.decode(
        token,
        jwt.PyJWK(key, algorithm=header["alg"]).key,
        algorithms=ALGORITHMS,
        issuer=ISSUER,
        leeway=limits.LEEWAY,
        options={
            "require": ["exp", "nbf", "iss", "aud"],
            "verify_exp": False,
            "verify_nbf": False,
            "verify_aud": False,  # looked at below: ids are the same in capitals
        },
    )
    if not app_id or str(claims["aud"]).lower() != app_id.lower():
        raise NotAuthenticated("The token was made for another app.")
    check_times(claims, now)
    check_activity(claims, key, json.loads(body))


def check_times(claims: dict[str, Any], now: datetime) -> None:
    """Raise NotAuthenticated for a token before or after its time, by our own clock and with the usual leeway."""
    at, leeway = now.timestamp(), limits.LEEWAY.total_seconds()
    if at > float(claims["exp"]) + leeway or at < float(claims["nbf"]) - leeway:
        raise NotAuthenticated("The token's time is over, or has not come.", code="stale")


def check_activity(claims: dict[str, Any], key: dict[str, Any], activity: dict[str, Any]) -> None:
    """Raise NotAllowed when a token was made for another activity than the one it came with."""
    service = claims.get("serviceurl")
    if not service or service != activity.get("serviceUrl"):
        raise NotAllowed("The token was made for another service address.", code="wrong_service")
    endorsed = key.get("endorsements")
    if isinstance(endorsed, list) and endorsed and activity.get("channelId") not in endorsed:
        raise NotAllowed("The key is not endorsed for this channel.", code="not_endorsed")


def may_be_called(service_url: str, vendor: str) -> bool:
    """Whether our token may be sent to an address that an activity names: Microsoft's hosts only."""
    parts = urlsplit(service_url)
    if vendor and parts.netloc == urlsplit(vendor).netloc:
        return True
    host = (parts.hostname or "").lower()
    return parts.scheme == "https" and (host in HOSTS or any(host.endswith(suffix) for suffix in SUFFIXES))


@dataclass(frozen=True, slots=True)
class AppToken:
    """A token of ours."""

    text: str
    ends: datetime


class AppTokens:
    """Our tokens for answers, one an app, kept in memory until shortly before they end."""

    def __init__(self, calls: VendorCalls, vendor: str) -> None:
        self.calls, self.base = calls, vendor or LOGIN
        self.tokens: dict[str, AppToken] = {}

    async def get(self, link: OpenLink, now: datetime) -> str:
        """A token for the link's app. Raises ConnectionBroken when Microsoft refuses its secret."""
        name = name_of(link)
        kept = self.tokens.get(name)
        if kept is None or kept.ends - limits.TOKEN_MARGIN <= now:
            kept = self.tokens[name] = await self.fetch(link, now)
        return kept.text

    def forget(self, link: OpenLink) -> None:
        """Let the next answer fetch a fresh token."""
        self.tokens.pop(name_of(link), None)

    async def fetch(self, link: OpenLink, now: datetime) -> AppToken:
        """A fresh token. Raises DeliveryFailed."""
        tenant, app = link.settings["tenant_id"].lower(), link.settings["app_id"].lower()
        address = f"{self.base}/{quote(tenant, safe='')}/oauth2/v2.0/token"
        form = {
            "grant_type": "client_credentials",
            "client_id": app,
            "client_secret": link.secrets["app_password"],
            "scope": SCOPE,
        }
        called = await self.calls.call("POST", address, form=form)
        told = called.json()
        if called.status == 200 and told.get("access_token"):
            return AppToken(str(told["access_token"]), now + seconds(told.get("expires_in")))
        if called.status == 429:
            words = "Microsoft Entra was asked too often, and wants us to wait."
            raise DeliveryDelayed(words, retry_after=called.retry_after, whole_link=True)
        if called.status >= 500:
            raise DeliveryDelayed("Microsoft Entra cannot be asked just now.", retry_after=called.retry_after)
        cause, why = refusal(told)
        raise ConnectionBroken(f"Microsoft Entra refuses the app: {why}", code=cause)


def name_of(link: OpenLink) -> str:
    """What a link's token is kept under."""
    return f"{link.id}/{link.settings['app_id'].lower()}"


def seconds(value: Any) -> timedelta:
    """A token's life; five minutes where nothing sensible is said."""
    return timedelta(seconds=value if isinstance(value, int) and 0 < value < 90_000 else 300)


def refusal(told: dict[str, Any]) -> tuple[str, str]:
    """(cause, words) of a refusal by Microsoft Entra."""
    listed = told.get("error_codes")
    codes = [str(code) for code in listed] if isinstance(listed, list) else []
    found = next((REASONS[code] for code in codes if code in REASONS), None)
    return found or ("wrong_secret", f"{told.get('error', 'refused')}. Check the app id, tenant id and client secret.")
