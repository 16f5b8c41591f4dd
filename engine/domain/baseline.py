"""What a proved version told of prices and pages, and what a later one tells so differently that a person has to look.

Never here: which versions are proved.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Literal

from engine.domain.knowledge import LearnedDocument, Product

__all__ = [
    "Baseline",
    "BaselineContent",
    "Confirmation",
    "Departure",
    "KnownPage",
    "KnownProduct",
    "Loss",
    "PriceJump",
    "Surprises",
    "held_against",
]

PRICE_FACTOR = 2
"""A price that is more than this many times another, up or down, is rather a slip than a sale."""
LOST_SHARE = 0.3
"""Of pages, products or prices: losing more is rather a reading gone wrong than a shop that tidied up."""
LEAST_LOST = 3
"""So few may go whatever their share: a shop with four pages may take down two."""
EXAMPLES = 5
Kind = Literal["pages", "products", "prices"]


@dataclass(frozen=True, slots=True)
class KnownProduct:
    """A product with the range of its prices; None where it states none."""

    key: str
    """What it is known by when its source is added anew: article number, else address, else title."""
    title: str
    low: Decimal | None
    high: Decimal | None
    currency: str

    @classmethod
    def of(cls, product: Product) -> KnownProduct:
        """From its row: the cheapest and the dearest of all its variants."""
        key = product.sku or product.url or product.title.casefold()
        found = [product.price, *(variant.price for variant in product.variants)]
        prices = sorted((price for price in found if price is not None), key=lambda price: price.amount)
        if not prices:
            return cls(key, product.title, None, None, "")
        return cls(key, product.title, prices[0].amount, prices[-1].amount, prices[0].currency)

    def joined(self, other: KnownProduct) -> KnownProduct:
        """One product of two rows with the same key."""
        if other.low is None or other.high is None:
            return self
        if self.low is None or self.high is None:
            return other
        return replace(self, low=min(self.low, other.low), high=max(self.high, other.high))

    def jumped(self, later: KnownProduct) -> bool:
        """Whether it costs something so different later that somebody has to look."""
        if self.low is None or self.high is None or later.low is None or later.high is None:
            return False
        if self.currency != later.currency:
            return True
        return far(self.low, later.low) or far(self.high, later.high)


def far(before: Decimal, after: Decimal) -> bool:
    """Whether one price is more than `PRICE_FACTOR` times the other; nothing and something are far apart too."""
    low, high = sorted((before, after))
    return high > low * PRICE_FACTOR


@dataclass(frozen=True, slots=True)
class KnownPage:
    """A document by where it stands."""

    place: str
    """Its address, or its title when it has none."""
    title: str
    source: str

    @classmethod
    def of(cls, document: LearnedDocument) -> KnownPage:
        """From its record."""
        return cls(document.url or document.title, document.title, document.source)


@dataclass(frozen=True, slots=True)
class BaselineContent:
    """All prices and pages of a version at one moment."""

    products: tuple[KnownProduct, ...]
    pages: tuple[KnownPage, ...]


@dataclass(frozen=True, slots=True)
class Baseline:
    """Says that a version was proved, and when; its content is kept beside."""

    id: str
    merchant: str
    bot: str
    version: int
    at: datetime
    schema: int = 1


@dataclass(frozen=True, slots=True)
class PriceJump:
    """A product whose price is far from the one that was proved."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    title: str
    """The product."""
    before: str
    """What it cost when it was proved, such as `€19.00`."""
    after: str
    """What it costs now."""


@dataclass(frozen=True, slots=True)
class Loss:
    """Many pages, products or prices that are not there any more."""

    __pydantic_config__ = {"use_attribute_docstrings": True}  # noqa: RUF012 - read by the API, never changed

    kind: Kind
    """What is gone."""
    lost: int
    """How many."""
    of: int
    """Of how many."""
    examples: tuple[str, ...]
    """Titles of a few."""


@dataclass(frozen=True, slots=True)
class Surprises:
    """How a version differs from the last proved one, where that is more than a shop changes in a while."""

    merchant: str
    bot: str
    version: int
    against: int | None
    """The proved version it is held against; None when there is none."""
    compared: int = 0
    """Products and pages of the proved version."""
    jumped: int = 0
    jumps: tuple[PriceJump, ...] = ()
    """The first of them."""
    losses: tuple[Loss, ...] = ()
    digest: str = ""
    """SHA-256 over all that is surprising: a confirmation is for exactly this. Empty when nothing is."""
    state: str = field(default="", compare=False)
    """What was compared, so that it is compared again only when something changed."""
    schema: int = 1

    @property
    def count(self) -> int:
        """How many products and pages are other than expected."""
        return self.jumped + sum(loss.lost for loss in self.losses)


@dataclass(frozen=True, slots=True)
class Confirmation:
    """A person said that the surprising changes of a version are meant."""

    id: str
    merchant: str
    bot: str
    version: int
    digest: str
    """Of the surprises that were confirmed."""
    by: str
    """E-mail address of the member."""
    at: datetime
    schema: int = 1


@dataclass(frozen=True, slots=True)
class Departure:
    """All that is surprising about what came after a proved state."""

    jumps: tuple[tuple[KnownProduct, KnownProduct], ...]
    """Products before and after."""
    gone: tuple[Gone, ...]

    @property
    def digest(self) -> str:
        """SHA-256 over all of it; empty when there is nothing."""
        told = [f"{old.key}|{old.low}|{old.high}|{new.low}|{new.high}|{new.currency}" for old, new in self.jumps]
        told += [f"{gone.kind}|{gone.of}|{gone.names}" for gone in self.gone]
        return hashlib.sha256("\n".join(told).encode()).hexdigest() if told else ""

    @property
    def losses(self) -> tuple[Loss, ...]:
        """What is gone, with a few examples."""
        return tuple(Loss(gone.kind, len(gone.names), gone.of, gone.names[:EXAMPLES]) for gone in self.gone)


@dataclass(frozen=True, slots=True)
class Gone:
    """Everything of one kind that is not there any more."""

    kind: Kind
    names: tuple[str, ...]
    of: int


def held_against(before: BaselineContent, after: BaselineContent) -> Departure:
    """What is surprising about a state that came after a proved one."""
    earlier, later = by_key(before.products), by_key(after.products)
    both = [(old, later[key]) for key, old in earlier.items() if key in later]
    gone = [
        gone_of("products", [(product.title, key in later) for key, product in earlier.items()]),
        gone_of("prices", [(old.title, new.low is not None) for old, new in both if old.low is not None]),
        *gone_pages(before.pages, {page.place for page in after.pages}),
    ]
    jumps = tuple((old, new) for old, new in both if old.jumped(new))
    return Departure(jumps, tuple(found for found in gone if found is not None))


def by_key(products: Iterable[KnownProduct]) -> dict[str, KnownProduct]:
    """Products by what they are known by."""
    found: dict[str, KnownProduct] = {}
    for product in products:
        known = found.get(product.key)
        found[product.key] = product if known is None else known.joined(product)
    return found


def gone_pages(before: Iterable[KnownPage], places: set[str]) -> Iterator[Gone | None]:
    """Of all pages; else of one source's, as a whole help centre may be lost beside a large shop."""
    by_source: dict[str, list[tuple[str, bool]]] = {}
    for page in before:
        by_source.setdefault(page.source, []).append((page.title, page.place in places))
    of_all = gone_of("pages", [kept for pages in by_source.values() for kept in pages])
    yield of_all
    if of_all is None:
        yield from (gone_of("pages", pages) for pages in by_source.values())


def gone_of(kind: Kind, found: Sequence[tuple[str, bool]]) -> Gone | None:
    """More than a shop takes away in a while, or None; `found` is (title, whether it is still there)."""
    names = tuple(title for title, there in found if not there)
    if len(names) < LEAST_LOST or len(names) <= LOST_SHARE * len(found):
        return None
    return Gone(kind, names, len(found))
