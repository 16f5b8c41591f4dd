"""Routes of knowledge: what a bot knows, what would answer a question, and what was put right."""

from __future__ import annotations

from decimal import Decimal
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query

from engine.api import schemas as s
from engine.api.dependencies import BotHere, Paging, TheUseCases, VersionHere
from engine.api.problems import documented
from engine.api.sources import SourceHere
from engine.domain.catalogue import option_name
from engine.domain.correction import Correction, Pin
from engine.domain.knowledge import Availability, Product
from engine.errors import Conflict
from engine.ports import ProductSearch

router = APIRouter(prefix="/v1", tags=["knowledge"])


class Wanted:
    """Which products are looked for."""

    def __init__(
        self,
        query: Annotated[str, Query(max_length=200, description="Words in title, brand or facts.")] = "",
        least_price: Annotated[Decimal | None, Query(ge=0, description="Lowest price.")] = None,
        most_price: Annotated[Decimal | None, Query(ge=0, description="Highest price.")] = None,
        currency: Annotated[str, Query(pattern=r"^([A-Z]{3})?$", description="ISO 4217 code of the prices.")] = "",
        brand: Annotated[str, Query(max_length=200, description="The brand.")] = "",
        category: Annotated[str, Query(max_length=300, description="The category.")] = "",
        size: Annotated[str, Query(max_length=100, description="A size of a variant.")] = "",
        colour: Annotated[str, Query(max_length=100, description="A colour of a variant.")] = "",
        option: Annotated[
            list[str] | None,
            Query(max_length=10, description="Further options, such as `material:linen`."),
        ] = None,
        availability: Annotated[Availability | None, Query(description="Stock.")] = None,
        source: Annotated[str, Query(max_length=100, description="Id of the source it came from.")] = "",
        order: Annotated[
            Literal["relevance", "price", "price_descending"], Query(description="Which comes first.")
        ] = "relevance",
    ) -> None:
        self.query, self.least_price, self.most_price, self.currency = query, least_price, most_price, currency
        self.brand, self.category, self.availability = brand, category, availability
        self.source, self.order = source, order
        pairs = [pair.partition(":") for pair in option or () if ":" in pair]
        self.options = {"size": size, "colour": colour} | {option_name(name): value for name, _, value in pairs}

    def search(self, without_sources: tuple[str, ...], paging: Paging) -> ProductSearch:
        """As the catalogue is asked."""
        return ProductSearch(
            self.query,
            self.least_price,
            self.most_price,
            self.currency,
            {name: value for name, value in self.options.items() if value},
            self.brand,
            self.category,
            self.availability,
            self.source,
            without_sources,
            self.order,
            paging.limit,
            paging.cursor,
        )


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
    engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()], wanted: Annotated[Wanted, Depends()]
) -> dict[str, Any]:
    """The catalogue as the newest version understands it."""
    version = await engine.versions.learned(bot.merchant, bot.id)
    if version is None:
        return {"items": [], "next_cursor": None}
    corrections = await engine.corrections.of(bot.merchant, bot.id)
    search = wanted.search(corrections.removed_sources, paging)
    found = await engine.adapters.catalogue.search(version.key, search)
    return {"items": found.items, "next_cursor": found.cursor}


@router.post("/bots/{bot}/versions/{number}/search", response_model=s.LookUpView, responses=documented(401, 404, 409))
async def look_up(body: s.LookUpRequest, engine: TheUseCases, version: VersionHere) -> s.LookUpView:
    """What would answer a question: the passages with their scores, and whether it would be answered at all."""
    if not version.can_answer:
        raise Conflict(f"Version {version.number} is {version.status!r} and cannot answer yet.", code="not_ready")
    return s.LookUpView.of(body.question, await engine.answerer.finder.look_up(version, body.question, body.limit))


# --- corrections ---------------------------------------------------------------------------------


@router.get("/bots/{bot}/corrections", response_model=s.Items[Correction], responses=documented(401, 404))
async def list_corrections(engine: TheUseCases, bot: BotHere) -> dict[str, Any]:
    """Passages that are left out or worded anew, newest first."""
    corrections = await engine.corrections.of(bot.merchant, bot.id)
    return {"items": corrections.items[::-1], "next_cursor": None}


@router.post("/bots/{bot}/corrections", status_code=201, response_model=Correction, responses=documented(401, 404, 409))
async def add_correction(body: s.CorrectionRequest, engine: TheUseCases, bot: BotHere) -> Correction:
    """Leave a passage out, or let it say something else; it holds from the next answer on."""
    version = await engine.versions.learned(bot.merchant, bot.id)
    if version is None:
        raise Conflict("Train the assistant first: there is nothing to correct yet.", code="not_trained")
    if body.text is None:
        return await engine.corrections.exclude(version.key, body.document, body.position)
    return await engine.corrections.edit(version.key, body.document, body.position, body.text)


@router.delete("/bots/{bot}/corrections/{correction}", status_code=204, responses=documented(401, 404))
async def undo_correction(engine: TheUseCases, bot: BotHere, correction: str) -> None:
    """Take a correction back."""
    await engine.corrections.undo(bot.merchant, bot.id, correction)


@router.get("/bots/{bot}/pins", response_model=s.Items[s.PinView], responses=documented(401, 404))
async def list_pins(engine: TheUseCases, bot: BotHere, paging: Annotated[Paging, Depends()]) -> dict[str, Any]:
    """Answers that are given word for word, newest first."""
    return s.page(await engine.corrections.pins(bot.merchant, bot.id, paging.limit, paging.cursor), pin_view)


@router.post("/bots/{bot}/pins", status_code=201, response_model=s.PinView, responses=documented(401, 404, 409))
async def pin_answer(body: s.PinRequest, engine: TheUseCases, bot: BotHere) -> s.PinView:
    """Fix the answer to a question, in one or more wordings; it holds from the next answer on."""
    return pin_view(await engine.corrections.pin(bot.merchant, bot.id, body.questions, body.answer))


@router.delete("/bots/{bot}/pins/{pin}", status_code=204, responses=documented(401, 404))
async def unpin_answer(engine: TheUseCases, bot: BotHere, pin: str) -> None:
    """Let a question be answered from the shop's knowledge again."""
    await engine.corrections.unpin(bot.merchant, bot.id, pin)


def pin_view(pin: Pin) -> s.PinView:
    """The view of a record."""
    return s.PinView.model_validate(pin)
