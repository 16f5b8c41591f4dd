"""Products for a shopper's wish: found in the catalogue under every condition that was said, and shown from their rows.

Never here: reading words (`wishes`), and wording sentences (`shop_talk`).
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import structlog

from engine.answering.product_cards import card_of
from engine.answering.shop_talk import comparison_sentence, found_sentence, named_sentence, nothing_sentence
from engine.answering.wishes import Lexicon, Limits, Wish, read_conversation
from engine.answering.wishes.slips import without_slips
from engine.domain.bot import BotVersion, VersionKey
from engine.domain.conversation import ProductCard
from engine.domain.knowledge import Product
from engine.domain.money import UNSTATED
from engine.domain.words import content_words
from engine.embedders import Embedders
from engine.errors import Unavailable
from engine.ports import (
    Catalogue,
    FoundProducts,
    PassageIndex,
    ProductMatch,
    ProductSearch,
    SearchRequest,
)

__all__ = ["Shelf", "Shopping"]

MOST_CARDS = 10
NEAR_PASSAGES = 150
REMEMBERED = 32
EARLIER = 4
"""Questions that a follow-up may lean on."""
IN_TITLES = 0.5
"""Share of the words' weight that some title must hold for a wish to be one of this shop."""
TITLE_END = re.compile(r"[,;:(\[|–—]|\s-\s")
NAMED_IN_TITLES = 0.75
"""The same for a product that is named to be compared."""
LEAST_WORDS = 0.34
LEAST_NEAR = 0.45
"""Cosine from which on something counts as near in meaning."""
WHOLE = 0.999
MOST_NAMED = 4
"""More products than that were not named by a shopper who asks what one costs."""
log = structlog.get_logger("storeclerk.shopping")


@dataclass(frozen=True, slots=True)
class Shelf:
    """What the shop has for a wish."""

    text: str
    """One or a few sentences, every figure of which stands in a row."""
    cards: tuple[ProductCard, ...]
    """Each holds every condition, and shows the variant that does."""
    rows: tuple[Product, ...]
    """The products of the cards."""
    sure: bool
    """Whether the words can hardly mean anything but products."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where is looked: one version, without the sources that the merchant removed."""

    version: VersionKey
    embedder: str
    lexicon: Lexicon
    without_sources: tuple[str, ...]


class Shopping:
    """Finds products for shoppers."""

    def __init__(self, catalogue: Catalogue, index: PassageIndex, embedders: Embedders) -> None:
        self.catalogue, self.index, self.embedders = catalogue, index, embedders
        self.lexicons: OrderedDict[VersionKey, Lexicon] = OrderedDict()

    async def lexicon(self, version: BotVersion) -> Lexicon:
        """What the version's catalogue calls its things; its words never change."""
        known = self.lexicons.get(version.key)
        if known is None:
            known = self.lexicons[version.key] = Lexicon.of(await self.catalogue.vocabulary(version.key))
            if len(self.lexicons) > REMEMBERED:
                self.lexicons.popitem(last=False)
        self.lexicons.move_to_end(version.key)
        return known

    async def shelf(
        self,
        version: BotVersion,
        text: str,
        *,
        earlier: Sequence[str] = (),
        language: str = "",
        without_sources: tuple[str, ...] = (),
    ) -> Shelf | None:
        """What the shop has for a message, or None when it is not about products of this shop."""
        if not version.products:
            return None
        place = Place(version.key, version.embedder, await self.lexicon(version), without_sources)
        text = without_slips(text)
        wish = read_conversation(earlier[-EARLIER:], text, place.lexicon, language)
        if wish.rules and not wish.cue:
            return None
        if wish.asked == "compare":
            return await self.compared(place, wish)
        wish, evidence = await self.spelled(place, wish)
        if wish.asked in {"price", "stock"} and not wish.only_first:
            return await self.named(place, wish)
        if wish.availability is not None and (shelf := await self.stock_of_named(place, wish)) is not None:
            return shelf
        if not is_of_this_shop(wish, evidence):
            return None
        if (foreign := other_currency(wish.limits, place.lexicon)) is not None:
            return Shelf(foreign, (), (), sure=True)
        wish = replace(wish, limits=in_own_currency(wish.limits, place.lexicon))
        return await self.searched(place, wish, evidence)

    async def spelled(self, place: Place, wish: Wish) -> tuple[Wish, FoundProducts]:
        """The wish with misspelt words put right, and what its words alone find."""
        if not wish.words:
            return wish, FoundProducts((), 0)
        found = await self.look(place, ProductSearch(wish.words, limit=1))
        if found.corrected:
            words = " ".join(found.corrected.get(word, word) for word in wish.words.split())
            again = read_conversation((), words, place.lexicon)
            if again.options or again.brand:
                options = {**again.options, **wish.options}
                wish = replace(wish, words=again.words, options=options, brand=wish.brand or again.brand)
                found = await self.look(place, ProductSearch(wish.words, limit=1))
        return wish, found

    async def look(self, place: Place, wanted: ProductSearch) -> FoundProducts:
        """Search, but for removed sources."""
        return await self.catalogue.search(place.version, replace(wanted, without_sources=place.without_sources))

    async def searched(self, place: Place, wish: Wish, evidence: FoundProducts) -> Shelf:
        """The products that hold every condition; what would be there without one of them when there are none."""
        wanted = search_of(wish, place.lexicon)
        near: dict[str, float] = {}
        if wish.words and wish.order == "relevance" and not wish.conditions:
            near = await self.near(place, wish.words)
            wanted = replace(wanted, match="some", near=near)
        found = close_ones(await self.look(place, wanted), near)
        if wish.conditions and evidence.matches and evidence.matches[0].title_words >= WHOLE:
            found = titled_ones(found)
        if not found.items:
            return Shelf(nothing_sentence(wish, await self.without_one(place, wish)), (), (), sure=True)
        items, matches = found.items, found.matches
        if wish.only_first and not wish.words.endswith("s"):
            items, matches = items[:1], matches[:1]
        cards = tuple(card_of(item, match, wish) for item, match in zip(items, matches, strict=True))
        whole = sum(match.words >= WHOLE for match in matches)
        total = found.total if wanted.match == "all" else whole
        title = evidence.matches[0].title_words if evidence.matches else 1.0
        sure = not wish.without and (wish.cue or bool(wish.conditions) or wish.only_first or title >= WHOLE)
        text = found_sentence(wish, cards, total, whole, {**evidence.corrected, **found.corrected}, items[0].as_of)
        return Shelf(text, cards, items, sure)

    async def near(self, place: Place, words: str) -> dict[str, float]:
        """Products near in meaning, with the cosine of their nearest passage."""
        try:
            embedder = self.embedders.named(place.embedder)
            [vector] = await embedder.embed([words])
        except Unavailable as error:
            log.warning("embedder.unavailable", embedder=place.embedder, reason=error.message)
            return {}
        passages = await self.index.search(
            place.version,
            SearchRequest(words, vector, NEAR_PASSAGES, without_sources=place.without_sources, products_only=True),
        )
        found: dict[str, float] = {}
        for item in passages:
            if item.passage.product is not None:
                near = embedder.comparable(item.similarity)
                found[item.passage.product] = max(near, found.get(item.passage.product, -1.0))
        return found

    async def without_one(self, place: Place, wish: Wish) -> list[tuple[Wish, int]]:
        """(the wish with one condition less, how many products there are then), most first."""
        found = []
        for less in lessened(wish):
            total = (await self.look(place, replace(search_of(less, place.lexicon), limit=1))).total
            if total:
                found.append((less, total))
        return sorted(found, key=lambda item: -item[1])

    async def named(self, place: Place, wish: Wish) -> Shelf | None:
        """Price and stock of the product that is named, or of its variant; None when none is named clearly."""
        # A product that is sold out has a price and a stock too: what was wished before must not hide it.
        wanted = replace(search_of(replace(wish, limits=Limits(), availability=None), place.lexicon), limit=MOST_NAMED)
        found = await self.look(place, wanted)
        if not found.items or found.total > MOST_NAMED or not (wish.words or wish.options):
            return None
        if wish.words and max(match.title_words for match in found.matches) < WHOLE:
            return None
        best = [
            (item, match)
            for item, match in zip(found.items, found.matches, strict=True)
            if not wish.words or match.title_words >= WHOLE
        ]
        cards = tuple(card_of(item, match, wish) for item, match in best)
        rows = tuple(item for item, _ in best)
        return Shelf(named_sentence(wish, rows, cards), cards, rows, sure=True)

    async def stock_of_named(self, place: Place, wish: Wish) -> Shelf | None:
        """The stock of a product whose whole title the shopper wrote, also when there is none of it; else None."""
        if not wish.words:
            return None
        found = await self.look(place, ProductSearch(wish.words, limit=MOST_NAMED))
        words = " ".join(found.corrected.get(word, word) for word in wish.words.split())
        if not any(is_named(item.title, words) for item in found.items):
            return None
        return await self.named(place, replace(wish, asked="stock", words=words))

    async def compared(self, place: Place, wish: Wish) -> Shelf | None:
        """The named products side by side; None unless at least two are known."""
        rows: dict[str, tuple[Product, ProductMatch]] = {}
        for name in wish.names:
            found = await self.look(place, ProductSearch(name, limit=1))
            if found.items and found.matches[0].title_words >= NAMED_IN_TITLES:
                rows.setdefault(found.items[0].id, (found.items[0], found.matches[0]))
        if len(rows) < 2:
            return None
        cards = tuple(card_of(item, match, wish) for item, match in rows.values())
        products = tuple(item for item, _ in rows.values())
        return Shelf(comparison_sentence(products, cards), cards, products, sure=True)


def is_named(title: str, words: str) -> bool:
    """Whether words hold a whole title, or what stands in it before a comma or bracket when that is no mere noun."""
    asked, name = content_words(words), content_words(TITLE_END.split(title)[0])
    return content_words(title) <= asked or (len(name) > 1 and name <= asked)


def close_ones(found: FoundProducts, near: Mapping[str, float]) -> FoundProducts:
    """Without what only fills the page: it holds little of the wish and is not near in meaning either."""
    kept = [
        (item, match)
        for item, match in zip(found.items, found.matches, strict=True)
        if not near or match.words >= LEAST_WORDS or near.get(item.id, 0.0) >= LEAST_NEAR
    ]
    return replace(found, items=tuple(item for item, _ in kept), matches=tuple(match for _, match in kept))


def titled_ones(found: FoundProducts) -> FoundProducts:
    """Without what only mentions the wish in its description: the shop has things that are called so.

    A strainer that fits every mug is no mug under 15 euros.
    """
    kept = [
        (item, match) for item, match in zip(found.items, found.matches, strict=True) if match.title_words >= IN_TITLES
    ]
    total = len(kept) if found.total <= len(found.items) else found.total
    return replace(found, items=tuple(item for item, _ in kept), matches=tuple(match for _, match in kept), total=total)


def is_of_this_shop(wish: Wish, evidence: FoundProducts) -> bool:
    """Whether the words are those of products that this shop has."""
    if not wish.words:
        return wish.asked == "search" and bool(wish.conditions or wish.order != "relevance")
    if not evidence.matches:
        return False
    held = evidence.matches[0].title_words
    return held >= (WHOLE if wish.rules else IN_TITLES)


def other_currency(limits: Limits, lexicon: Lexicon) -> str | None:
    """What is said when a price is wished in a currency that the shop does not sell in; None when it does."""
    stated = [currency for currency in lexicon.currencies if currency != UNSTATED]
    if not limits.currencies or not stated or UNSTATED in lexicon.currencies or set(stated) & set(limits.currencies):
        return None
    own = " and ".join(stated)
    return (
        f"Our prices are in {own}, and I cannot convert {limits.currencies[0]}. "
        f"Tell me a limit in {own}, and I will look again."
    )


def in_own_currency(limits: Limits, lexicon: Lexicon) -> Limits:
    """The bounds with the shop's currency where the words name none, or one of several by its sign."""
    own = tuple(currency for currency in lexicon.currencies if currency != UNSTATED)
    shared = tuple(currency for currency in own if currency in limits.currencies)
    if limits.given and (shared or (not limits.currencies and len(own) == 1)):
        return replace(limits, currencies=shared[:1] or own)
    return limits


def search_of(wish: Wish, lexicon: Lexicon) -> ProductSearch:
    """The wish as the catalogue is searched."""
    limits = wish.limits
    # A shop with prices that state no currency has one currency only: they are compared as they stand.
    stated = limits.given and len(limits.currencies) == 1 and UNSTATED not in lexicon.currencies
    return ProductSearch(
        text=wish.words,
        least_price=wish.limits.lowest,
        most_price=wish.limits.highest,
        currency=limits.currencies[0] if stated else "",
        options=dict(wish.options),
        without=wish.without,
        without_options=wish.without_options,
        brand=wish.brand,
        availability=wish.availability,
        age=wish.age,
        order=wish.order,
        limit=MOST_CARDS,
    )


def lessened(wish: Wish) -> list[Wish]:
    """The wish with one condition less, in every way there is."""
    ways = []
    for name in wish.options:
        ways.append(replace(wish, options={other: value for other, value in wish.options.items() if other != name}))
    if wish.limits.given:
        ways.append(replace(wish, limits=Limits()))
    if wish.brand:
        ways.append(replace(wish, brand=""))
    if wish.availability is not None:
        ways.append(replace(wish, availability=None))
    if wish.age is not None:
        ways.append(replace(wish, age=None))
    if wish.without or wish.without_options:
        ways.append(replace(wish, without=(), without_options=()))
    return ways
