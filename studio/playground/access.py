"""Who may enter the playground: the invite in a cookie, looked up again with every request."""

from __future__ import annotations

from datetime import UTC, datetime
from http.cookies import CookieError, SimpleCookie

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from engine.api.problems import from_engine
from engine.bootstrap import Engine
from engine.domain.trial import Invite
from engine.errors import NotAuthenticated
from studio.playground.look import look_css

__all__ = ["COOKIE", "PATH", "InviteGate", "closed_page", "router"]

PATH = "/playground"
COOKIE = "storeclerk_invite"
router = APIRouter(prefix=PATH, include_in_schema=False)
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' https: data: blob:; font-src 'self' data:; connect-src 'self'; worker-src 'self' blob:; "
    "object-src 'none'; base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
"""Gradio's page needs inline scripts; all else stays here, so that trying an assistant tells nobody outside."""
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex",
}


def closed_page() -> HTMLResponse:
    """What a person sees whose invitation does not open the playground (any more)."""
    html = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>This invitation is closed</title>
<style>
:root { color-scheme: light dark; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; font: 17px/1.6 system-ui, sans-serif;
  background: light-dark(#f6f5f2, #17181a); color: light-dark(#1d2125, #eceef0); }
main { max-width: 30rem; margin: 1rem; padding: 2rem; border-radius: 16px; background: light-dark(#fff, #232528); }
h1 { font-size: 1.4rem; line-height: 1.3; margin: 0 0 .6rem; } p { margin: 0 0 .8rem; } p:last-child { margin: 0; }
</style>
</head>
<body><main>
<h1>This invitation does not open the playground</h1>
<p>It may have ended, or the shop has closed it. An invitation is valid for some days only.</p>
<p><strong>What you can do:</strong> open the link from your invitation again. If that does not help, ask the
person who invited you for a new one.</p>
</main></body>
</html>
"""
    return HTMLResponse(html, 401, HEADERS | {"Cache-Control": "no-store"})


@router.get("/invite/{token}")
async def enter(token: str, request: Request) -> Response:
    """Turn an invitation's link into a cookie, so that the secret does not stay in the address bar."""
    engine: Engine = request.app.state.engine
    try:
        invite = await engine.invites.check(token)
    except NotAuthenticated:
        return closed_page()
    response = RedirectResponse(f"{PATH}/", 303, HEADERS | {"Cache-Control": "no-store"})
    left = int((invite.expires_at - datetime.now(UTC)).total_seconds())
    response.set_cookie(
        COOKIE,
        token,
        max_age=max(left, 1),
        path=PATH,
        httponly=True,
        samesite="lax",
        secure=engine.settings.cookie_secure,
    )
    return response


@router.get("/look.css")
async def look(request: Request) -> Response:
    """The colours of the tester's assistant; the gate has found the invite."""
    engine: Engine = request.app.state.engine
    invite: Invite = request.state.invite
    bot = await engine.bots.get(invite.merchant, invite.bot)
    return Response(look_css(bot.theme), media_type="text/css", headers={"Cache-Control": "no-store"})


def cookie_token(headers: Headers) -> str:
    """The invite's token, or empty."""
    try:
        morsel = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return morsel.value if morsel is not None else ""


class InviteGate:
    """Lets only invited testers below `PATH`. Plain ASGI, so that streams pass through untouched."""

    def __init__(self, app: ASGIApp, engine: Engine) -> None:
        self.app, self.engine = app, engine

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "")
        if scope["type"] != "http" or not (path == PATH or path.startswith(f"{PATH}/")):
            await self.app(scope, receive, send)
            return
        if not path.startswith(f"{PATH}/invite/"):
            headers = Headers(scope=scope)
            try:
                invite = await self.engine.invites.check(cookie_token(headers))
            except NotAuthenticated as error:
                for_person = path in {PATH, f"{PATH}/"} or "text/html" in headers.get("accept", "")
                await (closed_page() if for_person else from_engine(error))(scope, receive, send)
                return
            scope.setdefault("state", {})["invite"] = invite

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                answer = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    answer[name] = value
            await send(message)

        await self.app(scope, receive, with_headers)
