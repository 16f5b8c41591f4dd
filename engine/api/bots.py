"""Routes of bots: make, change, icon and theme, remove; the demo shop."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Response, UploadFile

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases
from engine.api.problems import documented
from engine.demo_shop import PERSONA, SITE
from engine.domain.bot import VersionKey
from engine.errors import NotFound, TooLarge

router = APIRouter(prefix="/v1", tags=["bots"])
ICON_BYTES = 5_000_000


@router.post("/bots", status_code=201, response_model=s.BotView, responses=documented(401))
async def create_bot(body: s.BotName, engine: TheUseCases, caller: CurrentCaller) -> s.BotView:
    """Make a bot."""
    return s.BotView.of(await engine.bots.create(caller.merchant.id, body.name))


@router.get("/bots", response_model=s.Items[s.BotView], responses=documented(401))
async def list_bots(engine: TheUseCases, caller: CurrentCaller, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """The shop's bots, oldest first."""
    return s.page(await engine.bots.page(caller.merchant.id, paging.limit, paging.cursor), s.BotView.of)


@router.get("/bots/{bot}", response_model=s.BotView, responses=documented(401, 404))
async def get_bot(bot: BotHere) -> s.BotView:
    """One bot."""
    return s.BotView.of(bot)


@router.patch("/bots/{bot}", response_model=s.BotView, responses=documented(401, 404))
async def change_bot(body: s.BotChange, engine: TheUseCases, bot: BotHere) -> s.BotView:
    """Change the draft: what is left out stays."""
    persona = None if body.persona is None else body.persona.model_dump(exclude_unset=True)
    guardrails = None if body.guardrails is None else body.guardrails.model_dump(exclude_unset=True)
    changed = await engine.bots.change(
        bot.merchant,
        bot.id,
        name=body.name,
        persona=None if persona is None else lambda current: replace(current, **without_null(persona)),
        guardrails=None
        if guardrails is None
        else lambda current: replace(current, **without_null(guardrails, keep=("refusal_threshold",))),
        theme_overrides=body.theme_overrides,
        languages=body.languages,
    )
    return s.BotView.of(changed)


def without_null(values: dict[str, Any], keep: tuple[str, ...] = ()) -> dict[str, Any]:
    """The values that say something; `keep` names fields in which null does."""
    return {name: value for name, value in values.items() if value is not None or name in keep}


@router.delete("/bots/{bot}", status_code=204, responses=documented(401, 404))
async def delete_bot(engine: TheUseCases, bot: BotHere) -> None:
    """Remove a bot with all it knows and all that was said to it."""
    numbers = await engine.bots.delete(bot.merchant, bot.id)
    for number in numbers:
        await engine.adapters.index.drop(VersionKey(bot.merchant, bot.id, number))
        await engine.adapters.catalogue.drop(VersionKey(bot.merchant, bot.id, number))


@router.put("/bots/{bot}/icon", response_model=s.IconView, responses=documented(401, 404, 413))
async def put_icon(
    engine: TheUseCases,
    bot: BotHere,
    file: Annotated[UploadFile, File(description="PNG, JPEG, WebP, GIF, ICO or SVG.")],
) -> dict[str, Any]:
    """Upload an icon, which becomes the look."""
    content = await file.read(ICON_BYTES + 1)
    if len(content) > ICON_BYTES:
        raise TooLarge("The icon is larger than 5 MB. Upload a smaller picture.")
    changed = await engine.bots.set_icon(bot.merchant, bot.id, content)
    return {"icon_url": s.BotView.of(changed).icon_url, "theme": changed.theme}


@router.get(
    "/bots/{bot}/icon.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}, "description": "The icon."}, **documented(404)},
)
async def get_icon(bot: str, engine: TheUseCases) -> Response:
    """The cleaned icon; public, as shoppers see it."""
    merchant = await engine.bots.owner(bot)
    content = await engine.bots.icon(await engine.bots.get(merchant, bot))
    if content is None:
        raise NotFound("this bot has no icon")
    headers = {"Cache-Control": "public, max-age=3600", "X-Content-Type-Options": "nosniff"}
    return Response(content, media_type="image/png", headers=headers)


@router.post("/demo", status_code=201, response_model=s.BotView, responses=documented(401))
async def create_demo(engine: TheUseCases, caller: CurrentCaller) -> s.BotView:
    """Make the demo shop's bot: its icon, its words, its website, and a first version in training."""
    bot = await engine.bots.create(caller.merchant.id, "Fernleaf & Kiln")
    icon = await asyncio.to_thread((SITE / "icon.png").read_bytes)
    await engine.bots.set_icon(bot.merchant, bot.id, icon)
    contact = "Our team helps you at hello@fernleaf.example."
    await engine.bots.change(
        bot.merchant,
        bot.id,
        persona=lambda _: PERSONA,
        guardrails=lambda current: replace(current, contact_text=contact),
    )
    url = f"http://127.0.0.1:{engine.settings.port}/demo-shop/"
    await engine.sources.create(bot.merchant, bot.id, "website", {"url": url})
    await engine.versions.create(bot.merchant, bot.id)
    return s.BotView.of(await engine.bots.get(bot.merchant, bot.id))
