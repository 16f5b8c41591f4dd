"""Routes of sources: add, change, read again, decide, remove."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Query, Response, UploadFile

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases
from engine.api.problems import documented
from engine.domain.knowledge import Source, SourceKind
from engine.errors import FieldProblem, InvalidInput, NotFound, TooLarge
from engine.knowledge.browsing import ReadItem, items_read
from engine.knowledge.pairs import QuestionAndAnswer, pairs_as_csv, read_pairs
from engine.knowledge.parsing.formats import FORMATS

__all__ = ["SourceHere", "router"]

router = APIRouter(prefix="/v1", tags=["sources"])
MOST_FILES = 100
KEPT_INSIDE = frozenset({"blob", "filename"})
"""Where an upload is kept: only the upload itself says that."""


@router.get("/source_kinds", response_model=s.Items[s.SourceKindView], responses=documented(401))
async def source_kinds(engine: TheUseCases, caller: CurrentCaller) -> dict[str, Any]:
    """The kinds of sources there are, with the form of each."""
    kinds = [
        {
            "kind": reader.kind,
            "label": reader.label,
            "form": [s.FormFieldView.model_validate(field) for field in reader.form],
            "accepts": sorted(FORMATS) if reader.kind == "file" else list(getattr(reader, "accepts", ())),
        }
        for reader in engine.sources.readers.values()
    ]
    return {"items": kinds, "next_cursor": None}


@router.post("/bots/{bot}/sources", status_code=201, response_model=s.SourceView, responses=documented(401, 404))
async def create_source(body: s.SourceRequest, engine: TheUseCases, bot: BotHere) -> s.SourceView:
    """Add a source; it is read when the next version is trained."""
    if body.kind == "file":
        raise InvalidInput("Upload files to `sources/files`.", fields=[FieldProblem("kind", "is uploaded elsewhere")])
    options = body.model_dump(exclude={"kind", *KEPT_INSIDE}, exclude_unset=True)
    return s.SourceView.of(await engine.sources.create(bot.merchant, bot.id, body.kind, options))


@router.post(
    "/bots/{bot}/sources/files",
    status_code=201,
    response_model=s.Items[s.SourceView],
    responses=documented(401, 404, 413),
)
async def upload_files(
    engine: TheUseCases,
    bot: BotHere,
    files: Annotated[list[UploadFile], File(description="Documents, and product feeds: see `/v1/source_kinds`.")],
) -> dict[str, Any]:
    """Add a source for each file. When one is refused, none is added, and each refused one is named."""
    if len(files) > MOST_FILES:
        raise InvalidInput(
            f"Upload at most {MOST_FILES} files at once.", fields=[FieldProblem("files", "are too many")]
        )
    most = engine.settings.upload_max_bytes
    taken: list[tuple[SourceKind, dict[str, object]]] = []
    refused: list[FieldProblem] = []
    for file in files:
        name = file.filename or "file"
        try:
            taken.append(await engine.sources.take_file(bot.merchant, bot.id, name, pieces(file), most))
        except (InvalidInput, TooLarge) as error:
            refused.append(FieldProblem(name, error.message))
    if refused:
        for _, options in taken:
            await engine.sources.release(bot.merchant, bot.id, options["blob"])
        raise InvalidInput(" ".join(problem.message for problem in refused), code="files_refused", fields=refused)
    sources = [await engine.sources.create(bot.merchant, bot.id, kind, options) for kind, options in taken]
    return {"items": [s.SourceView.of(source) for source in sources], "next_cursor": None}


async def pieces(file: UploadFile) -> AsyncIterator[bytes]:
    """An uploaded file, a megabyte at a time."""
    while piece := await file.read(1 << 20):
        yield piece


@router.get("/bots/{bot}/sources", response_model=s.Items[s.SourceView], responses=documented(401, 404))
async def list_sources(engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """Where the bot's knowledge comes from."""
    return s.page(await engine.sources.page(bot.merchant, bot.id, paging.limit, paging.cursor), s.SourceView.of)


async def source_here(engine: TheUseCases, bot: BotHere, source: str) -> Source:
    """The source in the path. Raises NotFound."""
    return await engine.sources.get(bot.merchant, bot.id, source)


SourceHere = Annotated[Source, Depends(source_here)]


@router.get("/bots/{bot}/sources/{source}", response_model=s.SourceView, responses=documented(401, 404))
async def get_source(found: SourceHere) -> s.SourceView:
    """One source with its freshness and failures."""
    return s.SourceView.of(found)


@router.delete("/bots/{bot}/sources/{source}", status_code=204, responses=documented(401, 404))
async def delete_source(engine: TheUseCases, found: SourceHere) -> None:
    """Remove a source; the next version does not know it."""
    await engine.sources.delete(found.merchant, found.bot, found.id)


@router.patch("/bots/{bot}/sources/{source}", response_model=s.SourceView, responses=documented(401, 404))
async def change_source(body: s.SourceChange, engine: TheUseCases, found: SourceHere) -> s.SourceView:
    """Change what a source is read with, or how often; other words are learned with the next training."""
    options = body.model_dump(exclude={"schedule_minutes", *KEPT_INSIDE}, exclude_unset=True)
    changed = await engine.sources.update(
        found.merchant, found.bot, found.id, options=options, schedule_minutes=body.schedule_minutes
    )
    return s.SourceView.of(changed)


@router.post(
    "/bots/{bot}/sources/{source}/sync",
    status_code=202,
    response_model=s.SourceView,
    responses=documented(401, 404, 409, 503),
)
async def sync_source(engine: TheUseCases, found: SourceHere) -> s.SourceView:
    """Read a source now. A live bot then has fresh prices at once, and new words when they pass its tests."""
    return s.SourceView.of(await engine.sources.sync(found.merchant, found.bot, found.id))


@router.post("/bots/{bot}/sources/{source}/stop", response_model=s.SourceView, responses=documented(401, 404, 409))
async def stop_reading(engine: TheUseCases, found: SourceHere) -> s.SourceView:
    """End the reading under way with what it has so far."""
    return s.SourceView.of(await engine.syncing.stop(found))


@router.post(
    "/bots/{bot}/sources/{source}/accept", response_model=s.SourceView, responses=documented(401, 404, 409, 503)
)
async def accept_reading(engine: TheUseCases, found: SourceHere) -> s.SourceView:
    """Use the reading that was held back because it brought much less."""
    return s.SourceView.of(await engine.updates.accept(found))


@router.post("/bots/{bot}/sources/{source}/dismiss", response_model=s.SourceView, responses=documented(401, 404, 409))
async def dismiss_reading(engine: TheUseCases, found: SourceHere) -> s.SourceView:
    """Stay with the last good copy."""
    return s.SourceView.of(await engine.syncing.dismiss(found))


@router.get("/bots/{bot}/sources/{source}/items", response_model=s.Items[ReadItem], responses=documented(401, 404))
async def list_items(
    engine: TheUseCases,
    found: SourceHere,
    limit: Annotated[int, Query(ge=1, le=500, description="Most items to answer.")] = 100,
    cursor: Annotated[
        str | None, Query(pattern=r"^\d{1,9}:\d{1,9}$", description="`next_cursor` of the page before.")
    ] = None,
) -> dict[str, Any]:
    """What the reading under way, or else the last one, has learned, skipped and failed at, in order."""
    return s.page(await items_read(engine.sources.copies, found, limit, cursor), lambda item: item)


@router.post("/bots/{bot}/pairs", response_model=s.PairsView, responses=documented(401, 404))
async def read_pasted_pairs(body: s.PairsText, bot: BotHere) -> s.PairsView:
    """Understand pasted questions and answers, without storing them."""
    return s.PairsView.model_validate(read_pairs(body.text))


@router.get(
    "/bots/{bot}/sources/{source}/pairs.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {}}, "description": "The pairs."}, **documented(401, 404)},
)
async def export_pairs(found: SourceHere) -> Response:
    """A list of questions and answers as CSV."""
    pairs = found.options.get("pairs")
    if not isinstance(pairs, list):
        raise NotFound(f"{found.title!r} is not a list of questions and answers")
    text = pairs_as_csv([QuestionAndAnswer(str(pair["question"]), str(pair["answer"])) for pair in pairs])
    headers = {"Content-Disposition": 'attachment; filename="questions.csv"', "X-Content-Type-Options": "nosniff"}
    return Response(text, media_type="text/csv", headers=headers)
