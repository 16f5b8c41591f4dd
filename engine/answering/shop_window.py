"""What a shop shows to software agents: products and passages, found as for shoppers, without a sentence made of them.

Never here: composing answers, recording conversations, or anything about a protocol.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from engine.answering.finding import Finder
from engine.answering.instructions import without_instructions
from engine.answering.languages import language_of
from engine.answering.prices import without_old_prices
from engine.answering.product_cards import card_of
from engine.answering.shopping import Place, Shopping, close_ones, in_own_currency, other_currency, search_of
from engine.answering.understanding import LONGEST_MESSAGE, clean_message, understand
from engine.answering.wishes import Limits, Wish, read_conversation
from engine.corrections import BotCorrections
from engine.domain.bot import BotVersion
from engine.domain.conversation import ProductCard
from engine.domain.knowledge import Product
from engine.errors import NotFound
from engine.ports import Catalogue

__all__ = ["MOST_SHOWN", "ProductRequest", "ShopWindow", "ShownAnswer", "ShownPage", "ShownProduct"]

MOST_SHOWN = 20
"""Items of one look, as agents are advised to be answered in small pages."""
MOST_ANSWERS = 5
EVIDENCE = 8
"""Passages that a shopper's answer would be made of."""


@dataclass(frozen=True, slots=True)
class ProductRequest:
    """Which products an agent asks for; conditions count besides those that the words state."""

    query: str
    context: str = ""
    """What the shopper said before: a query such as `and in blue?` leans on it."""
    least_price: Decimal | None = None
    most_price: Decimal | None = None
    in_stock: bool = False
    limit: int = 10
    cursor: str | None = None


@dataclass(frozen=True, slots=True)
class ShownProduct:
    """A product and the variant of it that fits the request."""

    product: Product
    card: ProductCard


@dataclass(frozen=True, slots=True)
class ShownPage:
    """Some products, best first, and where to go on."""

    items: tuple[ShownProduct, ...] = ()
    cursor: str | None = None
    note: str = ""
    """Why there is nothing, where the words alone do not say it."""


@dataclass(frozen=True, slots=True)
class ShownAnswer:
    """Words of the shop that answer a question."""

    text: str
    url: str
    updated_at: datetime


class ShopWindow:
    """Looks things up in one version; what the merchant removed, left out or worded anew holds here too."""

    def __init__(self, catalogue: Catalogue, shopping: Shopping, finder: Finder, corrections: BotCorrections) -> None:
        self.catalogue, self.shopping, self.finder, self.corrections = catalogue, shopping, finder, corrections

    async def products(self, version: BotVersion, request: ProductRequest) -> ShownPage:
        """The products that hold every condition, at most `MOST_SHOWN`."""
        if not version.products:
            return ShownPage()
        lexicon = await self.shopping.lexicon(version)
        place = Place(version.key, version.embedder, lexicon, await self.removed(version))
        text, earlier = cleaned(request.query), filter(None, [cleaned(request.context)])
        wish = read_conversation(tuple(earlier), text, lexicon, language_of(text))
        if (foreign := other_currency(wish.limits, lexicon)) is not None:
            return ShownPage(note=foreign)
        if wish.asked == "compare":
            if (shelf := await self.shopping.compared(place, wish)) is not None:
                return ShownPage(tuple(map(ShownProduct, shelf.rows, shelf.cards)))
            wish = replace(wish, words=text)
        wish, _ = await self.shopping.spelled(place, wish)
        wish = narrowed(wish, request)
        wish = replace(wish, limits=in_own_currency(wish.limits, lexicon))
        return await self.page(place, wish, request)

    async def page(self, place: Place, wish: Wish, request: ProductRequest) -> ShownPage:
        """One page of what fits."""
        limit = max(1, min(request.limit, MOST_SHOWN))
        wanted = replace(search_of(wish, place.lexicon), limit=limit, cursor=request.cursor)
        near: dict[str, float] = {}
        if wish.words and wish.order == "relevance" and not wish.conditions:
            near = await self.shopping.near(place, wish.words)
            wanted = replace(wanted, match="some", near=near)
        found = await self.shopping.look(place, wanted)
        kept = close_ones(found, near)
        items = tuple(
            ShownProduct(item, card_of(item, match, wish)) for item, match in zip(kept.items, kept.matches, strict=True)
        )
        # They are in order: after one that is not close enough no better one follows.
        return ShownPage(items, found.cursor if len(kept.items) == len(found.items) else None)

    async def product(self, version: BotVersion, product_id: str) -> Product:
        """One product as its row has it. Raises NotFound."""
        removed = await self.removed(version)
        found = [row for row in await self.catalogue.get(version.key, [product_id]) if row.source not in removed]
        if not found:
            raise NotFound("This shop has no product with this id. Take ids from search_catalog.")
        return found[0]

    async def answers(self, version: BotVersion, question: str, context: str = "") -> tuple[ShownAnswer, ...]:
        """What the shop says on a question, best first; nothing when a shopper would be told that it is not known."""
        text, before = cleaned(question), cleaned(context)
        understood = understand(text, ((before, ""),) if before else (), language_of(text))
        found = await self.finder.look_up(version, understood.question, EVIDENCE)
        if found.pin is not None:
            return (ShownAnswer(found.pin.answer, "", found.pin.created_at),)
        if found.confidence < found.least_confidence:
            return ()
        removed = await self.removed(version)
        named = dict.fromkeys(item.passage.product for item in found.passages if item.passage.product is not None)
        rows = [row for row in await self.catalogue.get(version.key, list(named)) if row.source not in removed]
        # An agent's model reads these: what speaks to a model is no evidence.
        kept, _, _ = without_instructions(without_old_prices(found.passages, rows), ())
        passages = [item.passage for item in kept if item.passage.product is None][:MOST_ANSWERS]
        return tuple(ShownAnswer(passage.text, passage.url, passage.fetched_at) for passage in passages)

    async def removed(self, version: BotVersion) -> tuple[str, ...]:
        """Sources that the merchant has taken away since the version was trained."""
        return (await self.corrections.of(version.merchant, version.bot)).removed_sources


def cleaned(text: str) -> str:
    """A message as a shopper's would be read."""
    return clean_message(text)[:LONGEST_MESSAGE]


def narrowed(wish: Wish, request: ProductRequest) -> Wish:
    """The wish under the stricter of what its words and the request state."""
    limits = wish.limits
    least: Sequence[Decimal] = [bound for bound in (limits.lowest, request.least_price) if bound is not None]
    most: Sequence[Decimal] = [bound for bound in (limits.highest, request.most_price) if bound is not None]
    bounds = Limits(max(least, default=None), min(most, default=None), currencies=limits.currencies)
    return replace(wish, limits=bounds, availability="in_stock" if request.in_stock else wish.availability)
