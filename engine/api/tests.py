"""Routes of proof by people: test cases, invites, ratings."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases, VersionHere
from engine.api.problems import documented
from engine.domain.trial import Rating
from engine.errors import Conflict
from engine.trials.cases import CaseText

router = APIRouter(prefix="/v1", tags=["tests"])


@router.get("/bots/{bot}/test_cases", response_model=s.Items[s.CaseView], responses=documented(401, 404))
async def list_cases(engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """The bot's test cases."""
    return s.page(await engine.cases.page(bot.merchant, bot.id, paging.limit, paging.cursor), s.CaseView.of)


@router.post("/bots/{bot}/test_cases", status_code=201, response_model=s.CaseView, responses=documented(401, 404))
async def create_case(body: s.CaseRequest, engine: TheUseCases, bot: BotHere) -> s.CaseView:
    """Write a test case."""
    return s.CaseView.of(await engine.cases.add(bot.merchant, bot.id, CaseText(**body.model_dump())))


@router.post(
    "/bots/{bot}/test_cases/generate",
    status_code=201,
    response_model=s.Items[s.CaseView],
    responses=documented(401, 404, 409),
)
async def generate_cases(engine: TheUseCases, bot: BotHere, body: s.GenerateRequest | None = None) -> dict[str, Any]:
    """Propose cases from what the newest version knows; none counts until it is approved."""
    version = await engine.versions.learned(bot.merchant, bot.id)
    wanted = (body or s.GenerateRequest(count=30)).count
    made = await engine.cases.generate(bot.merchant, bot.id, version, wanted)
    return {"items": [s.CaseView.of(case) for case in made], "next_cursor": None}


@router.patch("/bots/{bot}/test_cases/{case}", response_model=s.CaseView, responses=documented(401, 404))
async def change_case(case: str, body: s.CaseChange, engine: TheUseCases, bot: BotHere) -> s.CaseView:
    """Change or approve a test case: what is left out stays."""
    nullable = {"expected_source", "expected_product"}
    changes = {
        name: value
        for name, value in body.model_dump(exclude_unset=True).items()
        if value is not None or name in nullable
    }
    return s.CaseView.of(await engine.cases.change(bot.merchant, bot.id, case, changes))


@router.delete("/bots/{bot}/test_cases/{case}", status_code=204, responses=documented(401, 404))
async def delete_case(case: str, engine: TheUseCases, bot: BotHere) -> None:
    """Remove a test case."""
    await engine.cases.delete(bot.merchant, bot.id, case)


@router.post("/bots/{bot}/invites", status_code=201, response_model=s.InviteView, responses=documented(401, 404, 409))
async def create_invite(body: s.InviteRequest, engine: TheUseCases, bot: BotHere) -> s.InviteView:
    """Ask a person to test; the answer holds the playground's link."""
    if body.version is None:
        version = await engine.versions.learned(bot.merchant, bot.id)
        if version is None:
            raise Conflict("Train the assistant before you invite testers.", code="not_ready")
    else:
        version = await engine.versions.get(bot.merchant, bot.id, body.version)
    invite, link = await engine.invites.create(bot, version, body.email)
    return s.InviteView.of(invite, engine.invites.clock.now(), link)


@router.get("/bots/{bot}/invites", response_model=s.Items[s.InviteView], responses=documented(401, 404))
async def list_invites(engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """Who was asked to test, newest first."""
    now = engine.invites.clock.now()
    listing = await engine.invites.page(bot.merchant, bot.id, paging.limit, paging.cursor)
    return s.page(listing, lambda invite: s.InviteView.of(invite, now))


@router.delete("/bots/{bot}/invites/{invite}", status_code=204, responses=documented(401, 404))
async def revoke_invite(invite: str, engine: TheUseCases, bot: BotHere) -> None:
    """Close a tester's link at once."""
    await engine.invites.revoke(bot.merchant, bot.id, invite)


async def rating_view(engine: TheUseCases, rating: Rating) -> dict[str, Any]:
    """A rating with its question and answer, and who gave it."""
    turn = await engine.records.turns.find(rating.merchant, rating.turn)
    if rating.tester.startswith("invite_"):
        invite = await engine.records.invites.find(rating.merchant, rating.tester)
        tester = invite.record.email if invite is not None else ""
    else:
        member = await engine.records.members.find(rating.merchant, rating.tester)
        tester = member.record.email if member is not None else ""
    return {
        "id": rating.id,
        "tester": tester,
        "turn_id": rating.turn,
        "question": turn.record.question if turn is not None else "",
        "answer": turn.record.reply.text if turn is not None else "",
        "helpful": rating.helpful,
        "stars": rating.stars,
        "comment": rating.comment,
        "at": rating.at,
    }


@router.get(
    "/bots/{bot}/versions/{number}/ratings", response_model=s.Items[s.RatingView], responses=documented(401, 404)
)
async def list_ratings(
    engine: TheUseCases, version: VersionHere, paging: Annotated[Paging, Depends()]
) -> dict[str, Any]:
    """What testers thought of this version's answers, newest first."""
    where: dict[str, str | int | bool] = {"bot": version.bot, "version": version.number}
    listing = await engine.records.ratings.page(
        version.merchant, where, newest_first=True, limit=paging.limit, cursor=paging.cursor
    )
    return {
        "items": [await rating_view(engine, rating) for rating in listing.items],
        "next_cursor": listing.cursor,
    }


@router.post(
    "/bots/{bot}/versions/{number}/ratings",
    status_code=201,
    response_model=s.RatingView,
    responses=documented(401, 404),
)
async def rate(
    body: s.RatingRequest, engine: TheUseCases, caller: CurrentCaller, version: VersionHere
) -> dict[str, Any]:
    """Rate one of this version's answers, as a member who tries it."""
    rating = await engine.invites.rate(
        version,
        tester=caller.member.id,
        turn=body.turn_id,
        helpful=body.helpful,
        comment=body.comment,
        stars=body.stars,
    )
    return await rating_view(engine, rating)
