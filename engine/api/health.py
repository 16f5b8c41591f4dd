"""Whether the server is alive, and whether it can serve."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from engine.api.dependencies import TheUseCases
from engine.errors import StoreclerkError

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """Alive: the process answers."""
    return {"status": "alive"}


@router.get("/readyz", responses={503: {"description": "What is waited for."}})
async def readyz(engine: TheUseCases) -> Any:
    """Can serve: the records can be read, jobs are running."""
    waiting: list[str] = []
    try:
        await engine.records.store.ping()
    except StoreclerkError as error:
        waiting.append(error.message)
    if not await engine.jobs.is_open():
        waiting.append("no worker has started yet, so nothing can be trained")
    if waiting:
        return JSONResponse({"status": "waiting", "waiting_for": waiting}, 503)
    return {"status": "ready", "waiting_for": []}
