"""Serves the bundled demo shop, so that there is a site to learn from and to try the widget on."""

from __future__ import annotations

import asyncio
import re
from typing import Annotated

from fastapi import APIRouter, Query, Request, Response
from fastapi.responses import RedirectResponse

from channel_adapters.widget.snippet import widget_snippet
from engine.demo_shop import respond
from engine.errors import NotFound

__all__ = ["router"]

router = APIRouter(include_in_schema=False)
COOKIE = "demo_assistant"
"""Keeps the assistant in place while one walks through the shop, whose links know nothing of it."""
TRIED = re.compile(r"([A-Za-z0-9_]{1,80})\.([A-Za-z0-9_]{1,120})")


@router.get("/demo-shop")
async def without_slash() -> RedirectResponse:
    """The shop's pages link relative to its folder."""
    return RedirectResponse("/demo-shop/", 308)


@router.get("/demo-shop/{path:path}")
async def page(
    path: str, request: Request, assistant: Annotated[str | None, Query()] = None, key: Annotated[str, Query()] = ""
) -> Response:
    """One file of the shop; with `?assistant=<bot>&key=<publishable key>` the shop has that assistant on its pages."""
    tried = f"{assistant}.{key}" if assistant is not None else request.cookies.get(COOKIE, "")
    match = TRIED.fullmatch(tried)
    server = str(request.base_url).rstrip("/")
    html = widget_snippet(server, match[1], match[2]) if match else ""
    found = await asyncio.to_thread(respond, path, f"{server}/demo-shop/", assistant=html)
    if found is None:
        raise NotFound(f"the demo shop has no page {path!r}")
    response = Response(found.content, media_type=found.media_type)
    if assistant is not None and match:
        response.set_cookie(COOKIE, tried, path="/demo-shop/", httponly=True, samesite="lax")
    elif assistant is not None:
        response.delete_cookie(COOKIE, path="/demo-shop/")
    return response
