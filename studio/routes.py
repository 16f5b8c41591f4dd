"""The studio's own addresses beside Streamlit's: the session cookie, and setting a new password.

Never here: Streamlit. These run on the server's event loop, so calls to the engine go to a thread.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from engine.settings import Settings
from studio.actions import sentence
from studio.client import Api, ApiError
from studio.session import COOKIE
from studio.tickets import Tickets

__all__ = ["make_routes"]

MAX_BODY = 10_000
RESET_HEADERS = {
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'",
}


def make_routes(settings: Settings, tickets: Tickets, engine: Callable[[], Api]) -> Sequence[Route]:
    """`/session` (the cookie) and `/reset` (a new password)."""

    async def begin(request: Request) -> Response:
        body = await small_json(request)
        session_token = tickets.redeem(str(body.get("ticket", "")))
        if session_token is None:
            return JSONResponse({"detail": "This sign-in has expired. Sign in again."}, status_code=401)
        answer = JSONResponse({"signed_in": True}, headers={"Cache-Control": "no-store"})
        answer.set_cookie(
            COOKIE,
            session_token,
            max_age=settings.session_absolute_days * 86_400,
            httponly=True,
            samesite="lax",
            secure=settings.cookie_secure,
            path="/",
        )
        return answer

    async def end(request: Request) -> Response:
        if token := request.cookies.get(COOKIE):
            await run_in_threadpool(revoke, token)
        answer = JSONResponse({"signed_in": False}, headers={"Cache-Control": "no-store"})
        answer.delete_cookie(COOKIE, path="/", httponly=True, samesite="lax", secure=settings.cookie_secure)
        return answer

    def revoke(token: str) -> None:
        try:
            engine().end_session(token)
        except ApiError:
            return  # already ended by the script that asked for this, or the engine is away: the cookie goes anyway

    async def session(request: Request) -> Response:
        if not is_own_page(request):
            return JSONResponse({"detail": "Only the studio's own pages may do this."}, status_code=403)
        return await (begin(request) if request.method == "POST" else end(request))

    async def show_reset(request: Request) -> Response:
        return HTMLResponse(RESET_PAGE, headers=RESET_HEADERS)

    async def reset(request: Request) -> Response:
        if not is_own_page(request):
            return JSONResponse({"detail": "Only the studio's own pages may do this."}, status_code=403)
        body = await small_json(request)
        try:
            await run_in_threadpool(
                engine().confirm_password_reset, str(body.get("token", "")), str(body.get("password", ""))
            )
        except ApiError as error:
            return JSONResponse({"detail": sentence(error)}, status_code=error.status or 503)
        answer = JSONResponse({"done": True})
        answer.delete_cookie(COOKIE, path="/")
        return answer

    return (
        Route("/session", session, methods=["POST", "DELETE"]),
        Route("/reset", show_reset, methods=["GET"]),
        Route("/reset", reset, methods=["POST"]),
    )


def is_own_page(request: Request) -> bool:
    """Whether the request comes from a page of this studio: other sites cannot fake these headers."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or origin.split("://", 1)[-1] == request.headers.get("host")


async def small_json(request: Request) -> dict[str, object]:
    """The JSON object of a request, or an empty one when it is none or too long."""
    if "application/json" not in request.headers.get("content-type", ""):
        return {}
    if int(request.headers.get("content-length") or MAX_BODY + 1) > MAX_BODY:
        return {}
    try:
        body = await request.json()
    except ValueError:
        return {}
    return body if isinstance(body, dict) else {}


RESET_SCRIPT = """
const form = document.querySelector("form"), status = document.querySelector("#status");
const fromLink = decodeURIComponent(location.hash.replace(/^#((token|reset)=)?/, ""));
history.replaceState(null, "", location.pathname);
form.code.value = fromLink;
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const [one, two] = [form.one.value, form.two.value];
  if (one !== two) { status.textContent = "The two passwords are not the same."; return; }
  status.textContent = "One moment…";
  try {
    const answer = await fetch("/reset", { method: "POST", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ token: form.code.value.trim(), password: one }) });
    const body = await answer.json();
    if (answer.ok) { form.hidden = true; document.querySelector("#done").hidden = false; status.textContent = ""; }
    else { status.textContent = body.detail; }
  } catch { status.textContent = "The studio cannot be reached. Try again in a moment."; }
});
"""

RESET_STYLE = """
:root { color-scheme: light dark; --ink: #17302d; --paper: #f7faf9; --deep: #11645a; --on: #ffffff; }
@media (prefers-color-scheme: dark) { :root { --ink: #e4efed; --paper: #0f1918; --deep: #7fd6c8; --on: #06211d; } }
body { font: 1rem/1.5 system-ui, sans-serif; color: var(--ink); background: var(--paper); margin: 0; }
main { max-width: 26rem; margin: 10vh auto; padding: 0 1.25rem; }
label { display: block; margin: 1rem 0 .25rem; }
input { width: 100%; box-sizing: border-box; padding: .6rem; font: inherit; border: 1px solid var(--deep);
  border-radius: .5rem; background: transparent; color: inherit; }
button, a.button { display: inline-block; margin-top: 1.25rem; padding: .65rem 1.2rem; font: inherit; border: 0;
  border-radius: .5rem; background: var(--deep); color: var(--on); text-decoration: none; cursor: pointer; }
:focus-visible { outline: 3px solid var(--deep); outline-offset: 2px; }
"""

RESET_PAGE = f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape("Set a new password")} · Storeclerk</title><link rel="icon" href="data:,"><style>{RESET_STYLE}</style>
</head><body><main><h1>Set a new password</h1>
<form><label for="code">Code from the mail</label>
<input id="code" name="code" autocomplete="one-time-code" spellcheck="false" required>
<label for="one">New password, at least 8 characters</label>
<input id="one" name="one" type="password" autocomplete="new-password" required minlength="8">
<label for="two">New password once more</label>
<input id="two" name="two" type="password" autocomplete="new-password" required minlength="8">
<button>Save the new password</button></form>
<p id="status" role="status"></p>
<div id="done" hidden><p>Your new password is set. You have been signed out everywhere.</p>
<a class="button" href="/">Sign in</a></div></main><script>{RESET_SCRIPT}</script></body></html>
"""
