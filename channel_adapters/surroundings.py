"""What surrounds the exported endpoints: CORS for web pages, and an end to bodies that are too large.

Plain ASGI, so that streams pass through untouched. Never here: who a key belongs to; see `access`.
"""

from __future__ import annotations

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from channel_adapters.limits import (
    API_BODY_BYTES,
    BUNDLE_BODY_BYTES,
    CASES_BODY_BYTES,
    CHAT_BODY_BYTES,
    COMPLETIONS_BODY_BYTES,
    FILES_BODY_BYTES,
    ICON_BODY_BYTES,
    PAYMENTS_BODY_BYTES,
    PREFLIGHT_SECONDS,
)  # fmt: skip
from engine.accounts.keys import origin_allowed
from engine.errors import NotFound
from engine.serving import Serving

__all__ = ["BodyLimit", "Cors"]

LIMITS = (
    ("/chat/", CHAT_BODY_BYTES),
    ("/v1/chat/", COMPLETIONS_BODY_BYTES),
    ("/v1/", API_BODY_BYTES),
    ("/hooks/stripe", PAYMENTS_BODY_BYTES),
)
UPLOADS = (
    ("/sources/files", FILES_BODY_BYTES),
    ("/bots/import", BUNDLE_BODY_BYTES),
    ("/icon", ICON_BODY_BYTES),
    ("/test_cases/import", CASES_BODY_BYTES),
)
"""Ends of the API's paths that take files."""
EXPOSED = "retry-after, x-should-retry, x-ai-generated"


class BodyLimit:
    """Stops reading a body at the limit of its path."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "") if scope["type"] == "http" else ""
        limit = next((most for end, most in UPLOADS if path.startswith("/v1/") and path.endswith(end)), None)
        limit = limit or next((most for prefix, most in LIMITS if path.startswith(prefix)), None)
        if limit is None:
            await self.app(scope, receive, send)
            return
        taken = 0

        async def counted() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                raise HTTPException(413, f"The request is larger than {limit:,} bytes.")
            return message

        await self.app(scope, counted, send)


class Cors:
    """Lets the pages of a bot's shops, and no others, read the answers of `/chat/{bot}`."""

    def __init__(self, app: ASGIApp, engine: Serving) -> None:
        self.app, self.engine = app, engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http" or not scope["path"].startswith("/chat/"):
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        if scope["method"] == "OPTIONS" and "access-control-request-method" in headers:
            await (await self.preflight(scope["path"], headers.get("origin")))(scope, receive, send)
            return
        state = scope.setdefault("state", {})

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                answer.add_vary_header("Origin")
                if (origin := state.get("cors_origin")) is not None:
                    answer["Access-Control-Allow-Origin"] = origin
                    answer["Access-Control-Expose-Headers"] = EXPOSED
            await send(message)

        await self.app(scope, receive, with_headers)

    async def preflight(self, path: str, origin: str | None) -> Response:
        """A preflight brings no key: any of the bot's publishable keys may allow the origin."""
        vary = {"Vary": "Origin"}
        if not await self.some_key_allows(path.split("/")[2], origin):
            return Response("This web address may not use this assistant.", 403, vary)
        return Response(
            status_code=204,
            headers=vary
            | {
                "Access-Control-Allow-Origin": str(origin),
                "Access-Control-Allow-Methods": "GET, POST, OPTIONS",
                "Access-Control-Allow-Headers": "authorization, content-type, x-session",
                "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
            },
        )

    async def some_key_allows(self, bot: str, origin: str | None) -> bool:
        """Whether the origin is among those of a publishable key of the bot."""
        try:
            merchant = await self.engine.bots.owner(bot)
        except NotFound:
            return False
        keys = await self.engine.keys.list(merchant, bot)
        return any(key.kind == "publishable" and origin_allowed(origin, key.origins) for key in keys)
