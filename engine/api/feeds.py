"""Routes of a feed's columns: see what they hold, say what they hold."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from fastapi import APIRouter, Depends

from engine.api.dependencies import BotHere, TheUseCases, UseCases
from engine.api.problems import documented
from engine.api.schemas.feeds import ColumnsChange, ColumnsView
from engine.domain.knowledge import Source
from engine.errors import FieldProblem, InvalidInput
from engine.knowledge.catalogue.choices import checked_choices
from engine.knowledge.catalogue.inspection import Inspection
from engine.knowledge.failures import Unreadable, item_failure
from engine.knowledge.items import refused
from engine.knowledge.readers.feed import FeedReader
from engine.knowledge.reading import ReadContext

__all__ = ["router"]

router = APIRouter(prefix="/v1", tags=["sources"])


async def feed_here(engine: TheUseCases, bot: BotHere, source: str) -> Source:
    """The feed in the path. Raises NotFound, and InvalidInput for another kind of source."""
    found = await engine.sources.get(bot.merchant, bot.id, source)
    if found.kind != "feed":
        raise InvalidInput(f"{found.title!r} is no product feed, so it has no columns.", code="not_a_feed")
    return found


FeedHere = Annotated[Source, Depends(feed_here)]


def reader_of(engine: UseCases) -> FeedReader:
    """The reader of feeds."""
    reader = engine.sources.readers["feed"]
    assert isinstance(reader, FeedReader)
    return reader


async def looked_at(engine: UseCases, source: Source, settings: Mapping[str, object] | None = None) -> Inspection:
    """A look at a feed. Raises InvalidInput with the reason why it cannot be read."""
    context = ReadContext(engine.adapters.blobs, engine.sources.clock)
    try:
        return await reader_of(engine).inspect(source, context, settings)
    except Unreadable as error:
        failure = item_failure(source.title, error.code, error.detail)
        raise InvalidInput(failure.reason, code=failure.code) from error


@router.get("/bots/{bot}/sources/{source}/columns", response_model=ColumnsView, responses=documented(401, 404))
async def feed_columns(engine: TheUseCases, found: FeedHere) -> ColumnsView:
    """The columns of a feed with what they are read as, and its first products. Private columns show no values."""
    return ColumnsView.of(await looked_at(engine, found))


@router.put("/bots/{bot}/sources/{source}/columns", response_model=ColumnsView, responses=documented(401, 404))
async def choose_columns(body: ColumnsChange, engine: TheUseCases, found: FeedHere) -> ColumnsView:
    """Say what the columns of a feed hold, from its next reading on; answers how it is read then."""
    settings = checked_choices({**found.options, "mapping": body.mapping, "currency": body.currency})
    inspection = await looked_at(engine, found, settings)
    columns = {column.name: column for column in inspection.columns}
    if body.mapping and not inspection.editable:
        raise refused("mapping", f"cannot be chosen: {inspection.label} knows its columns")
    for name, meaning in body.mapping.items():
        if name not in columns:
            raise InvalidInput(
                f"There is no column {name!r} in this feed.", fields=[FieldProblem(f"mapping.{name}", "is not there")]
            )
        if meaning and columns[name].certain:
            raise refused(f"mapping.{name}", f"is private and cannot be used: {columns[name].reason}")
    await engine.sources.update(
        found.merchant, found.bot, found.id, options={"mapping": body.mapping, "currency": body.currency}
    )
    return ColumnsView.of(inspection)
