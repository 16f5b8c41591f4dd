"""Routes of versions and their release: train, ask, deploy, pause, roll back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header
from fastapi.responses import StreamingResponse

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases, VersionHere
from engine.api.events import SSE_HEADERS, answer_events
from engine.api.problems import documented
from engine.domain.conversation import Ask, Reply

router = APIRouter(prefix="/v1", tags=["versions"])


@router.post(
    "/bots/{bot}/versions", status_code=202, response_model=s.VersionView, responses=documented(401, 404, 409, 503)
)
async def create_version(engine: TheUseCases, bot: BotHere) -> s.VersionView:
    """Freeze the draft and train it on all sources."""
    return s.VersionView.of(await engine.versions.create(bot.merchant, bot.id))


@router.get("/bots/{bot}/versions", response_model=s.Items[s.VersionView], responses=documented(401, 404))
async def list_versions(engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """All versions, newest first."""
    return s.page(await engine.versions.page(bot.merchant, bot.id, paging.limit, paging.cursor), s.VersionView.of)


@router.get("/bots/{bot}/versions/{number}", response_model=s.VersionView, responses=documented(401, 404))
async def get_version(version: VersionHere) -> s.VersionView:
    """One version with its progress."""
    return s.VersionView.of(version)


@router.post("/bots/{bot}/versions/{number}/cancel", response_model=s.VersionView, responses=documented(401, 404, 409))
async def cancel_version(engine: TheUseCases, version: VersionHere) -> s.VersionView:
    """Stop a training."""
    return s.VersionView.of(await engine.versions.cancel(version.merchant, version.bot, version.number))


@router.post(
    "/bots/{bot}/versions/{number}/ask",
    response_model=Reply,
    responses={
        **documented(401, 404, 409, 503),
        200: {
            "description": "The reply, or its events `token`, `products`, `citations`, `reply` or `error`.",
            "content": {"text/event-stream": {"schema": {"type": "string"}}},
        },
    },
)
async def ask(
    body: s.AskRequest,
    engine: TheUseCases,
    bot: BotHere,
    version: VersionHere,
    accept: Annotated[str, Header(description="`text/event-stream` for events.")] = "",
) -> Any:
    """Ask one version, as the merchant."""
    question = Ask(body.text, body.conversation_id, channel="studio")
    if body.stream or "text/event-stream" in accept:
        events: AsyncIterator[str] = answer_events(engine.answerer.stream(bot, version, question, test=True))
        return StreamingResponse(events, media_type="text/event-stream", headers=SSE_HEADERS)
    return await engine.answerer.answer(bot, version, question, test=True)


@router.post("/bots/{bot}/versions/{number}/deploy", response_model=s.BotView, responses=documented(401, 404, 409))
async def deploy(engine: TheUseCases, caller: CurrentCaller, version: VersionHere) -> s.BotView:
    """Let shoppers meet this version; refused until the gate says pass."""
    bot = await engine.versions.deploy(version.merchant, version.bot, version.number, by=caller.member.email)
    await engine.updates.catch_up(bot)
    return s.BotView.of(bot)


@router.post("/bots/{bot}/rollback", response_model=s.BotView, responses=documented(401, 404, 409))
async def rollback(engine: TheUseCases, caller: CurrentCaller, bot: BotHere) -> s.BotView:
    """Return to the version that was live before, with its knowledge."""
    back = await engine.versions.rollback(bot.merchant, bot.id, by=caller.member.email)
    await engine.updates.catch_up(back)
    return s.BotView.of(back)


@router.post("/bots/{bot}/pause", response_model=s.BotView, responses=documented(401, 404, 409))
async def pause(engine: TheUseCases, caller: CurrentCaller, bot: BotHere) -> s.BotView:
    """Stop answering shoppers for now."""
    return s.BotView.of(await engine.versions.pause(bot.merchant, bot.id, paused=True, by=caller.member.email))


@router.post("/bots/{bot}/resume", response_model=s.BotView, responses=documented(401, 404, 409))
async def resume(engine: TheUseCases, caller: CurrentCaller, bot: BotHere) -> s.BotView:
    """Answer shoppers again."""
    return s.BotView.of(await engine.versions.pause(bot.merchant, bot.id, paused=False, by=caller.member.email))
