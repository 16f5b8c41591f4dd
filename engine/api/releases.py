"""Routes around a release: what changes, which answers differ, when it goes live, and whether it stays good."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, TheUseCases, VersionHere
from engine.api.problems import documented
from engine.domain.bot import Bot, BotVersion
from engine.domain.release import VersionChanges
from engine.errors import Conflict, Unavailable
from engine.release.comparing import SideBySide
from engine.release.drift import DriftReport

router = APIRouter(prefix="/v1", tags=["releases"])
Against = Annotated[
    int | None, Query(ge=1, le=10**9, description="Version to hold it against; the live one when left out.")
]


async def other_version(engine: TheUseCases, bot: Bot, version: BotVersion, against: int | None) -> BotVersion:
    """The version to hold another against: the one named, the live one, or the one before. Raises Conflict."""
    candidates = [against] if against is not None else [bot.live, bot.previous, version.number - 1]
    for number in candidates:
        if number is not None and number not in {0, version.number}:
            return await engine.versions.get(bot.merchant, bot.id, number)
    raise Conflict("There is no other version to hold this one against.", code="no_other_version")


@router.get("/bots/{bot}/versions/{number}/changes", response_model=VersionChanges, responses=documented(401, 404, 409))
async def changes(engine: TheUseCases, bot: BotHere, version: VersionHere, against: Against = None) -> VersionChanges:
    """What this version has otherwise: words, settings, documents, products."""
    return await engine.differences.between(await other_version(engine, bot, version, against), version)


@router.post(
    "/bots/{bot}/versions/{number}/compare",
    response_model=s.Items[SideBySide],
    responses=documented(401, 404, 409, 503),
)
async def compare(body: s.CompareRequest, engine: TheUseCases, bot: BotHere, version: VersionHere) -> dict[str, object]:
    """Ask two versions the same questions."""
    other = await other_version(engine, bot, version, body.against)
    found = await engine.comparing.side_by_side(bot, other, version, body.questions)
    return {"items": found, "next_cursor": None}


@router.post(
    "/bots/{bot}/versions/{number}/shadow",
    status_code=202,
    response_model=s.ShadowView,
    responses=documented(401, 404, 409, 503),
)
async def start_shadow(
    engine: TheUseCases, bot: BotHere, version: VersionHere, body: s.ShadowRequest | None = None
) -> s.ShadowView:
    """Let this version answer the last days' real questions; shoppers notice nothing of it."""
    run = await engine.comparing.create(bot, version, days=(body or s.ShadowRequest(days=1)).days)
    try:
        await engine.jobs.start_shadow(bot.merchant, run.id)
    except Unavailable as error:
        await engine.comparing.fail(bot.merchant, run.id, error.message)
        raise
    return s.ShadowView.of(run, ())


@router.get("/bots/{bot}/versions/{number}/shadow/latest", response_model=s.ShadowView, responses=documented(401, 404))
async def latest_shadow(engine: TheUseCases, version: VersionHere) -> s.ShadowView:
    """The newest run over real questions, with its results so far."""
    run = await engine.comparing.latest(version.merchant, version.bot, version.number)
    return s.ShadowView.of(run, await engine.comparing.results(run))


@router.post(
    "/bots/{bot}/versions/{number}/shadow/latest/cancel",
    response_model=s.ShadowView,
    responses=documented(401, 404, 409),
)
async def cancel_shadow(engine: TheUseCases, version: VersionHere) -> s.ShadowView:
    """Stop the newest run over real questions."""
    run = await engine.comparing.cancel(version.merchant, version.bot, version.number)
    return s.ShadowView.of(run, await engine.comparing.results(run))


@router.post("/bots/{bot}/versions/{number}/schedule", response_model=s.BotView, responses=documented(401, 404, 409))
async def schedule(
    body: s.ScheduleRequest, engine: TheUseCases, caller: CurrentCaller, version: VersionHere
) -> s.BotView:
    """Let this version go live at a chosen time; the gate is asked then, and decides."""
    return s.BotView.of(await engine.scheduling.set(version, body.at, by=caller.member.email))


@router.delete("/bots/{bot}/schedule", response_model=s.BotView, responses=documented(401, 404, 409))
async def cancel_schedule(engine: TheUseCases, caller: CurrentCaller, bot: BotHere) -> s.BotView:
    """Let nothing go live by itself."""
    return s.BotView.of(await engine.scheduling.cancel(bot, by=caller.member.email))


@router.get("/bots/{bot}/drift", response_model=DriftReport, responses=documented(401, 404))
async def drift(engine: TheUseCases, bot: BotHere) -> DriftReport:
    """Whether the live version still does what it proved, measured on real questions."""
    return await engine.drift.report(bot)
