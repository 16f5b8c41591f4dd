"""Routes of knowledge: sources, documents, passages, products."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Query, UploadFile

from engine.api import schemas as s
from engine.api.dependencies import BotHere, CurrentCaller, Paging, TheUseCases
from engine.api.problems import documented
from engine.domain.knowledge import Product, Source
from engine.errors import FieldProblem, InvalidInput, StoreclerkError
from engine.knowledge.parsing.formats import check_upload

router = APIRouter(prefix="/v1", tags=["knowledge"])
MOST_FILES = 100


@router.get("/source_kinds", response_model=s.Items[s.SourceKindView], responses=documented(401))
async def source_kinds(engine: TheUseCases, caller: CurrentCaller) -> dict[str, Any]:
    """The kinds of sources there are, with the form of each."""
    kinds = [
        {
            "kind": reader.kind,
            "label": reader.label,
            "form": [s.FormFieldView.model_validate(field) for field in reader.form],
        }
        for reader in engine.sources.readers.values()
    ]
    return {"items": kinds, "next_cursor": None}


@router.post("/bots/{bot}/sources", status_code=201, response_model=s.SourceView, responses=documented(401, 404))
async def create_source(body: s.SourceRequest, engine: TheUseCases, bot: BotHere) -> s.SourceView:
    """Add a source; it is read when the next version is trained."""
    if body.kind == "file":
        raise InvalidInput("Upload files to `sources/files`.", fields=[FieldProblem("kind", "is uploaded elsewhere")])
    options = body.model_dump(exclude={"kind"}, exclude_unset=True)
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
    files: Annotated[list[UploadFile], File(description="PDF, DOCX, XLSX, CSV, HTML, Markdown or text.")],
) -> dict[str, Any]:
    """Add a source for each file. When one is refused, none is added, and each refused one is named."""
    if len(files) > MOST_FILES:
        raise InvalidInput(f"Upload at most {MOST_FILES} files at once.", fields=[FieldProblem("files", "too many")])
    most = engine.settings.upload_max_bytes
    contents: list[tuple[str, bytes]] = []
    refused: list[FieldProblem] = []
    for file in files:
        name, content = file.filename or "file", await file.read(most + 1)
        try:
            check_upload(name, content, most=most)
        except StoreclerkError as error:
            refused.append(FieldProblem(name, error.message))
        else:
            contents.append((name, content))
    if refused:
        raise InvalidInput(" ".join(problem.message for problem in refused), code="files_refused", fields=refused)
    sources = [await engine.sources.create_from_file(bot.merchant, bot.id, name, content) for name, content in contents]
    return {"items": [s.SourceView.of(source) for source in sources], "next_cursor": None}


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


@router.get(
    "/bots/{bot}/sources/{source}/documents", response_model=s.Items[s.DocumentView], responses=documented(401, 404)
)
async def list_documents(
    engine: TheUseCases, found: SourceHere, paging: Annotated[Paging, Depends()]
) -> dict[str, Any]:
    """What was learned from a source, in the newest version that knows it."""
    version = await engine.versions.learned(found.merchant, found.bot, trained_with=found.id)
    if version is None:
        return {"items": [], "next_cursor": None}
    where: dict[str, str | int | bool] = {"bot": found.bot, "version": version.number, "source": found.id}
    listing = await engine.records.documents.page(found.merchant, where, limit=paging.limit, cursor=paging.cursor)
    return s.page(listing, s.DocumentView.of)


@router.get(
    "/bots/{bot}/sources/{source}/documents/{document}/passages",
    response_model=s.Items[s.PassageView],
    responses=documented(401, 404),
    include_in_schema=False,
)
@router.get(
    "/bots/{bot}/documents/{document}/passages",
    response_model=s.Items[s.PassageView],
    responses=documented(401, 404),
)
async def list_passages(
    engine: TheUseCases, bot: BotHere, document: str, paging: Annotated[Paging, Depends()]
) -> dict[str, Any]:
    """A document's passages, in the newest version that can answer."""
    version = await engine.versions.learned(bot.merchant, bot.id)
    if version is None:
        return {"items": [], "next_cursor": None}
    start = int(paging.cursor or 0)
    found = await engine.adapters.index.read(version.key, document=document, start=start, limit=paging.limit)
    more = str(start + paging.limit) if len(found) == paging.limit else None
    return {"items": [s.PassageView.of(passage) for passage in found], "next_cursor": more}


@router.get("/bots/{bot}/products", response_model=s.Items[Product], responses=documented(401, 404))
async def list_products(
    engine: TheUseCases,
    bot: BotHere,
    paging: Annotated[Paging, Depends()],
    query: Annotated[str, Query(description="Words to look for in title, brand and SKU.", max_length=200)] = "",
) -> dict[str, Any]:
    """The catalogue as the newest version understands it."""
    version = await engine.versions.learned(bot.merchant, bot.id)
    if version is None:
        return {"items": [], "next_cursor": None}
    where: dict[str, str | int | bool] = {"bot": bot.id, "version": version.number}
    words = query.casefold().split()
    if not words:
        listing = await engine.records.products.page(bot.merchant, where, limit=paging.limit, cursor=paging.cursor)
        return s.page(listing, lambda row: row.product)
    found: list[Product] = []
    async for row in engine.records.products.all(bot.merchant, where):
        product = row.product
        text = f"{product.title} {product.brand} {product.sku} {product.category}".casefold()
        if all(word in text for word in words):
            found.append(product)
            if len(found) == paging.limit:
                break
    return {"items": found, "next_cursor": None}
