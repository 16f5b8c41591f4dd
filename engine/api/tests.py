"""Routes of proof by people: test cases, invites, ratings."""

from __future__ import annotations

import hashlib
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Query, Response, UploadFile

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases, VersionHere
from engine.api.problems import documented
from engine.domain.trial import Rating, RatingText
from engine.errors import Conflict
from engine.release.arriving import IMPORTED
from engine.trials.case_files import LARGEST_FILE, CaseFormat
from engine.trials.case_imports import Imported
from engine.trials.cases import CaseText
from engine.trials.invites import Visit

router = APIRouter(prefix="/v1", tags=["tests"])


@router.get("/bots/{bot}/test_cases", response_model=s.Items[s.CaseView], responses=documented(401, 404))
async def list_cases(
    engine: TheUseCases,
    bot: BotHere,
    paging: Annotated[Paging, Depends()],
    include_rejected: Annotated[bool, Query(description="Also those that a person rejected.")] = False,
) -> dict[str, Any]:
    """The bot's test cases, oldest first."""
    listing = await engine.cases.page(bot.merchant, bot.id, paging.limit, paging.cursor, rejected=include_rejected)
    return s.page(listing, s.CaseView.of)


@router.post("/bots/{bot}/test_cases", status_code=201, response_model=s.CaseView, responses=documented(401, 404, 409))
async def create_case(body: s.CaseRequest, engine: TheUseCases, bot: BotHere) -> s.CaseView:
    """Write a test case; a question that is among the bot's already is refused with 409 `question_known`."""
    return s.CaseView.of(await engine.cases.write(bot.merchant, bot.id, CaseText(**body.model_dump())))


@router.post(
    "/bots/{bot}/test_cases/generate",
    status_code=201,
    response_model=s.Items[s.CaseView],
    responses=documented(401, 404, 409),
)
async def generate_cases(engine: TheUseCases, bot: BotHere, body: s.GenerateRequest | None = None) -> dict[str, Any]:
    """Propose cases from what the newest version knows; none counts until it is approved."""
    version = await engine.versions.learned(bot.merchant, bot.id)
    wanted = (body or s.GenerateRequest(count=60)).count
    made = await engine.cases.generate(bot.merchant, bot.id, version, wanted)
    return {"items": [s.CaseView.of(case) for case in made], "next_cursor": None}


@router.post("/bots/{bot}/test_cases/decide", response_model=s.Items[s.CaseView], responses=documented(401, 404))
async def decide_cases(
    body: s.DecideRequest, engine: TheUseCases, caller: CurrentCaller, bot: BotHere
) -> dict[str, Any]:
    """Approve and reject many cases at once, at most 500; when one is unknown, none is changed."""
    decided = await engine.cases.decide(
        bot.merchant, bot.id, approve=body.approve, reject=body.reject, by=caller.member.email
    )
    return {"items": [s.CaseView.of(case) for case in decided], "next_cursor": None}


@router.get(
    "/bots/{bot}/test_cases/export",
    response_class=Response,
    responses=documented(401, 404) | {200: {"content": {"text/csv": {}, "application/jsonl": {}}}},
)
async def export_cases(
    engine: TheUseCases,
    bot: BotHere,
    form: Annotated[CaseFormat, Query(alias="format", description="A table, or one JSON object a line.")] = "csv",
) -> Response:
    """The bot's test cases as a file, without the rejected ones."""
    content = await engine.case_imports.export(bot.merchant, bot.id, form)
    headers = {"Content-Disposition": f'attachment; filename="test-questions.{form}"'}
    media_type = "text/csv; charset=utf-8" if form == "csv" else "application/jsonl"
    return Response(content, media_type=media_type, headers=headers)


@router.post("/bots/{bot}/test_cases/import", response_model=Imported, responses=documented(401, 404, 413))
async def import_cases(
    engine: TheUseCases,
    bot: BotHere,
    file: Annotated[UploadFile, File(description="CSV or JSON lines with the columns that the export has.")],
) -> Imported:
    """Add the test cases of a file, at most 2,000 in 5 MB. Good rows are added, the others named with what to do."""
    content = await file.read(LARGEST_FILE + 1)
    return await engine.case_imports.take(bot.merchant, bot.id, file.filename or "file", content)


@router.post(
    "/bots/{bot}/conversations/{conversation}/turns/{turn}/case",
    status_code=201,
    response_model=s.CaseView,
    responses=documented(401, 404) | {200: {"model": s.CaseView, "description": "The case was there already."}},
)
async def case_of_turn(
    conversation: str, turn: str, body: s.TurnCaseRequest, engine: TheUseCases, bot: BotHere, response: Response
) -> s.CaseView:
    """Make a test case of what a shopper asked; of the same answer it is always the same case."""
    case, new = await engine.turn_cases.make(bot.merchant, bot.id, conversation, turn, body.reaction)
    response.status_code = 201 if new else 200
    return s.CaseView.of(case)


@router.patch("/bots/{bot}/test_cases/{case}", response_model=s.CaseView, responses=documented(401, 404))
async def change_case(
    case: str, body: s.CaseChange, engine: TheUseCases, caller: CurrentCaller, bot: BotHere
) -> s.CaseView:
    """Change or approve a test case: what is left out stays."""
    nullable = {"expected_source", "expected_product"}
    changes = {
        name: value
        for name, value in body.model_dump(exclude_unset=True).items()
        if value is not None or name in nullable
    }
    return s.CaseView.of(await engine.cases.change(bot.merchant, bot.id, case, changes, by=caller.member.email))


@router.delete("/bots/{bot}/test_cases/{case}", status_code=204, responses=documented(401, 404))
async def delete_case(case: str, engine: TheUseCases, caller: CurrentCaller, bot: BotHere) -> None:
    """Remove a test case."""
    await engine.cases.delete(bot.merchant, bot.id, case, by=caller.member.email)


@router.post(
    "/bots/{bot}/invites", status_code=201, response_model=s.InviteView, responses=documented(401, 404, 409, 503)
)
async def create_invite(body: s.InviteRequest, engine: TheUseCases, bot: BotHere) -> s.InviteView:
    """Ask a person to test; the answer holds the playground's link."""
    if body.version is None:
        version = await engine.versions.learned(bot.merchant, bot.id)
        if version is None:
            raise Conflict("Train the assistant before you invite testers.", code="not_ready")
    else:
        version = await engine.versions.get(bot.merchant, bot.id, body.version)
    invite, link = await engine.invites.create(bot, version, body.email)
    return s.InviteView.of(invite, engine.invites.clock.now(), Visit(), link)


@router.get("/bots/{bot}/invites", response_model=s.Items[s.InviteView], responses=documented(401, 404))
async def list_invites(engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """Who was asked to test, newest first."""
    now = engine.invites.clock.now()
    listing = await engine.invites.page(bot.merchant, bot.id, paging.limit, paging.cursor)
    visits = {invite.id: await engine.invites.visit(invite) for invite in listing.items}
    return s.page(listing, lambda invite: s.InviteView.of(invite, now, visits[invite.id]))


@router.delete("/bots/{bot}/invites/{invite}", status_code=204, responses=documented(401, 404))
async def revoke_invite(invite: str, engine: TheUseCases, bot: BotHere) -> None:
    """Close a tester's link at once."""
    await engine.invites.revoke(bot.merchant, bot.id, invite)


async def rating_view(engine: TheUseCases, rating: Rating) -> dict[str, Any]:
    """A rating with its question and answer, and who gave it."""
    turn = await engine.records.turns.find(rating.merchant, rating.turn)
    return {
        "id": rating.id,
        "tester": await engine.invites.person(rating.merchant, rating.tester),
        "person": hashlib.sha256((rating.person or rating.tester).encode()).hexdigest()[:12],
        "brought_in": rating.fingerprint.startswith(IMPORTED),
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
    said = RatingText(body.helpful, body.comment, body.stars)
    rating = await engine.invites.rate(version, tester=caller.member.id, turn=body.turn_id, say=lambda _: said)
    return await rating_view(engine, rating)
