"""Serves the bundled demo shop, so that there is a site to learn from and to try the widget on."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request, Response
from fastapi.responses import RedirectResponse

from engine.demo_shop import respond
from engine.errors import NotFound

__all__ = ["router"]

router = APIRouter(include_in_schema=False)


@router.get("/demo-shop")
async def without_slash() -> RedirectResponse:
    """The shop's pages link relative to its folder."""
    return RedirectResponse("/demo-shop/", 308)


@router.get("/demo-shop/{path:path}")
async def page(path: str, request: Request) -> Response:
    """One file of the shop."""
    base = str(request.base_url).rstrip("/") + "/demo-shop/"
    found = await asyncio.to_thread(respond, path, base)
    if found is None:
        raise NotFound(f"the demo shop has no page {path!r}")
    return Response(found.content, media_type=found.media_type)
