"""Routes of the portable file: take a bot along, and bring one in."""

from __future__ import annotations

import asyncio
import re
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, File, Query, Response, UploadFile
from fastapi.responses import StreamingResponse

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, TheUseCases
from engine.api.problems import documented
from engine.errors import TooLarge
from engine.release.bundle import LARGEST_FILE, MEDIA_TYPE

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["bots"])
PIECE = 1 << 20
UNSAFE = re.compile(r"[^a-z0-9]+")


def file_name(name: str, version: int) -> str:
    """A name for the download that no system stumbles over."""
    return f"{UNSAFE.sub('-', name.lower()).strip('-')[:40] or 'assistant'}-v{version}.storeclerk.zip"


@router.get(
    "/bots/{bot}/export",
    response_class=Response,
    responses={200: {"content": {MEDIA_TYPE: {}}, "description": "The file."}, **documented(401, 404, 409)},
)
async def export_bot(
    engine: TheUseCases,
    bot: BotHere,
    version: Annotated[
        int | None,
        Query(ge=1, le=10**9, description="Number of the version; the live one, else the newest, when left out."),
    ] = None,
) -> Response:
    """One file with the bot's words and look, one version's knowledge and products, test cases and evidence."""
    chosen = await engine.exporting.choose(bot, version)
    with tempfile.TemporaryDirectory(prefix="storeclerk-") as folder:
        path = Path(folder) / "bundle.zip"
        await engine.exporting.write(bot, chosen, path)
        size = (await asyncio.to_thread(path.stat)).st_size
        # Opened before the folder goes: the file is gone when it is closed, however the download ends.
        file = await asyncio.to_thread(path.open, "rb")

    async def content() -> AsyncIterator[bytes]:
        with file:
            while piece := await asyncio.to_thread(file.read, PIECE):
                yield piece

    headers = {
        "Content-Disposition": f'attachment; filename="{file_name(bot.name, chosen.number)}"',
        "Content-Length": str(size),
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return StreamingResponse(content(), media_type=MEDIA_TYPE, headers=headers)


@router.post("/bots/import", status_code=201, response_model=s.BotView, responses=documented(401, 413))
async def import_bot(
    engine: TheUseCases,
    caller: CurrentCaller,
    file: Annotated[UploadFile, File(description="A file that `export` wrote, here or in another installation.")],
) -> s.BotView:
    """Make a bot of a portable file. It answers as it did there; it goes live when it has passed its tests here."""
    with tempfile.TemporaryDirectory(prefix="storeclerk-") as folder:
        path = Path(folder) / "bundle.zip"
        size = 0
        with await asyncio.to_thread(path.open, "wb") as target:
            while piece := await file.read(PIECE):
                size += len(piece)
                if size > LARGEST_FILE:
                    raise TooLarge(f"The file is larger than {LARGEST_FILE // 1_000_000_000} GB.")
                await asyncio.to_thread(target.write, piece)
        return s.BotView.of(await engine.importing.bring(caller.merchant.id, path))
