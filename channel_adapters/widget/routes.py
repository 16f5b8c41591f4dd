"""`GET /widget.js`, the frame `GET /widget/{bot}`, and the frame's script and style."""

from __future__ import annotations

import asyncio
from typing import Annotated, Any

from fastapi import APIRouter, Header, Query, Request, Response
from fastapi.responses import HTMLResponse

from channel_adapters.access import TheEngine, own_origins
from channel_adapters.native import public_bot
from channel_adapters.widget.assets import NAMES, Asset, asset
from channel_adapters.widget.page import ThemeChoice, chat_page, refusal_page
from channel_adapters.widget.words import language_for
from engine.accounts.keys import origin_allowed
from engine.api.problems import documented
from engine.branding.theme import theme_from_seed
from engine.domain.merchant import ApiKey
from engine.errors import NotAllowed, NotAuthenticated, NotFound, StoreclerkError
from engine.release.bots import DEFAULT_SEED

__all__ = ["router"]

router = APIRouter(tags=["widget"])
SCRIPT: dict[int | str, dict[str, Any]] = {200: {"content": {"text/javascript": {}}, "description": "The file."}}
STATUSES = {NotAuthenticated: 401, NotAllowed: 403, NotFound: 404}


def file_response(request: Request, file: Asset, caching: str) -> Response:
    """A file, packed for browsers that take it so, or the news that it has not changed."""
    tag = f'"{file.mark}"'
    headers = {
        "Cache-Control": caching,
        "ETag": tag,
        "Vary": "Accept-Encoding",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "cross-origin",
    }
    if request.headers.get("if-none-match") == tag:
        return Response(status_code=304, headers=headers)
    if "gzip" in request.headers.get("accept-encoding", ""):
        return Response(file.packed, media_type=file.media_type, headers=headers | {"Content-Encoding": "gzip"})
    return Response(file.content, media_type=file.media_type, headers=headers)


@router.get("/widget.js", response_class=Response, responses=SCRIPT)
async def loader(request: Request) -> Response:
    """The script for a shop's pages: `data-bot`, `data-key`; if wished, position, theme and language."""
    return file_response(request, await asyncio.to_thread(asset, "loader.js"), "public, max-age=300")


@router.get("/widget/assets/{name}", response_class=Response, responses={**SCRIPT, **documented(404)})
async def frame_asset(name: str, request: Request) -> Response:
    """The frame's script and style. Their address holds a mark of their content: they may be kept for ever."""
    if name not in NAMES:
        raise NotFound(f"the widget has no file {name!r}")
    return file_response(request, await asyncio.to_thread(asset, name), "public, max-age=31536000, immutable")


def policy(nonce: str, ancestors: tuple[str, ...]) -> dict[str, str]:
    """Headers of the frame: it loads only what is ours, and stands only in pages of the shop (or our demo shop).

    No X-Frame-Options: that header cannot express a list, and browsers would obey the stricter of the two.
    """
    rules = (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' 'nonce-{nonce}'",
        "img-src 'self' https: data:",
        "connect-src 'self'",
        "font-src 'self'",
        "base-uri 'none'",
        "form-action 'none'",
        f"frame-ancestors {' '.join(ancestors)}",
    )
    return {
        "Content-Security-Policy": "; ".join(rules),
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "strict-origin-when-cross-origin",
        "Permissions-Policy": "microphone=(self)",
        "Cache-Control": "no-store",
        "X-AI-Generated": "true",
    }


async def frame_key(engine: TheEngine, request: Request, bot: str, key: str, origin: str) -> ApiKey:
    """The publishable key of this bot, used on one of its pages. Raises NotAuthenticated, NotFound, NotAllowed."""
    found = await engine.keys.check(key, "publishable")
    if found.bot != bot:
        raise NotFound("This key belongs to another assistant.")
    if origin and origin not in own_origins(engine, request) and not origin_allowed(origin, found.origins):
        raise NotAllowed(f"The web address {origin!r} is not among those this key may be used from.")
    return found


@router.get("/widget/{bot}", response_class=HTMLResponse, responses={401: {}, 403: {}, 404: {}})
async def frame(
    bot: str,
    engine: TheEngine,
    request: Request,
    key: Annotated[str, Query(max_length=200, description="The publishable key.")] = "",
    origin: Annotated[str, Query(max_length=300, description="Origin of the page around the frame.")] = "",
    theme: Annotated[str, Query(max_length=10, description="`light`, `dark`, or as the visitor's system has it.")] = "",
    language: Annotated[str, Query(max_length=20, description="Of the widget's own words; else the browser's.")] = "",
    accept_language: Annotated[str, Header(max_length=1_000)] = "",
) -> Response:
    """The chat as a page, to stand in a frame on a page of the shop."""
    nonce = engine.adapters.identifiers.secret(22)
    try:
        found = await frame_key(engine, request, bot, key, origin)
        record = await engine.bots.get(found.merchant, bot)
    except StoreclerkError as error:
        status = next((status for kind, status in STATUSES.items() if isinstance(error, kind)), 503)
        return HTMLResponse(refusal_page(error.message), status, policy(nonce, ("'none'",)))
    theme_of_bot = record.theme
    if theme_of_bot is None:
        theme_of_bot = await asyncio.to_thread(theme_from_seed, DEFAULT_SEED)
    choice: ThemeChoice = "light" if theme == "light" else "dark" if theme == "dark" else "auto"
    html = chat_page(
        await public_bot(engine, record),
        theme_of_bot,
        key=key,
        visitor=engine.adapters.identifiers.new("visitor"),
        parent=origin or None,
        choice=choice,
        nonce=nonce,
        language=language_for(language, accept_language),
    )
    return HTMLResponse(html, headers=policy(nonce, ("'self'", *found.origins)))
