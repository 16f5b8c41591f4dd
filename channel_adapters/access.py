"""Who may use the exported endpoints: keys, the web origins they are used from, and the bot they open.

An origin is a promise of browsers, not a proof: scripts can forge it. What protects a bot are the rate limits.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from engine.accounts.keys import origin_allowed
from engine.domain.bot import Bot
from engine.domain.merchant import ApiKey
from engine.errors import NotAllowed, NotAuthenticated, NotFound
from engine.serving import Serving

__all__ = ["Admitted", "TheEngine", "admit_secret", "admit_shop", "own_origins", "the_engine"]


@dataclass(frozen=True, slots=True)
class Admitted:
    """A caller with a valid key, and the bot the key opens."""

    key: ApiKey
    bot: Bot


def the_engine(request: Request) -> Serving:
    """The engine this server runs."""
    engine: Serving = request.app.state.engine
    return engine


TheEngine = Annotated[Serving, Depends(the_engine)]


def key_of(request: Request) -> str:
    """The key a request brings. Raises NotAuthenticated."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not key.strip():
        raise NotAuthenticated("Send your key in the header `Authorization: Bearer ...`.", code="invalid_api_key")
    return key.strip()


def refuse_browsers(request: Request) -> None:
    """Secret keys are for servers: a page that holds one has published it. Raises NotAllowed."""
    if "origin" in request.headers:
        raise NotAllowed(
            "A secret key was sent from a web page, where every visitor can read it. "
            "Revoke it, and use a publishable key there.",
            code="secret_key_in_browser",
        )


async def admit_secret(engine: Serving, request: Request) -> Admitted:
    """A server with a secret key. Raises NotAuthenticated, NotAllowed."""
    text = key_of(request)
    if text.startswith("sk_"):
        refuse_browsers(request)
    key = await engine.keys.check(text, "secret")
    return Admitted(key, await engine.bots.get(key.merchant, key.bot))


async def admit_shop(engine: Serving, request: Request, bot_id: str) -> Admitted:
    """A web page with a publishable key and an allowed origin, or a server with a secret key, for this one bot.

    Raises NotAuthenticated, NotAllowed, and NotFound for a bot that the key does not open.
    """
    text = key_of(request)
    if text.startswith("sk_"):
        admitted = await admit_secret(engine, request)
    else:
        key = await engine.keys.check(text, "publishable")
        check_origin(engine, request, key)
        admitted = Admitted(key, await engine.bots.get(key.merchant, key.bot))
    if admitted.bot.id != bot_id:
        raise NotFound(f"this key does not open a bot {bot_id!r}")
    return admitted


def check_origin(engine: Serving, request: Request, key: ApiKey) -> None:
    """Whether the page is one of the key's, or our own widget. Raises NotAllowed."""
    origin = request.headers.get("origin")
    if origin is None and request.method == "GET":
        return
    if origin in own_origins(engine, request):
        return
    if not origin_allowed(origin, key.origins):
        raise NotAllowed(
            f"The web address {origin or '(none)'!r} is not among those this key may be used from. "
            "Add it to the key's addresses in the studio.",
            code="origin_not_allowed",
        )
    # Read by `Cors`, which adds the headers to whatever is answered.
    request.state.cors_origin = origin


def own_origins(engine: Serving, request: Request) -> set[str]:
    """The origins our own pages have: as configured, and as this request was addressed."""
    base = urlsplit(str(request.base_url))
    configured = urlsplit(engine.settings.server_address)
    return {f"{base.scheme}://{base.netloc}", f"{configured.scheme}://{configured.netloc}"}
